"""What time does to a certification."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.decision.models import Certification
from app.decision.rules import CERTIFICATION_MOVES, CertificationState
from app.kernel import clock, ledger
from app.program import actions as program


def expire_ended(db: Session, *, now: datetime) -> list[Certification]:
    """The day after the last day: what was not renewed has expired. The clock does this once a day."""
    today = clock.day_of(now)
    over = select(Certification).where(
        Certification.state == CertificationState.ACTIVE, Certification.valid_through < today
    )
    ended = list(db.scalars(over))
    for certification in ended:
        certification.state = CERTIFICATION_MOVES["expire"][1]
        certification.ended_on, certification.ended_why = today, "The term ended without renewal"
        program.end_clock(db, certification, "term", why="the term ended")
        ledger.record(db, "certification expired", by=None, now=now, about=certification)
    return ended

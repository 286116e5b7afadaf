"""Who heard the introduction, and until when it counts."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.models import Attendance, Watching
from app.application.rules.webinar import Chapter
from app.program import queries as program

RECORDING = Path(__file__).resolve().parents[3] / "doc_templates" / "webinar" / "introduction.en.json"


@cache
def chapters() -> tuple[Chapter, ...]:
    """The parts of the recorded introduction."""
    found = json.loads(RECORDING.read_text(encoding="utf-8"))["chapters"]
    return tuple(
        Chapter(n, one["title"], int(one["minutes"]), tuple(one["points"])) for n, one in enumerate(found, start=1)
    )


def attendances(db: Session, practice_id: str) -> list[Attendance]:
    """Everybody of a practice who heard it, the latest first."""
    found = select(Attendance).where(Attendance.practice_id == practice_id)
    return list(db.scalars(found.order_by(Attendance.attended_on.desc(), Attendance.recorded_at.desc())))


def counts_until(db: Session, practice_id: str) -> date | None:
    """The last day on which the latest attendance opens an application; None when there is none."""
    days = [
        program.due_date(db, "webinar.valid", one.attended_on, on=one.attended_on)
        for one in attendances(db, practice_id)
    ]
    return max(days, default=None)


def watching(db: Session, practice_id: str, user_id: str) -> Watching | None:
    """How far one person has come."""
    return db.scalar(select(Watching).where(Watching.practice_id == practice_id, Watching.user_id == user_id))

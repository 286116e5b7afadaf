"""Certifications and plaques as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.decision import rules
from app.decision.models import Certification, Plaque
from app.decision.rules import PlaqueState, Standing
from app.program import queries as settings
from app.program.rules.clocks import due as due_of


def next_count(db: Session, year: int) -> int:
    """The count that the next certificate of a year has; a number is never used twice."""
    return (db.scalar(select(func.max(Certification.count)).where(Certification.year == year)) or 0) + 1


def text_setting(db: Session, key: str, on: date) -> str:
    """The value of a setting that is a text."""
    return str(settings.setting(db, key, on))


def signatories(db: Session, on: date) -> list[dict[str, str]]:
    """Who is named on a certificate of this day."""
    said = (text_setting(db, key, on).partition(";") for key in ("certificate.chair", "certificate.director"))
    return [{"name": name.strip(), "title": title.strip()} for name, _, title in said]


def of_case(db: Session, application_id: str) -> Certification | None:
    """The certification that this case ended with."""
    return db.scalar(select(Certification).where(Certification.application_id == application_id))


def of_practice(db: Session, practice_id: str) -> Certification | None:
    """The newest certification of a practice."""
    found = select(Certification).where(Certification.practice_id == practice_id)
    return db.scalar(found.order_by(Certification.awarded_on.desc(), Certification.count.desc()).limit(1))


def by_number(db: Session, number: str) -> Certification | None:
    """The certification with this number."""
    return db.scalar(select(Certification).where(Certification.number == number))


def standing(certification: Certification, today: date) -> Standing:
    """The public word about a certification today."""
    return rules.standing(certification.state, certification.valid_through, today)


def term_dates(db: Session, certification: Certification, today: date) -> list[tuple[str, date]]:
    """The days of a term that a practice plans with."""
    end = certification.valid_through
    counted = [
        ("Renewal opens", due_of(settings.work_out(db, "renewal.opens", end, on=today))),
        ("Apply for renewal by", due_of(settings.work_out(db, "renewal.window", end, on=today))),
        ("Last day of the term", end),
    ]
    return [(what, on) for what, on in counted if on >= today]


def plaques(db: Session, *, done: bool = False) -> Sequence[Plaque]:
    """The plaque desk: what is on its way, the longest waiting first; or what has arrived."""
    ended = (PlaqueState.DELIVERED, PlaqueState.CANCELLED)
    wanted = Plaque.state.in_(ended) if done else Plaque.state.not_in(ended)
    shown = joinedload(Plaque.certification)
    return db.scalars(select(Plaque).where(wanted).order_by(Plaque.moved_at).options(shown)).all()

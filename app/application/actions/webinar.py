"""Hearing the introduction: recorded by staff when live, ticked by the person when watched."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.application.models import Attendance, Watching
from app.application.queries import webinar as queries
from app.application.rules.case import Refused
from app.application.rules.webinar import Kind, minutes_played, why_not_counted
from app.kernel import clock, ledger
from app.people.models import Practice, User
from app.people.rules import Role
from app.standards import queries as standards


def record_live(
    db: Session, practice: Practice, person: User, *, attended_on: date, minutes: int, by: User, now: datetime
) -> Attendance:  # fmt: skip
    """Staff record that somebody of a practice took part live."""
    reasons = _why_not_theirs(person, practice)
    if attended_on > clock.day_of(now):
        reasons.append("The day is in the future; record it when it is over.")
    if reasons:
        raise Refused(reasons)
    return _keep(db, practice, person, Kind.LIVE, attended_on, minutes, by=by, now=now)


def play(db: Session, practice: Practice, chapter: int, *, by: User, now: datetime) -> Watching:
    """One part of the recording was played to its end."""
    if chapter not in {one.number for one in queries.chapters()}:
        raise Refused(["The recording has no such part."])
    watching = queries.watching(db, practice.id, by.id)
    if watching is None:
        watching = Watching(practice_id=practice.id, user_id=by.id, played=[], last_at=now)
        db.add(watching)
    watching.played, watching.last_at = sorted({*watching.played, chapter}), now
    ledger.record(db, "introduction played", by=by, now=now, about=watching, after={"played": watching.played})
    return watching


def finish(db: Session, practice: Practice, *, ticked: bool, by: User, now: datetime) -> Attendance:
    """An owner or signer says that they have watched the recording."""
    chapters, watching = list(queries.chapters()), queries.watching(db, practice.id, by.id)
    played = list(watching.played) if watching else []
    reasons = [*_why_not_theirs(by, practice), *why_not_counted(chapters, played, ticked=ticked)]
    if reasons:
        raise Refused(reasons)
    minutes = minutes_played(chapters, played)
    return _keep(db, practice, by, Kind.RECORDED, clock.day_of(now), minutes, by=by, now=now)


def _keep(
    db: Session, practice: Practice, person: User, kind: Kind, on: date, minutes: int, *, by: User, now: datetime
) -> Attendance:  # fmt: skip
    attendance = Attendance(
        practice_id=practice.id, user_id=person.id, kind=kind, edition_code=standards.current_edition(db).code,
        attended_on=on, minutes=minutes, recorded_at=now, recorded_by=by.id if kind is Kind.LIVE else None,
    )  # fmt: skip
    db.add(attendance)
    facts = {"person": person.name, "kind": kind, "minutes": minutes, "on": on.isoformat()}
    ledger.record(db, "introduction attended", by=by, now=now, about=attendance, after=facts)
    return attendance


def _why_not_theirs(person: User, practice: Practice) -> list[str]:
    if any(person.holds(role, practice.id) for role in (Role.OWNER, Role.SIGNER)):
        return []
    return [f"{person.name} is neither owner nor signer of {practice.public_name}; the introduction is for them."]

"""What the calendar does by itself, and how a demonstration turns it on."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from app.application.actions import submission
from app.decision import actions as decision
from app.evidence.actions import unpacking, unseen
from app.kernel import clock, ledger
from app.notices import reminders
from app.participation.actions import rounds
from app.people.models import User

FARTHEST_YEARS = 5


class Refused(Exception):
    """The calendar is not turned there; the message says why."""


def tend(db: Session, *, now: datetime) -> None:
    """Everything that is due today without anybody doing it; may be called as often as one likes."""
    rounds.tend_rounds(db, now=now)
    submission.lapse_overdue(db, now)
    decision.expire_ended(db, now=now)
    unpacking.tidy(db, now=now)
    unseen.note_unseen(db, now=now)
    reminders.of_the_day(db, now)


def turn_calendar(db: Session, to: date, *, by: User) -> None:
    """Turn a demonstration's calendar on to the morning of a later day, and let happen what is due by then."""
    before = clock.today()
    if to <= before:
        raise Refused("The calendar only turns forward. Choose a later day.")
    if to.year - before.year > FARTHEST_YEARS:
        raise Refused(f"Choose a day within the next {FARTHEST_YEARS} years.")
    clock.turn_to(datetime.combine(to, time(9), clock.PROGRAM_ZONE))
    ledger.record(db, "demonstration's calendar turned", by=by, now=clock.now(), about=by,
                  before={"day": before.isoformat()}, after={"day": to.isoformat()})  # fmt: skip
    tend(db, now=clock.now())

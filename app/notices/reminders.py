"""Reminders of dates: before they come, on the day, and weekly once they have passed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.kernel import clock, words
from app.notices.actions import tell
from app.people import queries as people
from app.people.models import Practice, User
from app.people.rules import PRACTICE_ROLES, Capacity, Role
from app.program import actions as program
from app.program import queries
from app.program.models import Due

WORK = "/work"
ADMIN_AFTER = 5  # business days, as section 11 of the program's guide has it
OF_THE_CASE = {Role.SURVEYOR: Capacity.SURVEYOR, Role.REVIEWER: Capacity.REVIEWER}


def of_the_day(db: Session, now: datetime) -> int:
    """What is due to be said today, said once: may be called as often as one likes. Returns how many dates."""
    today = clock.day_of(now)
    program.mark_missed(db, now)
    dues = queries.to_remind(db, today)
    for due in dues:
        _remind(db, due, today, now)
        due.reminded_on = today
    return len(dues)


def _remind(db: Session, due: Due, today: date, now: datetime) -> None:
    practice = db.get(Practice, due.practice_id) if due.practice_id else None
    told = {user.id: user for user in [*owing(db, due), *_watching(db, due, today)]}
    left = words.left(due.due_on, today)
    name = f", {practice.public_name}" if practice else ""
    tell(
        db, told.values(), subject=f"{due.title}: {left}{name}",
        body=f"{due.title} is due by {words.day(due.due_on)}, 11:59 pm Eastern ({left}).\n\n" + "\n".join(due.steps),
        url=WORK, practice_id=due.practice_id, now=now,
    )  # fmt: skip


def owing(db: Session, due: Due) -> Iterable[User]:
    """Who owes it: the role in the practice and its owners, the people of the case, or the role in the Program."""
    if due.owed_by in PRACTICE_ROLES:
        if due.practice_id is None:
            return []
        return [*people.holders(db, due.owed_by, due.practice_id), *people.holders(db, Role.OWNER, due.practice_id)]
    holders = people.holders(db, due.owed_by)
    if due.owed_by in OF_THE_CASE:
        return [user for user in holders if _appointed(user, due, OF_THE_CASE[due.owed_by])]
    return holders


def _appointed(user: User, due: Due, capacity: Capacity) -> bool:
    return any(
        held.case_id == due.case_id and held.capacity is capacity and held.current for held in user.appointments
    )  # fmt: skip


def _watching(db: Session, due: Due, today: date) -> Iterable[User]:
    """Who hears of a date that has passed: staff, and administrators after some business days."""
    if due.due_on >= today:
        return []
    late = queries.calendar(db).between(due.due_on, today)
    admins = people.holders(db, Role.ADMIN) if late >= ADMIN_AFTER else []
    return [*people.holders(db, Role.STAFF), *admins]

"""Reminders of dates, told once a day to those who owe and, once late, to those who watch."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notices import reminders
from app.notices.models import Notice
from app.people.models import Appointment, Practice, User
from app.people.rules import Capacity, Role
from app.program import actions as program
from app.program.models import Due
from tests.factories.people import member, official, practice

DUE_IN = 15  # the plan that starts on Wed 1 Jul 2026 is due on Thu 16 Jul 2026


@pytest.fixture
def held(db: Session) -> Practice:
    return practice(db, public_name="Harbor Light Oncology")


def start(db: Session, held: Practice, now: datetime, key: str = "plan.submit") -> Due:
    return program.start_clock(
        db, key, practice_id=held.id, case_id="case", about=held, event="report issued", start=date(2026, 7, 1), now=now
    )


def told(db: Session) -> set[str]:
    return set(db.scalars(select(Notice.user_id)))


def ids(*users: User) -> set[str]:
    return {user.id for user in users}


def test_the_signer_and_the_owner_are_reminded_a_week_before(db: Session, held: Practice, now: datetime) -> None:
    signer, owner = member(db, held, Role.SIGNER), member(db, held, Role.OWNER)
    member(db, held, Role.CONTRIBUTOR), member(db, practice(db), Role.SIGNER), official(db)
    start(db, held, now)
    assert reminders.of_the_day(db, now + timedelta(days=DUE_IN - 7)) == 1
    assert told(db) == ids(signer, owner)
    notice = db.scalars(select(Notice)).first()
    assert notice is not None
    assert notice.subject == "Compliance Action Plan: 7 days left, Harbor Light Oncology"
    assert "Not counted: 2 weekends; Fri 3 Jul 2026, Independence Day (observed)." in notice.body


def test_nobody_is_reminded_twice_on_a_day(db: Session, held: Practice, now: datetime) -> None:
    member(db, held, Role.SIGNER)
    start(db, held, now)
    day = now + timedelta(days=DUE_IN - 7)
    assert [reminders.of_the_day(db, day + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]
    assert [reminders.of_the_day(db, day + timedelta(days=n)) for n in range(1, 8)] == [0, 0, 0, 0, 0, 1, 1]


def test_staff_hear_of_a_late_date_and_administrators_after_five_business_days(
    db: Session, held: Practice, now: datetime
) -> None:
    signer, staff, admin = member(db, held, Role.SIGNER), official(db, Role.STAFF), official(db, Role.ADMIN)
    start(db, held, now)
    reminders.of_the_day(db, now + timedelta(days=DUE_IN))
    assert told(db) == ids(signer)
    reminders.of_the_day(db, now + timedelta(days=DUE_IN + 7))
    assert told(db) == ids(signer, staff, admin)


def test_only_the_reviewer_of_the_case_is_reminded(db: Session, held: Practice, now: datetime) -> None:
    mine, other = official(db, Role.REVIEWER), official(db, Role.REVIEWER)
    grant = Appointment(user_id=mine.id, practice_id=held.id, case_id="case", capacity=Capacity.REVIEWER, since=now)
    db.add(grant)
    db.flush()
    db.refresh(mine)
    due = start(db, held, now, "plan.review")
    assert list(reminders.owing(db, due)) == [mine]
    assert other not in reminders.owing(db, due)


def test_a_paused_or_met_date_is_not_reminded_of(db: Session, held: Practice, now: datetime) -> None:
    admin = official(db, Role.ADMIN)
    due = start(db, held, now)
    program.pause_clock(db, due, why="a flood", by=admin, now=now)
    assert reminders.of_the_day(db, now + timedelta(days=DUE_IN)) == 0
    met = start(db, held, now, "ccr.clarify")
    program.meet_clock(db, held, "ccr.clarify", now=now)
    assert reminders.of_the_day(db, now + timedelta(days=(met.due_on - date(2026, 7, 1)).days)) == 0

"""Settings by date, running clocks, and fees with a database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import ledger
from app.kernel.ledger import Event
from app.people.models import User
from app.people.rules import Role
from app.program import actions, queries
from app.program.actions import Refused
from app.program.models import Due
from app.program.rules.clocks import Basis, DueState
from app.program.rules.days import Span
from app.program.rules.fees import Item, total
from tests.factories.people import official, practice

TODAY = date(2026, 7, 1)
PLAN = "plan.submit"


@pytest.fixture
def admin(db: Session) -> User:
    return official(db, Role.ADMIN)


def clock(db: Session, now: datetime, key: str = PLAN, start: date = TODAY, **more: object) -> Due:
    held = practice(db)
    return actions.start_clock(
        db, key, practice_id=held.id, case_id="case", about=held, event="report issued", start=start, now=now, **more
    )  # type: ignore[arg-type]  # more is start_clock's own


def events(db: Session) -> list[str]:
    return [event.what for event in db.query(Event).order_by(Event.number)]


def change(db: Session, value: str, on: date, by: User, now: datetime) -> None:
    actions.change_setting(
        db, PLAN, value, effective_from=on, basis=Basis.OURS, why="The board decided on it", by=by, now=now
    )


def test_a_setting_is_read_for_a_day(db: Session, admin: User, now: datetime) -> None:
    change(db, "15 business days", date(2026, 9, 1), admin, now)
    assert queries.setting(db, PLAN, date(2026, 8, 31)) == Span.read("10 business days")
    assert queries.setting(db, PLAN, date(2026, 9, 1)) == Span.read("15 business days")
    assert queries.setting(db, "score.threshold", TODAY) == Decimal(75)
    assert queries.setting(db, "committee.first_read", TODAY) is True
    assert queries.whole(db, "slot.most_pins", TODAY) == 9
    assert [row.version for row in queries.versions(db, PLAN)] == [2, 1]
    assert events(db)[-1] == "setting changed"


def test_the_later_of_two_values_from_one_day_holds(db: Session, admin: User, now: datetime) -> None:
    change(db, "15 business days", TODAY, admin, now)
    change(db, "12 business days", TODAY, admin, now)
    assert str(queries.setting(db, PLAN, TODAY)) == "12 business days"


def test_no_setting_holds_before_its_first_day(db: Session) -> None:
    with pytest.raises(queries.NotSet):
        queries.setting(db, PLAN, date(1999, 1, 1))
    with pytest.raises(queries.NotSet):
        queries.fee_table(db, date(2025, 12, 31))


def test_a_change_into_the_past_or_to_nonsense_or_to_the_same_is_refused(
    db: Session, admin: User, now: datetime
) -> None:
    with pytest.raises(Refused, match="from today on"):
        change(db, "15 business days", TODAY - timedelta(days=1), admin, now)
    with pytest.raises(Refused, match="must be a number and a unit"):
        change(db, "soon", TODAY, admin, now)
    with pytest.raises(Refused, match="holds already"):
        change(db, "10  business days", TODAY, admin, now)
    assert len(queries.versions(db, PLAN)) == 1


def test_loading_the_defaults_again_changes_nothing(db: Session, admin: User, now: datetime) -> None:
    change(db, "15 business days", TODAY, admin, now)
    actions.load_defaults(db, now)
    assert len(queries.versions(db, PLAN)) == 2
    assert len(queries.fee_table(db, TODAY)) == 13


def test_a_running_clock_keeps_the_rule_it_started_with(db: Session, admin: User, now: datetime) -> None:
    old = clock(db, now)
    change(db, "15 business days", TODAY, admin, now)
    new = clock(db, now)
    assert (old.due_on, old.rule_version) == (date(2026, 7, 16), 1)
    assert (new.due_on, new.rule_version) == (date(2026, 7, 23), 2)
    assert "within 15 business days of the report (plan.submit, version 2)" in new.steps[0]


def test_a_day_off_moves_only_clocks_that_start_later(db: Session, admin: User, now: datetime) -> None:
    before = clock(db, now)
    actions.add_day(db, date(2026, 7, 10), "Staff day", why="Move of the office", by=admin, now=now)
    after = clock(db, now)
    assert (before.due_on, after.due_on) == (date(2026, 7, 16), date(2026, 7, 17))
    assert "Fri 10 Jul 2026, Staff day" in after.steps[2]
    assert "Staff day" not in before.steps[2]


def test_only_a_business_day_to_come_can_be_taken_off(db: Session, admin: User, now: datetime) -> None:
    for day in (TODAY, date(2026, 7, 4), date(2026, 11, 26)):
        with pytest.raises(Refused):
            actions.add_day(db, day, "Day", why="No reason", by=admin, now=now)


def test_a_clock_is_met_once_and_says_whether_it_was_late(db: Session, now: datetime) -> None:
    due = clock(db, now)
    held = practice(db)
    about = db.get(type(held), due.about_id)
    assert about is not None
    met = actions.meet_clock(db, about, PLAN, now=now + timedelta(days=20))
    assert met is due
    assert (due.state, due.met_on, due.late(TODAY)) == (DueState.MET, date(2026, 7, 21), True)
    assert actions.meet_clock(db, about, PLAN, now=now) is None
    assert queries.running(db, "case") == []
    assert queries.due(db, about, PLAN) is due


def test_the_same_clock_about_the_same_thing_runs_once(db: Session, now: datetime) -> None:
    held = practice(db)
    facts = {"practice_id": held.id, "case_id": "case", "about": held, "event": "report issued", "now": now}
    first = actions.start_clock(db, PLAN, start=TODAY, **facts)  # type: ignore[arg-type]  # facts are its own
    second = actions.start_clock(db, PLAN, start=TODAY + timedelta(days=7), **facts)  # type: ignore[arg-type]  # as above
    assert (first.state, first.ended_why) == (DueState.ENDED, "started again")
    assert queries.running(db, "case") == [second]
    first.state, first.ended_why = DueState.RUNNING, None
    with pytest.raises(IntegrityError):
        db.flush()


def test_dates_owed_are_found_by_case_practice_and_role(db: Session, now: datetime) -> None:
    late, early = clock(db, now, "evidence.review"), clock(db, now)
    assert queries.running(db, "case") == [early, late]
    assert queries.running(db, practice_id=late.practice_id) == [late]
    assert queries.running(db, owed_by=Role.SIGNER) == [early]
    assert queries.running(db, "another case") == []


def test_a_missed_date_is_said_once_by_the_clock(db: Session, now: datetime) -> None:
    due = clock(db, now)
    assert actions.mark_missed(db, now + timedelta(days=15)) == []
    later = now + timedelta(days=16)
    assert actions.mark_missed(db, later) == [due]
    assert actions.mark_missed(db, later) == []
    assert queries.overdue(db, date(2026, 7, 17)) == [due]
    assert events(db).count("clock missed") == 1


def test_a_right_that_was_not_used_ends_and_nobody_is_late(db: Session, now: datetime) -> None:
    due = clock(db, now, "ccr.clarify")
    assert actions.mark_missed(db, now + timedelta(days=30)) == []
    assert (due.state, due.ended_why) == (DueState.ENDED, "the finding stands")
    assert events(db).count("window shut") == 1


def test_a_pause_moves_the_date_by_its_business_days(db: Session, admin: User, now: datetime) -> None:
    due = clock(db, now)
    actions.pause_clock(db, due, why="a flood", by=admin, now=now + timedelta(days=1))
    assert queries.overdue(db, date(2026, 12, 1)) == []
    actions.resume_clock(db, due, by=admin, now=now + timedelta(days=8))
    assert due.due_on == date(2026, 7, 22)  # Fri 3 Jul is kept for the Fourth
    assert "a flood" in due.steps[3]
    with pytest.raises(Refused):
        actions.resume_clock(db, due, by=admin, now=now)


def test_an_extension_is_granted_once_by_staff_and_again_by_an_administrator(
    db: Session, admin: User, now: datetime
) -> None:
    due, staff = clock(db, now), official(db, Role.STAFF)
    actions.extend_clock(db, due, date(2026, 7, 30), why="the pharmacy moves", by=staff, now=now)
    with pytest.raises(Refused, match="only an administrator"):
        actions.extend_clock(db, due, date(2026, 8, 5), why="again", by=staff, now=now)
    actions.extend_clock(db, due, date(2026, 8, 5), why="again", by=admin, now=now)
    assert (due.due_on, due.extensions) == (date(2026, 8, 5), 2)


def test_a_clock_never_runs_past_its_limit(db: Session, admin: User, now: datetime) -> None:
    limit = date(2026, 7, 10)
    due = clock(db, now, "evidence.more", limit=limit, limit_is="the outer limit of the case")
    assert due.due_on == limit
    actions.pause_clock(db, due, why="a flood", by=admin, now=now)
    actions.resume_clock(db, due, by=admin, now=now + timedelta(days=5))
    assert due.due_on == limit


def test_a_case_that_is_over_ends_all_its_clocks(db: Session, now: datetime) -> None:
    clock(db, now, "case.outer_limit")
    clock(db, now)
    assert queries.outer_limit(db, "case") is not None
    actions.end_case(db, "case", why="The application was withdrawn")
    assert queries.running(db, "case") == []
    assert queries.outer_limit(db, "case") is None


def test_reminders_are_found_for_a_day(db: Session, now: datetime) -> None:
    due = clock(db, now)
    assert queries.to_remind(db, due.due_on - timedelta(days=7)) == [due]
    assert queries.to_remind(db, due.due_on - timedelta(days=6)) == []


def test_new_fees_hold_from_their_day(db: Session, admin: User, now: datetime) -> None:
    table = queries.fee_table(db, TODAY)
    for fee in table:
        db.expunge(fee)
        fee.dollars = None if fee.dollars is None else fee.dollars + 100
    actions.change_fees(db, table, effective_from=date(2027, 1, 1), why="New year", by=admin, now=now)
    before = queries.fee(db, Decimal("4.5"), 3, "US", date(2026, 12, 31))
    after = queries.fee(db, Decimal("4.5"), 3, "US", date(2027, 1, 1))
    assert (total(before), total(after)) == (8000, 8300)
    assert queries.charge(db, Item.RESURVEY, TODAY).amount == 3500
    assert ledger.faults(db) == []

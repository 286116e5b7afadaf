"""What the calendar does by itself, and a demonstration whose calendar is turned on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Mode
from app.journey import actions
from app.kernel import clock
from app.kernel.ledger import Event
from app.participation.rules.moves import RoundState
from app.people.models import User
from app.people.rules import Role
from tests.factories import people
from tests.factories.round import round_

AsUser = Callable[[User], FlaskClient]


@pytest.fixture
def calendar(tmp_path: Path) -> Iterator[Path]:
    """A calendar that may be turned, and is let go afterwards."""
    clock.follow(tmp_path / "calendar")
    yield tmp_path / "calendar"
    clock.follow(None)


@pytest.fixture
def staff(db: Session) -> User:
    return people.official(db, Role.STAFF)


def test_time_goes_on_from_the_day_to_which_the_calendar_was_turned(calendar: Path, db: Session, staff: User) -> None:
    later = clock.today() + timedelta(days=90)
    actions.turn_calendar(db, later, by=staff)
    assert clock.today() == later
    said = db.scalars(select(Event).where(Event.what == "demonstration's calendar turned")).one()
    assert said.detail["after"] == {"day": later.isoformat()}


def test_it_turns_forward_only(calendar: Path, db: Session, staff: User) -> None:
    with pytest.raises(actions.Refused, match="forward"):
        actions.turn_calendar(db, clock.today(), by=staff)
    with pytest.raises(actions.Refused, match="5 years"):
        actions.turn_calendar(db, clock.today() + timedelta(days=4000), by=staff)
    assert not calendar.exists()


def test_what_is_due_by_then_has_happened(calendar: Path, db: Session, staff: User) -> None:
    held = round_(db, closes_on=clock.today() + timedelta(days=5))
    actions.turn_calendar(db, clock.today() + timedelta(days=6), by=staff)
    assert held.state is RoundState.CLOSED


def test_a_damaged_calendar_is_the_machine_s(calendar: Path) -> None:
    calendar.write_text("tomorrow")
    assert clock.ahead() == timedelta(0)


def test_a_page_turns_it_and_signs_nobody_out(
    calendar: Path, app: Flask, db: Session, staff: User, as_user: AsUser
) -> None:
    browser, later = as_user(staff), clock.today() + timedelta(days=30)
    assert b"Demonstration: it is" in browser.get("/account").data
    assert browser.post("/demonstration/day", data={"days": "30"}).status_code == 302
    assert clock.today() == later
    assert browser.get("/account").status_code == 200


def test_a_day_that_cannot_be_read_is_said(calendar: Path, staff: User, as_user: AsUser) -> None:
    browser = as_user(staff)
    browser.post("/demonstration/day", data={"day": "soon"})
    assert b"Enter a day" in browser.get("/account").data
    assert clock.ahead() == timedelta(0)


def test_outside_a_demonstration_there_is_no_such_page(
    app: Flask, staff: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = replace(app.config["QCP_SETTINGS"], mode=Mode.DEVELOPMENT)
    monkeypatch.setitem(app.config, "QCP_SETTINGS", real)
    browser = as_user(staff)
    assert browser.post("/demonstration/day", data={"days": "30"}).status_code == 404
    assert b"Demonstration: it is" not in browser.get("/account").data


def test_the_day_is_read_as_it_is_written(calendar: Path, staff: User, as_user: AsUser) -> None:
    wanted = date(clock.today().year + 1, 3, 1)
    as_user(staff).post("/demonstration/day", data={"day": wanted.isoformat()})
    assert clock.today() == wanted

"""The pages of the settings: staff read, administrators change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.models import User
from app.people.rules import Role
from app.program import queries
from tests.factories.people import member, official, practice

Browser = Callable[[User], FlaskClient]
PAGE = "/program/settings/plan.submit"
CHANGE = {"value": "15 business days", "effective_from": "2099-01-05", "basis": "U", "why": "The board decided on it."}


@pytest.mark.parametrize("path", ["/program/settings", PAGE, "/program/fees"])
def test_staff_read_and_do_not_change(db: Session, as_user: Browser, path: str) -> None:
    shown = as_user(official(db, Role.STAFF)).get(path)
    assert shown.status_code == 200
    assert '<button class="btn btn-primary">' not in shown.text


@pytest.mark.parametrize("path", ["/program/settings", PAGE, "/program/fees"])
def test_others_do_not_read_settings(db: Session, as_user: Browser, path: str) -> None:
    assert as_user(member(db, practice(db), Role.OWNER)).get(path).status_code == 403
    assert as_user(official(db, Role.SURVEYOR)).get(path).status_code == 403


def test_staff_cannot_post_a_change(db: Session, as_user: Browser) -> None:
    client = as_user(official(db, Role.STAFF))
    for path in (PAGE, "/program/fees", "/program/days"):
        assert client.post(path, data=CHANGE).status_code == 403


def test_the_list_says_value_basis_and_since_when(db: Session, as_user: Browser) -> None:
    shown = as_user(official(db, Role.ADMIN)).get("/program/settings").text
    for words in ("10 business days", "said by the Program&#39;s page", "Mon 1 Jan 2024", "Overall Quality Score"):
        assert words in shown


def test_an_administrator_sets_a_new_value_from_a_day_on(db: Session, as_user: Browser) -> None:
    client = as_user(official(db, Role.ADMIN))
    assert client.post(PAGE, data=CHANGE).status_code == 302
    assert str(queries.setting(db, "plan.submit", date(2099, 1, 5))) == "15 business days"
    assert str(queries.setting(db, "plan.submit", clock.today())) == "10 business days"
    assert "15 business days from Mon 5 Jan 2099" in client.get("/program/settings").text
    assert "The board decided on it." in client.get(PAGE).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"value": "soon"}, "such as 10 business days"), ({"value": ""}, "Enter the new value."),
        ({"effective_from": "2020-01-01"}, "from today on or later"), ({"effective_from": "x"}, "Not a valid date"),
        ({"why": "so"}, "Say in a sentence why it changes."), ({"value": "10 business days"}, "It holds already"),
        ({"basis": "Z"}, "errors-title"),
    ],
)  # fmt: skip
def test_a_wrong_change_comes_back_with_what_was_typed(
    db: Session, as_user: Browser, wrong: dict[str, str], said: str
) -> None:
    answer = as_user(official(db, Role.ADMIN)).post(PAGE, data=CHANGE | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert (CHANGE | wrong)["why"] in answer.text
    assert len(queries.versions(db, "plan.submit")) == 1


def test_an_unknown_setting_is_not_found(db: Session, as_user: Browser) -> None:
    client = as_user(official(db, Role.ADMIN))
    assert client.get("/program/settings/no.such").status_code == 404
    assert client.post("/program/settings/no.such", data=CHANGE).status_code == 404


def test_a_day_off_is_added(db: Session, as_user: Browser) -> None:
    client = as_user(official(db, Role.ADMIN))
    day = {"on": "2099-01-05", "name": "Staff day", "why": "Move of the office"}
    assert client.post("/program/days", data=day).status_code == 302
    assert "Staff day" in client.get("/program/settings").text
    again = client.post("/program/days", data=day)
    assert (again.status_code, "not a business day already" in again.text) == (422, True)


def test_new_fees_are_set_from_a_day_on(db: Session, as_user: Browser) -> None:
    client = as_user(official(db, Role.ADMIN))
    table = queries.fee_table(db, clock.today())
    amounts = {f"rates-{n}-dollars": fee.dollars + 1 for n, fee in enumerate(table) if fee.dollars is not None}
    assert client.post("/program/fees", data=CHANGE | amounts).status_code == 302
    assert queries.fee_table(db, date(2099, 1, 5))[0].dollars == 4001
    assert queries.fee_table(db, clock.today())[0].dollars == 4000
    missing = client.post("/program/fees", data=CHANGE | amounts | {"rates-0-dollars": ""})
    assert (missing.status_code, "Enter whole dollars" in missing.text) == (422, True)
    assert client.post("/program/fees", data=CHANGE).status_code == 400

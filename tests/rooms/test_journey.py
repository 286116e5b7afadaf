"""The road page, everybody's work and the board, read from a database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.journey import queries
from app.journey.rules.stations import STATIONS
from app.journey.views import GOES
from app.kernel import clock
from app.people.models import Practice, User
from app.people.rules import PracticeState, Role
from tests.factories import report, survey
from tests.factories.people import member, official, practice

Browser = Callable[[User], FlaskClient]
TODAY = date(2026, 7, 1)


@pytest.fixture
def harbor(db: Session) -> Practice:
    return practice(db, public_name="Harbor Light Oncology", slug="harbor-light")


@pytest.fixture
def dana(db: Session, harbor: Practice) -> User:
    return member(db, harbor, Role.OWNER, name="Dana Whitfield")


def test_the_first_page_is_public_and_leads_on_to_work(client: FlaskClient, as_user: Browser, dana: User) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Show that your oncology care is safe" in page.text
    assert as_user(dana).get("/").headers["Location"] == "/work"


@pytest.mark.parametrize("path", ["/help", "/accessibility", "/privacy"])
def test_help_accessibility_and_privacy_are_open_to_anybody(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert "set-cookie" not in {name.lower() for name, _ in page.headers}


def test_work_says_what_is_next_and_whose_turn(as_user: Browser, dana: User) -> None:
    page = as_user(dana).get("/work").text
    assert "Enroll in a QOPI round" in page
    assert "1 thing waits for you" in page


def test_a_colleague_sees_what_only_the_owner_can_do(as_user: Browser, db: Session, harbor: Practice) -> None:
    teo = member(db, harbor, Role.SIGNER, name="Teo Barros")
    page = as_user(teo).get("/work").text
    assert "Waiting in your practice" in page and "Enroll in a QOPI round" in page
    assert ">Owner<" in page
    assert "Nothing is waiting for you" in page


def test_the_road_names_five_milestones_and_who_holds_what(as_user: Browser, dana: User, harbor: Practice) -> None:
    page = as_user(dana).get(f"/practices/{harbor.id}/road").text
    for name in ("Participate in QOPI", "Submit application", "On-site survey", "Survey report", "Decision"):
        assert name in page
    assert 'aria-current="step"' in page
    assert "Dana W., owner" in page
    assert "Your turn" in page


def test_a_practice_never_learns_of_another(as_user: Browser, db: Session, harbor: Practice) -> None:
    stranger = member(db, practice(db), Role.OWNER)
    for path in ("road", "dates.ics", "go/binder"):
        assert as_user(stranger).get(f"/practices/{harbor.id}/{path}").status_code == 404
    assert as_user(stranger).get("/board").status_code == 403


def test_staff_read_the_same_road_without_being_addressed(as_user: Browser, db: Session, harbor: Practice) -> None:
    page = as_user(official(db)).get(f"/practices/{harbor.id}/road").text
    assert "The practice&#39;s turn" in page or "The practice's turn" in page
    assert "Your turn" not in page


def test_a_new_practice_waits_for_the_staff(as_user: Browser, db: Session) -> None:
    asked = practice(db, state=PracticeState.REQUESTED, asco_member=None, public_name="Copperleaf Hematology")
    owner = member(db, asked, Role.OWNER)
    assert "The Program looks at your registration" in as_user(owner).get("/work").text
    assert "Approve or refuse Copperleaf Hematology" in as_user(official(db)).get("/work").text


def test_the_board_lists_every_practice_with_its_next_step(as_user: Browser, db: Session, harbor: Practice) -> None:
    staff = as_user(official(db))
    page = staff.get("/board").text
    assert "Harbor Light Oncology" in page and "Enroll in a QOPI round" in page
    assert "Harbor Light Oncology" not in staff.get("/board?q=copper").text
    for way in ("?by=holder", "?by=date", "?show=ours", "?show=risk", "?by=nonsense"):
        assert staff.get(f"/board{way}").status_code == 200


def test_the_board_as_a_file_never_becomes_a_formula(as_user: Browser, db: Session) -> None:
    practice(db, public_name="=SUM(A1) Oncology")
    file = as_user(official(db)).get("/board?as=csv")
    assert file.mimetype == "text/csv"
    assert "'=SUM(A1) Oncology" in file.text


def test_links_of_the_bar_lead_on_or_say_that_it_is_too_early(as_user: Browser, dana: User, harbor: Practice) -> None:
    browser = as_user(dana)
    for what in ("binder", "survey", "report"):
        page = browser.get(f"/practices/{harbor.id}/go/{what}")
        assert page.status_code == 200 and "Not there yet" in page.text
    assert browser.get(f"/practices/{harbor.id}/go/nowhere").status_code == 404


def test_every_page_to_which_the_bar_or_a_task_leads_exists(app: Flask) -> None:
    named = {name for _, names in GOES.values() for name in names.split()}
    named |= {name for station in STATIONS.values() for name in station.pages}
    assert named - set(app.view_functions) == set()


def test_the_bar_leads_to_the_binder_of_the_case(as_user: Browser, db: Session, dana: User, harbor: Practice) -> None:
    case = report.application(db, harbor)
    answer = as_user(dana).get(f"/practices/{harbor.id}/go/binder")
    assert answer.location == f"/binders/{case.binder_id}"


def test_the_bar_offers_each_role_its_own_pages(as_user: Browser, db: Session, dana: User) -> None:
    ours, theirs = as_user(dana).get("/work").text, as_user(official(db, Role.SURVEYOR)).get("/work").text
    assert "Our road" in ours and "Board" not in ours
    assert "Our road" not in theirs and ">Board<" not in theirs


def counted(app: Flask, db: Session, ask: Callable[[], object]) -> int:
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(db.get_bind(), "before_cursor_execute", note)
    db.flush()
    db.expunge_all()
    ask()
    event.remove(db.get_bind(), "before_cursor_execute", note)
    return len(statements)


def test_the_board_asks_as_often_for_forty_practices_as_for_two(app: Flask, db: Session) -> None:
    for _ in range(2):
        practice(db)
    few = counted(app, db, lambda: queries.board(db, TODAY))
    for _ in range(38):
        practice(db)
    many = counted(app, db, lambda: queries.board(db, TODAY))
    assert many == few <= 20


def test_my_work_asks_as_often_for_many_practices_as_for_one(app: Flask, db: Session) -> None:
    staff_id = official(db).id
    practice(db)
    few = counted(app, db, lambda: queries.work_of(db, db.get_one(User, staff_id), TODAY))
    for _ in range(20):
        practice(db)
    many = counted(app, db, lambda: queries.work_of(db, db.get_one(User, staff_id), TODAY))
    assert many == few <= 25


def test_the_dates_of_a_case_come_as_a_calendar_file(
    as_user: Browser, db: Session, dana: User, harbor: Practice, now: datetime
) -> None:
    with clock.at(now):
        file = as_user(dana).get(f"/practices/{harbor.id}/dates.ics")
    assert file.mimetype == "text/calendar"
    assert file.text.startswith("BEGIN:VCALENDAR")


def test_a_demonstration_names_its_people_on_the_sign_in_page(client: FlaskClient, db: Session, dana: User) -> None:
    assert "This is a demonstration" not in client.get("/sign-in").text
    dana.demo, dana.email = True, "practice@demo.example"
    db.flush()
    page = client.get("/sign-in").text
    assert "This is a demonstration" in page and dana.email in page


def test_who_is_only_asked_to_survey_sees_the_question_and_not_the_road(as_user: Browser, db: Session) -> None:
    made = survey.proposed(db)
    page = as_user(made.surveyor).get("/work").text
    assert made.practice.public_name in page
    assert f"/practices/{made.practice.id}/road" not in page


def test_a_surveyor_no_longer_sees_a_road_that_is_closed_to_them(as_user: Browser, db: Session) -> None:
    made = report.case(db)
    assert made.practice.public_name in as_user(made.surveyor).get("/work").text
    report.report(db, made)
    assert made.practice.public_name not in as_user(made.surveyor).get("/work").text


def test_a_road_leads_to_no_page_of_the_other_side(as_user: Browser, db: Session) -> None:
    made = report.case(db)
    sent = report.submitted(db, made)
    page = as_user(made.owner).get(f"/practices/{made.practice.id}/road").text
    assert f"/plans/{sent.id}/review" not in page and "Look at it" not in page

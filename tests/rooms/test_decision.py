"""The award: what it needs, what it gives, and that nobody else can give it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.application.rules.case import Outcome, State
from app.application.rules.payment import InvoiceState
from app.decision import actions, queries, rules
from app.decision.models import Certification, Plaque
from app.decision.rules import CertificationState, PlaqueState, Standing, VersionState
from app.documents.models import Paper
from app.documents.rules import PaperKind, PaperState
from app.doors import Doors
from app.kernel import clock, jobs
from app.kernel.ledger import Event
from app.notices.models import Notice
from app.people.models import User
from app.people.rules import Role
from app.program import queries as program
from app.program.actions import Refused
from app.report.rules.ccr import Result
from tests.factories import decision, people
from tests.factories.decision import AWARDED

SignIn = Callable[[User], FlaskClient]


def pressed(db: Session, doors: Doors) -> None:
    db.commit()
    with clock.at(max(clock.now(), AWARDED) + timedelta(hours=1)):
        jobs.drain(db, doors)


def test_a_clean_case_is_awarded_for_three_years_and_the_last_day_is_the_same_date(db: Session) -> None:
    held = decision.certified(db)
    assert held.state is CertificationState.ACTIVE
    assert (held.awarded_on, held.valid_through, held.years) == (date(2026, 11, 12), date(2029, 11, 12), 3)
    assert rules.read_number(held.number) == held.number
    assert [site.name for site in held.sites] == ["Cove Street", "Northgate"]


def test_numbers_count_up_within_the_year(db: Session) -> None:
    first, second = decision.certified(db), decision.certified(db)
    assert second.count == first.count + 1


def test_an_award_on_leap_day_ends_on_the_last_of_february(db: Session) -> None:
    held = decision.certified(db, now=datetime.fromisoformat("2028-02-29T17:00:00+00:00"))
    assert held.valid_through == date(2031, 2, 28)


def test_an_award_orders_a_signed_certificate_that_verifies(db: Session, doors: Doors) -> None:
    held = decision.certified(db)
    pressed(db, doors)
    paper = db.get_one(Paper, held.current.paper_id)
    assert (paper.kind, paper.number, paper.state) == (PaperKind.CERTIFICATE, held.number, PaperState.ISSUED)
    assert paper.data["signatories"][0]["title"] == "Chair, Certification Committee"
    seal = doors.press.examine(doors.blobs.get(str(paper.sha256)))
    assert seal.holds
    assert queries.paper_standing(db, paper, date(2026, 12, 1)) is Standing.VALID


def test_an_award_ends_the_application_and_offers_the_plaque(db: Session) -> None:
    held = decision.certified(db)
    assert (held.application.state, held.application.outcome) == (State.CLOSED, Outcome.CERTIFIED)
    assert held.plaque is not None and held.plaque.state is PlaqueState.OFFERED
    due = program.due(db, held.plaque, "plaque.details")
    assert due is not None and due.open and due.due_on == date(2026, 12, 14)  # 30 days end on a Saturday


def test_an_award_writes_its_line_in_the_ledger_and_tells_everybody_of_the_practice(db: Session) -> None:
    own = people.practice(db)
    person = people.member(db, own, Role.CONTRIBUTOR)
    held = decision.certified(db, own)
    events = db.scalars(select(Event).where(Event.about_id == held.id)).all()
    assert [event.what for event in events] == ["certification awarded"]
    assert db.scalar(select(Notice).where(Notice.user_id == person.id)) is not None


def test_without_a_clean_report_there_is_no_award(db: Session) -> None:
    report = decision.clean_report(db, result=Result.REQUIREMENTS)
    with pytest.raises(Refused, match="does not find every standard met"):
        actions.award(db, report, by=people.official(db, Role.ADMIN), now=AWARDED)


def test_every_reason_is_said_at_once(db: Session) -> None:
    case = decision.application(db)
    decision.invoice(db, case, people.official(db), state=InvoiceState.ISSUED, method=None, reference=None,
                     paid_on=None, confirmed_at=None)  # fmt: skip
    report = decision.clean_report(db, case, result=Result.REQUIREMENTS)
    case.state, case.outcome, case.closed_at = State.CLOSED, Outcome.WITHDRAWN, AWARDED
    with pytest.raises(Refused) as refused:
        actions.award(db, report, by=people.official(db, Role.ADMIN), now=AWARDED)
    assert len(refused.value.reasons) == 3
    assert db.scalar(select(Certification).where(Certification.application_id == case.id)) is None


def test_a_case_is_awarded_once(db: Session) -> None:
    report = decision.clean_report(db)
    actions.award(db, report, by=people.official(db, Role.ADMIN), now=AWARDED)
    with pytest.raises(Refused, match="is certified as"):
        actions.award(db, report, by=people.official(db, Role.ADMIN), now=AWARDED)


def test_the_database_keeps_one_current_certificate(db: Session) -> None:
    held = decision.certified(db)
    with pytest.raises(IntegrityError):
        actions.issue_version(db, held, by=people.official(db), now=AWARDED)


def test_a_newer_version_supersedes_the_paper_but_not_the_certification(db: Session) -> None:
    held = decision.certified(db)
    first, today = held.current, AWARDED.date()
    first.state, first.superseded_on = VersionState.SUPERSEDED, today
    db.flush()
    second = actions.issue_version(db, held, by=people.official(db), now=AWARDED)
    db.refresh(held)
    assert held.current is second
    assert queries.paper_standing(db, first.paper, today) is Standing.SUPERSEDED
    assert queries.paper_standing(db, second.paper, today) is Standing.VALID
    assert queries.standing(held, today) is Standing.VALID


def test_the_clock_expires_what_was_not_renewed(db: Session) -> None:
    held = decision.certified(db)
    last = datetime.fromisoformat("2029-11-13T04:59:00+00:00")  # 11:59 pm Eastern on the last day
    assert actions.expire_ended(db, now=last) == []
    assert actions.expire_ended(db, now=last + timedelta(minutes=2)) == [held]
    assert (held.state, held.ended_on) == (CertificationState.EXPIRED, date(2029, 11, 13))
    assert queries.paper_standing(db, held.current.paper, date(2029, 11, 13)) is Standing.EXPIRED


def test_only_an_administrator_awards(db: Session, as_user: SignIn) -> None:
    report = decision.clean_report(db)
    for user in (people.official(db), people.official(db, Role.REVIEWER)):
        assert as_user(user).post(f"/reports/{report.id}/award").status_code in (403, 404)
    browser = as_user(people.official(db, Role.ADMIN))
    assert "What the award rests on" in browser.get(f"/reports/{report.id}/award").text
    assert browser.post(f"/reports/{report.id}/award").status_code == 302
    assert queries.of_practice(db, report.practice_id) is not None


def test_the_page_of_a_case_that_cannot_be_awarded_says_all_that_is_missing(db: Session, as_user: SignIn) -> None:
    case = decision.application(db)
    decision.invoice(db, case, people.official(db), state=InvoiceState.ISSUED, method=None, reference=None,
                     paid_on=None, confirmed_at=None)  # fmt: skip
    report = decision.clean_report(db, case, result=Result.REQUIREMENTS)
    browser = as_user(people.official(db, Role.ADMIN))
    page = browser.get(f"/reports/{report.id}/award").text
    assert "is not confirmed" in page and "does not find every standard met" in page
    assert browser.post(f"/reports/{report.id}/award").status_code == 409


def test_the_list_of_decisions_shows_clean_cases_until_they_are_decided(db: Session, as_user: SignIn) -> None:
    report = decision.clean_report(db)
    browser = as_user(people.official(db, Role.ADMIN))
    name = queries.case_of(db, report).practice.public_name
    assert name in browser.get("/decisions").text
    actions.award(db, report, by=people.official(db, Role.ADMIN), now=AWARDED)
    db.flush()
    assert name not in browser.get("/decisions").text


def test_the_practice_finds_its_certificate_plaque_and_dates(db: Session, doors: Doors, as_user: SignIn) -> None:
    own = people.practice(db)
    held = decision.certified(db, own)
    pressed(db, doors)
    page = as_user(people.member(db, own)).get(f"/practices/{own.id}/certification").text
    assert held.number in page and f"/papers/{held.current.paper_id}" in page
    assert "Renewal opens" in page and "Confirm the details of the plaque" in page


def test_a_practice_that_is_not_certified_reads_when_it_will_be(db: Session, as_user: SignIn) -> None:
    own = people.practice(db)
    assert "Not certified yet" in as_user(people.member(db, own)).get(f"/practices/{own.id}/certification").text


def test_another_practice_sees_nothing_of_it(db: Session, as_user: SignIn) -> None:
    held = decision.certified(db)
    plaque = db.scalars(select(Plaque).where(Plaque.certification_id == held.id)).one()
    stranger = as_user(people.member(db, people.practice(db)))
    for path in (f"/practices/{held.practice_id}/certification", f"/plaques/{plaque.id}"):
        assert stranger.get(path).status_code == 404

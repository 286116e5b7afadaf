"""Two at once, on a real database with real transactions: nothing is overwritten unseen, nothing is done twice."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from datetime import datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.application.models import AnswerDraft, AnswerSection, Invoice, Snapshot
from app.config import Settings
from app.decision.models import Certification
from app.doors import Doors
from app.evidence.models import Version
from app.kernel import clock, ledger
from app.kernel import db as kernel_db
from app.participation.models import Chart
from app.people.models import User
from app.people.rules import Role
from app.program.models import Setting
from app.report.models import PlanLine
from app.survey.models import Assignment, Entry
from tests.factories import application as at_application
from tests.factories import chart as charts
from tests.factories import decision, people
from tests.factories import enrolment as enrolling
from tests.factories import evidence as binders
from tests.factories import report as at_report
from tests.factories import survey as at_survey

LABELS = next((Path(__file__).parents[2] / "demo/harbor-light").glob("HLO-307*")).read_bytes()
Post = tuple[User, str, dict[str, Any]]


class Place:
    """A portal over a database file of its own."""

    def __init__(self, app: Flask, engine: Engine, db: Session) -> None:
        self.app, self.engine, self.db = app, engine, db

    def browser(self, user: User) -> FlaskClient:
        client = FlaskClient(self.app, self.app.response_class, use_cookies=True)
        with client.session_transaction() as session:
            session.update({"_user_id": user.fs_uniquifier, "_fresh": True, "identity": user.fs_uniquifier})
        return client

    def at_once(self, *posts: Post, at: datetime) -> list[Any]:
        """Everybody presses at the same moment."""
        browsers = [self.browser(user) for user, _, _ in posts]
        self.db.commit()  # holds no lock while they press
        ready = Barrier(len(posts))

        def press(client: FlaskClient, url: str, data: dict[str, Any]) -> Any:
            ready.wait(30)
            return client.post(url, data=data)

        with clock.at(at), ThreadPoolExecutor(len(posts)) as pool:
            sent = [pool.submit(copy_context().run, press, browser, url, data)
                    for browser, (_, url, data) in zip(browsers, posts, strict=True)]  # fmt: skip
            answers = [one.result(60) for one in sent]
        self.db.expire_all()
        return sorted(answers, key=lambda answer: answer.status_code)

    def count(self, kind: type[Any], *where: Any) -> int:
        return self.db.scalar(select(func.count()).select_from(kind).where(*where)) or 0


@pytest.fixture
def place(
    portal: Flask, engine: Engine, settings: Settings, doors: Doors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    path = tmp_path / "races.sqlite"
    with closing(sqlite3.connect(settings.data / "qcp.sqlite")) as whole, closing(sqlite3.connect(path)) as copy:
        whole.backup(copy)
    own = kernel_db.connect(f"sqlite:///{path}")
    monkeypatch.setitem(portal.extensions, "qcp.engine", own)
    monkeypatch.setitem(portal.extensions, "qcp.doors", doors)
    with Session(own, expire_on_commit=False) as db:
        yield Place(portal, own, db)
        db.rollback()
        assert ledger.faults(db) == []
    kernel_db.db.remove()
    own.dispose()
    kernel_db.db.configure(bind=engine)


def said(answers: list[Any]) -> list[int]:
    return [answer.status_code for answer in answers]


def test_of_two_who_fill_the_same_section_the_second_sees_both_texts_and_nothing_is_lost(place: Place) -> None:
    made, owner, signer = at_application.affirmed(place.db)
    at_application.sign_all(place.db, made, signer)
    other = people.member(place.db, made.practice, Role.CONTRIBUTOR)
    url = f"/applications/{made.id}/questionnaire/A"
    first = place.at_once((owner, url, {"version": "0", "page": "p" * 32, "phone": "1"}), at=at_application.OPENED_AT)
    assert said(first) == [302]
    both = [
        (user, url, {"version": "1", "page": user.id, "legal_name": f"Named by {user.id}"}) for user in (owner, other)
    ]
    place.at_once(*both, at=at_application.OPENED_AT)
    [section] = place.db.scalars(select(AnswerSection)).all()
    [draft] = place.db.scalars(select(AnswerDraft)).all()
    assert {section.answers["legal_name"], draft.answers["legal_name"]} == {
        f"Named by {one.id}" for one in (owner, other)
    }
    assert section.version == 2
    late = owner if draft.user_id == owner.id else other
    client = place.browser(late)
    place.db.commit()
    with clock.at(at_application.OPENED_AT):
        page = client.get(f"{url}/compare").text
    assert f"Named by {owner.id}" in page and f"Named by {other.id}" in page


def test_of_two_who_write_the_same_line_of_the_plan_the_second_sees_both_texts(place: Place) -> None:
    made = at_report.case(place.db)
    line = at_report.plan(place.db, made).lines[0]
    texts = {made.owner: "The owner's cause of it.", made.contributor: "The contributor's cause of it."}
    posts = [
        (user, f"/plan-lines/{line.id}", {"seen": str(line.edition), "root_cause": text})
        for user, text in texts.items()
    ]
    answers = place.at_once(*posts, at=at_report.ISSUED)
    kept = place.db.scalars(select(PlanLine).where(PlanLine.id == line.id)).one().root_cause
    assert answers[0].status_code == 302 and answers[1].status_code in (409, 422)
    page = answers[1].get_data(as_text=True)
    assert kept in texts.values() and all(text.replace("'", "&#39;") in page for text in texts.values())


def test_of_two_windows_on_the_same_row_of_the_worksheet_the_second_gets_a_notice(place: Place) -> None:
    made = at_survey.under_way(place.db)
    entry = at_survey.entry(place.db, made, "3.9")
    posts = [(made.surveyor, f"/worksheet-entries/{entry.id}", {
        "version": str(entry.version), "note": note, "rating": "met",
    }) for note in ("Seen in one window", "Seen in the other")]  # fmt: skip
    answers = place.at_once(*posts, at=at_survey.VISIT_DAY)
    assert said(answers) == [302, 409]
    page = answers[1].get_data(as_text=True)
    assert "Seen in one window" in page and "Seen in the other" in page
    assert place.db.get_one(Entry, entry.id).version == 1


def test_of_two_who_correct_the_same_chart_the_second_sees_what_the_first_saved(place: Place) -> None:
    enrolment = enrolling.enrolment(place.db)
    owner, other = (people.member(place.db, enrolment.practice) for _ in range(2))
    chart = charts.chart(place.db, enrolment, owner)
    posts = [(user, f"/charts/{chart.id}/correct", charts.cells(last_visit_on=day) | {"seen": chart.mark})
             for user, day in ((owner, "2026-01-20"), (other, "2026-01-21"))]  # fmt: skip
    answers = place.at_once(*posts, at=enrolling.ENROLLED_AT)
    assert said(answers) == [302, 409]
    assert "Nothing was overwritten" in answers[1].text and "They saved" in answers[1].text
    kept = place.db.get_one(Chart, chart.id).cells["last_visit_on"]
    again = next(data for _, _, data in posts if data["last_visit_on"] != kept) | {
        "seen": place.db.get_one(Chart, chart.id).mark
    }
    assert said(place.at_once((owner, f"/charts/{chart.id}/correct", again), at=enrolling.ENROLLED_AT)) == [302]


def test_of_two_administrators_who_set_the_same_value_the_second_hears_of_the_first(place: Place) -> None:
    admins = [people.official(place.db, Role.ADMIN) for _ in range(2)]
    rows = place.db.scalars(select(Setting).where(Setting.key == "survey.name_surveyor")).all()
    posts = [(user, "/program/settings/survey.name_surveyor", {
        "value": f"{n} business days", "effective_from": "2026-08-01", "basis": "U", "seen": str(len(rows)),
        "why": "The office has grown by two people.",
    }) for n, user in enumerate(admins, 21)]  # fmt: skip
    answers = place.at_once(*posts, at=at_survey.NOW)
    assert said(answers) == [302, 409]
    assert "has just set it to" in answers[1].text and "business days" in answers[1].text
    assert place.count(Setting, Setting.key == "survey.name_surveyor") == len(rows) + 1


def test_submitting_twice_at_once_submits_once(place: Place) -> None:
    made, _, signer = at_application.complete(place.db)
    post = (signer, f"/applications/{made.id}/submission", {"attested": "y"})
    place.at_once(post, post, at=at_application.OPENED_AT)
    assert place.count(Snapshot) == 1
    assert place.count(ledger.Event, ledger.Event.what == "application submitted") == 1


def test_an_invoice_asked_for_twice_at_once_is_one(place: Place) -> None:
    made, owner, signer = at_application.affirmed(place.db)
    at_application.sign_all(place.db, made, signer)
    at_application.answer_all(place.db, made, owner)
    post = (owner, f"/applications/{made.id}/invoices", {})
    place.at_once(post, post, at=at_application.OPENED_AT)
    assert place.count(Invoice) == 1


def test_awarding_twice_at_once_awards_once(place: Place) -> None:
    report = decision.clean_report(place.db)
    post = (people.official(place.db, Role.ADMIN), f"/reports/{report.id}/award", {})
    place.at_once(post, post, at=decision.AWARDED)
    assert place.count(Certification) == 1


def test_two_of_the_office_who_propose_at_once_ask_one_surveyor(place: Place) -> None:
    made = at_survey.opened(place.db)
    candidates = [made.surveyor, at_survey.surveyor(place.db)]
    offices = [made.staff, people.official(place.db)]
    posts = [(office, f"/surveys/{made.survey.id}/propose", {"surveyor": one.id})
             for office, one in zip(offices, candidates, strict=True)]  # fmt: skip
    answers = place.at_once(*posts, at=at_survey.NOW)
    assert said(answers) == [302, 422]
    assert place.count(Assignment) == 1


def test_the_same_bytes_added_twice_at_once_are_one_document(place: Place) -> None:
    own = people.practice(place.db)
    binder, owner = binders.binder(place.db, own), people.member(place.db, own)
    posts: list[Post] = [(owner, f"/binders/{binder.id}/documents", {"files": (io.BytesIO(LABELS), name)})
                         for name in ("One name.pdf", "Other name.pdf")]  # fmt: skip
    place.at_once(*posts, at=binders.AT)
    assert place.count(Version) == 1

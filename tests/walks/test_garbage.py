"""Whatever is put into a form, no page breaks: it is refused with its reason, and what was typed is still there."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.exceptions import MethodNotAllowed, NotFound

from app.doors import Doors
from app.evidence.actions import uploads
from app.kernel import clock
from app.kernel import db as kernel_db
from app.participation.actions import charts
from app.people.models import Practice, User
from app.people.rules import Role
from app.report import actions as reports
from tests.factories import application as at_application
from tests.factories import chart, decision, people
from tests.factories import enrolment as enrolling
from tests.factories import evidence as binders
from tests.factories import report as at_report
from tests.factories import survey as at_survey
from tests.walks import garbage
from tests.walks.garbage import Seen

AsUser = Callable[[User], FlaskClient]
MARCH = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@dataclass
class Scene:
    """Who is there, when, and from which pages they set out."""

    people: list[User]
    starts: list[str]
    at: datetime
    found: dict[str, tuple[User, Seen]] = field(default_factory=dict)


# Each scene: what is made, and the rooms whose forms are tried in it.


def at_home(db: Session, doors: Doors) -> Scene:
    own = people.practice(db)
    owner, admin = people.member(db, own), people.official(db, Role.ADMIN)
    starts = ["/account", "/account/password", "/join", f"/practices/{own.id}/team", f"/practices/{own.id}/sites",
              f"/practices/{own.id}/sites/{own.sites[0].id}", "/practices", "/program/people", "/program/settings",
              "/program/fees", "/program/rounds", "/program/rounds/new", "/notices", "/verify", "/registry",
              "/forgotten-password", "/sign-in"]  # fmt: skip
    return Scene([owner, admin], starts, at_application.OPENED_AT)


def at_the_charts(db: Session, doors: Doors) -> Scene:
    made = enrolling.enrolment(db)
    owner = people.member(db, made.practice)
    chart.sample_charts(db, made, owner)
    chart.chart(db, made, owner, chart_id="TWIN-1")
    draft = charts.keep_draft(db, made, chart.cells(chart_id="DRAFT-1"), by=owner, now=MARCH)
    other = people.member(db, enrolling.chart_practice(db))
    of = f"/enrolments/{made.id}"
    starts = [of, *(f"{of}/{rest}" for rest in ("charts/new", "import", "duplicates", "freeze", "withdraw")),
              f"/drafts/{draft.id}", f"/practices/{other.memberships[0].practice_id}/participation",
              f"/practices/{other.memberships[0].practice_id}/participation/{made.round.code}/enroll",
              f"/program/rounds/{made.round_id}"]  # fmt: skip
    return Scene([owner, other, people.official(db, Role.STAFF, Role.ADMIN)], starts, MARCH)


def applying(db: Session, doors: Doors) -> Scene:
    made, owner, signer = at_application.application(db)
    own = made.practice
    of = f"/applications/{made.id}"
    slugs = ("eligibility", "agreements", "questionnaire", "payment", "policies", "dates")
    starts = [of, *(f"{of}/steps/{slug}" for slug in slugs), *(f"{of}/questionnaire/{one}" for one in "ABCDEFGHIJ"),
              f"/practices/{own.id}/introduction", f"/practices/{own.id}/introduction/attendance"]  # fmt: skip
    return Scene([owner, signer, people.official(db)], starts, at_application.OPENED_AT)


def about_to_submit(db: Session, doors: Doors) -> Scene:
    signing, _, first = at_application.affirmed(db)
    made, owner, signer = at_application.complete(db)
    of = f"/applications/{made.id}"
    keys = [f"/applications/{signing.id}/agreements/{key}" for key in ("baa", "program_terms")]
    starts = [of, f"{of}/steps/payment", f"{of}/steps/agreements", f"{of}/steps/dates", *keys]
    office = people.official(db, Role.STAFF, Role.ADMIN)
    return Scene([owner, signer, first, office], starts, at_application.OPENED_AT)


def submitted(db: Session, doors: Doors) -> Scene:
    made, _ = at_application.ready(db)
    owner, signer = (people.member(db, made.practice, role) for role in (Role.OWNER, Role.SIGNER))
    return Scene([people.official(db), owner, signer], [f"/applications/{made.id}"], at_application.OPENED_AT)


def filling_the_binder(db: Session, doors: Doors) -> Scene:
    own = people.practice(db)
    binder = binders.binder(db, own)
    owner = people.member(db, own)
    version = binders.document(db, binder, "Policy.pdf", "1. Labels\nEach label carries the expiry.")
    held = binders.document(db, binder, "Held.pdf", "A sample label shows MRN 482913.", by=owner)
    uploads.begin(db, binder, filename="Half.pdf", size=9000, modified=1, by=owner, now=binders.AT)
    starts = [f"/binders/{binder.id}", f"/binders/{binder.id}/slots/3.19", f"/documents/{version.document_id}",
              f"/versions/{held.id}/held", f"/versions/{held.id}/redact",
              f"/versions/{version.id}/view?page=1&q=label", f"/binders/{binder.id}/search?q=label"]  # fmt: skip
    return Scene([owner], starts, binders.AT)


def proposing(db: Session, doors: Doors) -> Scene:
    made = at_survey.opened(db)
    clear = at_survey.clear(db)
    asked = at_survey.proposed(db)
    starts = [f"/surveys/{made.survey.id}", f"/assignments/{asked.assignment.id}", f"/surveys/{clear.survey.id}"]
    return Scene([made.staff, made.admin, asked.surveyor, clear.signer], starts, at_survey.NOW)


def scheduling(db: Session, doors: Doors) -> Scene:
    made, later = at_survey.confirmed(db), at_survey.scheduled(db)
    starts = [f"/surveys/{made.survey.id}", f"/surveys/{later.survey.id}"]
    return Scene([made.staff, made.admin, later.signer, later.surveyor], starts, at_survey.NOW)


def visiting(db: Session, doors: Doors) -> Scene:
    made = at_survey.under_way(db)
    entry = at_survey.entry(db, made, "3.9")
    entry.rating, entry.version, entry.saved_at = at_survey.Rating.PARTIALLY, 1, at_survey.VISIT_DAY
    db.flush()
    at_survey.actions.observe(db, entry, at_survey.seen(), by=made.surveyor, now=at_survey.VISIT_DAY)
    of = f"/surveys/{made.survey.id}"
    starts = [f"{of}/worksheet", f"{of}/worksheet/3.9", f"{of}/worksheet?row=3.9", of]
    return Scene([made.surveyor, made.staff], starts, at_survey.VISIT_DAY)


def reviewing(db: Session, doors: Doors) -> Scene:
    made = at_survey.submitted(db, {"3.9": at_survey.Rating.PARTIALLY})
    waiting = at_survey.in_committee(db)
    read = at_survey.reading(db, {"3.9": at_survey.Rating.PARTIALLY})
    starts = [f"/surveys/{made.survey.id}/check", f"/surveys/{waiting.survey.id}/check", f"/reviews/{read.review.id}",
              f"/surveys/{waiting.survey.id}", f"/reviews/{read.review.id}/standards/3.9",
              f"/reviews/{read.review.id}/standards/3.10"]  # fmt: skip
    return Scene([made.staff, read.reviewer, read.surveyor], starts, at_survey.VISIT_DAY)


def writing_the_report(db: Session, doors: Doors) -> Scene:
    made = at_report.case(db)
    draft = reports.draft(db, made.survey, now=at_report.DETERMINED)
    starts = [f"/reports/{draft.id}/draft", f"/reports/{draft.id}/remarks", f"/requirements/{draft.requirements[0].id}"]
    return Scene([made.staff], starts, at_report.DETERMINED)


def planning(db: Session, doors: Doors) -> Scene:
    made = at_report.case(db)
    plan = at_report.plan(db, made)
    at_report.version(db, made)
    line = plan.lines[0]
    starts = [f"/plans/{plan.id}", f"/plan-lines/{line.id}"]
    return Scene([made.owner, made.signer, made.reviewer], starts, at_report.ISSUED)


def judging(db: Session, doors: Doors) -> Scene:
    sent, done = at_report.case(db), at_report.case(db)
    plan, carried = at_report.submitted(db, sent), at_report.accepted(db, done)
    at_report.shown(db, done, carried.lines[:1], at_report.version(db, done), now=at_report.ISSUED)
    starts = [f"/plans/{plan.id}", f"/plans/{plan.id}/review", f"/plan-lines/{plan.lines[0].id}",
              f"/plans/{carried.id}/evidence", f"/plans/{carried.id}/judge", f"/plan-lines/{carried.lines[0].id}",
              f"/plans/{carried.id}/resurvey"]  # fmt: skip
    return Scene([sent.reviewer, done.reviewer, done.owner, done.signer, done.admin], starts, at_report.ISSUED)


def awarding(db: Session, doors: Doors) -> Scene:
    report = decision.clean_report(db)
    held = decision.certified(db)
    owner = people.member(db, db.get_one(Practice, held.practice_id))
    starts = ["/decisions", f"/reports/{report.id}/award", "/plaques", f"/practices/{held.practice_id}/certification"]
    return Scene([people.official(db, Role.STAFF, Role.ADMIN), owner], starts, decision.AWARDED)


SCENES: dict[Callable[[Session, Doors], Scene], tuple[str, ...]] = {
    at_home: ("people", "security", "program", "notices", "decision", "participation"),
    at_the_charts: ("participation",),
    applying: ("application",),
    about_to_submit: ("application",),
    submitted: ("application", "survey"),
    filling_the_binder: ("evidence",),
    proposing: ("survey",),
    scheduling: ("survey",),
    visiting: ("survey",),
    reviewing: ("survey", "report"),
    writing_the_report: ("report",),
    planning: ("report",),
    judging: ("report",),
    awarding: ("decision",),
}


def endpoint(app: Flask, address: str, method: str) -> str | None:
    """Which view an address of ours belongs to."""
    try:
        found, _ = app.url_map.bind("localhost").match(address.split("?")[0].split("#")[0], method=method)
    except (NotFound, MethodNotAllowed):
        return None
    return str(found)


def crawl(app: Flask, as_user: AsUser, scene: Scene, rooms: tuple[str, ...]) -> None:
    """Every form that somebody comes to from the pages where they set out, one of each kind."""
    for user in scene.people:
        client, seen, ahead = as_user(user), set(), list(scene.starts)
        starts = set(ahead)
        while ahead:
            address = ahead.pop(0)
            kind = endpoint(app, address, "GET")
            if kind is None or address in seen or (address not in starts and kind in seen):
                continue
            seen |= {kind, address}
            answer = client.get(address)
            if answer.status_code != 200 or "text/html" not in answer.content_type:
                continue
            for form in garbage.forms(address, answer.text):
                to = endpoint(app, form.action, "POST")
                if to is not None and to.split(".")[0] in rooms:
                    scene.found.setdefault(f"{to} {' '.join(form.names)}", (user, form))
            if address in starts:
                ahead += [link for link in re.findall(r'href="(/[^"#]*)', answer.text) if "static" not in link]


@contextmanager
def forgotten(db: Session) -> Iterator[None]:
    """Whatever happens in here is undone, commits included."""
    kernel_db.db().commit()
    connection = db.connection()
    kernel_db.db().commit()
    point = connection.begin_nested()
    try:
        yield
    finally:
        kernel_db.db().rollback()
        point.rollback()
        kernel_db.db().expire_all()


class Heard(logging.Handler):
    """What the application complained of."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(repr(record.exc_info[1]) if record.exc_info else record.getMessage())


def faults_of(form: Seen, pairs: Any, answer: Any) -> list[str]:
    """What is wrong with the answer to garbage."""
    if answer.status_code >= 500:
        return [f"{answer.status_code}"]
    if answer.status_code != 422 or "text/html" not in answer.content_type:
        return []
    page = answer.text
    gone = [f"what was typed into {name} is gone" for name in garbage.lost(form, pairs, page)]
    return gone + (garbage.without_summary(form, page) if "<html" in page else [])


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_no_garbage_breaks_a_form_and_what_was_typed_comes_back(
    app: Flask, db: Session, doors: Doors, as_user: AsUser, scene: Callable[[Session, Doors], Scene]
) -> None:
    made, heard = scene(db, doors), Heard()
    db.flush()
    app.logger.addHandler(heard)
    wrong: dict[str, set[str]] = {}
    with clock.at(made.at):
        crawl(app, as_user, made, SCENES[scene])
        heard.said.clear()  # files that a factory has only named are not in the store
        for turn, (kind, (user, form)) in enumerate(made.found.items()):
            for word, pairs in garbage.bodies(form, turn):
                with forgotten(db):
                    answer = garbage.post(as_user(user), form, pairs)
                for fault in faults_of(form, pairs, answer) + heard.said:
                    wrong.setdefault(f"{kind.split()[0]}: {fault}", set()).add(word)
                heard.said.clear()
    app.logger.removeHandler(heard)
    assert made.found
    assert not wrong, "\n".join(f"{what} - {', '.join(sorted(words)[:6])}" for what, words in sorted(wrong.items()))

"""Milestone 2 with a database: from the introduction to the agreements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application import actions, queries
from app.application.actions import questionnaire, steps, webinar
from app.application.actions.agreements import sign
from app.application.actions.texts import load_texts
from app.application.models import Application
from app.application.queries import agreements
from app.application.queries.steps import step_now
from app.application.rules.agreements import Key
from app.application.rules.case import Refused, State
from app.application.rules.steps import Slug, StepState
from app.documents.models import Paper
from app.documents.rules import PaperKind
from app.kernel.ledger import Event
from app.people.rules import Role
from app.program import queries as program
from tests.factories import application as make
from tests.factories import people
from tests.factories.answers import answers

NOW = make.OPENED_AT
TODAY = date(2026, 7, 1)


def events(db: Session) -> list[str]:
    return list(db.scalars(select(Event.what).order_by(Event.number)))


def state(db: Session, one: Application, slug: Slug) -> StepState:
    return step_now(db, one, slug, TODAY).state


# The introduction and the gate


def test_the_recording_counts_after_ninety_percent_and_a_tick(db: Session) -> None:
    practice, owner, _ = make.practice(db)
    webinar.play(db, practice, 1, by=owner, now=NOW)
    with pytest.raises(Refused) as refused:
        webinar.finish(db, practice, ticked=False, by=owner, now=NOW)
    assert len(refused.value.reasons) == 2
    assert make.watched(db, practice, owner).minutes == 45


def test_a_contributor_does_not_hear_the_introduction_for_the_practice(db: Session) -> None:
    practice, _, _ = make.practice(db)
    helper = people.member(db, practice, Role.CONTRIBUTOR)
    staff = people.official(db)
    with pytest.raises(Refused, match="neither owner nor signer"):
        webinar.record_live(db, practice, helper, attended_on=TODAY, minutes=60, by=staff, now=NOW)


def test_live_attendance_is_recorded_by_staff_and_opens_the_gate_for_a_year(db: Session) -> None:
    practice, _, signer = make.practice(db)
    make.report(db, practice)
    assert [reason.code for reason in queries.gate(db, practice, TODAY).reasons] == ["webinar_missing"]
    staff = people.official(db)
    webinar.record_live(db, practice, signer, attended_on=date(2026, 6, 1), minutes=60, by=staff, now=NOW)
    gate = queries.gate(db, practice, TODAY)
    assert gate.is_open and gate.webinar_until == date(2027, 6, 1)
    assert not queries.gate(db, practice, date(2027, 6, 2)).is_open


def test_the_gate_names_every_reason_with_its_numbers(db: Session) -> None:
    practice, owner, _ = make.practice(db)
    shortage = [{"code": "too_few_unique_charts", "have": 60, "need": 70},
                {"code": "score_below_threshold", "have": "74.86", "need": "75.00"}]  # fmt: skip
    report = make.report(db, practice, reasons=shortage)
    with pytest.raises(Refused) as refused:
        actions.open_for(db, report, by=owner, now=NOW)
    said = " ".join(refused.value.reasons)
    assert len(refused.value.reasons) == 3 and "60" in said and "74.86" in said


def test_a_practice_without_a_report_hears_so(db: Session) -> None:
    practice, _, _ = make.practice(db)
    assert "There is no final report yet." in [reason.says for reason in queries.gate(db, practice, TODAY).reasons]


# Opening


def test_opening_gives_a_number_a_binder_six_steps_and_a_clock(db: Session) -> None:
    one, _, _ = make.application(db)
    assert one.state is State.DRAFT and one.number.startswith("2026-") and len(one.steps) == 6
    assert one.binder.case_id == one.id == one.case_id
    due = program.due(db, one, "application.draft")
    assert due is not None and due.due_on <= date(2027, 6, 1)
    assert events(db)[-1] == "application opened"


def test_only_one_application_is_open_at_a_time(db: Session) -> None:
    one, owner, _ = make.application(db)
    with pytest.raises(Refused, match="is already open"):
        actions.open_for(db, one.score_report, by=owner, now=NOW)


def test_case_numbers_follow_each_other(db: Session) -> None:
    first, _, _ = make.application(db)
    second, _, _ = make.application(db)
    assert int(second.number[5:]) == int(first.number[5:]) + 1


# Steps


def test_at_first_only_eligibility_is_open(db: Session) -> None:
    one, _, _ = make.application(db)
    found = queries.tracker(db, one, TODAY)
    assert [step.state for step in found] == [StepState.TO_DO, *[StepState.LOCKED] * 5]
    assert found[0].holder is not None and found[0].holder.name == "Dana Wexler"


def test_eligibility_opens_agreements_and_questionnaire(db: Session) -> None:
    one, _, _ = make.affirmed(db)
    assert state(db, one, Slug.ELIGIBILITY) is StepState.COMPLETE
    assert state(db, one, Slug.AGREEMENTS) is StepState.TO_DO
    assert state(db, one, Slug.DATES) is StepState.LOCKED


def test_a_locked_step_refuses_and_says_what_it_waits_for(db: Session) -> None:
    one, owner, _ = make.application(db)
    with pytest.raises(Refused, match="step 1, eligibility"):
        questionnaire.save(db, one, "A", answers()["A"], version=0, page="p", by=owner, now=NOW)


def test_a_step_whose_ground_fell_away_needs_attention(db: Session) -> None:
    one, _, _ = make.complete(db)
    late = date(2027, 6, 2)  # the score has expired, the offered days have passed
    found = {step.step.slug: step for step in queries.tracker(db, one, late)}
    assert found[Slug.ELIGIBILITY].state is StepState.ATTENTION
    assert "1 Jun 2027" in found[Slug.ELIGIBILITY].gaps[0].says


def test_the_owner_gives_a_step_to_a_colleague(db: Session) -> None:
    one, owner, _ = make.application(db)
    priya = people.member(db, one.practice, Role.CONTRIBUTOR, name="Priya Nair")
    steps.give(db, one, Slug.QUESTIONNAIRE, priya, by=owner, now=NOW)
    assert step_now(db, one, Slug.QUESTIONNAIRE, TODAY).holder is priya
    stranger = people.member(db, people.practice(db))
    with pytest.raises(Refused, match="somebody of the practice"):
        steps.give(db, one, Slug.DATES, stranger, by=owner, now=NOW)


# Agreements


def test_a_signature_names_the_very_file_that_was_read(db: Session) -> None:
    one, _, signer = make.affirmed(db)
    make.press(db, PaperKind.AGREEMENT)
    found = agreements.agreements(db, one, TODAY)[0]
    signature = sign(db, one, found.version, make.ceremony(db, one, found.version.key, signer, NOW), by=signer, now=NOW)
    assert found.shown is not None and signature.text_sha256 == found.shown.sha256
    assert signature.ip == "198.51.100.23" and signature.proved_by == "password"
    assert signature.legal_name == one.practice.legal_name and signature.button.startswith("Sign the ")
    paper = db.get_one(Paper, signature.paper_id)
    assert paper.signed and paper.version == 2
    assert paper.data["signature"]["shown_sha256"] == signature.text_sha256


def test_nobody_signs_what_is_not_there_to_be_read(db: Session) -> None:
    one, _, signer = make.affirmed(db)
    version = agreements.in_force(db, TODAY)[0]
    with pytest.raises(Refused, match="still being typeset"):
        sign(db, one, version, make.ceremony(db, one, version.key, signer, NOW), by=signer, now=NOW)


def test_an_old_password_does_not_sign(db: Session) -> None:
    one, _, signer = make.affirmed(db)
    make.press(db)
    version = agreements.in_force(db, TODAY)[0]
    old = make.ceremony(db, one, version.key, signer, NOW, proved_at=NOW - timedelta(minutes=6))
    with pytest.raises(Refused, match="within the last 5 minutes"):
        sign(db, one, version, old, by=signer, now=NOW)


def test_a_new_version_of_an_agreement_asks_for_a_new_signature(db: Session) -> None:
    one, _, signer = make.affirmed(db)
    make.sign_all(db, one, signer)
    assert state(db, one, Slug.AGREEMENTS) is StepState.COMPLETE
    version = next(v for v in agreements.in_force(db, TODAY) if v.key is Key.TERMS)
    version.version = "S0-2025"  # as if the signed one were the year before's
    load_texts(db, by=None, now=NOW)
    found = step_now(db, one, Slug.AGREEMENTS, TODAY)
    assert found.state is StepState.ATTENTION and "new version" in found.gaps[0].says

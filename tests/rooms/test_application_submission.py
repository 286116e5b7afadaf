"""Milestone 2 with a database: submitting, returning, withdrawing, ending."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application import actions, queries
from app.application.actions import dates, questionnaire
from app.application.actions.submission import lapse_overdue
from app.application.queries.steps import step_now
from app.application.rules.case import Outcome, Refused, State
from app.application.rules.steps import Slug, StepState
from app.application.rules.submission import sha256_of
from app.documents.models import Paper
from app.documents.rules import PaperKind
from app.kernel.jobs import Job
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


# Submission


def test_everything_missing_is_named_before_submitting(db: Session) -> None:
    one, _, signer = make.affirmed(db)
    with pytest.raises(Refused) as refused:
        actions.submit(db, one, by=signer, now=NOW)
    said = " ".join(refused.value.reasons)
    for step in ("Step 2", "Step 3", "Step 4", "Step 5", "Step 6"):
        assert step in said


def test_only_a_signer_submits(db: Session) -> None:
    one, owner, _ = make.complete(db)
    with pytest.raises(Refused, match="Only a signer"):
        actions.submit(db, one, by=owner, now=NOW)


def test_submitting_locks_a_snapshot_and_starts_the_clocks(db: Session) -> None:
    one, snapshot = make.ready(db)
    assert one.state is State.READY and one.ready_at == NOW
    assert snapshot.sha256 == sha256_of(snapshot.body) and snapshot.body["answers"]["A"]["country"] == "US"
    keys = {due.key for due in program.running(db, one.id)}
    assert {"case.outer_limit", "survey.name_surveyor", "application.look"} <= keys
    assert "application.draft" not in keys
    receipt = db.get_one(Paper, snapshot.paper_id)
    assert receipt.kind is PaperKind.RECEIPT and receipt.number == f"REC-{one.number}-A1"
    assert receipt.data["consequences"][0] == ["Case is ready since", "July 1, 2026"]
    assert "July 1, 2027" in receipt.data["consequences"][1][1]
    assert events(db)[-1] == "application submitted"


def test_after_submitting_everything_is_read_only(db: Session) -> None:
    one, _ = make.ready(db)
    owner = people.member(db, one.practice)
    with pytest.raises(Refused, match="cannot be changed"):
        questionnaire.save(db, one, "A", answers()["A"], version=1, page="p", by=owner, now=NOW)
    with pytest.raises(Refused, match="cannot be changed"):
        dates.offer(db, one, [], by=owner, now=NOW)


def test_sites_of_the_questionnaire_are_kept_with_the_practice(db: Session) -> None:
    one, _ = make.ready(db)
    cove = next(found for found in one.practice.sites if found.code == "CS")
    assert (cove.address, cove.city, cove.postcode, cove.gives_drugs) == ("18 Cove Street", "Seabrook", "04000", True)


def test_a_returned_step_opens_alone_and_comes_back_with_a_difference(db: Session) -> None:
    one, _, signer = make.complete(db)
    actions.submit(db, one, by=signer, now=NOW)
    staff, owner = people.official(db), people.member(db, one.practice)
    actions.return_(db, one, {Slug.QUESTIONNAIRE: "Say who answers at night."}, by=staff, now=NOW)
    assert one.state is State.RETURNED and program.due(db, one, "application.answer") is not None
    with pytest.raises(Refused, match="was not returned"):
        dates.offer(db, one, [], by=owner, now=NOW)
    found = step_now(db, one, Slug.QUESTIONNAIRE, TODAY)
    assert found.state is StepState.ATTENTION and found.record.return_reason
    with pytest.raises(Refused, match="has to be changed"):
        actions.resubmit(db, one, by=signer, now=NOW)
    later = NOW + timedelta(days=2)
    typed = answers(H={"after_hours": "nurse_line"})["H"]
    questionnaire.save(db, one, "H", typed, version=1, page="page", by=owner, now=later)
    snapshot = actions.resubmit(db, one, by=signer, now=later)
    assert one.state is State.READY and one.ready_at == NOW and snapshot.turn == 2
    assert [change["name"] for change in snapshot.changes] == ["H after_hours"]


def test_returning_needs_a_reason_for_a_step(db: Session) -> None:
    one, _ = make.ready(db)
    with pytest.raises(Refused, match="at least one step"):
        actions.return_(db, one, {}, by=people.official(db), now=NOW)


def test_withdrawing_closes_the_case_and_its_clocks(db: Session) -> None:
    one, _, signer = make.application(db)
    actions.withdraw(db, one, reason="We merge with another practice.", by=signer, now=NOW)
    assert one.outcome is Outcome.WITHDRAWN and program.running(db, one.id) == []
    assert queries.gate(db, one.practice, TODAY).is_open


def test_a_draft_past_its_last_day_lapses_once_and_keeps_its_answers(db: Session) -> None:
    one, owner, _ = make.affirmed(db)
    make.answer_all(db, one, owner)
    late = NOW + timedelta(days=400)
    assert one in lapse_overdue(db, late) and one not in lapse_overdue(db, late)
    assert one.outcome is Outcome.LAPSED and queries.typed(db, one)["G"]["record_name"] == "Recordia"


def test_the_decision_ends_a_ready_case(db: Session) -> None:
    one, _ = make.ready(db)
    actions.end(db, one, outcome=Outcome.CERTIFIED, by=people.official(db, Role.ADMIN), now=NOW)
    assert one.state is State.CLOSED and one.outcome is Outcome.CERTIFIED


def test_staff_find_applications_by_state_and_words(db: Session) -> None:
    one, _, _ = make.application(db)
    make.application(db)
    assert queries.applications(db, words=one.number).total == 1
    assert queries.applications(db, words="Seabrook", state=State.READY).total == 0
    assert queries.applications(db, words=one.practice.public_name).rows[0] is one


def test_every_paper_that_is_ordered_can_be_typeset(db: Session) -> None:
    make.ready(db)
    names = list(db.scalars(select(Job.name)))
    assert names.count("documents.press") == 3 * 2 + 1 + 1  # texts shown and signed, invoice, receipt


def test_the_practice_is_kept_as_it_was_submitted(db: Session) -> None:
    one, _ = make.ready(db)
    assert one.practice.legal_name == "Harbor Light Oncology, P.C." and one.practice.phone == "+12075550100"
    assert "practice details confirmed" in events(db)


def test_after_a_refusal_a_practice_waits(db: Session) -> None:
    one, _ = make.ready(db)
    actions.end(db, one, outcome=Outcome.NOT_CERTIFIED, by=people.official(db, Role.ADMIN), now=NOW)
    reasons = queries.gate(db, one.practice, TODAY).reasons
    assert [reason.code for reason in reasons] == ["barred_until"] and "28 Dec 2026" in reasons[0].says

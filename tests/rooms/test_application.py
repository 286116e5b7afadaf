"""Milestone 2 with a database: from the introduction to ready for survey."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application import actions, queries
from app.application.actions import dates, payment, questionnaire, steps, webinar
from app.application.actions.agreements import sign
from app.application.actions.questionnaire import Overtaken
from app.application.actions.submission import lapse_overdue
from app.application.actions.texts import load_texts
from app.application.models import Application
from app.application.queries import agreements
from app.application.queries.steps import step_now
from app.application.rules.agreements import Key
from app.application.rules.case import Outcome, Refused, State
from app.application.rules.payment import InvoiceState, Method
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
from tests.factories.answers import answers, site

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


# Questionnaire


def test_answers_are_kept_as_typed_even_when_they_are_wrong(db: Session) -> None:
    one, owner, _ = make.affirmed(db)
    typed = answers(D={"sites": [site(site_chairs="0")]})["D"]
    questionnaire.save(db, one, "D", typed, version=0, page="p", by=owner, now=NOW)
    assert queries.typed(db, one)["D"]["sites"][0]["site_chairs"] == "0"
    assert len(queries.examined(db, one, TODAY)["D"].problems) == 1


def test_two_editors_never_overwrite_each_other_silently(db: Session) -> None:
    one, owner, _ = make.affirmed(db)
    priya = people.member(db, one.practice, Role.CONTRIBUTOR, name="Priya Nair")
    mine, hers = answers(H={"interpreter": "no"})["H"], answers()["H"]
    questionnaire.save(db, one, "H", hers, version=0, page="hers", by=priya, now=NOW)
    with pytest.raises(Overtaken) as met:
        questionnaire.save(db, one, "H", mine, version=0, page="mine", by=owner, now=NOW)
    assert met.value.section.editor is priya and met.value.draft.answers == mine
    assert queries.typed(db, one)["H"]["interpreter"] == "yes"
    questionnaire.keep_mine(db, one, "H", seen_version=1, page="new", by=owner, now=NOW)
    assert queries.typed(db, one)["H"]["interpreter"] == "no"


def test_comparing_too_long_compares_again(db: Session) -> None:
    one, owner, _ = make.affirmed(db)
    priya = people.member(db, one.practice, Role.CONTRIBUTOR)
    questionnaire.save(db, one, "H", answers()["H"], version=0, page="hers", by=priya, now=NOW)
    with pytest.raises(Overtaken):
        questionnaire.save(db, one, "H", {}, version=0, page="mine", by=owner, now=NOW)
    again = answers(H={"interpreter": "no"})["H"]
    questionnaire.save(db, one, "H", again, version=1, page="hers", by=priya, now=NOW)
    with pytest.raises(Overtaken):
        questionnaire.keep_mine(db, one, "H", seen_version=1, page="new", by=owner, now=NOW)


def test_one_page_that_saves_by_itself_does_not_meet_itself(db: Session) -> None:
    one, owner, _ = make.affirmed(db)
    for interpreter in ("yes", "no"):
        typed = answers(H={"interpreter": interpreter})["H"]
        questionnaire.save(db, one, "H", typed, version=0, page="same", by=owner, now=NOW)
    assert queries.typed(db, one)["H"]["interpreter"] == "no"


def test_a_tax_id_seen_only_by_its_end_is_not_lost(db: Session) -> None:
    one, owner, _ = make.affirmed(db)
    questionnaire.save(db, one, "A", answers()["A"], version=0, page="p", by=owner, now=NOW)
    seen = answers(A={"tax_id": "ends in 5678", "website": "https://harborlight.example"})["A"]
    questionnaire.save(db, one, "A", seen, version=1, page="q", by=owner, now=NOW)
    assert queries.typed(db, one)["A"]["tax_id"] == "01-2345678"


def test_what_the_program_knows_is_filled_in_before(db: Session) -> None:
    one, _, _ = make.affirmed(db)
    typed = queries.typed(db, one)
    assert typed["A"]["legal_name"] == one.practice.legal_name
    assert [entry["site_code"] for entry in typed["D"]["sites"]] == ["CS", "NG"]
    assert queries.examined(db, one, TODAY)["A"].problems  # until somebody saves it, nothing is confirmed


def test_answers_carry_into_the_next_application_but_not_the_statement_of_truth(db: Session) -> None:
    one, owner, signer = make.affirmed(db)
    make.answer_all(db, one, owner)
    actions.withdraw(db, one, reason="We apply again in autumn.", by=signer, now=NOW)
    later = NOW + timedelta(days=30)
    again = actions.open_for(db, one.score_report, by=owner, now=later)
    typed = queries.typed(db, again)
    assert typed["G"]["record_name"] == "Recordia" and "truth" not in typed["J"]
    assert queries.examined(db, again, later.date())["G"].problems  # nothing is confirmed until it is saved


def test_the_fte_of_staff_must_agree_with_step_one(db: Session) -> None:
    one, owner, _ = make.affirmed(db)
    make.answer_all(db, one, owner)
    assert state(db, one, Slug.QUESTIONNAIRE) is StepState.COMPLETE
    steps.affirm(db, one, fte=Decimal("3"), by=owner, now=NOW)
    assert "2.5 FTE here; 3 FTE" in queries.examined(db, one, TODAY)["E"].problems[0].says


# Payment


def test_the_invoice_follows_from_fte_and_sites(db: Session) -> None:
    one, owner, signer = make.affirmed(db)
    make.sign_all(db, one, signer)
    make.answer_all(db, one, owner)
    invoice = payment.issue(db, one, by=owner, now=NOW)
    assert invoice.total_cents == 600_000 and invoice.number.startswith("INV-2026-")
    paper = db.get_one(Paper, invoice.paper_id)
    assert paper.kind is PaperKind.INVOICE and paper.data["total"] == "6,000.00"
    assert program.due(db, invoice, "payment.invoice") is not None
    with pytest.raises(Refused, match="is open; it comes first"):
        payment.issue(db, one, by=owner, now=NOW)


def test_a_confirmed_payment_pins_the_edition(db: Session) -> None:
    one, owner, signer = make.affirmed(db)
    make.sign_all(db, one, signer)
    make.answer_all(db, one, owner)
    assert one.edition_pinned_at is None
    make.pay(db, one, owner)
    assert one.edition_pinned_at == NOW and queries.paid(db, one)
    assert state(db, one, Slug.PAYMENT) is StepState.COMPLETE


def test_growing_into_a_dearer_fee_asks_for_the_difference(db: Session) -> None:
    one, owner, _ = make.complete(db)
    second = site(site_name="Northgate", site_code="NG", site_main="no", site_miles="6",
                  site_address="410 Northgate Road, Seabrook, ME 04999")  # fmt: skip
    questionnaire.save(db, one, "D", {"sites": [site(), second]}, version=1, page="page", by=owner, now=NOW)
    found = step_now(db, one, Slug.PAYMENT, TODAY)
    assert found.state is StepState.ATTENTION and "$1,000.00 more is due" in found.gaps[0].says
    assert payment.issue(db, one, by=owner, now=NOW).total_cents == 100_000


def test_an_administrator_waives_with_a_reason(db: Session) -> None:
    one, owner, signer = make.affirmed(db)
    make.sign_all(db, one, signer)
    make.answer_all(db, one, owner)
    invoice = payment.issue(db, one, by=owner, now=NOW)
    admin = people.official(db, Role.ADMIN)
    payment.waive(db, invoice, reason="A pilot practice of the Program.", by=admin, now=NOW)
    assert invoice.state is InvoiceState.WAIVED and queries.paid(db, one)


def test_a_payment_of_another_amount_is_refused(db: Session) -> None:
    one, owner, signer = make.affirmed(db)
    make.sign_all(db, one, signer)
    make.answer_all(db, one, owner)
    invoice = payment.issue(db, one, by=owner, now=NOW)
    staff = people.official(db)
    with pytest.raises(Refused, match="was entered"):
        payment.record_payment(db, invoice, method=Method.CARD, amount_cents=1, reference="x", paid_on=TODAY,
                               by=staff, now=NOW)  # fmt: skip
    with pytest.raises(Refused, match="needs one that is paid"):
        payment.confirm(db, invoice, by=staff, now=NOW)


# Dates


def test_days_that_do_not_fit_are_refused_with_every_reason(db: Session) -> None:
    one, owner, _ = make.affirmed(db)
    make.answer_all(db, one, owner)
    with pytest.raises(Refused) as refused:
        dates.offer(db, one, [date(2026, 7, 3), date(2026, 8, 1)], by=owner, now=NOW)
    assert len(refused.value.reasons) >= 3


def test_the_window_is_twenty_business_days_to_ninety_days(db: Session) -> None:
    one, owner, _ = make.affirmed(db)
    make.answer_all(db, one, owner)
    found = dates.window(db, one, TODAY)
    assert (found.earliest, found.latest) == (date(2026, 7, 30), date(2026, 9, 29))  # 3 Jul is observed as a holiday
    make.offer_days(db, one, owner)
    assert state(db, one, Slug.DATES) is StepState.COMPLETE and len(queries.offered(db, one, TODAY)) == 8


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

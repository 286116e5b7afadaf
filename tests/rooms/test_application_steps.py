"""Milestone 2 with a database: questionnaire, payment and dates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.application import actions, queries
from app.application.actions import dates, payment, questionnaire, steps
from app.application.actions.questionnaire import Overtaken
from app.application.models import Application
from app.application.queries.steps import step_now
from app.application.rules.case import Refused
from app.application.rules.payment import InvoiceState, Method
from app.application.rules.steps import Slug, StepState
from app.documents.models import Paper
from app.documents.rules import PaperKind
from app.people.rules import Role
from app.program import queries as program
from tests.factories import application as make
from tests.factories import people
from tests.factories.answers import answers, site

NOW = make.OPENED_AT
TODAY = date(2026, 7, 1)


def state(db: Session, one: Application, slug: Slug) -> StepState:
    return step_now(db, one, slug, TODAY).state


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


def test_a_page_that_was_left_does_not_come_back_between_oneself_and_the_next_page(db: Session) -> None:
    one, owner, _ = make.affirmed(db)
    typed, next_typed = answers()["H"], answers(H={"interpreter": "no"})["H"]
    questionnaire.save(db, one, "H", typed, version=0, page="first", leaves=True, by=owner, now=NOW)
    late = questionnaire.save(db, one, "H", typed, version=0, page="first", by=owner, now=NOW)
    assert (
        late.version == 1
    )  # sent by itself just before the button was pressed, it arrives after the next page was made
    questionnaire.save(db, one, "H", next_typed, version=1, page="next", by=owner, now=NOW)
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


def test_abroad_the_fee_is_quoted_by_staff(db: Session) -> None:
    one, owner, signer = make.affirmed(db)
    make.sign_all(db, one, signer)
    make.answer_all(db, one, owner)
    abroad = answers(A={"country": "GR", "tax_id": "", "npi": "", "address": "Leoforos Kifisias 10, Athina"})["A"]
    questionnaire.save(db, one, "A", abroad, version=1, page="page", by=owner, now=NOW)
    with pytest.raises(Refused, match="by quotation"):
        payment.issue(db, one, by=owner, now=NOW)
    invoice = payment.issue(db, one, quoted=Decimal("9250.50"), by=people.official(db), now=NOW)
    assert invoice.total_cents == 925_050 and invoice.lines[0]["item"] == "By quotation"

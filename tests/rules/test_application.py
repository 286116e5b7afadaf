"""The rules of milestone 2, without a database."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.application.rules import agreements, case, dates, opening, payment, steps, submission, webinar
from app.application.rules.case import State
from app.application.rules.dates import Window
from app.application.rules.opening import Standing
from app.application.rules.payment import InvoiceState
from app.application.rules.questionnaire import BY_LETTER, SECTIONS, Examined, differences, examine
from app.application.rules.sections.practice import npi_fault
from app.application.rules.steps import Slug, StepState
from tests.factories.answers import answers, contact, row, site

TODAY = date(2026, 7, 1)
FACTS: dict[str, Any] = {"today": TODAY, "fte": "2.5", "renewal": False}


def look(letter: str, **over: dict[str, Any]) -> Examined:
    return examine(answers(**over), FACTS)[letter]


def paths(found: Examined) -> list[str]:
    return [problem.path for problem in found.problems]


# The case


@pytest.mark.parametrize(
    ("move", "state", "possible"),
    [
        ("submit", State.DRAFT, True), ("submit", State.READY, False), ("return", State.READY, True),
        ("return", State.DRAFT, False), ("resubmit", State.RETURNED, True), ("end", State.READY, True),
        ("end", State.DRAFT, False), ("withdraw", State.RETURNED, True), ("withdraw", State.CLOSED, False),
    ],
)  # fmt: skip
def test_only_the_moves_of_the_table_are_possible(move: str, state: State, possible: bool) -> None:
    assert (case.why_not_move(move, state) == []) is possible


def test_case_numbers_count_within_a_year() -> None:
    assert case.next_number(2026, []) == "2026-0001"
    assert case.next_number(2026, ["2026-0116", "2025-0400", "2026-0009"]) == "2026-0117"
    assert case.next_number(2027, ["2026-0116"]) == "2027-0001"
    assert case.next_number(2026, ["2026-9999"]) == "2026-10000"


# Opening


def standing(**over: Any) -> Standing:
    facts = {
        "today": TODAY, "on_qcp_track": True, "valid_until": date(2027, 2, 26), "newer_report": False,
        "practice_active": True, "member_named": True, "webinar_until": date(2027, 1, 1), "open_number": None,
    }  # fmt: skip
    return Standing(**(facts | over))


def test_nothing_stands_against_a_practice_in_good_standing() -> None:
    assert opening.why_not_open(standing(), []) == []


def test_every_reason_comes_at_once_with_its_numbers() -> None:
    now = standing(
        on_qcp_track=False, valid_until=date(2026, 6, 30), newer_report=True, practice_active=False, member_named=False,
        webinar_until=date(2026, 6, 1), open_number="2026-0003", barred_until=date(2026, 12, 31),
    )  # fmt: skip
    charts = opening.from_charts([{"code": "too_few_unique_charts", "have": 60, "need": 70}])
    found = opening.why_not_open(now, charts)
    assert [reason.code for reason in found] == [
        "too_few_unique_charts", "wrong_track", "score_expired", "report_superseded", "practice_inactive",
        "no_active_member", "barred_until", "webinar_missing", "application_already_open",
    ]  # fmt: skip
    said = " ".join(reason.says for reason in found)
    assert "60 unique charts" in said and "Tue 30 Jun 2026" in said and "2026-0003" in said


def test_the_last_day_of_a_score_still_opens_an_application() -> None:
    assert opening.why_not_open(standing(valid_until=TODAY), []) == []


def test_an_open_application_does_not_stand_in_its_own_way() -> None:
    assert opening.why_not_open(standing(open_number="2026-0003", webinar_until=None), [], but_for=True) == []


# The introduction

PARTS = [webinar.Chapter(n, f"Part {n}", 10, ()) for n in range(1, 11)]


def test_ninety_percent_and_a_tick_count_as_watched() -> None:
    assert webinar.why_not_counted(PARTS, list(range(1, 10)), ticked=True) == []


def test_less_is_said_with_its_minutes() -> None:
    found = webinar.why_not_counted(PARTS, list(range(1, 9)), ticked=False)
    assert found == ["80 of 100 minutes were played; 90 % are needed.", "Tick that you have watched the introduction."]


# Steps


def test_a_step_that_fell_back_needs_attention_and_not_a_new_start() -> None:
    assert steps.state_of(open_=True, begun=True, gaps=True, was_complete=True) is StepState.ATTENTION
    assert steps.state_of(open_=False, begun=True, gaps=False, was_complete=True) is StepState.ATTENTION
    assert steps.state_of(open_=False, begun=False, gaps=True, was_complete=False) is StepState.LOCKED
    assert steps.state_of(open_=True, begun=True, gaps=True, was_complete=False) is StepState.STARTED
    assert steps.state_of(open_=True, begun=False, gaps=False, was_complete=False) is StepState.COMPLETE


def test_payment_waits_for_agreements_and_for_three_sections() -> None:
    found = steps.waits_for(steps.BY_SLUG[Slug.PAYMENT], {Slug.ELIGIBILITY}, {"A", "D"})
    assert found == ["step 2, agreements", "section E of the questionnaire"]


def test_a_returned_application_opens_only_the_named_steps() -> None:
    assert steps.why_shut(State.RETURNED, Slug.DATES, {Slug.DATES}) == []
    assert "was not returned" in steps.why_shut(State.RETURNED, Slug.PAYMENT, {Slug.DATES})[0]
    assert "cannot be changed" in steps.why_shut(State.READY, Slug.DATES, set())[0]


# Signing

NOW = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)


def ceremony(**over: Any) -> list[str]:
    facts = {
        "typed_name": "Teo Brandt", "account_name": "Teo  Brandt", "authority": True, "consent": True,
        "proved_at": NOW - timedelta(minutes=5), "shown": True, "now": NOW,
    }  # fmt: skip
    return agreements.why_not_sign(**(facts | over))


def test_a_whole_ceremony_is_a_signature() -> None:
    assert ceremony() == []


def test_an_old_password_a_wrong_name_and_missing_ticks_are_all_said() -> None:
    found = ceremony(
        typed_name="T. Brandt", authority=False, consent=False, proved_at=NOW - timedelta(minutes=6), shown=False
    )
    assert len(found) == 5


def test_open_blanks_stay_lines_to_be_filled() -> None:
    assert agreements.filled("{{legal_name}}, {{ signer_name }}", {"legal_name": "A"}) == "A, ________"


# Payment


def test_what_was_refunded_is_asked_for_again() -> None:
    invoices = [(InvoiceState.CONFIRMED, 600_000), (InvoiceState.REFUNDED, 400_000)]
    assert payment.outstanding(850_000, invoices) == 250_000
    assert payment.outstanding(500_000, invoices) == 0


def test_a_payment_must_agree_with_its_invoice() -> None:
    assert payment.why_not_paid(800_000, 800_000) == []
    assert payment.why_not_paid(80_000, 800_000) == ["The invoice is over $8,000.00; $800.00 was entered."]


def test_only_a_recorded_payment_is_confirmed() -> None:
    assert payment.why_not("confirm", InvoiceState.PAID) == []
    assert payment.why_not("confirm", InvoiceState.ISSUED) and payment.why_not("waive", InvoiceState.CONFIRMED)


# Dates

WINDOW = Window(
    date(2026, 7, 30), date(2026, 9, 29), {"mon", "tue", "wed", "thu", "fri"}, frozenset({date(2026, 9, 7)})
)
FIVE = [date(2026, 8, day) for day in (3, 4, 5, 10, 11)]


def test_five_days_in_two_weeks_are_enough() -> None:
    assert dates.why_not_enough(FIVE, WINDOW, today=TODAY) == []


def test_days_that_have_passed_do_not_count() -> None:
    assert len(dates.why_not_enough(FIVE, WINDOW, today=date(2026, 8, 5))) == 2


def test_one_week_is_not_enough() -> None:
    week = [date(2026, 8, day) for day in (3, 4, 5, 6, 7)]
    assert dates.why_not_enough(week, WINDOW, today=TODAY) == [
        "The days lie in 1 calendar week(s); at least 2 are needed."
    ]


@pytest.mark.parametrize(
    ("day", "why"),
    [(date(2026, 7, 29), "not between"), (date(2026, 9, 30), "not between"), (date(2026, 8, 1), "weekday"),
     (date(2026, 9, 7), "holiday")],
)  # fmt: skip
def test_a_day_that_does_not_fit_says_why(day: date, why: str) -> None:
    assert why in " ".join(dates.why_not_day(day, WINDOW))
    assert dates.why_not_day(date(2026, 8, 3), WINDOW) == []


# Questionnaire


def test_a_full_questionnaire_has_no_problem() -> None:
    found = examine(answers(), FACTS)
    assert [problem for one in found.values() for problem in one.problems] == []
    assert all(one.answered == one.asked for one in found.values())


def test_there_are_ten_sections_and_about_eighty_questions() -> None:
    asked = sum(len(one.fields) + (len(one.group.fields) if one.group else 0) for one in SECTIONS)
    assert len(SECTIONS) == 10 and 80 <= asked <= 82


def test_an_empty_questionnaire_is_missing_and_not_wrong() -> None:
    found = examine({}, FACTS)
    assert all(one.problems and not one.wrong for one in found.values())


@pytest.mark.parametrize(("number", "fine"), [("1234567893", True), ("1234567890", False), ("123456789", False)])
def test_an_npi_checks_itself(number: str, fine: bool) -> None:
    assert (npi_fault(number) is None) is fine


@pytest.mark.parametrize(
    ("letter", "over", "path"),
    [
        ("A", {"tax_id": "012345678"}, "tax_id"), ("A", {"npi": ""}, "npi"), ("A", {"phone": "555"}, "phone"),
        ("A", {"website": "harbor.example"}, "website"), ("A", {"address": "Cove Street"}, "address"),
        ("A", {"legal_name": "x" * 201}, "legal_name"), ("A", {"country": "ZZ"}, "country"),
        ("B", {"affiliation": "academic", "teaching_share": "10"}, "teaching_share"),
        ("B", {"affiliation": "owned"}, "parent_name"), ("B", {"one_record": "no"}, "structure_note"),
        ("B", {"one_record": "no", "structure_note": "short"}, "structure_note"),
        ("B", {"merger_planned": "yes"}, "merger_note"),
        ("C", {"contacts": [contact(contact_role=["billing"])]}, "contacts"),
        ("C", {"contacts": [contact(member_no="")]}, "contacts-0-member_no"),
        ("C", {"contacts": [contact(contact_email="dana")]}, "contacts-0-contact_email"),
        ("D", {"sites": [site(site_code="cs")]}, "sites-0-site_code"),
        ("D", {"sites": [site(site_chairs="0")]}, "sites-0-site_chairs"),
        ("D", {"sites": [site(site_treats=["sat"])]}, "sites-0-site_treats"),
        ("D", {"sites": [site(site_cover="")]}, "sites-0-site_cover"),
        ("D", {"sites": [site(site_containment=[])]}, "sites-0-site_containment"),
        ("D", {"sites": [site(site_hours={"mon": "8 to 5"})]}, "sites-0-site_hours"),
        ("D", {"sites": [site(site_main="no")]}, "sites-0-site_main"),
        ("D", {"sites": [site(site_emergency=["none", "cart"])]}, "sites-0-site_emergency"),
        ("E", {"staff": [row(staff_site="XX")]}, "staff-0-staff_site"),
        ("E", {"staff": [row(staff_fte="3.5")]}, "staff-0-staff_fte"),
        ("E", {"staff": [row(staff_bls="4")]}, "staff-0-staff_bls"),
        ("E", {"staff": [row(), row()]}, "staff-1-staff_role"), ("E", {"staff": [row(staff_fte="2")]}, "staff"),
        ("E", {"staff": [row(staff_role="rn")]}, "staff"),
        ("F", {"infusions_week": {"sat": "4"}}, "infusions_week"), ("F", {"oral_starts": "3"}, "oral_starts"),
        ("F", {"disease_mix": {"lung": "99"}}, "disease_mix"), ("F", {"new_patients": "many"}, "new_patients"),
        ("I", {"last_audit": "2026-07-02"}, "last_audit"), ("I", {"last_audit": "last year"}, "last_audit"),
        ("I", {"policy_cycle": "0"}, "policy_cycle"), ("I", {"regulator_open": "yes"}, "regulator_note"),
        ("J", {"truth": False}, "truth"), ("J", {"others": [{"other_body": "A body"}]}, "others-0-other_until"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named_at_its_field(letter: str, over: dict[str, Any], path: str) -> None:
    assert path in paths(look(letter, **{letter: over}))


def test_two_sites_may_not_share_a_code_and_the_message_names_the_other() -> None:
    there = "410 Northgate Road, Seabrook, ME 04999"
    second = site(site_name="Northgate", site_main="no", site_miles="6", site_address=there)
    found = look("D", D={"sites": [site(), second]})
    assert [problem.line for problem in found.problems] == ["Northgate: “CS” is already used by Cove Street."]


def test_only_one_site_is_the_main_site() -> None:
    second = site(site_name="Northgate", site_code="NG", site_address="410 Northgate Road, Seabrook, ME 04999")
    assert paths(look("D", D={"sites": [site(), second]})) == ["sites-1-site_main"]


def test_services_of_the_sites_ask_for_answers_elsewhere() -> None:
    sites = {"sites": [site(site_services=["oral_prescribing", "clinical_trials"])]}
    assert paths(look("G", D=sites)) == ["oral_tracking"]
    assert paths(look("H", D=sites)) == ["research_irb"]


def test_abroad_neither_npi_nor_state_is_asked_for() -> None:
    over = {"country": "GR", "tax_id": "", "npi": "", "address": "Leoforos Kifisias 10, Athina"}
    assert look("A", A=over).problems == []


def test_a_us_number_becomes_e164() -> None:
    assert look("A").values["phone"] == "+12075550100"


def test_a_renewal_says_what_changed() -> None:
    found = examine(answers(), FACTS | {"renewal": True})["J"]
    assert paths(found) == ["changes_note"]


def test_differences_name_the_question_and_both_answers() -> None:
    mine, theirs = answers()["D"], {"sites": [site(site_chairs="20")]}
    assert differences(BY_LETTER["D"], mine, theirs) == [
        ("sites-0-site_chairs", "Cove Street: Treatment chairs", "24", "20")
    ]


# Submission


def test_the_hash_of_a_snapshot_does_not_depend_on_the_order_of_its_keys() -> None:
    assert submission.sha256_of({"a": 1, "b": [2]}) == submission.sha256_of({"b": [2], "a": 1})


def test_the_manifest_is_what_sha256sum_writes() -> None:
    files = [{"sha256": "0" * 64, "name": "a.pdf"}]
    assert submission.manifest_sha256(files) == hashlib.sha256(b"0" * 64 + b"  a.pdf\n").hexdigest()


def test_changes_between_submissions_are_listed_by_kind() -> None:
    before = {
        "files": [{"name": "a.pdf", "sha256": "1"}], "dates": ["2026-08-03"], "answers": {"A": {"phone": "1"}},
    }  # fmt: skip
    after = {
        "files": [{"name": "a.pdf", "sha256": "2"}, {"name": "b.pdf", "sha256": "3"}], "dates": [],
        "answers": {"A": {"phone": "2"}},
    }  # fmt: skip
    found = {(one["kind"], one["name"], one["how"]) for one in submission.changes(before, after)}
    assert found == {
        ("file", "a.pdf", "changed"), ("file", "b.pdf", "added"), ("date", "2026-08-03", "removed"),
        ("answer", "A phone", "changed"),
    }  # fmt: skip

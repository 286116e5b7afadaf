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
from app.application.rules.steps import Slug, StepState

TODAY = date(2026, 7, 1)
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
    found = steps.waits_for(steps.BY_SLUG[Slug.PAYMENT], {Slug.AGREEMENTS, Slug.QUESTIONNAIRE}, set())
    assert found == ["sections A, D and E of the questionnaire"]


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
        "The days lie in 1 calendar week; at least 2 are needed."
    ]


@pytest.mark.parametrize(
    ("day", "why"),
    [(date(2026, 7, 29), "not between"), (date(2026, 9, 30), "not between"), (date(2026, 8, 1), "weekday"),
     (date(2026, 9, 7), "holiday")],
)  # fmt: skip
def test_a_day_that_does_not_fit_says_why(day: date, why: str) -> None:
    assert why in " ".join(dates.why_not_day(day, WINDOW))
    assert dates.why_not_day(date(2026, 8, 3), WINDOW) == []


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

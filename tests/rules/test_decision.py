"""Numbers, public words, guards of the award and moves of the plaque."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.decision import rules
from app.decision.rules import CaseFacts, CertificationState, PlaqueState, Standing

FINE = CaseFacts(
    report_issued=True, everything_met=True, newest_report=True, open_requirements=0, unpaid=(), any_invoice=True,
    application_ready=True, application_is="ready", certified_as=None,
)  # fmt: skip
years, counts = st.integers(2020, 2099), st.integers(1, 9999)


def test_a_number_has_year_count_and_check_letter() -> None:
    assert rules.certificate_number(2026, 42) == "QCP-2026-0042-K"


@given(years, counts)
def test_every_number_reads_back_however_it_is_typed(year: int, count: int) -> None:
    number = rules.certificate_number(year, count)
    for typed in (number, number.lower(), f"  {number} ", number.replace("-", ""), number.replace("-", " ")):
        assert rules.read_number(typed) == number


@given(years, counts, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(year: int, count: int, place: int, more: int) -> None:
    number = rules.certificate_number(year, count)
    at = [i for i, letter in enumerate(number) if letter.isdigit()][place]
    typed = number[:at] + str((int(number[at]) + more) % 10) + number[at + 1 :]
    assert rules.read_number(typed) is None


@given(years, counts)
def test_two_neighbors_swapped_are_always_noticed(year: int, count: int) -> None:
    number = rules.certificate_number(year, count)
    digits, letter = number[4:8] + number[9:13], number[-1]
    for i in range(7):
        swapped = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
        if swapped != digits:
            assert rules.read_number(f"QCP-{swapped[:4]}-{swapped[4:]}-{letter}") is None


@pytest.mark.parametrize("typed", ["", "QCP", "2026-0042", "QCP-2026-0042-A", "QCP-2026-0042-K-K", "' OR 1=1", "Ⅿ" * 9])
def test_what_cannot_be_a_number_is_none(typed: str) -> None:
    assert rules.read_number(typed) is None


def test_the_last_day_of_the_term_is_still_valid_and_the_next_is_not() -> None:
    last = date(2029, 11, 12)
    assert rules.standing(CertificationState.ACTIVE, last, last) is Standing.VALID
    assert rules.standing(CertificationState.ACTIVE, last, date(2029, 11, 13)) is Standing.EXPIRED


def test_while_a_renewal_is_in_progress_the_word_stays_valid() -> None:
    assert rules.standing(CertificationState.PENDING_RENEWAL, date(2029, 1, 1), date(2029, 2, 1)) is Standing.VALID


def test_every_state_has_a_public_word_and_every_word_a_meaning() -> None:
    assert set(rules.PUBLIC_WORDS) == set(CertificationState)
    assert set(rules.STANDING_MEANS) == set(Standing)


def test_a_clean_case_can_be_awarded() -> None:
    assert rules.why_not_award(FINE) == []


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ({"report_issued": False}, "not been issued"),
        ({"everything_met": False}, "does not find every standard met"),
        ({"newest_report": False}, "newer compliance report"),
        ({"open_requirements": 2}, "2 requirements are still open"),
        ({"unpaid": ("INV-2026-001",)}, "INV-2026-001 is not confirmed"),
        ({"any_invoice": False}, "No invoice"),
        ({"application_ready": False, "application_is": "closed"}, "is closed, not ready"),
        ({"certified_as": "QCP-2026-0042-K"}, "certified as QCP-2026-0042-K"),
    ],
)
def test_each_missing_thing_is_a_reason(fact: dict[str, object], reason: str) -> None:
    (said,) = rules.why_not_award(replace(FINE, **fact))
    assert reason in said


def test_all_reasons_come_at_once() -> None:
    facts = replace(FINE, everything_met=False, unpaid=("INV-1", "INV-2"), application_ready=False)
    assert len(rules.why_not_award(facts)) == 4


def test_the_road_of_the_plaque_is_walked_in_order() -> None:
    state = PlaqueState.OFFERED
    for move in ("confirm_details", "draw", "approve", "order", "ship", "receive"):
        assert rules.why_not_move(move, state) == []
        state = rules.PLAQUE_MOVES[move][1]
        assert state in rules.PLAQUE_ROAD
    assert state is PlaqueState.DELIVERED


def test_a_move_out_of_turn_says_when_it_would_be_right() -> None:
    assert rules.why_not_move("ship", PlaqueState.OFFERED) == [
        "The plaque is offered now; this is done while it is in production."
    ]


def test_every_state_of_the_plaque_says_what_comes_next() -> None:
    assert set(rules.PLAQUE_NEXT) == set(PlaqueState)


def test_the_line_must_fit_and_the_address_must_be_whole() -> None:
    assert rules.why_not_details("Harbor Light Oncology", ["Harbor Light", "18 Cove Street", "Seabrook, ME"], 60) == []
    assert len(rules.why_not_details("x" * 61, ["", "18 Cove Street"], 60)) == 2
    assert rules.why_not_details(" ", ["a", "b", "c"], 60) == ["Say which name is to be engraved."]

"""The arithmetic of the score, who qualifies and until when, and which moves start where."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.participation.rules import moves, sentences
from app.participation.rules.charts import Chart
from app.participation.rules.measures import measure_set
from app.participation.rules.modules import Module
from app.participation.rules.moves import Agreement, EnrolmentState, RoundState, Statement
from app.participation.rules.qualify import (
    Rulebook,
    Terms,
    minimum_for,
    read_fte,
    reasons,
    sample_minimums,
    valid_until,
)
from app.participation.rules.score import Count, Method, Score, interval, percent, score_percent
from app.participation.rules.windows import duplicate_groups, is_open, sample_round

THREE_QUARTERS = Fraction(3, 4)
PASSES, FAILS = Score([Count(3, 4)]), Score([Count(2, 4)])
FULL = dict.fromkeys(Module, 200)


def why_not(**over: Any) -> list[dict[str, Any]]:
    facts: dict[str, Any] = {
        "dates": sample_round(), "score": PASSES, "charts": FULL, "open_groups": 0,
        "terms": Terms(), "book": Rulebook(),
    }  # fmt: skip
    return reasons(**(facts | over))


def test_the_worked_example_of_the_measures_comes_out_both_ways() -> None:
    score = Score([Count(118, 120), Count(90, 112), Count(5, 40, inverse=True)])
    assert score_percent(score.value(Method.POOLED), THREE_QUARTERS) == "89.34"
    assert score_percent(score.value(Method.MEAN_OF_RATES), THREE_QUARTERS) == "88.73"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ((1, 3), "33.33"),
        ((2, 3), "66.67"),
        ((2999, 4000), "74.98"),
        ((1, 1), "100.00"),
        ((0, 1), "0.00"),
        ((1, 800), "0.13"),
    ],
)
def test_a_rate_is_rounded_half_up_from_the_exact_fraction(value: tuple[int, int], shown: str) -> None:
    assert percent(Fraction(*value)) == shown


@pytest.mark.parametrize(
    ("text", "shown"), [("74.9964", "74.99"), ("74.995", "74.99"), ("74.98", "74.98"), ("75", "75.00")]
)
def test_a_score_that_fails_is_never_shown_as_if_it_reached_the_threshold(text: str, shown: str) -> None:
    assert score_percent(Fraction(text) / 100, THREE_QUARTERS) == shown


@settings(deadline=None)
@given(st.integers(1, 10**7), st.data())
def test_what_a_score_shows_and_whether_it_passes_never_disagree(denominator: int, data: st.DataObject) -> None:
    value = Fraction(data.draw(st.integers(0, denominator)), denominator)
    shown = score_percent(value, THREE_QUARTERS)
    assert shown is not None
    assert (Fraction(shown) >= 75) == (value >= THREE_QUARTERS)


def test_an_inverse_measure_is_turned_round_before_it_is_added() -> None:
    assert Count(5, 40, inverse=True).adjusted == 35
    assert Count(0, 0, inverse=True).rate is None


def test_the_interval_of_a_rate_is_wilsons_and_there_is_none_without_charts() -> None:
    assert interval(Count(115, 120)) == ["90.62", "98.21"]
    assert interval(Count(5, 5)) == ["56.55", "100.00"]
    assert interval(Count(0, 0)) is None


def test_the_sample_set_has_26_measures_of_which_25_are_scored_and_5_parts_that_are_not() -> None:
    measures = measure_set()
    assert len(measures.measures) == 26 and len(measures.parts) == 5
    assert [m.id for m in measures.measures if not m.is_scored("2026-R1")] == ["eol-45"]
    assert [m.id for m in measures.measures if m.inverse] == ["smt-29", "eol-45", "eol-48", "crc-74"]
    assert not any(m.is_scored("2023-R2") for m in measures.measures)


def test_one_defect_loses_a_composite_and_a_part_that_does_not_apply_costs_nothing() -> None:
    pain = next(m for m in measure_set().measures if m.id == "core-6")
    assert pain.meets(Chart({"pain_assessed_by_second_visit": "yes", "pain_score": 3}))
    assert not pain.meets(Chart({"pain_assessed_by_second_visit": "yes", "pain_score": 4}))
    assert pain.meets(Chart({"pain_assessed_by_second_visit": "yes", "pain_score": 4, "pain_plan": "yes"}))


@pytest.mark.parametrize(
    ("fte", "line"), [("1", (30, 50)), ("1.01", (40, 70)), ("2.5", (40, 70)), ("10", (60, 110)), ("10.5", (80, 140))]
)
def test_the_minimums_follow_the_first_line_whose_bound_is_not_below_the_fte(fte: str, line: tuple[int, int]) -> None:
    found = minimum_for(fte, sample_minimums())
    assert (found.charts_per_module, found.unique_charts) == line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2.50", "2.5"), ("1.0", "1"), ("010", "10"), (".5", "0.5"), (" 3 ", "3"), ("0", None), ("0.0", None),
     ("-1", None), ("NaN", None), ("1e3", None), ("", None), (".", None), ("2,5", None), ("9" * 50, None)],
)  # fmt: skip
def test_full_time_equivalents_are_kept_in_their_shortest_form_or_refused(typed: str, kept: str | None) -> None:
    assert read_fte(typed) == kept


def test_without_a_reason_the_practice_qualifies() -> None:
    assert why_not() == []


def test_every_reason_is_given_at_once_and_in_order() -> None:
    found = why_not(
        dates=replace(sample_round(), final_report_on=None), score=FAILS, charts=dict.fromkeys(Module, 3),
        open_groups=2, terms=Terms(modules=[Module.CORE]),
    )  # fmt: skip
    assert [reason["code"] for reason in found] == [
        "report_not_final", "no_second_module", "score_below_threshold", "too_few_unique_charts",
        "module_target_unconfirmed", "possible_duplicates_open",
    ]  # fmt: skip
    assert found[2] == {"code": "score_below_threshold", "have": "50.00", "need": "75.00"}
    assert [sentences.of_reason(reason) for reason in found][2:4] == [
        "The Overall Quality Score is 50.00 %; 75.00 % is needed.",
        "3 unique charts count; 50 are needed.",
    ]
    assert all(sentences.of_reason(reason).endswith(".") for reason in found)


def test_a_module_that_is_confirmed_as_complete_or_not_chosen_is_no_obstacle() -> None:
    charts = FULL | {Module.BR: 3}
    assert [r["module"] for r in why_not(charts=charts)] == ["br"]
    assert why_not(charts=charts, terms=Terms(complete=[Module.BR])) == []
    assert why_not(charts=charts, terms=Terms(modules=[Module.CORE, Module.LU])) == []


def test_no_measure_with_charts_means_no_score() -> None:
    assert [reason["code"] for reason in why_not(score=Score([]))] == ["no_score"]


def test_only_the_method_of_the_setting_decides() -> None:
    uneven = Score([Count(90, 100), Count(0, 1)])
    assert why_not(score=uneven) == []
    mean = why_not(score=uneven, book=Rulebook(method=Method.MEAN_OF_RATES))
    assert mean == [{"code": "score_below_threshold", "have": "45.00", "need": "75.00"}]


@pytest.mark.parametrize(
    ("report", "closes", "until"),
    [
        ("2026-08-14", "2027-06-30", "2027-06-30"),
        ("2026-08-14", "2027-09-30", "2027-08-14"),
        ("2026-08-14", None, "2027-08-14"),
        ("2028-02-29", None, "2029-02-28"),
    ],
)
def test_a_score_lives_a_year_or_to_the_next_close_of_its_season(report: str, closes: str | None, until: str) -> None:
    dates = replace(
        sample_round(), final_report_on=date.fromisoformat(report),
        next_same_season_closes_on=date.fromisoformat(closes) if closes else None,
    )  # fmt: skip
    assert valid_until(dates) == date.fromisoformat(until)


def test_a_group_of_duplicates_is_decided_for_all_its_charts_or_stays_open() -> None:
    twin = Chart({"site_code": "CS", "birth_year": 1950})
    assert duplicate_groups({"A": twin, "B": twin, "C": Chart({"site_code": "NG"})}) == [["A", "B"]]
    assert is_open(["A", "B"], [])
    assert not is_open(["A", "B"], [["A", "B", "C"]])
    assert is_open(["A", "B", "D"], [["A", "B"]])


def enrolling(**over: Any) -> list[str]:
    facts: dict[str, Any] = {
        "round_state": RoundState.REGISTERING, "fte": "2.5", "statements": list(Statement),
        "agreements": list(Agreement), "today": date(2026, 1, 10), "registers_until": date(2026, 2, 1),
    }  # fmt: skip
    return moves.why_not_enroll(**(facts | over))


def test_enrolling_is_refused_with_every_reason_at_once() -> None:
    assert enrolling() == []
    found = enrolling(round_state=RoundState.CLOSED, fte=None, statements=[], agreements=[])
    assert len(found) == 5
    assert enrolling(today=date(2026, 2, 2)) == ["Registration for this round is not open."]


def test_the_dates_of_a_round_follow_each_other() -> None:
    dates = sample_round()
    assert moves.why_not_dates(dates, date(2026, 1, 2), date(2026, 3, 31)) == []
    assert len(moves.why_not_dates(dates, date(2026, 1, 6), date(2026, 1, 5))) == 2
    assert moves.why_not_dates(replace(dates, visits_from=date(2026, 1, 1)), date(2026, 1, 2), date(2026, 3, 31))


def test_a_round_is_extended_to_a_later_day_in_the_future_only() -> None:
    assert moves.why_not_extend(date(2026, 6, 30), date(2026, 7, 15), today=date(2026, 6, 1)) == []
    assert len(moves.why_not_extend(date(2026, 6, 30), date(2026, 6, 30), today=date(2026, 7, 1))) == 2


def test_a_move_that_does_not_start_here_says_where_it_does() -> None:
    starts, _ = moves.ENROLMENT_MOVES["freeze"]
    assert moves.why_not_move("enrollment", EnrolmentState.ABSTRACTING, starts) == []
    assert moves.why_not_move("enrollment", EnrolmentState.FROZEN, starts) == [
        "The enrollment is frozen; this can only be done while it is abstracting."
    ]

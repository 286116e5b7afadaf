"""The rules of the survey: moves, conflicts, visit, worksheet, roll-up."""

from __future__ import annotations

from datetime import date, time
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.survey.rules import assignment, committee, moves, visit, worksheet
from app.survey.rules.committee import Judged, Result, roll_up, worst
from app.survey.rules.moves import AssignmentState, Refused, ReviewState, SurveyState
from app.survey.rules.worksheet import Line, Rating

M, P, N, NA, OPEN = Rating.MET, Rating.PARTIALLY, Rating.NOT_MET, Rating.NOT_APPLICABLE, Rating.NOT_ASSESSED


# Moves

TABLES = [
    (moves.ASSIGNMENT_MOVES, AssignmentState, {AssignmentState.PROPOSED}),
    (moves.SURVEY_MOVES, SurveyState, {SurveyState.AWAITING_SURVEYOR}),
    (moves.REVIEW_MOVES, ReviewState, {ReviewState.ASSIGNED}),
]


@pytest.mark.parametrize(("table", "states", "first"), TABLES)
def test_every_state_can_be_reached_from_the_first(table, states, first):
    reached = set(first)
    while more := {to for sources, to in table.values() if sources & reached} - reached:
        reached |= more
    assert reached == set(states)


@pytest.mark.parametrize(
    ("table", "ends"),
    [
        (moves.ASSIGNMENT_MOVES, {AssignmentState.DECLINED, AssignmentState.ENDED}),
        (moves.SURVEY_MOVES, {SurveyState.DETERMINED, SurveyState.CANCELLED}),
        (moves.REVIEW_MOVES, {ReviewState.DETERMINED, ReviewState.ENDED}),
    ],
)
def test_nothing_leaves_an_end(table, ends):
    assert not {move for move, (sources, _) in table.items() if sources & ends}


def test_a_move_from_the_wrong_state_says_what_it_needs():
    with pytest.raises(Refused) as refused:
        moves.moved(moves.SURVEY_MOVES, "start", SurveyState.AWAITING_DATE, "survey")
    assert refused.value.reasons == ["This survey is awaiting date; this can be done only while it is scheduled."]


def test_the_main_road_leads_from_open_to_determined():
    state = SurveyState.AWAITING_SURVEYOR
    for move in ("confirm_surveyor", "schedule", "start", "end_visit", "submit", "ask", "submit", "pass", "determine"):
        state = moves.moved(moves.SURVEY_MOVES, move, state, "survey")
    assert state is SurveyState.DETERMINED


# Conflicts


def known(**facts):
    return assignment.Known(**({"email": "ines@nurses.example"} | facts))


def grounds(**facts):
    return [tie.ground for tie in assignment.hard_conflicts(known(**facts))]


def test_somebody_without_ties_may_be_asked():
    assert grounds(practice_mail=(("harbor.example", "people of the practice"),)) == []


def test_the_same_mail_domain_blocks_and_says_whose_it_is():
    said = grounds(practice_mail=(("nurses.example", "people of the practice"), ("nurses.example", "the website")))
    assert said == ["Same e-mail domain (nurses.example) as people of the practice and the website."]


def test_a_public_mail_provider_ties_nobody():
    assert grounds(email="a@gmail.com", practice_mail=(("gmail.com", "people of the practice"),)) == []


def test_every_tie_is_listed_at_once():
    ties = {"membership": "owner", "refused_before": "Declined.", "other_hand": "Is it."}
    said = grounds(surveyed_last_on=date(2024, 3, 5), **ties)
    assert said == ["Holds a role in this practice (owner).", "Surveyed this practice last time (March 5, 2024).",
                    "Declined.", "Is it."]  # fmt: skip


@pytest.mark.parametrize("left_out", list(assignment.CONFLICT_QUESTIONS))
def test_a_declaration_needs_every_statement(left_out):
    stated = set(assignment.CONFLICT_QUESTIONS) - {left_out}
    assert assignment.why_not_clear(stated)
    assert assignment.why_not_clear(stated | {left_out}) == []


def test_the_statements_carry_the_years_and_miles_of_the_settings():
    said = assignment.conflict_questions(years=3, miles=20)
    assert "last 3 years" in said["worked"] and "within 20 miles" in said["near"]


@pytest.mark.parametrize("reason", ["", "too short", "   a   b  "])
def test_a_reason_says_something(reason):
    assert assignment.why_not_reason(reason)
    assert assignment.why_not_reason("long enough") == []


# The visit


def places(count, always=0):
    return [visit.Place(str(n), n < always) for n in range(count)]


@pytest.mark.parametrize(("sites", "drawn"), [(1, 1), (2, 2), (3, 3), (4, 3), (9, 4), (10, 5), (16, 5)])
def test_sites_are_all_visited_up_to_three_and_sampled_above(sites, drawn):
    assert len(visit.sites_to_visit(places(sites, 1), all_up_to=3, seed=7)) == drawn


def test_sites_that_must_be_seen_are_never_left_out():
    assert set("012345") <= set(visit.sites_to_visit(places(9, 6), all_up_to=3, seed=7))


@given(st.integers(1, 30), st.integers(0, 10), st.integers())
def test_the_draw_repeats_and_keeps_the_order_of_the_sites(count, always, seed):
    sites = places(count, min(always, count))
    drawn = visit.sites_to_visit(sites, all_up_to=3, seed=seed)
    assert drawn == visit.sites_to_visit(sites, all_up_to=3, seed=seed)
    assert drawn == sorted(set(drawn), key=int)


@pytest.mark.parametrize(("sites", "days"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
def test_a_visit_takes_a_day_and_half_a_day_more_per_further_site(sites, days):
    assert len(visit.visit_days(date(2026, 8, 4), sites, lambda day: True)) == days


def test_a_visit_steps_over_a_weekend():
    days = visit.visit_days(date(2026, 8, 7), 3, lambda day: day.weekday() < 5)
    assert days == [date(2026, 8, 7), date(2026, 8, 10)]


def test_the_agenda_runs_from_half_past_seven_to_a_quarter_past_five_without_a_gap():
    items = visit.agenda()
    assert (items[0].start, visit.day_ends()) == (time(7, 30), time(17, 15))
    assert all(one.end == two.start for one, two in pairwise(items))


def wish(**over):
    day = date(2026, 8, 4)
    facts = {"day": day, "today": date(2026, 7, 1), "offered": frozenset({day}), "business_day": True}
    return visit.Wish(**(facts | over))


@pytest.mark.parametrize(
    ("over", "reasons"),
    [
        ({}, 0),
        ({"offered": frozenset()}, 1),
        ({"offered": frozenset(), "agreed_in_writing": "Mail of 2 July"}, 0),
        ({"business_day": False}, 1),
        ({"today": date(2026, 8, 5)}, 1),
        ({"surveyor_busy_with": "case 2026-0003"}, 1),
        ({"offered": frozenset(), "business_day": False, "today": date(2026, 8, 5)}, 3),
    ],
)
def test_a_day_is_offered_or_agreed_ahead_and_free(over, reasons):
    assert len(visit.why_not_schedule(wish(**over))) == reasons


@pytest.mark.parametrize(
    ("on", "today", "fine"),
    [
        (None, date(2026, 8, 4), False),
        (date(2026, 8, 4), date(2026, 8, 3), False),
        (date(2026, 8, 4), date(2026, 8, 4), True),
        (date(2026, 8, 4), date(2026, 8, 5), True),
    ],
)
def test_a_visit_starts_on_its_day_or_after(on, today, fine):
    assert (visit.why_not_start(on, today) == []) is fine


def test_the_exit_meeting_is_noted_for_each_site():
    assert len(visit.why_not_end({"Cove Street": "4 pm, lead nurse", "Northgate": " ", "Pier": ""})) == 2


# The worksheet


def line(rating, **over):
    return Line(**({"entry_id": "e", "code": "4.1.1", "site": "Northgate", "rating": rating} | over))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (line(M), None),
        (line(OPEN), "not assessed."),
        (line(P), "partially met needs at least one observation with its source."),
        (line(N), "not met needs at least one observation with its source."),
        (line(N, sourced=1), None),
        (line(NA), "not applicable needs a reason."),
        (line(NA, na_reason=" "), "not applicable needs a reason."),
        (line(NA, na_reason="No tablets are given."), None),
    ],
)
def test_what_is_missing_in_one_line(entry, reason):
    assert [one.reason for one in worksheet.what_is_missing([entry])] == ([reason] if reason else [])


def test_everything_missing_is_listed_at_once_and_says_where():
    found = worksheet.what_is_missing([line(OPEN, code="1.1"), line(M), line(P, code="3.9", site="Cove Street")])
    assert [str(one) for one in found] == [
        "1.1 at Northgate: not assessed.",
        "3.9 at Cove Street: partially met needs at least one observation with its source.",
    ]


@pytest.mark.parametrize(("rating", "allowed"), list(product(Rating, (True, False))))
def test_only_the_edition_allows_not_applicable(rating, allowed):
    refused = worksheet.why_not_rate(rating, na_allowed=allowed, methods=["policy"])
    assert bool(refused) is (rating is NA and not allowed)


def test_methods_come_from_the_list():
    assert worksheet.why_not_rate(M, na_allowed=False, methods=["policy", "gossip"]) == ["Unknown method: gossip."]


@pytest.mark.parametrize(
    ("text", "source", "page", "pages", "reasons"),
    [
        ("Seen.", "Cart, drawer 2", None, None, 0),
        (" ", "", None, None, 2),
        ("Says so.", "HLO-401", 3, 2, 1),
        ("Says so.", "HLO-401", 0, None, 1),
        ("Says so.", "HLO-401", 2, 2, 0),
    ],
)
def test_an_observation_is_one_fact_with_its_source(text, source, page, pages, reasons):
    assert len(worksheet.why_not_observe(text, source, page, pages)) == reasons


def test_domains_have_no_line_and_a_scope_narrows_the_rows():
    rows = [("1", "domain"), ("1.1", "standard"), ("1.1.1", "element"), ("1.2", "standard")]
    assert worksheet.row_codes(rows, None) == ["1.1", "1.1.1", "1.2"]
    assert worksheet.row_codes(rows, ["1.1.1", "1"]) == ["1.1.1"]


@pytest.mark.parametrize(("code", "standard"), [("3.7", "3.7"), ("3.5.10", "3.5"), ("1.1.1.1", "1.1")])
def test_a_row_belongs_to_the_standard_of_its_first_two_numbers(code, standard):
    assert worksheet.standard_of(code) == standard


# The roll-up


@pytest.mark.parametrize(
    ("ratings", "result"),
    [
        ([M, M], M), ([M, P], P), ([P, N], N), ([M, NA], M), ([NA, NA], NA), ([N, OPEN], OPEN), ([], OPEN), ([NA], NA),
    ],
)  # fmt: skip
def test_the_worst_rating_counts_and_not_applicable_is_ignored(ratings, result):
    assert worst(ratings) is result


def test_a_standard_takes_in_everything_below_it_at_every_site():
    lines = {"1.1": [M, M], "1.1.1": [M, NA], "1.1.1.1": [M, P], "1.10": [M, M], "1.2": [NA, NA]}
    assert roll_up(lines) == {"1.1": P, "1.10": M, "1.2": NA}


codes = st.builds(
    lambda a, b, rest: ".".join(map(str, (a, b, *rest))),
    st.integers(1, 4), st.integers(1, 12), st.lists(st.integers(1, 9), max_size=2),
)  # fmt: skip
sheets = st.dictionaries(codes, st.lists(st.sampled_from(Rating), min_size=1, max_size=4), min_size=1, max_size=30)


@given(sheets)
def test_a_roll_up_has_one_result_per_standard(lines):
    assert set(roll_up(lines)) == {worksheet.standard_of(code) for code in lines}


@given(sheets, st.randoms())
def test_the_order_of_rows_and_sites_does_not_matter(lines, chance):
    turned = [(code, chance.sample(ratings, len(ratings))) for code, ratings in lines.items()]
    chance.shuffle(turned)
    assert roll_up(dict(turned)) == roll_up(lines)


@given(sheets, st.data())
def test_a_worse_line_never_makes_a_standard_better(lines, data):
    order = [M, P, N, OPEN]
    code = data.draw(st.sampled_from(sorted(lines)))
    worse = data.draw(st.sampled_from(order))
    standard = worksheet.standard_of(code)
    before, after = roll_up(lines)[standard], roll_up(lines | {code: [*lines[code], worse]})[standard]
    assert before is NA or order.index(after) >= order.index(before)


@given(sheets)
def test_all_met_only_if_no_standard_is_below_met(lines):
    below = any(rating in (P, N) for ratings in lines.values() for rating in ratings)
    assert (committee.result_of(r for ratings in lines.values() for r in ratings) is Result.REQUIREMENTS) is below


# Settling


def judged(**over):
    key = ("3.9", "cs")
    facts = {"surveyor": {key: N}, "committee": {key: N}, "na_allowed": {"3.9": False}, "reason": "", "must_show": "x"}
    return Judged(**(facts | over))


def test_agreeing_needs_no_reason():
    assert committee.why_not_settle(judged()) == []
    assert committee.overruled(judged()) == {}


def test_a_difference_needs_a_reason_and_a_finding_what_must_be_shown():
    said = committee.why_not_settle(judged(committee={("3.9", "cs"): P}, must_show=" "))
    assert len(said) == 2
    assert committee.why_not_settle(judged(committee={("3.9", "cs"): P}, reason="It is traceable.")) == []


def test_the_committee_cannot_call_not_applicable_what_the_edition_does_not():
    said = committee.why_not_settle(judged(committee={("3.9", "cs"): NA}, reason="Because."))
    assert said == ["The edition does not allow “not applicable” for 3.9."]


def test_a_line_left_open_is_not_settled():
    assert committee.why_not_settle(judged(surveyor={("3.9", "cs"): OPEN}, committee={("3.9", "cs"): OPEN}))


def test_a_survey_is_determined_when_all_is_settled_and_answered():
    assert committee.why_not_determine([], []) == []
    assert committee.why_not_determine(["3.9"], ["4.1.1"]) == [
        "3.9 is not settled.",
        "Your question on 4.1.1 has no answer yet.",
    ]

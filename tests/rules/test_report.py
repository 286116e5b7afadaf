"""The rules of M4: what rolls up, what asks, what may not be said, and when a plan is complete."""

from dataclasses import replace
from datetime import date

import pytest

from app.report.rules import ccr, clauses, marks, plan, proof
from app.report.rules.ccr import NotNow, ReportState, RequirementState
from app.report.rules.marks import Line, Mark
from app.report.rules.plan import PlanState, PlanText, Verdict


def line(code: str, noted: bool = False, **own: str) -> Line:
    parent = code.rpartition(".")[0] or None
    return Line(code, parent, code[0], "standard", f"Row {code}", {k: Mark(v) for k, v in own.items()}, noted)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), "na"),
        (("na", "na"), "na"),
        (("met", "na"), "met"),
        (("met", "partial"), "partial"),
        (("partial", "notmet", "met"), "notmet"),
    ],
)
def test_the_worst_rating_counts_and_what_does_not_apply_is_ignored(given: tuple[str, ...], expected: str) -> None:
    assert marks.worst(Mark(one) for one in given) == expected


def test_a_standard_takes_the_worst_of_its_elements_site_by_site() -> None:
    rows = marks.rolled_up([line("4.1", CS="met", NG="met"), line("4.1.1", CS="met", NG="notmet")])
    assert rows[0].ratings == {"CS": "met", "NG": "notmet"}
    assert rows[0].overall == "notmet"


def test_4_10_is_not_an_element_of_4_1() -> None:
    rows = marks.rolled_up([line("4.1", CS="met"), line("4.10", CS="notmet")])
    assert rows[0].overall == "met"


def test_a_standard_below_met_only_by_its_element_asks_nothing_itself() -> None:
    rows = [line("2.2", CS="partial"), line("2.2.1", CS="partial", noted=True)]
    assert [marks.asks_something(row, rows) for row in rows] == [False, True]


def test_a_standard_with_an_observation_of_its_own_asks_beside_its_element() -> None:
    rows = [line("2.2", CS="notmet", noted=True), line("2.2.1", CS="partial", noted=True)]
    assert all(marks.asks_something(row, rows) for row in rows)


def test_partially_met_makes_a_requirement_too_and_met_does_not() -> None:
    rows = [line("1.4", CS="partial"), line("1.5", CS="met"), line("3.19", CS="na")]
    assert [marks.asks_something(row, rows) for row in rows] == [True, False, False]


def test_the_counts_of_a_domain_add_up() -> None:
    rows = marks.rolled_up([line("1.1", CS="met"), line("1.2", CS="partial"), line("1.3", CS="na")])
    assert marks.counted(rows) == {"met": 1, "partial": 1, "notmet": 0, "na": 1, "total": 3}


def test_the_head_sentence_counts_only_the_standards_that_apply() -> None:
    said = marks.in_plain_words({"met": 38, "partial": 3, "notmet": 2, "na": 1, "total": 44})
    assert said == "Your practice meets 38 of the 43 standards that apply to it."


@pytest.mark.parametrize(
    "text",
    [
        "Seen in the chart of MRN 4471902.",
        "DOB 4/12/1961 was on the label.",
        "Dr. Okafor signed later.",
        "Dana Whitfield, RN did not know.",
        "Ask maria@practice.example for it.",
        "Call 207-555-0134 for the log.",
        "Social security number 123-45-6789 was legible.",
        "The patient Mary Jones said so.",
    ],
)
def test_words_that_may_point_to_a_person_are_shown(text: str) -> None:
    assert marks.suspect_wording(text)


@pytest.mark.parametrize(
    "text",
    [
        "Five of five bags carried no expiry; charts 2, 5 and 7.",
        "The nurse reads the label aloud; 10 charts over 6 weeks.",
        "Interview, front desk, Northgate",
        "HLO-307, page 1, 4.2",
    ],
)
def test_plain_findings_pass(text: str) -> None:
    assert marks.suspect_wording(text) == []


def test_a_known_name_is_found_in_any_case() -> None:
    assert marks.named_people("as priya nair said", ["Priya Nair, PharmD"]) == [
        "“Priya Nair” is a person's name; the report names nobody."
    ]


def test_each_kind_of_evidence_suggests_one_thing_to_show() -> None:
    shown = ccr.suggested_showing(["POL", "CHT", "LOG", "POL"])
    assert [one["kind"] for one in shown] == ["Policy", "Audit", "Log"]
    assert ccr.suggested_showing([])[0]["kind"] == "Policy"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The revised policy and photographs of ten labels per site.", "Policy"),
        ("Photographs of the cart.", "Photo"),
        ("The log of eight weeks.", "Log"),
        ("Something else.", "Other"),
    ],
)
def test_a_free_wording_is_filed_under_what_it_asks_for_first(text: str, kind: str) -> None:
    assert ccr.kind_of(text) == kind


def test_a_report_is_not_issued_while_a_requirement_says_nothing() -> None:
    reasons = ccr.why_not_issue({"3.9": [], "4.1.1": [{"kind": "Log", "what": "checks of eight weeks"}]}, {})
    assert reasons == ["3.9: say what must be shown."]


@pytest.mark.parametrize(
    ("moves", "state", "way", "end"),
    [
        (ccr.REPORT_MOVES, ReportState.DRAFTED, ["issue", "close"], ReportState.CLOSED),
        (
            ccr.REQUIREMENT_MOVES,
            RequirementState.OPEN,
            ["plan", "return", "plan", "accept", "send_evidence", "ask_more", "send_evidence", "meet"],
            RequirementState.MET,
        ),
        (
            ccr.REQUIREMENT_MOVES,
            RequirementState.PLAN_ACCEPTED,
            ["order_resurvey", "leave_open", "send_evidence", "meet"],
            RequirementState.MET,
        ),
        (
            plan.PLAN_MOVES,
            PlanState.DRAFTING,
            ["submit", "return", "submit", "accept", "send_evidence", "ask_more", "send_evidence", "meet"],
            PlanState.MET,
        ),
        (plan.PLAN_MOVES, PlanState.ACCEPTED, ["order_resurvey", "ask_more", "send_evidence"], PlanState.EVIDENCE_SENT),
    ],
)
def test_the_main_road_and_its_loops_are_open(moves, state, way, end) -> None:  # type: ignore[no-untyped-def]
    for move in way:
        state = ccr.after(moves, move, state)
    assert state is end


def test_a_move_from_elsewhere_is_refused_with_a_reason() -> None:
    with pytest.raises(NotNow, match="to accept it must be submitted"):
        ccr.after(plan.PLAN_MOVES, "accept", PlanState.DRAFTING)


def test_met_is_the_end() -> None:
    assert not [move for move, (starts, _) in plan.PLAN_MOVES.items() if PlanState.MET in starts]
    assert not [move for move, (starts, _) in ccr.REQUIREMENT_MOVES.items() if RequirementState.MET in starts]


FULL = PlanText(
    root_cause="The label template had no field for the expiry at all.",
    action="Switch on the field at both sites and revise HLO-307.",
    person="Priya N.",
    title="Pharmacy Manager",
    target=date(2026, 10, 12),
    measure="Ten labels per site",
    how_often="each month",
    goal="all ten carry date and time",
    evidence_to_come="HLO-307 v4; photographs of labels",
)
EVIDENCE_BY = date(2027, 5, 20)


def test_a_full_line_is_complete() -> None:
    assert plan.why_not_complete(FULL, evidence_by=EVIDENCE_BY) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"root_cause": "Too short."}, "Say why it happened in at least 30 characters; there are 10."),
        ({"action": " " * 40}, "Say what you will do in at least 30 characters; there are 0."),
        ({"person": ""}, "Name the person responsible, with their title."),
        ({"title": " "}, "Name the person responsible, with their title."),
        ({"target": None}, "Give the date by which it will be done."),
        ({"target": EVIDENCE_BY}, "The date must lie before the evidence is due, Thu 20 May 2027."),
        ({"goal": ""}, "Say how it will be kept up: what is measured, how often, and the goal."),
        ({"evidence_to_come": ""}, "Say what evidence will come."),
    ],
)
def test_each_gap_of_a_line_is_named(change: dict[str, object], reason: str) -> None:
    assert plan.why_not_complete(replace(FULL, **change), evidence_by=EVIDENCE_BY) == [reason]  # type: ignore[arg-type]


def test_an_empty_line_hears_every_gap_at_once() -> None:
    assert len(plan.why_not_complete(PlanText(), evidence_by=EVIDENCE_BY)) == 6


def test_thirty_characters_are_enough_and_twenty_nine_are_not() -> None:
    assert plan.why_not_complete(replace(FULL, root_cause="x" * 30), evidence_by=None) == []
    assert plan.why_not_complete(replace(FULL, root_cause="x" * 29), evidence_by=None)


def test_a_plan_with_gaps_or_unchanged_lines_is_not_sent() -> None:
    reasons = plan.why_not_submit({"3.9": ["Say what evidence will come."], "4.1": []}, ["4.1"])
    assert reasons == [
        "3.9: Say what evidence will come.",
        "4.1: this line was returned; change it before it is sent again.",
    ]


@pytest.mark.parametrize("verdict", [Verdict.RETURN, Verdict.ASK_MORE])
def test_what_goes_back_needs_a_comment(verdict: Verdict) -> None:
    assert plan.why_not_verdict(verdict, " ")
    assert not plan.why_not_verdict(verdict, "The line does not say what happens in downtime.")


def test_a_plan_is_accepted_only_when_every_line_is() -> None:
    wanted = Verdict.ACCEPT
    assert plan.why_not_answer({"3.9": None}, wanted=wanted) == ["3.9: give a verdict."]
    assert plan.why_not_answer({"3.9": Verdict.RETURN}, wanted=wanted) == ["3.9: this line goes back."]
    assert plan.why_not_answer({"3.9": Verdict.ACCEPT}, wanted=wanted) == []


def test_a_plan_is_returned_only_when_a_line_is() -> None:
    assert plan.why_not_answer({"3.9": Verdict.ACCEPT}, wanted=Verdict.RETURN)
    assert plan.why_not_answer({"3.9": Verdict.RETURN, "4.1": Verdict.ACCEPT}, wanted=Verdict.RETURN) == []


TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        (proof.Shown(None, 0), 2),
        (proof.Shown(date(2026, 10, 12), 0), 1),
        (proof.Shown(date(2026, 11, 25), 1), 1),
        (proof.Shown(date(2026, 10, 12), 1), 0),
        (proof.Shown(None, 0, "The audit runs until January."), 0),
        (proof.Shown(date(2026, 10, 12), 1, "Not yet."), 1),
    ],
)
def test_a_line_is_done_with_evidence_or_still_open_with_a_reason(shown: proof.Shown, count: int) -> None:
    assert len(proof.why_not_shown(shown, today=TODAY)) == count


def test_evidence_of_nothing_is_not_sent() -> None:
    assert proof.why_not_send_evidence({"3.9": []}, sent=0)
    assert proof.why_not_send_evidence({"3.9": []}, sent=1) == []


def test_a_resurvey_names_reason_rows_and_sites() -> None:
    assert len(proof.why_not_resurvey(" ", [], [])) == 3
    assert proof.why_not_resurvey("Only observation can show it.", ["4.1.1"], ["NG"]) == []


OLD = "4.2 The label is applied at once and shows patient name, record number, dose, volume, route and time prepared."
NEW = "4.2 The label is applied at once and shows two identifiers, dose, volume, route, time prepared and the expiry."


def test_the_new_clause_is_found_among_all_others() -> None:
    page = f"4.1 Labels are printed from the verified order. {NEW} 4.3 The words appear in white on a band."
    assert clauses.closest(OLD, clauses.sentences(page)) == NEW


def test_a_clause_that_was_taken_out_has_no_successor() -> None:
    assert clauses.closest(OLD, ["Drills are held twice a year at each site."]) is None


def test_what_went_and_what_came_is_marked_and_nothing_is_lost() -> None:
    was, now = clauses.compared(OLD, NEW)
    assert " ".join(piece.words for piece in was) == OLD and " ".join(piece.words for piece in now) == NEW
    assert "patient name, record number," in [piece.words for piece in was if piece.kind == "del"]
    assert "two identifiers," in [piece.words for piece in now if piece.kind == "ins"]

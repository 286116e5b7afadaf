"""Where a practice stands and what is next: one line for every station of the road."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from app.journey.rules import MILESTONES, STATIONS, Facts, Holder, Step, risk, road, tasks, urgency
from app.journey.rules.road import after

STEPS = tuple(
    Step(number, title, title.lower(), done=False)
    for number, title in enumerate(["Eligibility", "Agreements", "Questionnaire", "Payment", "Policies", "Dates"], 1)
)
DONE = tuple(replace(step, done=True) for step in STEPS)
ONE = Facts("Harbor Light Oncology", sites=3, ids={"practice_id": "p"})
CHARTS = replace(ONE, enrolment="abstracting", round_name="Spring 2026", charts=41, charts_wanted=64)
SCORE = replace(
    ONE, enrolment="reported", score="81.39", score_charts=112, score_on=date(2026, 4, 23), qualified=True,
    valid_until=date(2027, 2, 26),
)  # fmt: skip
DRAFT = replace(SCORE, application="draft", number="2026-0117", steps=STEPS)
READY = replace(SCORE, application="ready", number="2026-0117", steps=DONE, ready_on=date(2026, 6, 17))
VISIT = replace(
    READY, survey="scheduled", surveyor_id="s", assignment="confirmed", visit_on=date(2026, 8, 4),
    visit_until=date(2026, 8, 5),
)  # fmt: skip
REPORT = replace(
    VISIT, survey="determined", determined_on=date(2026, 9, 8), reviewer_id="r", report="issued",
    issued_on=date(2026, 9, 14), requirements=5, plan="drafting",
)  # fmt: skip
AWARD = replace(REPORT, plan="met", met=5, all_met=True)
CERTIFIED = replace(AWARD, certificate="QCP-2026-0042-K", ends_on=date(2029, 10, 1), plaque="offered")

TABLE: list[tuple[Facts, int, str, str]] = [
    (replace(ONE, practice_state="requested"), 1, "approve", "staff"),
    (ONE, 1, "enroll", "owner"),
    (replace(ONE, enrolment="lapsed"), 1, "enroll", "owner"),
    (replace(ONE, enrolment="enrolled"), 1, "chart", "contributor"),
    (CHARTS, 1, "chart", "contributor"),
    (replace(CHARTS, charts=64), 1, "freeze", "owner"),
    (replace(CHARTS, enrolment="frozen"), 1, "score", "staff"),
    (replace(SCORE, qualified=False), 1, "score_low", "owner"),
    (SCORE, 2, "open", "owner"),
    (replace(SCORE, application="closed"), 2, "open", "owner"),
    (DRAFT, 2, "step", "owner"),
    (replace(DRAFT, steps=DONE), 2, "submit", "signer"),
    (replace(DRAFT, application="returned", steps=DONE), 2, "resubmit", "signer"),
    (READY, 3, "name_surveyor", "staff"),
    (replace(READY, survey="awaiting surveyor"), 3, "name_surveyor", "staff"),
    (replace(READY, survey="awaiting surveyor", assignment="declined"), 3, "name_surveyor", "staff"),
    (replace(READY, survey="awaiting surveyor", assignment="proposed", surveyor_id="s"), 3, "declare", "surveyor"),
    (replace(READY, survey="awaiting surveyor", assignment="clear"), 3, "confirm", "signer"),
    (replace(READY, survey="awaiting surveyor", assignment="objected"), 3, "objection", "admin"),
    (replace(VISIT, survey="awaiting date", visit_on=None), 3, "set_date", "staff"),
    (VISIT, 3, "visit", "surveyor"),
    (replace(VISIT, survey="under way"), 3, "end_visit", "surveyor"),
    (replace(VISIT, survey="visit ended"), 3, "worksheet", "surveyor"),
    (replace(VISIT, survey="submitted"), 3, "check", "staff"),
    (replace(VISIT, survey="in committee"), 3, "assign_reviewer", "staff"),
    (replace(VISIT, survey="in committee", review="assigned", reviewer_id="r"), 3, "review_clear", "reviewer"),
    (replace(VISIT, survey="in committee", review="reading", reviewer_id="r"), 3, "determine", "reviewer"),
    (replace(VISIT, survey="in committee", review="comparing", reviewer_id="r"), 3, "determine", "reviewer"),
    (replace(VISIT, survey="in committee", review="asking", reviewer_id="r"), 3, "answer", "surveyor"),
    (replace(VISIT, survey="determined"), 4, "draft", "staff"),
    (replace(REPORT, report="drafted", issued_on=None, plan=""), 4, "issue", "staff"),
    (REPORT, 4, "plan", "signer"),
    (replace(REPORT, plan="submitted", plan_round=1), 4, "judge_plan", "reviewer"),
    (replace(REPORT, plan="returned", plan_round=1, plan_returned=1), 4, "replan", "signer"),
    (replace(REPORT, plan="accepted"), 4, "evidence", "signer"),
    (replace(REPORT, plan="evidence_sent"), 4, "judge_evidence", "reviewer"),
    (replace(REPORT, plan="resurvey", resurvey=True, survey="scheduled"), 4, "visit", "surveyor"),
    (replace(REPORT, plan="resurvey", resurvey=True), 4, "draft", "staff"),
    (replace(REPORT, all_met=True, requirements=0, plan=""), 5, "award", "admin"),
    (AWARD, 5, "award", "admin"),
    (CERTIFIED, 5, "plaque_details", "owner"),
    (replace(CERTIFIED, plaque="details given"), 5, "plaque_draw", "staff"),
    (replace(CERTIFIED, plaque="proof sent"), 5, "plaque_proof", "owner"),
    (replace(CERTIFIED, plaque="approved"), 5, "plaque_order", "staff"),
    (replace(CERTIFIED, plaque="in production"), 5, "plaque_ship", "staff"),
    (replace(CERTIFIED, plaque="shipped"), 5, "plaque_receive", "owner"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "milestone", "key", "role"), TABLE, ids=[row[2] for row in TABLE])
def test_every_state_has_one_next_thing_and_somebody_whose_turn_it_is(
    facts: Facts, milestone: int, key: str, role: str
) -> None:
    found = road(facts)
    assert found.next is not None
    assert (found.at, found.next.key, found.next.role) == (milestone, key, role)
    assert found.next.do and found.next.wait and "{" not in found.next.do + found.next.wait + found.next.why


def test_every_station_is_reached_by_some_state() -> None:
    reached = {task.key for facts, *_ in TABLE for task in tasks(facts)}
    reached |= {task.key for state in ("issued", "paid") for task in tasks(replace(DRAFT, invoice=state))}
    reached |= {task.key for task in tasks(replace(READY, to_look=True))}
    reached |= {task.key for task in tasks(replace(READY, questions=1, claims=2))}
    assert reached == set(STATIONS)


def test_the_stops_before_are_done_and_the_stops_after_lie_ahead() -> None:
    states = [stop.state for stop in road(REPORT).stops]
    assert states == ["done", "done", "done", "now", "ahead"]
    assert [stop.name for stop in road(REPORT).stops] == list(MILESTONES.values())
    assert road(REPORT).done == 3


def test_a_certified_practice_has_closed_the_ring() -> None:
    found = road(replace(CERTIFIED, plaque="delivered"))
    assert found.done == 5
    assert found.next is None
    assert found.stops[4].lines == ("Certified, QCP-2026-0042-K", "Until 1 Oct 2029")


def test_the_stops_say_what_happened_there() -> None:
    lines = [stop.lines for stop in road(replace(REPORT, plan="returned", plan_round=2, met=0, plan_returned=1)).stops]
    assert lines[0] == ("Score 81.39 %, on 112 unique charts", "Final report 23 Apr 2026")
    assert lines[1] == ("Six steps complete", "Ready since 17 Jun 2026")
    assert lines[2] == ("3 sites, 4-5 Aug 2026", "Determined 8 Sep 2026")
    assert lines[3] == ("0 of 5 requirements met; plan in round 2", "Report 14 Sep 2026")
    assert lines[4] == ("Opens when every requirement is met",)


def test_a_paid_step_waits_for_the_program_while_the_practice_goes_on_with_the_next() -> None:
    some = tuple(replace(step, done=step.number < 4) for step in STEPS)
    waiting = tasks(replace(DRAFT, steps=some, invoice="paid", invoice_number="INV-2026-031"))
    assert [task.do for task in waiting] == ["Step 5: policies", "Confirm the payment of INV-2026-031"]
    assert [task.holder for task in waiting] == [Holder.PRACTICE, Holder.PROGRAM]


def test_an_application_is_looked_through_while_a_surveyor_is_sought() -> None:
    assert [task.key for task in tasks(replace(READY, to_look=True))] == ["name_surveyor", "look"]


def test_a_step_belongs_to_whom_the_step_names() -> None:
    signing = (replace(STEPS[0], done=True), replace(STEPS[1], role="signer"), *STEPS[2:])
    assert tasks(replace(DRAFT, steps=signing))[0].role == "signer"


def test_a_surveyor_and_a_reviewer_see_only_their_own_cases() -> None:
    assert tasks(VISIT)[0].person_id == "s"
    assert tasks(replace(REPORT, plan="submitted"))[0].person_id == "r"
    assert tasks(REPORT)[0].person_id is None


def test_what_comes_after_follows_the_main_road_and_skips_detours() -> None:
    assert [station.key for station in after(STATIONS["replan"])] == ["evidence", "judge_evidence", "award"]
    assert [station.key for station in after(STATIONS["plan"])] == ["judge_plan", "evidence", "judge_evidence"]
    assert after(STATIONS["plaque_receive"]) == ()


def test_the_practice_never_reads_who_of_the_program_acts() -> None:
    for station in STATIONS.values():
        assert "reviewer" not in station.wait.lower()
        if station.holder is Holder.PROGRAM:
            assert station.wait.startswith(("The Program", "The committee", "The surveyor", "The visit", "Your plaque",
                                            "The plaque"))  # fmt: skip


def test_a_practice_is_addressed_and_everybody_else_hears_of_it() -> None:
    task = tasks(VISIT)[0]
    assert task.waiting(inside=True) == "The surveyor visits you on 4-5 Aug 2026"
    assert task.waiting(inside=False) == "The surveyor visits the practice on 4-5 Aug 2026"
    assert not any(re.search(r"\byou", tasks(facts)[0].later(inside=False), re.I) for facts, *_ in TABLE)


TODAY = date(2026, 10, 5)


@pytest.mark.parametrize(("dates", "level", "reason"), [
    ({}, "on time", ""),
    ({"next_due": date(2026, 9, 30)}, "at risk", "5 days late"),
    ({"next_due": date(2026, 10, 8)}, "watch", "due in 3 days"),
    ({"next_due": date(2026, 10, 5)}, "watch", "due today"),
    ({"next_due": date(2026, 10, 16)}, "on time", ""),
    ({"limit_on": date(2026, 11, 21)}, "at risk", "outer limit in 47 days"),
    ({"score_until": date(2026, 10, 4)}, "at risk", "score ends passed 1 day ago"),
    ({"next_due": date(2026, 10, 4), "done": True}, "on time", ""),
])  # fmt: skip
def test_a_case_is_at_risk_when_a_clock_is_late_or_a_limit_near(
    dates: dict[str, date], level: str, reason: str
) -> None:
    given = {"next_due": None, "limit_on": None, "score_until": None, "done": False} | dates
    found = risk(TODAY, **given)  # type: ignore[arg-type]
    assert (found.level, found.reason) == (level, reason)


def test_the_most_urgent_work_comes_first_and_the_undated_last() -> None:
    dates = [None, date(2026, 10, 16), date(2026, 9, 30)]
    assert sorted(dates, key=urgency) == [date(2026, 9, 30), date(2026, 10, 16), None]
    assert urgency(None, yours=True) < urgency(date(2026, 1, 1), yours=False)

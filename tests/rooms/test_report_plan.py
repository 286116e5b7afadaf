"""The loop: plan, verdicts, return, evidence, more, met, closing; and the second visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from app.documents.models import Paper
from app.kernel.ledger import Event
from app.program import queries as program
from app.report import actions, queries
from app.report.models import Plan
from app.report.queries import plans
from app.report.queries.clauses import clauses
from app.report.rules.ccr import NotNow, ReportState, RequirementState, Result
from app.report.rules.plan import PlanState, Stage, Verdict
from app.report.rules.proof import Ground
from app.survey.models import Survey
from tests.factories import report as at
from tests.factories.report import FULL

SENT = datetime(2026, 9, 25, 15, 0, tzinfo=UTC)
BACK = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
AGAIN = datetime(2026, 10, 13, 15, 0, tzinfo=UTC)
DONE = datetime(2027, 2, 1, 15, 0, tzinfo=UTC)
COMMENT = "The line does not say what happens in downtime."


def dues(db: Session, made: at.Case) -> dict[str, str]:
    return {due.key: due.due_on.isoformat() for due in program.running(db, made.application.id)}


def returned(db: Session, made: at.Case) -> Plan:
    """The first line came back, the second is accepted."""
    plan = at.submitted(db, made, now=SENT)
    actions.judge_line(db, plan.lines[0], Verdict.RETURN, COMMENT, by=made.reviewer, now=BACK)
    actions.judge_line(db, plan.lines[1], Verdict.ACCEPT, "", by=made.reviewer, now=BACK)
    actions.return_plan(db, plan, by=made.reviewer, now=BACK)
    return plan


def test_a_line_is_kept_as_it_is_written(db: Session) -> None:
    made = at.case(db)
    line = at.plan(db, made).lines[0]
    actions.save_line(db, line, FULL, seen=0, by=made.contributor, now=SENT)
    assert line.text == FULL and line.edition == 1 and line.saved_by == made.contributor.short_name


def test_two_people_on_one_line_get_a_notice_and_nothing_is_overwritten(db: Session) -> None:
    made = at.case(db)
    line = at.plan(db, made).lines[0]
    actions.save_line(db, line, FULL, seen=0, by=made.contributor, now=SENT)
    with pytest.raises(actions.ChangedMeanwhile, match="after you opened it"):
        actions.save_line(db, line, replace(FULL, goal="other"), seen=0, by=made.owner, now=SENT)
    assert line.goal == FULL.goal


def test_saving_the_same_again_writes_nothing(db: Session) -> None:
    made = at.case(db)
    line = at.plan(db, made).lines[0]
    actions.save_line(db, line, FULL, seen=0, by=made.contributor, now=SENT)
    before = db.query(Event).count()
    actions.save_line(db, line, FULL, seen=1, by=made.contributor, now=SENT)
    assert db.query(Event).count() == before


def test_a_plan_with_gaps_is_refused_with_every_gap(db: Session) -> None:
    made = at.case(db)
    plan = at.plan(db, made)
    with pytest.raises(NotNow) as refused:
        actions.submit_plan(db, plan, by=made.signer, now=SENT)
    assert len(refused.value.reasons) == 12
    assert plan.state is PlanState.DRAFTING and plan.round == 0


def test_a_sent_plan_is_locked_and_the_reviewer_is_asked(db: Session) -> None:
    made = at.case(db)
    plan = at.submitted(db, made, now=SENT)
    assert plan.state is PlanState.SUBMITTED and plan.round == 1
    assert dues(db, made)["plan.review"] == "2026-10-09" and "plan.submit" not in dues(db, made)
    with pytest.raises(NotNow, match="locked"):
        actions.save_line(db, plan.lines[0], FULL, seen=1, by=made.contributor, now=SENT)


def test_a_plan_is_answered_only_when_every_line_has_a_verdict(db: Session) -> None:
    made = at.case(db)
    plan = at.submitted(db, made, now=SENT)
    with pytest.raises(NotNow, match="give a verdict"):
        actions.accept_plan(db, plan, by=made.reviewer, now=BACK)


def test_a_return_needs_a_comment(db: Session) -> None:
    made = at.case(db)
    line = at.submitted(db, made, now=SENT).lines[0]
    with pytest.raises(NotNow, match="what is missing"):
        actions.judge_line(db, line, Verdict.RETURN, " ", by=made.reviewer, now=BACK)


def test_verdicts_are_not_heard_before_the_whole_answer(db: Session) -> None:
    made = at.case(db)
    plan = at.submitted(db, made, now=SENT)
    actions.judge_line(db, plan.lines[0], Verdict.RETURN, COMMENT, by=made.reviewer, now=BACK)
    assert [said.verdict for said in plans.thread(plan.lines[0])] == [None]


def test_a_return_unlocks_only_the_returned_lines(db: Session) -> None:
    made = at.case(db)
    plan = returned(db, made)
    assert [line.editable for line in plan.lines] == [True, False]
    assert plan.lines[1].requirement.state is RequirementState.PLAN_ACCEPTED
    assert dues(db, made)["plan.resubmit"] == "2026-10-16"
    assert [said.who for said in plans.thread(plan.lines[0])] == [made.signer.name, "The Program"]


def test_a_returned_line_must_be_changed_before_it_is_sent_again(db: Session) -> None:
    made = at.case(db)
    plan = returned(db, made)
    with pytest.raises(NotNow, match=r"3\.9: this line was returned; change it"):
        actions.submit_plan(db, plan, by=made.signer, now=AGAIN)
    changed = replace(FULL, action="In downtime print from the stand-alone label computer.")
    at.fill(db, plan.lines[:1], made.contributor, now=AGAIN, text=changed)
    actions.submit_plan(db, plan, by=made.signer, now=AGAIN)
    assert plan.round == 2 and [one.round for one in plan.sendings] == [1, 2]


def test_an_accepted_plan_goes_on_paper_and_opens_the_evidence(db: Session) -> None:
    made = at.case(db)
    plan = at.accepted(db, made, now=SENT)
    assert plan.state is PlanState.ACCEPTED and plan.accepted_on == date(2026, 9, 25)
    paper = db.get_one(Paper, plan.paper_id)
    assert paper.data["lines"][0]["verdicts"][0]["verdict"] == "accept"
    assert made.reviewer.name not in str(paper.data)
    assert dues(db, made)["evidence.submit"] == "2027-05-20"


def test_evidence_is_a_day_with_a_pinned_page_or_a_reason(db: Session) -> None:
    made = at.case(db)
    plan = at.accepted(db, made, now=SENT)
    with pytest.raises(NotNow, match="Pin the page"):
        actions.send_evidence(db, plan, by=made.signer, now=DONE)


def test_a_page_that_the_document_does_not_have_cannot_be_pinned(db: Session) -> None:
    made = at.case(db)
    line = at.accepted(db, made, now=SENT).lines[0]
    with pytest.raises(NotNow, match="there is no page 4"):
        actions.add_proof(db, line, at.version(db, made), 4, by=made.contributor, now=DONE)


def sent(db: Session, made: at.Case) -> Plan:
    plan = at.accepted(db, made, now=SENT)
    at.shown(db, made, plan.lines, at.version(db, made), now=DONE)
    actions.send_evidence(db, plan, by=made.signer, now=DONE)
    return plan


def test_sent_evidence_has_a_receipt_with_the_hash_of_every_file(db: Session) -> None:
    made = at.case(db)
    plan = sent(db, made)
    receipt = db.get_one(Paper, plan.sendings[-1].paper_id)
    assert [len(one["sha256"]) for one in receipt.data["files"]] == [64]
    assert receipt.data["files"][0]["rows"] == ["3.9", "4.1.1"]
    assert "evidence.submit" not in dues(db, made) and "evidence.review" in dues(db, made)


def test_a_line_that_is_still_open_keeps_the_last_day_running(db: Session) -> None:
    made = at.case(db)
    plan = at.accepted(db, made, now=SENT)
    at.shown(db, made, plan.lines[:1], at.version(db, made), now=DONE)
    actions.save_showing(db, plan.lines[1], done_on=None, still_open="The log runs until March.", by=made.contributor,
                         now=DONE)  # fmt: skip
    actions.send_evidence(db, plan, by=made.signer, now=DONE)
    assert plan.lines[1].requirement.state is RequirementState.PLAN_ACCEPTED
    assert dues(db, made)["evidence.submit"] == "2027-05-20"
    actions.judge_evidence(db, plan.lines[0], Verdict.MEET, "", by=made.reviewer, now=DONE)
    assert actions.answer_evidence(db, plan, by=made.reviewer, now=DONE) is None
    assert plan.state is PlanState.ACCEPTED


def test_the_whole_loop_ends_in_a_closing_report(db: Session) -> None:
    made = at.case(db)
    plan = sent(db, made)
    first, second = plan.lines
    actions.judge_evidence(db, first, Verdict.MEET, "", by=made.reviewer, now=DONE)
    actions.judge_evidence(db, second, Verdict.ASK_MORE, "The log of Northgate has no signature.", by=made.reviewer,
                           now=DONE)  # fmt: skip
    assert actions.answer_evidence(db, plan, by=made.reviewer, now=DONE) is None
    assert plan.state is PlanState.ACCEPTED and plans.to_show(plan) == [second]
    assert dues(db, made)["evidence.more"] == "2027-02-16"
    assert queries.clean_report(db, made.application.id) is None

    actions.add_proof(db, second, at.version(db, made, "HLO-401b Log"), 2, by=made.contributor, now=DONE)
    actions.send_evidence(db, plan, by=made.signer, now=DONE)
    actions.judge_evidence(db, second, Verdict.MEET, "", by=made.reviewer, now=DONE)
    closing = actions.answer_evidence(db, plan, by=made.reviewer, now=DONE)

    assert closing is not None and closing.closing and closing.version == 2
    assert queries.clean_report(db, made.application.id) is closing
    assert queries.open_requirements(db, made.application.id) == []
    assert plan.state is PlanState.MET and plan.report.state is ReportState.CLOSED
    assert set(dues(db, made)) == {"case.outer_limit", "decision.record", "ccr.clarify"}


def test_the_closing_report_says_what_was_shown_and_when_it_was_judged(db: Session) -> None:
    made = at.case(db)
    plan = sent(db, made)
    for line in plan.lines:
        actions.judge_evidence(db, line, Verdict.MEET, "", by=made.reviewer, now=DONE)
    closing = actions.answer_evidence(db, plan, by=made.reviewer, now=DONE)
    assert closing is not None
    data = closing.data
    assert data["totals"] == {"met": 44, "partial": 0, "notmet": 0, "na": 0, "total": 44}
    assert data["findings"][0]["closed"] == {
        "shown": "HLO-307 Labeling and Dispensing, version 1, page 1",
        "on": "2027-02-01",
    }
    assert {row["overall"] for row in data["rows"]} == {"met"}
    assert plan.report.data["totals"]["met"] == 42  # the first version stays as it was signed
    assert made.reviewer.name not in str(db.get_one(Paper, closing.paper_id).data)


def test_a_met_requirement_never_opens_again(db: Session) -> None:
    made = at.case(db)
    plan = sent(db, made)
    for line in plan.lines:
        actions.judge_evidence(db, line, Verdict.MEET, "", by=made.reviewer, now=DONE)
    actions.answer_evidence(db, plan, by=made.reviewer, now=DONE)
    with pytest.raises(NotNow):
        actions.judge_evidence(db, plan.lines[0], Verdict.ASK_MORE, COMMENT, by=made.reviewer, now=DONE)


def test_a_report_is_not_closed_while_something_is_open(db: Session) -> None:
    made = at.case(db)
    plan = at.plan(db, made)
    with pytest.raises(NotNow, match="2 of 2 requirements are not met yet"):
        actions.close(db, plan.report, by=made.admin, now=DONE)


def ordered(db: Session, made: at.Case) -> tuple[Plan, Survey]:
    plan = sent(db, made)
    actions.judge_evidence(db, plan.lines[0], Verdict.MEET, "", by=made.reviewer, now=DONE)
    survey = actions.order_resurvey(db, plan, lines=plan.lines[1:], ground=Ground.OBSERVE,
                                    reason="Only a look at the cart can show it.", sites=["NG"], by=made.admin,
                                    now=DONE)  # fmt: skip
    return plan, survey


def test_a_resurvey_opens_a_narrow_survey(db: Session) -> None:
    made = at.case(db)
    plan, survey = ordered(db, made)
    assert survey.scope == ["4.1.1"] and plan.state is PlanState.RESURVEY
    assert [line.requirement.state for line in plan.lines] == [RequirementState.MET, RequirementState.TO_RESURVEY]
    assert "resurvey.visit_by" in dues(db, made)


def test_evidence_without_a_verdict_is_judged_or_taken_into_the_resurvey(db: Session) -> None:
    made = at.case(db)
    plan = sent(db, made)
    with pytest.raises(NotNow, match=r"3\.9: judge its evidence first"):
        actions.order_resurvey(db, plan, lines=plan.lines[1:], ground=Ground.OBSERVE, reason="Only a look can show it.",
                               sites=["NG"], by=made.admin, now=DONE)  # fmt: skip
    assert plan.state is PlanState.EVIDENCE_SENT


def second_visit(db: Session, made: at.Case, survey: Survey, still: bool) -> None:
    below = {"4.1.1": at.BELOW["4.1.1"]} if still else {}
    at.determined(db, made.application, made.surveyor, made.reviewer, below, survey=survey, kind=survey.kind,
                  scope=survey.scope)  # fmt: skip


def test_a_resurvey_that_finds_it_met_closes_the_case(db: Session) -> None:
    made = at.case(db)
    plan, survey = ordered(db, made)
    second_visit(db, made, survey, still=False)
    closing = actions.take_resurvey(db, survey, by=made.staff, now=DONE)
    assert closing is not None and closing.result is Result.ALL_MET
    assert survey not in queries.awaiting_report(db)
    assert plan.state is PlanState.MET


def test_a_resurvey_that_finds_it_open_asks_for_more(db: Session) -> None:
    made = at.case(db)
    plan, survey = ordered(db, made)
    second_visit(db, made, survey, still=True)
    assert actions.take_resurvey(db, survey, by=made.staff, now=DONE) is None
    assert plan.state is PlanState.ACCEPTED
    line = plan.lines[1]
    assert line.requirement.state is RequirementState.OPEN and plans.to_show(plan) == [line]
    assert "not yet met" in plans.thread(line)[-1].text
    assert line.verdict(Stage.EVIDENCE) is not None


def test_a_resurvey_draws_no_report_of_its_own(db: Session) -> None:
    made = at.case(db)
    _, survey = ordered(db, made)
    second_visit(db, made, survey, still=False)
    with pytest.raises(NotNow, match="take its result into the action plan"):
        actions.draft(db, survey, now=DONE)


def test_the_line_shows_the_old_and_the_new_clause_where_the_finding_points(db: Session) -> None:
    made = at.case(db)
    old = at.version(db, made)
    requirement = at.plan(db, made).lines[0].requirement
    requirement.seen = [{"text": "The label shows dose, volume, route and time prepared", "quote": True,
                         "source": "HLO-307, page 1", "method": "policy", "version": old.id, "page": 1}]  # fmt: skip
    assert clauses(db, requirement) == []  # there is no newer version yet
    new = at.next_version(db, made, old, ["Purpose.", "4.2 The label shows dose, volume, route, time and the expiry."])
    (found,) = clauses(db, requirement)
    assert (found.old.id, found.new.id, found.new_page) == (old.id, new.id, 2)
    assert "expiry" in " ".join(piece.words for piece in found.now if piece.kind == "ins")

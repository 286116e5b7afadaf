"""The Program's verdicts on the plan, line by line, and its answer to the whole."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.documents import actions as documents
from app.documents.rules import PaperKind
from app.kernel import clock, ledger
from app.people.models import User
from app.people.rules import Role
from app.program import actions as program
from app.report.actions import telling
from app.report.models import Plan, PlanLine, Turn
from app.report.queries import dates, plans
from app.report.rules.ccr import REQUIREMENT_MOVES, NotNow, after
from app.report.rules.plan import PLAN_MOVES, PlanState, Stage, Verdict, why_not_answer, why_not_verdict


def judge_line(db: Session, line: PlanLine, verdict: Verdict, comment: str, *, by: User, now: datetime) -> Turn:
    """Accept a line or send it back with a comment; it can be changed until the whole plan is answered."""
    if line.plan.state is not PlanState.SUBMITTED or not plans.waits(line, Stage.PLAN):
        raise NotNow(["This line does not wait for a verdict."])
    if verdict not in (Verdict.ACCEPT, Verdict.RETURN):
        raise NotNow(["A plan line is accepted or returned."])
    turn = say(line, Stage.PLAN, line.plan.round, verdict, comment, by=by, now=now)
    facts = {"verdict": verdict.value, "comment": turn.comment, "round": turn.round}
    ledger.record(db, "plan line judged", by=by, now=now, about=line, after=facts)
    return turn


def say(line: PlanLine, stage: Stage, turn_of: int, verdict: Verdict, comment: str, *, by: User, now: datetime) -> Turn:
    """Put a verdict on a line for this round, in place of an earlier one of the same round."""
    if reasons := why_not_verdict(verdict, comment):
        raise NotNow(reasons)
    turn = line.verdict(stage)
    if turn is None:
        turn = Turn(stage=stage, round=turn_of, verdict=verdict, at=now, by_id=by.id)
        line.turns.append(turn)
    turn.verdict, turn.comment, turn.at, turn.by_id = verdict, comment.strip(), now, by.id
    return turn


def return_plan(db: Session, plan: Plan, *, by: User, now: datetime) -> None:
    """Send the returned lines back; only these can be changed, the accepted ones stay accepted."""
    state = after(PLAN_MOVES, "return", plan.state)
    if reasons := why_not_answer(plans.verdicts(plan, Stage.PLAN), wanted=Verdict.RETURN):
        raise NotNow(reasons)
    back = _apply(plan)
    plan.state = state
    program.meet_clock(db, plan, "plan.review", now=now)
    due = program.start_clock(db, "plan.resubmit", practice_id=plan.practice_id, case_id=plan.case_id, about=plan,
                              event="plan returned", start=clock.day_of(now), now=now)  # fmt: skip
    facts = {"round": plan.round, "lines": back}
    ledger.record(db, "plan returned", by=by, now=now, about=plan, after=facts)
    telling.practice(
        db,
        plan.practice_id,
        subject="Your action plan came back",
        body=f"{len(back)} of {len(plan.lines)} lines need a change by {due.due_on:%A, %B} {due.due_on.day}. "
        "The comments are in the portal.",
        url=f"/plans/{plan.id}",
        now=now,
    )


def accept_plan(db: Session, plan: Plan, *, by: User, now: datetime) -> None:
    """Accept the plan as a whole: it goes on paper, and evidence may be sent."""
    state = after(PLAN_MOVES, "accept", plan.state)
    if reasons := why_not_answer(plans.verdicts(plan, Stage.PLAN), wanted=Verdict.ACCEPT):
        raise NotNow(reasons)
    _apply(plan)
    plan.state, plan.accepted_on = state, clock.day_of(now)
    program.meet_clock(db, plan, "plan.review", now=now)
    limit = dates.outer_limit(db, plan.case_id)
    if limit and dates.running(db, plan.case_id, "evidence.submit") is None:
        program.start_clock(db, "evidence.submit", practice_id=plan.practice_id, case_id=plan.case_id, about=plan,
                            event="outer limit of the case", start=limit, owed_by=Role.SIGNER, now=now)  # fmt: skip
    _on_paper(db, plan, by=by, now=now)
    ledger.record(db, "plan accepted", by=by, now=now, about=plan, after={"round": plan.round})
    telling.practice(db, plan.practice_id, subject="Your action plan is accepted",
                     body="Carry it out, pin the pages that show it, and send the evidence from the portal.",
                     url=f"/plans/{plan.id}/evidence", now=now)  # fmt: skip


def _apply(plan: Plan) -> list[str]:
    """Let every verdict of this round take effect; the rows that go back."""
    back = []
    for line in plan.lines:
        turn = line.verdict(Stage.PLAN)
        if turn is None or not plans.waits(line, Stage.PLAN):
            continue
        returned = turn.verdict is Verdict.RETURN
        move = "return" if returned else "accept"
        line.requirement.state = after(REQUIREMENT_MOVES, move, line.requirement.state)
        line.returned, turn.told = returned, True
        back += [line.requirement.code] if returned else []
    return back


def _on_paper(db: Session, plan: Plan, *, by: User, now: datetime) -> None:
    data = plans.plan_data(db, plan, plan.report.practice)
    paper = documents.order(db, kind=PaperKind.ACTION_PLAN, data=data, practice_id=plan.practice_id,
                            case_id=plan.case_id, number=plan.number, version=plan.round, title=data["title"],
                            by=by, now=now, sign=True)  # fmt: skip
    plan.paper_id = paper.id

"""The Program judges the evidence, requirement by requirement, and answers the whole."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.kernel import clock, ledger
from app.people.models import User
from app.program import actions as program
from app.report.actions import telling
from app.report.actions.closing import close
from app.report.actions.reviewing import say
from app.report.models import ComplianceReport, Plan, PlanLine, Requirement, Turn
from app.report.queries import dates, plans
from app.report.rules.ccr import REQUIREMENT_MOVES, NotNow, RequirementState, after
from app.report.rules.plan import PLAN_MOVES, PlanState, Stage, Verdict, why_not_answer


def judge_evidence(db: Session, line: PlanLine, verdict: Verdict, comment: str, *, by: User, now: datetime) -> Turn:
    """Say that a requirement is met, or what more is asked; it can be changed until the whole is answered."""
    if line.plan.state is not PlanState.EVIDENCE_SENT or not plans.waits(line, Stage.EVIDENCE):
        raise NotNow(["The evidence for this line does not wait for a verdict."])
    if verdict not in (Verdict.MEET, Verdict.ASK_MORE):
        raise NotNow(["A requirement is met, or more is asked."])
    turn = say(line, Stage.EVIDENCE, line.plan.evidence_round, verdict, comment, by=by, now=now)
    facts = {"verdict": verdict.value, "comment": turn.comment, "round": turn.round}
    ledger.record(db, "evidence judged", by=by, now=now, about=line, after=facts)
    return turn


def answer_evidence(db: Session, plan: Plan, *, by: User, now: datetime) -> ComplianceReport | None:
    """Let the verdicts take effect; when every requirement is met, the closing report is issued and returned."""
    if plan.state is not PlanState.EVIDENCE_SENT:
        raise NotNow(["No evidence waits for an answer."])
    verdicts = plans.verdicts(plan, Stage.EVIDENCE)
    if reasons := why_not_answer(verdicts, wanted=None):
        raise NotNow(reasons)
    apply_verdicts(plan, plan.lines, clock.day_of(now))
    program.meet_clock(db, plan, "evidence.review", now=now)
    return conclude(db, plan, by=by, now=now)


def apply_verdicts(plan: Plan, lines: list[PlanLine], today: date) -> None:
    """Each judged line becomes met, or open to more evidence."""
    for line in lines:
        turn = line.verdict(Stage.EVIDENCE)
        if turn is None or not plans.waits(line, Stage.EVIDENCE):
            continue
        turn.told = True
        if turn.verdict is Verdict.MEET:
            meet(line.requirement, [proof.note for proof in line.proofs], today)
        else:
            line.requirement.state = after(REQUIREMENT_MOVES, "ask_more", line.requirement.state)


def meet(requirement: Requirement, shown: list[str], today: date) -> None:
    """The requirement is met; the closing report will say what showed it."""
    requirement.state = after(REQUIREMENT_MOVES, "meet", requirement.state)
    requirement.met_on, requirement.shown = today, "; ".join(dict.fromkeys(shown))


def conclude(db: Session, plan: Plan, *, by: User, now: datetime) -> ComplianceReport | None:
    """After a judgement: close when nothing is left, else ask for the rest."""
    left = [line for line in plan.lines if line.requirement.state is not RequirementState.MET]
    if left:
        _ask_for_more(db, plan, left, by=by, now=now)
        return None
    plan.state = after(PLAN_MOVES, "meet", plan.state)
    program.end_clock(db, plan, "evidence.submit", why="every requirement is met")
    program.end_clock(db, plan, "evidence.more", why="every requirement is met")
    ledger.record(db, "plan met", by=by, now=now, about=plan, after={"requirements": len(plan.lines)})
    return close(db, plan.report, by=by, now=now)


def _ask_for_more(db: Session, plan: Plan, left: list[PlanLine], *, by: User, now: datetime) -> None:
    plan.state = after(PLAN_MOVES, "ask_more", plan.state)
    limit = dates.outer_limit(db, plan.case_id)
    program.start_clock(db, "evidence.more", practice_id=plan.practice_id, case_id=plan.case_id, about=plan,
                        event="more evidence asked for", start=clock.day_of(now), limit=limit,
                        limit_is="the outer limit of the case" if limit else None, now=now)  # fmt: skip
    codes = [line.requirement.code for line in left]
    ledger.record(db, "more evidence asked", by=by, now=now, about=plan, after={"lines": codes})
    telling.practice(db, plan.practice_id, subject="The Program has answered your evidence",
                     body=f"{len(left)} of {len(plan.lines)} requirements are still open. The comments are in the "
                     "portal.", url=f"/plans/{plan.id}/evidence", now=now)  # fmt: skip

"""A second, narrower visit: ordering it, and taking its result into the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import clock, ledger
from app.people.models import User
from app.people.rules import Role
from app.program import actions as program
from app.report.actions import telling
from app.report.actions.judging import apply_verdicts, conclude, meet
from app.report.models import ComplianceReport, Plan, PlanLine, Turn
from app.report.queries import plans, resurveys
from app.report.rules.ccr import REQUIREMENT_MOVES, NotNow, RequirementState, after
from app.report.rules.plan import PLAN_MOVES, PlanState, Stage, Verdict
from app.report.rules.proof import GROUND_WORDS, Ground, why_not_resurvey
from app.survey import actions as surveys
from app.survey.models import Survey
from app.survey.rules.moves import Refused
from app.survey.rules.visit import SurveyKind


def order_resurvey(
    db: Session,
    plan: Plan,
    *,
    lines: Sequence[PlanLine],
    ground: Ground,
    reason: str,
    sites: Sequence[str],
    by: User,
    now: datetime,
) -> Survey:
    """Order a second visit for some requirements at some sites, with its ground and a written reason."""
    state = after(PLAN_MOVES, "order_resurvey", plan.state)
    reasons = why_not_resurvey(reason, [line.requirement.code for line in lines], sites)
    verdicts = plans.verdicts(plan, Stage.EVIDENCE)
    chosen = {line.requirement.code for line in lines}
    reasons += [f"{code}: judge its evidence first, or take it into the re-survey."
                for code, verdict in verdicts.items() if verdict is None and code not in chosen]  # fmt: skip
    if reasons:
        raise NotNow(reasons)
    survey = _open(db, plan, lines, by, now)
    apply_verdicts(plan, [line for line in plan.lines if line not in lines], clock.day_of(now))
    for line in lines:
        line.requirement.state = after(REQUIREMENT_MOVES, "order_resurvey", line.requirement.state)
    order = {"ground": ground.value, "reason": reason.strip(), "rows": sorted(chosen), "sites": list(sites)}
    plan.state, plan.resurvey_order, plan.resurvey_id = state, order, survey.id
    plan.evidence_round += 1
    program.meet_clock(db, plan, "evidence.review", now=now)
    ledger.record(db, "re-survey ordered", by=by, now=now, about=plan, why=reason, after=order)
    _tell(db, plan, ground, now)
    return survey


def _open(db: Session, plan: Plan, lines: Sequence[PlanLine], by: User, now: datetime) -> Survey:
    scope = resurveys.scope(db, plan, lines)
    try:
        return surveys.open_for(
            db, plan.report.survey.application, kind=SurveyKind.RESURVEY, scope=scope, by=by, now=now
        )
    except Refused as refused:
        raise NotNow(refused.reasons) from refused


def _tell(db: Session, plan: Plan, ground: Ground, now: datetime) -> None:
    body = f"Ground: {GROUND_WORDS[ground].lower()}. Scope and reason are in the portal."
    url = f"/plans/{plan.id}"
    telling.practice(db, plan.practice_id, subject="A re-survey was ordered", body=body, url=url, now=now)
    name = plan.report.practice.public_name
    telling.office(db, Role.STAFF, plan.practice_id, subject=f"{name}: re-survey ordered",
                   body="Propose a surveyor for it.", url=url, now=now)  # fmt: skip


def take_resurvey(db: Session, survey: Survey, *, by: User, now: datetime) -> ComplianceReport | None:
    """Take the committee's word on a re-survey into the plan; the closing report, when nothing is left."""
    plan = resurveys.plan_waiting(db, survey)
    if plan is None or plan.state is not PlanState.RESURVEY:
        raise NotNow(["No action plan waits for this survey, or it is not determined yet."])
    verdicts = resurveys.verdicts(db, survey, plan)
    for line in plan.lines:
        if line.requirement.state is RequirementState.TO_RESURVEY:
            _settle(line, verdicts[line.requirement.code], survey, by, now)
    surveys.close_to_surveyor(db, survey, by=by, now=now)
    program.meet_clock(db, survey, "resurvey.visit_by", now=now)
    facts = {code: not still for code, still in verdicts.items()}
    ledger.record(db, "re-survey taken into the plan", by=by, now=now, about=plan, after=facts)
    return conclude(db, plan, by=by, now=now)


def _settle(line: PlanLine, still: list[str], survey: Survey, by: User, now: datetime) -> None:
    """Met, or open again with what was seen; the practice hears it as a verdict of its own round."""
    visited = f"Re-survey of {survey.visit_on}" if survey.visit_on else "Re-survey"
    comment = " ".join(["At the re-survey this was not yet met.", *still]) if still else ""
    verdict = Verdict.ASK_MORE if still else Verdict.MEET
    line.turns.append(Turn(stage=Stage.EVIDENCE, round=line.plan.evidence_round, verdict=verdict, comment=comment,
                           at=now, told=True, by_id=by.id))  # fmt: skip
    if still:
        line.requirement.state = after(REQUIREMENT_MOVES, "leave_open", line.requirement.state)
    else:
        meet(line.requirement, [*(proof.note for proof in line.proofs), visited], clock.day_of(now))

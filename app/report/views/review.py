"""The Program's verdicts on plan lines and on evidence."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, current_user, may
from app.report import actions
from app.report.models import Plan, PlanLine
from app.report.queries import plans
from app.report.queries.clauses import clauses
from app.report.rules.ccr import NotNow
from app.report.rules.plan import PLAN_WORDS, Stage, Verdict
from app.report.views.room import bp, page, running_due
from forms.report import EvidenceVerdictForm, LineVerdictForm

VerdictForm = LineVerdictForm | EvidenceVerdictForm


@bp.get("/plans/<plan_id>/review")
@may(Can.JUDGE_PLAN, Plan)
def review(plan: Plan) -> ResponseReturnValue:
    """The plan before the reviewer: each line with its finding, its history and a verdict."""
    return _page(plan, Stage.PLAN)


@bp.get("/plans/<plan_id>/judge")
@may(Can.JUDGE_PLAN, Plan)
def judge(plan: Plan) -> ResponseReturnValue:
    """The evidence before the reviewer."""
    return _page(plan, Stage.EVIDENCE)


def _page(
    plan: Plan,
    stage: Stage,
    reasons: list[str] | None = None,
    bad: PlanLine | None = None,
    form: VerdictForm | None = None,
) -> ResponseReturnValue:
    waiting = [line for line in plan.lines if plans.waits(line, stage)]
    forms = {line.id: form if line is bad else _form(line, stage) for line in waiting}
    verdicts = plans.verdicts(plan, stage)
    return page(
        "review.html" if stage is Stage.PLAN else "judge.html",
        reasons or (),
        plan=plan,
        words=PLAN_WORDS,
        waiting=waiting,
        others=[line for line in plan.lines if line not in waiting],
        forms=forms,
        given=sum(verdict is not None for verdict in verdicts.values()),
        back=[code for code, verdict in verdicts.items() if verdict in (Verdict.RETURN, Verdict.ASK_MORE)],
        threads={line.id: plans.thread(line) for line in plan.lines},
        clauses={line.id: clauses(db(), line.requirement) for line in waiting},
        due=running_due(plan.case_id, "plan.review" if stage is Stage.PLAN else "evidence.review"),
    )


def _form(line: PlanLine, stage: Stage) -> VerdictForm:
    kind = LineVerdictForm if stage is Stage.PLAN else EvidenceVerdictForm
    turn = line.verdict(stage)
    form: VerdictForm = kind(formdata=None, prefix=f"{line.requirement.label}-",
                             data={"verdict": turn.verdict, "comment": turn.comment} if turn else None)  # fmt: skip
    return form


@bp.post("/plan-lines/<line_id>/verdict")
@may(Can.JUDGE_PLAN, PlanLine)
def judge_line(line: PlanLine) -> ResponseReturnValue:
    """Accept a line of the plan, or return it with a comment."""
    form = LineVerdictForm(prefix=f"{line.requirement.label}-")
    if not form.validate_on_submit():
        return _page(line.plan, Stage.PLAN, [f"{line.requirement.code}: choose a verdict."], line, form)
    try:
        actions.judge_line(db(), line, form.verdict.data, form.comment.data or "", by=current_user(), now=clock.now())
    except NotNow as refused:
        return _page(line.plan, Stage.PLAN, [f"{line.requirement.code}: {one}" for one in refused.reasons], line, form)
    return redirect(url_for("report.review", plan_id=line.plan_id, _anchor=line.requirement.label))


@bp.post("/plans/<plan_id>/return")
@may(Can.JUDGE_PLAN, Plan)
def return_plan(plan: Plan) -> ResponseReturnValue:
    """Send the returned lines back to the practice."""
    try:
        actions.return_plan(db(), plan, by=current_user(), now=clock.now())
    except NotNow as refused:
        return _page(plan, Stage.PLAN, refused.reasons)
    flash("The plan is back with the practice. Only the returned lines can be changed.", "ok")
    return redirect(url_for("report.plan", plan_id=plan.id))


@bp.post("/plans/<plan_id>/accept")
@may(Can.JUDGE_PLAN, Plan)
def accept_plan(plan: Plan) -> ResponseReturnValue:
    """Accept the plan."""
    try:
        actions.accept_plan(db(), plan, by=current_user(), now=clock.now())
    except NotNow as refused:
        return _page(plan, Stage.PLAN, refused.reasons)
    flash("The plan is accepted. The practice can send its evidence now.", "ok")
    return redirect(url_for("report.plan", plan_id=plan.id))


@bp.post("/plan-lines/<line_id>/evidence-verdict")
@may(Can.JUDGE_PLAN, PlanLine)
def judge_evidence(line: PlanLine) -> ResponseReturnValue:
    """Say that a requirement is met, or what more is asked."""
    form = EvidenceVerdictForm(prefix=f"{line.requirement.label}-")
    if not form.validate_on_submit():
        return _page(line.plan, Stage.EVIDENCE, [f"{line.requirement.code}: choose a verdict."], line, form)
    try:
        actions.judge_evidence(db(), line, form.verdict.data, form.comment.data or "", by=current_user(),
                               now=clock.now())  # fmt: skip
    except NotNow as refused:
        reasons = [f"{line.requirement.code}: {one}" for one in refused.reasons]
        return _page(line.plan, Stage.EVIDENCE, reasons, line, form)
    return redirect(url_for("report.judge", plan_id=line.plan_id, _anchor=line.requirement.label))


@bp.post("/plans/<plan_id>/answer")
@may(Can.JUDGE_PLAN, Plan)
def answer_evidence(plan: Plan) -> ResponseReturnValue:
    """Answer the evidence: ask for the rest, or close."""
    try:
        closing = actions.answer_evidence(db(), plan, by=current_user(), now=clock.now())
    except NotNow as refused:
        return _page(plan, Stage.EVIDENCE, refused.reasons)
    said = (
        "Every requirement is met. The closing report is issued." if closing else "The practice is asked for the rest."
    )
    flash(said, "ok")
    return redirect(url_for("report.plan", plan_id=plan.id))

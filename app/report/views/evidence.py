"""The practice shows that each line was done, and sends it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.evidence.models import Document, Version
from app.kernel import clock
from app.kernel.db import db
from app.people import queries as people
from app.people.access import Can, current_user, may
from app.people.rules import Role
from app.report import actions
from app.report.models import Plan, PlanLine
from app.report.queries import plans
from app.report.rules.ccr import NotNow
from app.report.rules.plan import PLAN_WORDS
from app.report.views.room import bp, evidence_by, page, running_due
from forms.report import ProofForm, ShowingForm, TakeOffForm, choices


@bp.get("/plans/<plan_id>/evidence")
@may(Can.READ_PLAN, Plan)
def evidence(plan: Plan) -> ResponseReturnValue:
    """Each line: the day it was done with the pages that show it, or why it is still open."""
    return _page(plan)


def _page(
    plan: Plan,
    reasons: list[str] | None = None,
    bad: PlanLine | None = None,
    form: ShowingForm | None = None,
    pin: ProofForm | None = None,
) -> ResponseReturnValue:
    documents = plans.documents(db(), plan)
    open_lines = plans.to_show(plan)
    return page(
        "evidence.html",
        reasons or (),
        plan=plan,
        words=PLAN_WORDS,
        lines=open_lines,
        others=[line for line in plan.lines if line not in open_lines],
        showing_forms={line.id: form if form and line is bad else _showing(line) for line in open_lines},
        proof={line.id: pin if pin and line is bad else _proof(line, documents) for line in open_lines},
        gaps=plans.evidence_gaps(plan, clock.today()),
        threads={line.id: plans.thread(line) for line in plan.lines},
        signers=people.holders(db(), Role.SIGNER, plan.practice_id),
        due=running_due(plan.case_id, "evidence.more", "evidence.submit"),
        evidence_by=evidence_by(plan.report),
    )


def _showing(line: PlanLine) -> ShowingForm:
    return ShowingForm(formdata=None, obj=line, prefix=f"{line.requirement.label}-")


def _proof(
    line: PlanLine, documents: Sequence[tuple[Document, Version]] | None = None, *, sent: bool = False
) -> ProofForm:
    prefix = f"{line.requirement.label}-"
    form = ProofForm(prefix=prefix) if sent else ProofForm(formdata=None, prefix=prefix)
    found = documents if documents is not None else plans.documents(db(), line.plan)
    form.version_id.choices = choices((version.id, f"{one.title}, version {version.number}") for one, version in found)
    return form


@bp.post("/plan-lines/<line_id>/showing")
@may(Can.WRITE_PLAN, PlanLine)
def save_showing(line: PlanLine) -> ResponseReturnValue:
    """Say on which day a line was done, or why it is still open."""
    form = ShowingForm(prefix=f"{line.requirement.label}-")
    if not form.validate_on_submit():
        return _page(line.plan, [f"{line.requirement.code}: enter the day as 2026-10-12."], line, form)
    try:
        actions.save_showing(db(), line, done_on=form.done_on.data, still_open=form.still_open.data or "",
                             by=current_user(), now=clock.now())  # fmt: skip
    except NotNow as refused:
        return _page(line.plan, refused.reasons, line, form)
    return _back(line)


def _back(line: PlanLine) -> ResponseReturnValue:
    return redirect(url_for("report.evidence", plan_id=line.plan_id, _anchor=line.requirement.label))


@bp.post("/plan-lines/<line_id>/proofs")
@may(Can.WRITE_PLAN, PlanLine)
def add_proof(line: PlanLine) -> ResponseReturnValue:
    """Pin a page that shows that the line was done."""
    form = _proof(line, sent=True)
    if not form.validate_on_submit():
        return _page(line.plan, [f"{line.requirement.code}: choose a document and a page."], line, pin=form)
    try:
        version = db().get_one(Version, form.version_id.data)
        actions.add_proof(db(), line, version, form.page.data, by=current_user(), now=clock.now())
    except NotNow as refused:
        return _page(line.plan, refused.reasons, line, pin=form)
    return _back(line)


@bp.post("/plan-lines/<line_id>/proofs/take-off")
@may(Can.WRITE_PLAN, PlanLine)
def remove_proof(line: PlanLine) -> ResponseReturnValue:
    """Take a page off again."""
    try:
        actions.remove_proof(db(), line, TakeOffForm().which.data or "", by=current_user(), now=clock.now())
    except NotNow as refused:
        return _page(line.plan, refused.reasons)
    return _back(line)


@bp.post("/plans/<plan_id>/evidence/send")
@may(Can.SUBMIT_PLAN, Plan)
def send_evidence(plan: Plan) -> ResponseReturnValue:
    """Send the evidence to the Program."""
    try:
        actions.send_evidence(db(), plan, by=current_user(), now=clock.now())
    except NotNow as refused:
        return _page(plan, refused.reasons)
    flash("The evidence is with the Program. The receipt lists every file.", "ok")
    return redirect(url_for("report.plan", plan_id=plan.id))

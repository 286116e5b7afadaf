"""The action plan: all lines, one line, its documents, sending it, taking it along in Word."""

from __future__ import annotations

import io

from flask import Response, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.documents.models import Paper
from app.evidence.models import Version
from app.kernel import clock
from app.kernel.db import db
from app.people import queries as people
from app.people.access import Can, current_user, may
from app.people.rules import Role
from app.report import actions
from app.report.models import Plan, PlanLine
from app.report.plan.word import action_plan
from app.report.queries import plans
from app.report.queries.clauses import clauses
from app.report.rules.ccr import NotNow
from app.report.rules.plan import PLAN_WORDS, PlanText, checks
from app.report.views.room import bp, evidence_by, page, running_due
from forms.report import LineForm, LinkForm, TakeOffForm, choices

DUES = ("plan.resubmit", "plan.submit", "plan.review", "evidence.review", "evidence.more", "evidence.submit")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/plans/<plan_id>")
@may(Can.READ_PLAN, Plan)
def plan(plan: Plan) -> ResponseReturnValue:
    """The plan at a glance: its lines, what is missing, whose turn it is."""
    return _plan(plan)


def _plan(plan: Plan, reasons: list[str] | None = None) -> ResponseReturnValue:
    gaps = plans.gaps(db(), plan, clock.today())
    return page(
        "plan.html",
        reasons or (),
        plan=plan,
        words=PLAN_WORDS,
        gaps=gaps,
        unchanged=plans.unchanged(plan),
        ready=not any(gaps.values()) and not plans.unchanged(plan),
        turn=plans.next_up(plan),
        signers=people.holders(db(), Role.SIGNER, plan.practice_id),
        due=running_due(plan.case_id, *DUES),
        paper=db().get(Paper, plan.paper_id) if plan.paper_id else None,
        receipts=[(one, db().get(Paper, one.paper_id)) for one in plan.sendings if one.paper_id],
    )


@bp.get("/plan-lines/<line_id>")
@may(Can.READ_PLAN, PlanLine)
def line(line: PlanLine) -> ResponseReturnValue:
    """One line of the plan, with its finding, its history and what it still lacks."""
    form = LineForm(obj=line)
    form.seen.data = line.edition
    return _line(line, form)


@bp.post("/plan-lines/<line_id>")
@may(Can.WRITE_PLAN, PlanLine)
def save_line(line: PlanLine) -> ResponseReturnValue:
    """Keep what was written in a line; with htmx only the mark of the saving comes back."""
    return _save(line, LineForm())


def _save(line: PlanLine, form: LineForm) -> ResponseReturnValue:
    if not form.validate():
        return _line(line, form, ["Some answers have to change; each says why."])
    text = PlanText(**{name: form[name].data for name in PlanText.__dataclass_fields__})
    try:
        actions.save_line(db(), line, text, answer=form.answer.data or "", seen=form.seen.data, by=current_user(),
                          now=clock.now())  # fmt: skip
    except NotNow as refused:
        if request.headers.get("HX-Request"):
            return page("_saved.html", refused.reasons, line=line)
        return _line(line, form, refused.reasons, theirs=isinstance(refused, actions.ChangedMeanwhile))
    if request.headers.get("HX-Request"):
        return page("_saved.html", line=line, checks=_checks(line))
    flash(f"Line {line.requirement.code} is saved.", "ok")
    return redirect(url_for("report.line", line_id=line.id))


def _checks(line: PlanLine) -> list[tuple[bool, str]]:
    least = plans.least_words(db(), clock.today())
    return checks(line.text, evidence_by=evidence_by(line.plan.report), least=least, returned=line.returned,
                  changed=line.changed)  # fmt: skip


def _line(
    line: PlanLine, form: LineForm, reasons: list[str] | None = None, *, theirs: bool = False
) -> ResponseReturnValue:
    if reasons and theirs:
        form.seen.data = line.edition  # the writer has seen the other's words now and may save over them
    return page(
        "line.html",
        reasons or (),
        line=line,
        plan=line.plan,
        form=form,
        theirs=theirs,
        link=_link_form(line.plan),
        documents=plans.documents(db(), line.plan),
        checks=_checks(line),
        clauses=clauses(db(), line.requirement),
        thread=plans.thread(line),
        evidence_by=evidence_by(line.plan.report),
        signers=people.holders(db(), Role.SIGNER, line.practice_id),
        due=running_due(line.case_id, *DUES),
    )


def _link_form(plan: Plan) -> LinkForm:
    form = LinkForm()
    form.version_id.choices = choices(
        (version.id, f"{one.title}, version {version.number}") for one, version in plans.documents(db(), plan)
    )
    return form


@bp.post("/plan-lines/<line_id>/documents")
@may(Can.WRITE_PLAN, PlanLine)
def link_document(line: PlanLine) -> ResponseReturnValue:
    """Tie a document of the binder to a line."""
    form = _link_form(line.plan)
    if not form.validate_on_submit():
        return _line(line, LineForm(formdata=None, obj=line), ["Choose a document of the binder."])
    try:
        version = db().get_one(Version, form.version_id.data)
        actions.link_document(db(), line, version, by=current_user(), now=clock.now())
    except NotNow as refused:
        return _line(line, LineForm(formdata=None, obj=line), refused.reasons)
    return redirect(url_for("report.line", line_id=line.id, _anchor="documents"))


@bp.post("/plan-lines/<line_id>/documents/take-off")
@may(Can.WRITE_PLAN, PlanLine)
def unlink_document(line: PlanLine) -> ResponseReturnValue:
    """Take a document off a line."""
    try:
        actions.unlink_document(db(), line, TakeOffForm().which.data or "", by=current_user(), now=clock.now())
    except NotNow as refused:
        return _line(line, LineForm(formdata=None, obj=line), refused.reasons)
    return redirect(url_for("report.line", line_id=line.id, _anchor="documents"))


@bp.post("/plans/<plan_id>/submit")
@may(Can.SUBMIT_PLAN, Plan)
def submit_plan(plan: Plan) -> ResponseReturnValue:
    """Send the plan to the Program."""
    try:
        actions.submit_plan(db(), plan, by=current_user(), now=clock.now())
    except NotNow as refused:
        return _plan(plan, refused.reasons)
    flash(f"The plan is with the Program, round {plan.round}.", "ok")
    return redirect(url_for("report.plan", plan_id=plan.id))


@bp.get("/plans/<plan_id>/word")
@may(Can.READ_PLAN, Plan)
def plan_word(plan: Plan) -> Response:
    """The plan as a Word document."""
    body = action_plan(plans.plan_data(db(), plan, plan.report.practice))
    return send_file(io.BytesIO(body), DOCX, as_attachment=True, download_name=f"{plan.number}.docx")

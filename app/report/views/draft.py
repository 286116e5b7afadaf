"""The office's desk: drawing reports up, wording them, issuing them."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, current_user, may
from app.report import actions
from app.report.models import ComplianceReport, Requirement
from app.report.queries import desk as desks
from app.report.queries import papers, reading, reports, wording
from app.report.rules.ccr import NotNow
from app.report.views.room import bp, page
from app.survey.models import Survey
from forms.report import IssueForm, RemarksForm, RequirementForm


@bp.get("/reports")
@may(Can.DRAFT_REPORT)
def desk() -> ResponseReturnValue:
    """What waits for a report, what is being worded, and which plans are under way."""
    return page(
        "desk.html", waiting=reports.awaiting_report(db()), drafts=reports.drafts(db()), plans=desks.plans(db())
    )


@bp.post("/surveys/<survey_id>/report")
@may(Can.DRAFT_REPORT, Survey)
def draft(survey: Survey) -> ResponseReturnValue:
    """Draw the report of a determined survey up."""
    try:
        report = actions.draft(db(), survey, by=current_user(), now=clock.now())
    except NotNow as refused:
        flash(" ".join(refused.reasons), "error")
        return redirect(url_for("report.desk"))
    return redirect(url_for("report.draft_page", report_id=report.id))


@bp.get("/reports/<report_id>/draft")
@may(Can.DRAFT_REPORT, ComplianceReport)
def draft_page(report: ComplianceReport) -> ResponseReturnValue:
    """The draft: each requirement, what must still be said, and the button that issues it."""
    if report.issued:
        return redirect(url_for("report.read", report_id=report.id))
    return _draft(report, IssueForm())


def _draft(report: ComplianceReport, form: IssueForm, reasons: list[str] | None = None) -> ResponseReturnValue:
    named, suspect = wording.faults(db(), report)
    open_points = wording.why_not_issue_now(db(), report, confirmed=True)
    return page("draft.html", reasons or (), report=report, form=form, named=named, suspect=suspect,
                open_points=open_points)  # fmt: skip


@bp.get("/reports/<report_id>/preview")
@may(Can.DRAFT_REPORT, ComplianceReport)
def preview(report: ComplianceReport) -> ResponseReturnValue:
    """The report as the practice would read it if it were issued today."""
    data = report.data if report.issued else papers.whole(db(), report, report.practice, on=clock.today())
    wanted = reading.Wanted()
    return page("preview.html", report=report, data=data, shown=reading.standards(data, wanted),
                findings=reading.findings(data, wanted), wanted=wanted, dues=[])  # fmt: skip


@bp.route("/requirements/<requirement_id>", methods=["GET", "POST"])
@may(Can.DRAFT_REPORT, Requirement)
def requirement(requirement: Requirement) -> ResponseReturnValue:
    """Word one finding and what must be shown."""
    form = RequirementForm(data=_worded(requirement))
    if not form.validate_on_submit():
        return page("requirement.html", _faults(form), requirement=requirement, form=form)
    try:
        actions.save_requirement(
            db(),
            requirement,
            show=[(one["kind"], one["what"] or "") for one in form.show.data],
            missing=form.missing.data or "",
            seen=[text or "" for text in form.seen.data],
            resurvey=form.resurvey.data,
            why_resurvey=form.why_resurvey.data or "",
            by=current_user(),
            now=clock.now(),
        )
    except (NotNow, ValueError) as refused:
        return page("requirement.html", getattr(refused, "reasons", [CHANGED]), requirement=requirement, form=form)
    flash(f"{requirement.code} is saved.", "ok")
    return redirect(url_for("report.draft_page", report_id=requirement.report_id))


CHANGED = "The observations changed while you were writing. Open the page again; what you typed is still here."


def _worded(requirement: Requirement) -> dict[str, object]:
    return {
        "show": list(requirement.show),
        "missing": requirement.missing,
        "seen": [noted["text"] for noted in requirement.seen],
        "resurvey": requirement.resurvey,
        "why_resurvey": requirement.why_resurvey,
    }


def _faults(form: RequirementForm | RemarksForm) -> list[str]:
    return ["Some answers have to change; each says why."] if form.errors else []


@bp.route("/reports/<report_id>/remarks", methods=["GET", "POST"])
@may(Can.DRAFT_REPORT, ComplianceReport)
def remarks(report: ComplianceReport) -> ResponseReturnValue:
    """Word the suggestions and the good practice."""
    texts = {kind: [one["text"] for one in report.data[kind]] for kind in ("suggestions", "good")}
    form = RemarksForm(data=texts)
    if not form.validate_on_submit():
        return page("remarks.html", _faults(form), report=report, form=form)
    try:
        actions.save_remarks(db(), report, suggestions=[text or "" for text in form.suggestions.data],
                             good=[text or "" for text in form.good.data], by=current_user(),
                             now=clock.now())  # fmt: skip
    except (NotNow, ValueError) as refused:
        return page("remarks.html", getattr(refused, "reasons", [CHANGED]), report=report, form=form)
    flash("The remarks are saved.", "ok")
    return redirect(url_for("report.draft_page", report_id=report.id))


@bp.post("/reports/<report_id>/issue")
@may(Can.ISSUE_REPORT, ComplianceReport)
def issue(report: ComplianceReport) -> ResponseReturnValue:
    """Sign the report and give it to the practice."""
    form = IssueForm()
    try:
        actions.issue(db(), report, by=current_user(), now=clock.now(), wording_confirmed=bool(form.confirmed.data))
    except NotNow as refused:
        return _draft(report, form, refused.reasons)
    flash("The report is issued. The practice has been told.", "ok")
    return redirect(url_for("report.read", report_id=report.id))

"""The report as a page, its data, and the way to it from a case."""

from __future__ import annotations

from flask import Response, abort, json, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.application.models import Application
from app.documents.models import Paper
from app.kernel.db import db
from app.people.access import Can, may
from app.report import queries
from app.report.models import ComplianceReport
from app.report.queries import reading, reports
from app.report.views.room import bp, page, running_due


@bp.get("/applications/<application_id>/report")
@may(Can.READ_REPORT, Application)
def of_case(application: Application) -> ResponseReturnValue:
    """The newest report of a case; before there is one, what is being waited for."""
    report = queries.latest(db(), application.id)
    if report is None:
        return page("none_yet.html", application=application, due=running_due(application.id, "ccr.issue"))
    return redirect(url_for("report.read", report_id=report.id))


@bp.get("/reports/<report_id>")
@may(Can.READ_REPORT, ComplianceReport)
def read(report: ComplianceReport) -> ResponseReturnValue:
    """The report: summary, standards, findings, requirements, dates."""
    if not report.issued:
        return redirect(url_for("report.draft_page", report_id=report.id))
    wanted = reading.Wanted.read(request.args)
    return page(
        "read.html",
        report=report,
        data=report.data,
        shown=reading.standards(report.data, wanted),
        findings=reading.findings(report.data, wanted),
        wanted=wanted,
        plan=reports.plan_for(db(), report),
        paper=db().get(Paper, report.paper_id),
        versions=reports.versions(db(), report),
        due=running_due(report.case_id, "plan.submit", "plan.resubmit", "evidence.more", "evidence.submit"),
        dues=reading.dues(db(), report),
    )


@bp.get("/reports/<report_id>/data.json")
@may(Can.READ_REPORT, ComplianceReport)
def data(report: ComplianceReport) -> Response:
    """The machine form of the report, as it is attached to the signed paper."""
    if not report.issued:
        abort(404)
    paper = db().get_one(Paper, report.paper_id)
    name = f"{report.number}-v{report.version}.json"
    body = json.dumps(paper.data, indent=1, ensure_ascii=False)
    return Response(body, mimetype="application/json", headers={"Content-Disposition": f"attachment; filename={name}"})

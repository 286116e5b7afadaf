"""Ordering a re-survey, and taking its result into the plan."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, current_user, may
from app.report import actions
from app.report.models import Plan
from app.report.rules.ccr import NotNow, RequirementState
from app.report.views.room import bp, page
from app.survey.models import Survey
from forms.report import ResurveyForm, choices


@bp.route("/plans/<plan_id>/resurvey", methods=["GET", "POST"])
@may(Can.ORDER_RESURVEY, Plan)
def order_resurvey(plan: Plan) -> ResponseReturnValue:
    """Choose rows, sites and ground, write the reason, order the visit."""
    form = _form(plan)
    if not form.validate_on_submit():
        faults = ["Some answers have to change; each says why."] if form.errors else []
        return page("resurvey.html", faults, plan=plan, form=form)
    lines = [line for line in plan.lines if line.id in (form.lines.data or [])]
    try:
        actions.order_resurvey(db(), plan, lines=lines, ground=form.ground.data, reason=form.reason.data or "",
                               sites=form.sites.data or [], by=current_user(), now=clock.now())  # fmt: skip
    except NotNow as refused:
        return page("resurvey.html", refused.reasons, plan=plan, form=form)
    flash("The re-survey is ordered. The practice and the office have been told.", "ok")
    return redirect(url_for("report.plan", plan_id=plan.id))


def _form(plan: Plan) -> ResurveyForm:
    form = ResurveyForm()
    left = [line for line in plan.lines if line.requirement.state is not RequirementState.MET]
    form.lines.choices = choices((line.id, f"{line.requirement.code} {line.requirement.title}") for line in left)
    form.sites.choices = choices((site.code, site.name) for site in plan.report.practice.sites)
    return form


@bp.post("/surveys/<survey_id>/into-plan")
@may(Can.DRAFT_REPORT, Survey)
def take_resurvey(survey: Survey) -> ResponseReturnValue:
    """Take the committee's word on a re-survey into the plan that waits for it."""
    try:
        closing = actions.take_resurvey(db(), survey, by=current_user(), now=clock.now())
    except NotNow as refused:
        flash(" ".join(refused.reasons), "error")
        return redirect(url_for("report.desk"))
    said = (
        "Every requirement is met. The closing report is issued."
        if closing
        else "What is left stays with the practice."
    )
    flash(said, "ok")
    return redirect(url_for("report.desk"))

"""Deciding a case, and the practice's page about its certification."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.decision import actions, queries, rules
from app.decision.views.blueprint import bp
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, current_user, may
from app.people.models import Practice
from app.program.actions import Refused
from app.report.models import ComplianceReport
from forms.decision import AwardForm


@bp.get("/decisions")
@may(Can.AWARD)
def awaiting() -> ResponseReturnValue:
    """Cases in which everything is met and nothing is decided."""
    return render_template("decision/awaiting.html", cases=queries.cases_awaiting(db()))


@bp.get("/reports/<report_id>/award")
@may(Can.AWARD, ComplianceReport)
def decide(report: ComplianceReport) -> ResponseReturnValue:
    """What an award rests on, and what it would give."""
    return _award(report)


@bp.post("/reports/<report_id>/award")
@may(Can.AWARD, ComplianceReport)
def give(report: ComplianceReport) -> ResponseReturnValue:
    """Award the certification."""
    if not AwardForm().validate_on_submit():
        return _award(report, status=422)
    try:
        certification = actions.award(db(), report, by=current_user(), now=clock.now())
    except Refused as refused:
        return _award(report, refused.reasons, 409)
    flash(f"{certification.public_name} is certified as {certification.number}.")
    return redirect(url_for("decision.certification", practice_id=certification.practice_id))


def _award(report: ComplianceReport, reasons: list[str] | None = None, status: int = 200) -> ResponseReturnValue:
    offer = queries.offer(db(), report, clock.today())
    page = render_template("decision/award.html", report=report, offer=offer, form=AwardForm(), reasons=reasons or [])
    return page, status


@bp.get("/practices/<practice_id>/certification")
@may(Can.READ_CERTIFICATION, Practice)
def certification(practice: Practice) -> ResponseReturnValue:
    """What the practice holds: certificate, plaque, and what keeps it in good standing."""
    today = clock.today()
    held = queries.of_practice(db(), practice.id)
    word = queries.standing(held, today) if held else None
    dates = queries.term_dates(db(), held, today) if held else []
    return render_template(
        "decision/certification.html", practice=practice, held=held, word=word, dates=dates,
        means=rules.STANDING_MEANS, next_step=rules.PLAQUE_NEXT,
    )  # fmt: skip

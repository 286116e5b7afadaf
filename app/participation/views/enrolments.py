"""A practice looks at the rounds, and joins one."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.participation import queries as reports
from app.participation.actions import enrolments
from app.participation.models import Enrolment, Round, ScoreReport
from app.participation.queries import rounds as queries
from app.participation.queries.reports import report_facts
from app.participation.rules.moves import AGREEMENTS, REGISTRATION
from app.participation.rules.qualify import minimum_for, read_fte
from app.participation.views.blueprint import bp, told
from app.people.access import Can, current_user, may
from app.people.actions import Refused
from app.people.models import Practice
from forms.participation import EnrolForm, ReasonForm


@bp.get("/practices/<practice_id>/participation")
@may(Can.SEE_PARTICIPATION, Practice)
def home(practice: Practice) -> str:
    """What a round is, which ones there are, and where the practice stands in each."""
    mine = {one.id: queries.enrolment(db(), practice.id, one.id) for one in queries.rounds(db())}
    rows = [(one, mine[one.id]) for one in queries.rounds(db()) if mine[one.id] or one.state in REGISTRATION]
    report = reports.latest_report(db(), practice.id)
    reasons = reports.why_cannot_apply(db(), practice, clock.today())
    return render_template(
        "participation/home.html", practice=practice, rows=rows, report=report, reasons=reasons,
        registration=REGISTRATION, minimums=queries.rulebook(db(), clock.today()).minimums,
    )  # fmt: skip


@bp.route("/practices/<practice_id>/participation/<code>/enroll", methods=["GET", "POST"])
@may(Can.ENROL, Practice)
def enrol(practice: Practice, code: str) -> ResponseReturnValue:
    """The owner says who they are, what they accept, and which modules fit."""
    round_ = queries.by_code(db(), code) or abort(404)
    form = EnrolForm()
    if request.method != "POST":
        return _enrol_page(practice, round_, form, [])
    if not form.validate_on_submit():
        return _enrol_page(practice, round_, form, []), 422
    try:
        enrolment = enrolments.enrol(
            db(), practice, round_, fte=form.fte.data or "", modules=form.modules.data or [], by=current_user(),
            statements=form.statements.data or [], typed_names=form.typed_names, now=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        return _enrol_page(practice, round_, form, refused.reasons), 422
    flash(f"{practice.public_name} is enrolled in round {round_.code}. Charts can be entered while the round is open.")
    return redirect(url_for("participation.desk", enrolment_id=enrolment.id))


def _enrol_page(practice: Practice, round_: Round, form: EnrolForm, reasons: list[str]) -> str:
    minimums = queries.rulebook(db(), clock.today()).minimums
    size = read_fte(form.fte.data or "")
    return render_template(
        "participation/enrol.html", practice=practice, round=round_, form=form, reasons=reasons, minimums=minimums,
        minimum=minimum_for(size, minimums) if size else None, size=size, agreements=AGREEMENTS,
    )  # fmt: skip


@bp.get("/practices/<practice_id>/participation/targets")
@may(Can.SEE_PARTICIPATION, Practice)
def targets(practice: Practice) -> str:
    """What is asked of a practice of this size, while the number is being typed."""
    size = read_fte(request.args.get("fte", ""))
    minimums = queries.rulebook(db(), clock.today()).minimums
    minimum = minimum_for(size, minimums) if size else None
    return render_template("participation/_targets.html", practice=practice, size=size, minimum=minimum)


@bp.route("/enrolments/<enrolment_id>/withdraw", methods=["GET", "POST"])
@may(Can.FREEZE_CHARTS, Enrolment)
def withdraw(enrolment: Enrolment) -> ResponseReturnValue:
    """The owner leaves the round, with a reason."""
    form = ReasonForm()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return render_template("participation/withdraw.html", enrolment=enrolment, form=form), status
    with told():
        enrolments.withdraw(db(), enrolment, why=form.why.data, by=current_user(), now=clock.now())
    flash(f"The practice has left round {enrolment.round.code}.")
    return redirect(url_for("participation.home", practice_id=enrolment.practice_id))


@bp.get("/score-reports/<report_id>")
@may(Can.READ_SCORE_REPORT, ScoreReport)
def score_report(report: ScoreReport) -> str:
    """The final report of a round."""
    own = any(held.practice_id == report.practice_id for held in current_user().memberships)
    latest = reports.latest_report(db(), report.practice_id)
    return render_template(
        "participation/report.html", report=report, facts=report_facts(report), own=own,
        superseded=latest is not report,
        expired=report.usable_until is not None and report.usable_until < clock.today(),
    )  # fmt: skip

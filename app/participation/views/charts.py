"""One chart: typed into the form, corrected, kept as a draft, removed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.participation.actions import charts
from app.participation.actions.charts import BadChart
from app.participation.models import Chart, ChartDraft, Enrolment
from app.participation.queries.rounds import why_not_enter
from app.participation.rules import sentences
from app.participation.rules.columns import COLUMNS
from app.participation.rules.moves import ChartState
from app.participation.rules.rows import place
from app.participation.views.blueprint import bp, told
from app.people.access import Can, current_user, may
from forms.participation import BLANK, ChartForm, said


@bp.route("/enrolments/<enrolment_id>/charts/new", methods=["GET", "POST"])
@may(Can.ENTER_CHARTS, Enrolment)
def new_chart(enrolment: Enrolment) -> ResponseReturnValue:
    """Type a chart into the form."""
    return _typed(enrolment)


@bp.route("/drafts/<draft_id>", methods=["GET", "POST"])
@may(Can.ENTER_CHARTS, ChartDraft)
def draft(draft: ChartDraft) -> ResponseReturnValue:
    """Go on with a chart that was kept as a draft."""
    return _typed(db().get_one(Enrolment, draft.enrolment_id), draft=draft)


@bp.get("/charts/<chart_id>")
@may(Can.SEE_CHARTS, Chart)
def chart(chart: Chart) -> str:
    """One chart, to read."""
    enrolment = db().get_one(Enrolment, chart.enrolment_id)
    return render_template(
        "participation/chart.html", chart=chart, enrolment=enrolment, form=ChartForm(formdata=None, data=chart.cells),
        locked=chart.state is ChartState.LOCKED or bool(why_not_enter(enrolment)),
    )  # fmt: skip


@bp.route("/charts/<chart_id>/correct", methods=["GET", "POST"])
@may(Can.ENTER_CHARTS, Chart)
def correct_chart(chart: Chart) -> ResponseReturnValue:
    """Correct a chart that was entered; the new answers replace the old ones."""
    return _typed(db().get_one(Enrolment, chart.enrolment_id), over=chart)


@bp.post("/charts/<chart_id>/remove")
@may(Can.ENTER_CHARTS, Chart)
def remove_chart(chart: Chart) -> ResponseReturnValue:
    """Take a chart out of the round."""
    enrolment, label = db().get_one(Enrolment, chart.enrolment_id), chart.chart_id
    with told():
        charts.remove_chart(db(), enrolment, chart, by=current_user(), now=clock.now())
    flash(f"Chart {label} is removed.")
    return redirect(url_for("participation.desk", enrolment_id=enrolment.id))


@bp.post("/drafts/<draft_id>/drop")
@may(Can.ENTER_CHARTS, ChartDraft)
def drop_draft(draft: ChartDraft) -> ResponseReturnValue:
    """Throw a draft away."""
    enrolment = db().get_one(Enrolment, draft.enrolment_id)
    with told():
        charts.drop_draft(db(), enrolment, draft, by=current_user(), now=clock.now())
    flash("The draft is gone.")
    return redirect(url_for("participation.desk", enrolment_id=enrolment.id))


def _typed(enrolment: Enrolment, *, over: Chart | None = None, draft: ChartDraft | None = None) -> ResponseReturnValue:
    """The form, and what becomes of it: an entered chart, a draft, or the form again with its errors."""
    known = over or draft
    form = ChartForm(data=known.cells if known else None)
    if request.method != "POST" or not form.validate_on_submit():
        return _page(enrolment, form, over, draft), 422 if request.method == "POST" else 200
    if known and request.form.get("seen", known.mark) != known.mark:
        return _page(enrolment, form, over, draft, theirs=_theirs(form, known)), 409
    with told():
        if "keep" in request.form and over is None:
            charts.keep_draft(db(), enrolment, form.cells, draft=draft, by=current_user(), now=clock.now())
            flash("Kept as a draft. It counts once it is entered without errors.")
            return redirect(url_for("participation.desk", enrolment_id=enrolment.id))
        try:
            done = charts.enter_chart(
                db(), enrolment, form.cells, over=over, draft=draft, replace="replace" in request.form,
                by=current_user(), now=clock.now(),
            )  # fmt: skip
        except BadChart as bad:
            form.tell(_by_column(bad.errors))
            return _page(enrolment, form, over, draft, "duplicate_chart_id" in bad.errors), 422
    return _after(enrolment, done)


def _theirs(form: ChartForm, known: Chart | ChartDraft) -> list[str]:
    """Where what somebody else saved meanwhile differs from what was typed here."""
    typed = form.cells
    return [f"{form[name].label.text}: {said(known.cells.get(name, '')) or BLANK}" for name in COLUMNS
            if known.cells.get(name, "") != typed[name]]  # fmt: skip


def _after(enrolment: Enrolment, done: Chart) -> ResponseReturnValue:
    flash(f"Chart {done.chart_id} is entered." + "".join(_left_out(done)))
    if "another" in request.form:
        return redirect(url_for("participation.new_chart", enrolment_id=enrolment.id))
    return redirect(url_for("participation.desk", enrolment_id=enrolment.id))


def _left_out(done: Chart) -> list[str]:
    """Why a sound chart does not count, as a sentence after the news that it was entered."""
    why = ", ".join(sentences.of_exclusion(code) for code in done.excluded)
    return [f" It does not count in this round: {why}."] if why else []


def _by_column(errors: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for error in errors:
        found.setdefault(place(error)[1] or "chart_id", []).append(sentences.beside_its_field(error))
    return found


def _page(
    enrolment: Enrolment,
    form: ChartForm,
    over: Chart | None,
    draft: ChartDraft | None,
    taken: bool = False,
    theirs: list[str] | None = None,
) -> str:
    return render_template(
        "participation/chart_form.html", enrolment=enrolment, form=form, over=over, draft=draft, taken=taken,
        theirs=theirs,
        why_not_enter=why_not_enter(enrolment), sites=enrolment.practice.sites,
    )  # fmt: skip

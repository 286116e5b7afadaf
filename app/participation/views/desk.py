"""The chart desk of an enrolment: the running result, the list, duplicates, and the freeze."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.participation.actions import enrolments
from app.participation.models import Enrolment
from app.participation.queries import desk as queries
from app.participation.queries import rounds
from app.participation.rules import reports as words
from app.participation.rules.measures import measure_set
from app.participation.rules.modules import Module
from app.participation.views.blueprint import bp, told
from app.people.access import Can, current_user, may


@bp.get("/enrolments/<enrolment_id>")
@may(Can.SEE_CHARTS, Enrolment)
def desk(enrolment: Enrolment) -> str:
    """Where the practice stands in the round, and all its charts."""
    result = queries.running_result(db(), enrolment, clock.today())
    page, find = request.args.get("page", 1, type=int), request.args.get("q", "")
    excluded = "excluded" in request.args
    charts, total = queries.charts_page(db(), enrolment, words=find, only_excluded=excluded, page=page)
    groups = queries.groups(db(), enrolment)
    return render_template(
        "participation/desk.html", enrolment=enrolment, round=enrolment.round, result=result,
        score=words.score_line(result, None), modules=words.module_lines(result, enrolment.complete),
        reasons=running_reasons(result), why_not_enter=rounds.why_not_enter(enrolment), charts=charts, total=total,
        page=page, per=queries.PAGE, words=find, excluded=excluded, drafts=queries.drafts(db(), enrolment),
        open_groups=[group for group in groups if group.open],
        alike={label for group in groups for label in group.labels},
        minimum=words.settings(enrolment.round.dates, enrolment.fte, rounds.rulebook(db(), clock.today())),
    )  # fmt: skip


def running_reasons(result: dict[str, object]) -> list[str]:
    """What stands against the practice so far; that the report is not final goes without saying here."""
    return [said for said in words.reasons_in_words(result) if said != words.NOT_FINAL]


@bp.get("/enrolments/<enrolment_id>/measures")
@may(Can.SEE_CHARTS, Enrolment)
def measures(enrolment: Enrolment) -> str:
    """Each measure as it stands now, with the charts that missed it."""
    result = queries.running_result(db(), enrolment, clock.today())
    found = queries.missed(db(), enrolment, clock.today())
    lines = words.measure_lines(result, measure_set(enrolment.round.measure_set), found, None)
    return render_template(
        "participation/measures.html", enrolment=enrolment, lines=lines, modules=words.module_lines(result, [])
    )


@bp.post("/enrolments/<enrolment_id>/modules/<module>")
@may(Can.FREEZE_CHARTS, Enrolment)
def confirm_module(enrolment: Enrolment, module: str) -> ResponseReturnValue:
    """The owner says that every eligible chart of a module was entered, or takes it back."""
    verb = enrolments.take_back_module_complete if request.form.get("back") else enrolments.confirm_module_complete
    if module not in [one.value for one in Module]:
        abort(404)
    with told():
        verb(db(), enrolment, Module(module), by=current_user(), now=clock.now())
    flash("Saved.")
    return redirect(url_for("participation.desk", enrolment_id=enrolment.id, _anchor="modules"))


@bp.get("/enrolments/<enrolment_id>/duplicates")
@may(Can.SEE_CHARTS, Enrolment)
def duplicates(enrolment: Enrolment) -> str:
    """Charts that may be the same patient, side by side."""
    return render_template(
        "participation/duplicates.html", enrolment=enrolment, groups=queries.groups(db(), enrolment),
        why_not_enter=rounds.why_not_enter(enrolment),
    )  # fmt: skip


@bp.post("/enrolments/<enrolment_id>/duplicates")
@may(Can.ENTER_CHARTS, Enrolment)
def decide_duplicates(enrolment: Enrolment) -> ResponseReturnValue:
    """Somebody says of a whole group: different patients."""
    with told():
        enrolments.decide_duplicates(
            db(), enrolment, request.form.getlist("chart"), by=current_user(), now=clock.now()
        )  # fmt: skip
    flash("Kept: these are different patients.")
    return redirect(url_for("participation.duplicates", enrolment_id=enrolment.id))


@bp.get("/enrolments/<enrolment_id>/freeze")
@may(Can.FREEZE_CHARTS, Enrolment)
def freeze(enrolment: Enrolment) -> str:
    """Every reason that still stands, before the owner goes on."""
    result = queries.running_result(db(), enrolment, clock.today())
    return render_template(
        "participation/freeze.html", enrolment=enrolment, round=enrolment.round, result=result,
        reasons=running_reasons(result), score=words.score_line(result, None),
    )  # fmt: skip


@bp.post("/enrolments/<enrolment_id>/freeze")
@may(Can.FREEZE_CHARTS, Enrolment)
def freeze_now(enrolment: Enrolment) -> ResponseReturnValue:
    """The owner freezes the charts."""
    with told():
        enrolments.freeze(db(), enrolment, by=current_user(), now=clock.now())
    flash("The charts are frozen. They can be reopened while the round is open.")
    return redirect(url_for("participation.desk", enrolment_id=enrolment.id))


@bp.post("/enrolments/<enrolment_id>/reopen")
@may(Can.FREEZE_CHARTS, Enrolment)
def reopen(enrolment: Enrolment) -> ResponseReturnValue:
    """The owner takes the freeze back."""
    with told():
        enrolments.reopen(db(), enrolment, by=current_user(), now=clock.now())
    flash("The charts can be changed again. Remember to freeze them before the round closes.")
    return redirect(url_for("participation.desk", enrolment_id=enrolment.id))

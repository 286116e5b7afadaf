"""The Program's desk for rounds."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.participation.actions import rounds as actions
from app.participation.models import Round
from app.participation.queries import rounds as queries
from app.participation.rules.moves import ROUND_MOVES, EnrolmentState
from app.participation.rules.windows import RoundDates
from app.participation.views.blueprint import bp, told
from app.people.access import Can, current_user, may
from app.people.actions import Refused
from forms.participation import ExtendForm, NextCloseForm, RoundForm

# What one press of a button does: its verb, the words on it, and what has happened then.
BUTTONS = {
    "open_registration": (actions.open_registration, "Open registration", "Practices can enroll now."),
    "open": (actions.open_round, "Open the round", "Charts can be entered now."),
    "close": (actions.close_round, "Close the round", "Charts are frozen; enrollments without charts have lapsed."),
    "release": (actions.release_round, "Release the final reports", "The final reports are out."),
}


@bp.get("/program/rounds")
@may(Can.RUN_ROUNDS)
def rounds() -> str:
    """Every round, the newest first."""
    rows = [(one, queries.progress(db(), one)) for one in queries.rounds(db())]
    return render_template("participation/rounds.html", rows=rows)


@bp.route("/program/rounds/new", methods=["GET", "POST"])
@may(Can.RUN_ROUNDS)
def plan_round() -> ResponseReturnValue:
    """Set down the dates of a new round."""
    form, reasons = RoundForm(), []
    if form.validate_on_submit():
        facts = form.facts
        registers = {name: facts.pop(name) for name in ("registers_from", "registers_until")}
        try:
            round_ = actions.plan_round(db(), RoundDates(**facts), by=current_user(), now=clock.now(), **registers)
        except Refused as refused:
            reasons = refused.reasons
        else:
            flash(f"Round {round_.code} is planned.")
            return redirect(url_for("participation.round", round_id=round_.id))
    status = 422 if request.method == "POST" else 200
    return render_template("participation/plan_round.html", form=form, reasons=reasons), status


@bp.get("/program/rounds/<round_id>", endpoint="round")
@may(Can.RUN_ROUNDS, Round)
def round_(round: Round) -> str:
    """One round: its dates, its enrolments with their progress, and the next move."""
    return _page(round, ExtendForm(formdata=None), NextCloseForm(formdata=None))


def _page(round: Round, extend: ExtendForm, next_close: NextCloseForm, reasons: list[str] | None = None) -> str:
    rows = queries.progress(db(), round)
    moves = [(move, said) for move, (_, said, _) in BUTTONS.items() if round.state in ROUND_MOVES[move][0]]
    return render_template(
        "participation/round.html", round=round, rows=rows, moves=moves, extend=extend, next_close=next_close,
        frozen=sum(row.enrolment.state is EnrolmentState.FROZEN for row in rows), reasons=reasons or [],
    )  # fmt: skip


@bp.post("/program/rounds/<round_id>/<move>")
@may(Can.RUN_ROUNDS, Round)
def move_round(round: Round, move: str) -> ResponseReturnValue:
    """Move a round on."""
    verb, _, done = BUTTONS.get(move) or abort(404)
    with told():
        verb(db(), round, by=current_user(), now=clock.now())
    flash(done)
    return redirect(url_for("participation.round", round_id=round.id))


@bp.post("/program/rounds/<round_id>/extend")
@may(Can.EXTEND_ROUND, Round)
def extend_round(round: Round) -> ResponseReturnValue:
    """An administrator gives every practice more time."""
    form = ExtendForm()
    if not form.validate_on_submit():
        return _page(round, form, NextCloseForm(formdata=None)), 422
    try:
        actions.extend(db(), round, form.closes_on.data, why=form.why.data, by=current_user(), now=clock.now())
    except Refused as refused:
        return _page(round, form, NextCloseForm(formdata=None), refused.reasons), 422
    flash("The round closes later now.")
    return redirect(url_for("participation.round", round_id=round.id))


@bp.post("/program/rounds/<round_id>/next-close")
@may(Can.RUN_ROUNDS, Round)
def announce_next_close(round: Round) -> ResponseReturnValue:
    """Say when the next round of the season closes."""
    form = NextCloseForm()
    if not form.validate_on_submit():
        return _page(round, ExtendForm(formdata=None), form), 422
    try:
        actions.announce_next_close(db(), round, form.next_closes_on.data, by=current_user(), now=clock.now())
    except Refused as refused:
        return _page(round, ExtendForm(formdata=None), form, refused.reasons), 422
    flash("Announced. Scores of this round live no longer than that day.")
    return redirect(url_for("participation.round", round_id=round.id))

"""The plaque: the owner's page and the Program's desk."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.decision import queries, rules
from app.decision.actions import plaque as verbs
from app.decision.models import Plaque
from app.decision.views.blueprint import bp
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, current_user, may
from app.program import queries as program
from app.program.actions import Refused
from forms.decision import MakerForm, PlaqueDetailsForm, PlaqueWordsForm, ShipForm


@bp.get("/plaques")
@may(Can.RUN_PLAQUE_DESK)
def desk() -> ResponseReturnValue:
    """Every plaque on its way, the longest waiting first."""
    return render_template(
        "decision/desk.html", waiting=queries.plaques(db()), done=queries.plaques(db(), done=True),
        next_step=rules.PLAQUE_NEXT, of_practice=rules.PLAQUE_WAITS_FOR_PRACTICE,
    )  # fmt: skip


@bp.get("/plaques/<plaque_id>")
@may(Can.READ_CERTIFICATION, Plaque)
def plaque(plaque: Plaque) -> ResponseReturnValue:
    """One plaque: where it stands, and what can be done next."""
    return _page(plaque)


@bp.post("/plaques/<plaque_id>/details")
@may(Can.ORDER_PLAQUE, Plaque)
def details(plaque: Plaque) -> ResponseReturnValue:
    """The owner confirms the line and the address."""
    form = PlaqueDetailsForm()
    return _do(
        plaque,
        form,
        "The Program draws the proof now.",
        verbs.confirm_details,
        line=form.line.data,
        ship_to=form.ship_to,
    )


@bp.post("/plaques/<plaque_id>/approve")
@may(Can.ORDER_PLAQUE, Plaque)
def approve(plaque: Plaque) -> ResponseReturnValue:
    """The owner approves the proof."""
    return _do(plaque, FlaskForm(), "The plaque is approved.", verbs.approve)


@bp.post("/plaques/<plaque_id>/change")
@may(Can.ORDER_PLAQUE, Plaque)
def change(plaque: Plaque) -> ResponseReturnValue:
    """The owner asks for a change of the proof."""
    form = PlaqueWordsForm()
    return _do(plaque, form, "The Program has your wish.", verbs.ask_change, comment=form.words.data)


@bp.post("/plaques/<plaque_id>/fault")
@may(Can.ORDER_PLAQUE, Plaque)
def fault(plaque: Plaque) -> ResponseReturnValue:
    """The owner reports a plaque that is not right."""
    form = PlaqueWordsForm()
    return _do(plaque, form, "It is made again, without charge.", verbs.report_fault, reason=form.words.data)


@bp.post("/plaques/<plaque_id>/receive")
@may(Can.RECEIVE_PLAQUE, Plaque)
def receive(plaque: Plaque) -> ResponseReturnValue:
    """The plaque has arrived."""
    return _do(plaque, FlaskForm(), "The plaque has arrived.", verbs.receive)


@bp.post("/plaques/<plaque_id>/proof")
@may(Can.RUN_PLAQUE_DESK, Plaque)
def draw(plaque: Plaque) -> ResponseReturnValue:
    """Staff send the proof."""
    return _do(plaque, FlaskForm(), "The proof is being drawn, and the owner is told.", verbs.draw)


@bp.post("/plaques/<plaque_id>/order")
@may(Can.RUN_PLAQUE_DESK, Plaque)
def order(plaque: Plaque) -> ResponseReturnValue:
    """Staff give the plate to its maker."""
    form = MakerForm()
    return _do(plaque, form, "The plaque is in production.", verbs.order, maker=form.maker.data)


@bp.post("/plaques/<plaque_id>/ship")
@may(Can.RUN_PLAQUE_DESK, Plaque)
def ship(plaque: Plaque) -> ResponseReturnValue:
    """Staff note how the plaque travels."""
    form = ShipForm()
    return _do(
        plaque,
        form,
        "The owner is told that it is on its way.",
        verbs.ship,
        carrier=form.carrier.data,
        tracking=form.tracking.data,
    )


@bp.post("/plaques/<plaque_id>/cancel")
@may(Can.RUN_PLAQUE_DESK, Plaque)
def cancel(plaque: Plaque) -> ResponseReturnValue:
    """Staff note that no plaque is made."""
    form = PlaqueWordsForm()
    return _do(plaque, form, "The plaque is cancelled.", verbs.cancel, reason=form.words.data)


def _do(
    plaque: Plaque, form: FlaskForm, done: str, verb: Callable[..., object], **given: object
) -> ResponseReturnValue:  # fmt: skip
    """One verb on one plaque: a form with errors comes back as it was typed, a refusal with its reasons."""
    if not form.validate_on_submit():
        return _page(plaque, form=form, status=422)
    try:
        verb(db(), plaque, **given, by=current_user(), now=clock.now())
    except Refused as refused:
        return _page(plaque, form=form, reasons=refused.reasons, status=409)
    flash(done)
    return redirect(url_for("decision.plaque", plaque_id=plaque.id))


def _page(
    plaque: Plaque, *, form: FlaskForm | None = None, reasons: list[str] | None = None, status: int = 200
) -> ResponseReturnValue:  # fmt: skip
    keys = ("plaque.details", "plaque.proof", "plaque.ship")
    open_dates = [due for key in keys if (due := program.due(db(), plaque, key)) and due.open]
    forms = {"details": _details(plaque), "words": PlaqueWordsForm(), "maker": MakerForm(), "ship": ShipForm()}
    if form is not None:
        forms |= {name: form for name, own in forms.items() if type(own) is type(form)}
    page = render_template(
        "decision/plaque.html", plaque=plaque, certification=plaque.certification, forms=forms, wrong=form,
        reasons=reasons or [], due=open_dates[0] if open_dates else None, road=rules.PLAQUE_ROAD,
        next_step=rules.PLAQUE_NEXT, of_practice=rules.PLAQUE_WAITS_FOR_PRACTICE, maker=queries.text_setting(
            db(), "plaque.maker", clock.today()), most=program.whole(db(), "plaque.name_length", clock.today()),
    )  # fmt: skip
    return page, status


def _details(plaque: Plaque) -> PlaqueDetailsForm:
    """What was given before, else the names and the address that we hold."""
    practice, held = plaque.certification.practice, plaque.ship_to
    town = ", ".join(part for part in (practice.city, f"{practice.region} {practice.postcode}".strip()) if part)
    known = {
        "line": plaque.line or plaque.certification.public_name,
        "addressee": held[0] if held else practice.public_name,
        "contact": held[1].removeprefix("Attn: ") if len(held) == 4 else "Practice Administrator",
        "street": held[2] if len(held) == 4 else practice.address,
        "town": held[3] if len(held) == 4 else town,
    }
    return PlaqueDetailsForm(formdata=None, data=known)

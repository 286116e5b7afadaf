"""What became of passages with a new version, and what a person says of each."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.evidence import actions, queries
from app.evidence.models import Document, Pin
from app.evidence.rules import Carried, Refused
from app.evidence.views.room import bp
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, allowed, current_user, may
from app.people.models import Practice
from forms.evidence import PinAgainForm


@bp.get("/documents/<document_id>/carried")
@may(Can.READ_BINDER, Document)
def carried(document: Document) -> str:
    """Passages that moved, changed or are gone: the old words beside the new."""
    return _page(document)


def _page(document: Document, again: PinAgainForm | None = None, which: str = "") -> str:
    fills = allowed(Can.FILL_BINDER, document)
    version = queries.shown(document) or (queries.newest(document) if fills else None)
    if version is None:
        abort(404)
    return render_template(
        "evidence/carried.html", document=document, version=version, binder=document.binder, fills=fills,
        practice=db().get_one(Practice, document.practice_id), carries=queries.carries(db(), document),
        Carried=Carried, again=again or PinAgainForm(formdata=None), which=which,
    )  # fmt: skip


@bp.post("/pins/<pin_id>/check")
@may(Can.FILL_BINDER, Pin)
def check_pin(pin: Pin) -> ResponseReturnValue:
    """It still answers."""
    try:
        actions.check_pin(db(), pin, by=current_user(), now=clock.now())
    except Refused as refused:
        flash(refused.reason, "watch")
    else:
        flash(f"Noted: it still answers {pin.code}.", "ok")
    return redirect(url_for("evidence.carried", document_id=pin.document_id))


@bp.post("/pins/<pin_id>/again")
@may(Can.FILL_BINDER, Pin)
def pin_again(pin: Pin) -> ResponseReturnValue:
    """Another passage answers instead."""
    form = PinAgainForm()
    if form.validate_on_submit():
        try:
            actions.pin_again(db(), pin, page=form.page.data, quote=form.quote.data, by=current_user(), now=clock.now())
        except Refused as refused:
            form.form_errors.append(refused.reason)
        else:
            flash(f"Pinned to {pin.code}.", "ok")
            return redirect(url_for("evidence.carried", document_id=pin.document_id))
    return _page(pin.document, form, pin.id), 422


@bp.post("/documents/<document_id>/carried/moved")
@may(Can.FILL_BINDER, Document)
def check_moved(document: Document) -> ResponseReturnValue:
    """All that only moved was looked at."""
    actions.check_moved(db(), document, by=current_user(), now=clock.now())
    flash("Noted: the moved passages still answer.", "ok")
    return redirect(url_for("evidence.carried", document_id=document.id))


@bp.post("/pins/<pin_id>/remove")
@may(Can.FILL_BINDER, Pin)
def unpin(pin: Pin) -> ResponseReturnValue:
    """Take a pin away; one goes on where one pressed."""
    binder_id, document_id, code = pin.binder_id, pin.document_id, pin.code
    actions.unpin(db(), pin, by=current_user(), now=clock.now())
    flash(f"The pin was taken away from {code}.", "ok")
    if "carried" in request.form:
        return redirect(url_for("evidence.carried", document_id=document_id))
    return redirect(url_for("evidence.slot", binder_id=binder_id, code=code))

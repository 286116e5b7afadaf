"""One row of the binder: what it asks, what is pinned, why it may not apply, what is said about it."""

from __future__ import annotations

import os
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.doors import doors
from app.evidence import actions, queries
from app.evidence.actions.bringing import bring_in
from app.evidence.models import Binder, Message, NaClaim
from app.evidence.rules import ClaimState, Refused, why_not_size
from app.evidence.views.room import bp
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, allowed, current_user, may
from app.people.models import Practice
from app.standards.models import Edition
from forms.evidence import AnswerClaimForm, ClaimForm, MessageForm, PinForm, Word

IDEAS = 8


@bp.get("/binders/<binder_id>/slots/<code>")
@may(Can.READ_BINDER, Binder)
def slot(binder: Binder, code: str) -> str:
    """One row: what it asks, what is pinned, what the binder seems to hold, or why it does not apply."""
    return slot_page(binder, code)


def slot_page(binder: Binder, code: str, **forms: Any) -> str:
    """The page of a row, with the forms that came back."""
    row = queries.row(db(), binder, code)
    if row is None or not row.rated:
        abort(404)
    fills = allowed(Can.FILL_BINDER, binder)
    pins = queries.pins(db(), binder, code, seen=current_user().is_program)
    held = {(pin.version_id, pin.page) for pin in pins}
    found = queries.search(db(), binder, "", code, doors().indexes, IDEAS)
    today = clock.today()
    months = queries.review_months(db(), today)
    blank = {"claim_form": ClaimForm, "answer_form": AnswerClaimForm, "message_form": MessageForm}
    return render_template(
        "evidence/slot.html", binder=binder, row=row, pins=pins, claim=queries.claim(db(), binder, code),
        edition=db().get_one(Edition, binder.edition_id), pin=PinForm(formdata=None), fills=fills,
        practice=db().get_one(Practice, binder.practice_id), ClaimState=ClaimState,
        ideas=[hit for hit in found if (hit.version.id, hit.page) not in held],
        thread=queries.thread(db(), binder, code, current_user()), asks=allowed(Can.ASK_FOR_FILE, binder),
        trouble={pin.version_id: queries.dates_trouble(pin.version, today, months) for pin in pins},
        **({name: form(formdata=None) for name, form in blank.items()} | forms),
    )  # fmt: skip


@bp.post("/binders/<binder_id>/slots/<code>/claim")
@may(Can.FILL_BINDER, Binder)
def claim(binder: Binder, code: str) -> ResponseReturnValue:
    """Say that a row does not apply."""
    form = ClaimForm()
    if form.validate_on_submit():
        try:
            actions.claim_not_applicable(
                db(), binder, code, reason=form.reason.data, by=current_user(), now=clock.now()
            )
        except Refused as refused:
            form.form_errors.append(refused.reason)
        else:
            flash(f"{code} is claimed as not applicable. The Program answers, and you are told.", "ok")
            return redirect(url_for("evidence.slot", binder_id=binder.id, code=code))
    return slot_page(binder, code, claim_form=form), 422


@bp.post("/na-claims/<claim_id>/drop")
@may(Can.FILL_BINDER, NaClaim)
def drop_claim(claim: NaClaim) -> ResponseReturnValue:
    """The row applies after all."""
    binder_id, code = claim.binder_id, claim.code
    actions.drop_claim(db(), claim, by=current_user(), now=clock.now())
    flash(f"{code} applies again and asks for a document.", "ok")
    return redirect(url_for("evidence.slot", binder_id=binder_id, code=code))


@bp.post("/na-claims/<claim_id>/answer")
@may(Can.ANSWER_CLAIM, NaClaim)
def answer_claim(claim: NaClaim) -> ResponseReturnValue:
    """The Program's office accepts or refuses a claim."""
    form = AnswerClaimForm()
    if form.validate_on_submit():
        state = ClaimState.ACCEPTED if form.word.data is Word.ACCEPT else ClaimState.REFUSED
        try:
            actions.answer_claim(db(), claim, state, form.answer.data, by=current_user(), now=clock.now())
        except Refused as refused:
            form.form_errors.append(refused.reason)
        else:
            flash(f"The claim on {claim.code} is {state}. The practice is told.", "ok")
            return redirect(url_for("evidence.slot", binder_id=claim.binder_id, code=claim.code))
    return slot_page(db().get_one(Binder, claim.binder_id), claim.code, answer_form=form), 422


@bp.get("/binders/<binder_id>/threads")
@may(Can.READ_BINDER, Binder)
def threads(binder: Binder) -> str:
    """Every row that is talked about, with the questions that are open."""
    return render_template(
        "evidence/threads.html", binder=binder, practice=db().get_one(Practice, binder.practice_id),
        threads=queries.threads(db(), binder, current_user()), titles=queries.titles(db(), binder),
    )  # fmt: skip


@bp.post("/binders/<binder_id>/slots/<code>/messages")
@may(Can.WRITE_IN_THREAD, Binder)
def write(binder: Binder, code: str) -> ResponseReturnValue:
    """Say something about a row; the practice may bring a file, the Program may ask for one."""
    form, binder_id = MessageForm(), binder.id
    if form.validate_on_submit():
        try:
            said = _write(binder, code, form)
        except Refused as refused:
            form.form_errors.append(refused.reason)
            db().rollback()
        else:
            flash(said, "ok")
            return redirect(url_for("evidence.slot", binder_id=binder_id, code=code, _anchor="thread"))
    return slot_page(db().get_one(Binder, binder_id), code, message_form=form), 422


def _write(binder: Binder, code: str, form: MessageForm) -> str:
    text, file = form.text.data or "", form.file.data
    if isinstance(file, FileStorage) and file.filename:
        return _bring(binder, code, file, text)
    actions.write(
        db(), binder, code, text, by=current_user(), now=clock.now(), asks_file=bool(form.asks_file.data)
    )  # fmt: skip
    return "Sent."


def _bring(binder: Binder, code: str, file: FileStorage, text: str) -> str:
    if not allowed(Can.FILL_BINDER, binder):
        raise Refused("Only the practice's owners and contributors add files.")
    size = file.stream.seek(0, os.SEEK_END)
    file.stream.seek(0)
    if reason := why_not_size(size):
        raise Refused(reason)
    name, data = file.filename or "", file.stream.read()
    bring_in(db(), doors(), binder, code, name, data, text=text, by=current_user(), now=clock.now())
    return "Added to the binder. It is being read now."


@bp.post("/messages/<message_id>/settle")
@may(Can.ASK_FOR_FILE, Message)
def settle_question(message: Message) -> ResponseReturnValue:
    """Who asked for a file says that it is settled."""
    try:
        actions.settle_question(db(), message, by=current_user(), now=clock.now())
    except Refused as refused:
        flash(refused.reason, "bad")
    else:
        flash("Settled.", "ok")
    return redirect(url_for("evidence.slot", binder_id=message.binder_id, code=message.code, _anchor="thread"))

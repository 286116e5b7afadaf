"""One document: its versions, the rows it serves, what it seems to answer, withdrawing it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.doors import doors
from app.evidence import actions, queries
from app.evidence.models import Document
from app.evidence.rules import Refused
from app.evidence.views.room import bp
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, allowed, current_user, may
from app.people.models import Practice
from app.standards import queries as standards
from app.standards.models import Edition
from forms.evidence import ConfirmForm, RowsForm, WithdrawForm


@bp.get("/documents/<document_id>")
@may(Can.READ_BINDER, Document)
def document(document: Document) -> str:
    """What it is, what it serves, what it seems to answer."""
    return _page(document, withdraw=WithdrawForm(formdata=None))


def _page(document: Document, withdraw: WithdrawForm) -> str:
    fills = allowed(Can.FILL_BINDER, document)
    version = (queries.newest if fills else queries.shown)(document)
    if version is None:
        abort(404)
    binder = document.binder
    pins = [pin for pin in queries.pins(db(), binder) if pin.document_id == document.id]
    held = {(pin.code, pin.page) for pin in pins}
    found = queries.suggest(db(), binder, doors().indexes, only=queries.shown(document))
    rows = [row for row in standards.rows(db(), binder.edition_id) if row.rated]
    form = RowsForm(formdata=None, data={"codes": [pin.code for pin in pins if pin.page is None]})
    form.codes.choices = [(row.code, f"{row.code} {row.title}") for row in rows]
    return render_template(
        "evidence/document.html", document=document, version=version, binder=binder, pins=pins, form=form,
        practice=db().get_one(Practice, binder.practice_id), edition=db().get_one(Edition, binder.edition_id),
        fills=fills, withdraw=withdraw, confirm=ConfirmForm(formdata=None),
        ideas=[idea for idea in found.ideas if (idea.row.code, idea.page) not in held] if fills else [],
        versions=document.versions if fills else [one for one in document.versions if one.visible_since],
    )  # fmt: skip


@bp.post("/documents/<document_id>/standards")
@may(Can.FILL_BINDER, Document)
def map_to(document: Document) -> ResponseReturnValue:
    """Say which rows the document serves."""
    form = RowsForm()
    form.codes.choices = [(row.code, row.title) for row in standards.rows(db(), document.binder.edition_id)]
    if form.validate_on_submit():
        try:
            actions.map_to(db(), document, form.codes.data or [], by=current_user(), now=clock.now())
        except Refused as refused:
            db().rollback()
            flash(refused.reason, "bad")
        else:
            flash("Saved.", "ok")
    return redirect(url_for("evidence.document", document_id=document.id))


@bp.post("/documents/<document_id>/suggestions")
@may(Can.FILL_BINDER, Document)
def confirm(document: Document) -> ResponseReturnValue:
    """Pin the suggested passages that a person has confirmed."""
    chosen = set(ConfirmForm().chosen.data or [])
    found = queries.suggest(db(), document.binder, doors().indexes, only=queries.shown(document))
    count, troubles = 0, []
    for idea in found.ideas:
        if f"{idea.row.code}@{idea.page}" in chosen:
            try:
                actions.pin(db(), idea.version, idea.row.code, page=idea.page, quote=idea.quote, suggested=True,
                            by=current_user(), now=clock.now())  # fmt: skip
                count += 1
            except Refused as refused:
                troubles.append(refused.reason)
    for trouble in troubles:
        flash(trouble, "bad")
    flash(f"{count} passages pinned." if count != 1 else "1 passage pinned.", "ok" if count else "watch")
    return redirect(url_for("evidence.document", document_id=document.id))


@bp.post("/documents/<document_id>/withdraw")
@may(Can.FILL_BINDER, Document)
def withdraw(document: Document) -> ResponseReturnValue:
    """Take the document out of the binder."""
    form, binder = WithdrawForm(), document.binder
    if not form.validate_on_submit():
        return _page(document, withdraw=form), 422
    try:
        actions.withdraw(db(), document, reason=form.reason.data, by=current_user(), now=clock.now())
    except Refused as refused:
        form.form_errors.append(refused.reason)
        return _page(document, withdraw=form), 422
    flash(f"{document.title} is withdrawn.", "ok")
    return redirect(url_for("evidence.binder", binder_id=binder.id))

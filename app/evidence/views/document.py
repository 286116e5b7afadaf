"""One document: its versions, the rows it serves, what it seems to answer, withdrawing it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from app.doors import doors
from app.evidence import actions, queries
from app.evidence.models import Binder, Document, Version
from app.evidence.rules import Refused
from app.evidence.views.room import bp
from app.kernel import clock
from app.kernel.db import db
from app.kernel.words import count
from app.people.access import Can, allowed, current_user, may
from app.people.models import Practice
from app.standards import queries as standards
from app.standards.models import Edition
from forms.evidence import ConfirmForm, DatesForm, RowsForm, SitesForm, Where, WithdrawForm


@bp.get("/documents/<document_id>")
@may(Can.READ_BINDER, Document)
def document(document: Document) -> str:
    """What it is, what it serves, what it seems to answer."""
    return _page(document)


def _page(document: Document, **forms: Any) -> str:
    fills = allowed(Can.FILL_BINDER, document)
    version = (queries.newest if fills else queries.shown)(document)
    if version is None:
        abort(404)
    binder = document.binder
    pins = [pin for pin in queries.pins(db(), binder, seen=current_user().is_program) if pin.document_id == document.id]
    held = {(pin.code, pin.page) for pin in pins}
    found = queries.suggest(db(), binder, doors().indexes, only=queries.shown(document))
    rows = [row for row in standards.rows(db(), binder.edition_id) if row.rated]
    form = RowsForm(formdata=None, data={"codes": [pin.code for pin in pins if pin.whole]})
    form.codes.choices = [(row.code, f"{row.code} {row.title}") for row in rows]
    return render_template(
        "evidence/document.html", document=document, version=version, binder=binder, pins=pins, form=form,
        practice=db().get_one(Practice, binder.practice_id), edition=db().get_one(Edition, binder.edition_id),
        fills=fills, confirm=ConfirmForm(formdata=None), carried=queries.carried(db(), binder, document),
        trouble=queries.dates_trouble(version, clock.today()), said=queries.dates_of(version),
        **({"withdraw": WithdrawForm(formdata=None), "dates": _dates(version), "places": _places(document)} | forms),
        ideas=[idea for idea in found.ideas if (idea.row.code, idea.page) not in held] if fills else [],
        versions=document.versions if fills else [one for one in document.versions if one.visible_since],
    )  # fmt: skip


def _dates(version: Version) -> DatesForm:
    return DatesForm(formdata=None, obj=version)


def _places(document: Document, **sent: Any) -> SitesForm:
    """Where it is in force, over the sites of its practice."""
    chosen = [site.id for site in document.sites]
    where = Where.NAMED if chosen else Where.EVERYWHERE
    form = SitesForm(**(sent or {"formdata": None, "data": {"where": where, "sites": chosen}}))
    every = db().get_one(Practice, document.practice_id).sites
    form.sites.choices = [SelectChoice(site.id, site.name) for site in every]
    return form


@bp.post("/versions/<version_id>/dates")
@may(Can.FILL_BINDER, Version)
def date_version(version: Version) -> ResponseReturnValue:
    """Confirm or correct the dates of a version."""
    form = DatesForm()
    if form.validate_on_submit():
        try:
            actions.date_version(db(), version, form.dates(), by=current_user(), now=clock.now())
        except Refused as refused:
            form.form_errors.append(refused.reason)
        else:
            flash("The dates are saved.", "ok")
            return redirect(url_for("evidence.document", document_id=version.document_id))
    return _page(version.document, dates=form), 422


@bp.post("/binders/<binder_id>/dates")
@may(Can.FILL_BINDER, Binder)
def confirm_dates(binder: Binder) -> ResponseReturnValue:
    """All dates are as the documents say."""
    confirmed = actions.confirm_dates(db(), binder, by=current_user(), now=clock.now())
    flash(f"The dates of {count(confirmed, 'document')} are confirmed.", "ok" if confirmed else "watch")
    return redirect(url_for("evidence.readiness", binder_id=binder.id))


@bp.post("/documents/<document_id>/sites")
@may(Can.FILL_BINDER, Document)
def set_sites(document: Document) -> ResponseReturnValue:
    """Say at which sites the document is in force."""
    form = _places(document, formdata=request.form)
    if form.validate_on_submit():
        every = db().get_one(Practice, document.practice_id).sites
        named = [site for site in every if site.id in (form.sites.data or [])]
        chosen = None if form.where.data is Where.EVERYWHERE else named
        try:
            actions.set_sites(db(), document, chosen, by=current_user(), now=clock.now())
        except Refused as refused:
            form.form_errors.append(refused.reason)
        else:
            flash("Saved.", "ok")
            return redirect(url_for("evidence.document", document_id=document.id))
    return _page(document, places=form), 422


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
    pinned, troubles = 0, []
    for idea in found.ideas:
        if f"{idea.row.code}@{idea.page}" in chosen:
            try:
                actions.pin(db(), idea.version, idea.row.code, page=idea.page, quote=idea.quote, suggested=True,
                            by=current_user(), now=clock.now())  # fmt: skip
                pinned += 1
            except Refused as refused:
                troubles.append(refused.reason)
    for trouble in troubles:
        flash(trouble, "bad")
    flash(f"{count(pinned, 'passage')} pinned.", "ok" if pinned else "watch")
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

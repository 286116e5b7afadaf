"""The binder: its files as they come in, the coverage map, one slot of it."""

from __future__ import annotations

import os

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.doors import doors
from app.evidence import actions, queries
from app.evidence.models import Binder, NaClaim, Pin
from app.evidence.rules import Refused, why_not_size
from app.evidence.views.room import bp
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, allowed, current_user, may
from app.people.models import Practice
from app.standards import queries as standards
from app.standards.models import Edition
from forms.evidence import AddForm, ClaimForm, PinForm


@bp.get("/practices/<practice_id>/binder")
@may(Can.READ_BINDER, Practice)
def home(practice: Practice) -> ResponseReturnValue:
    """The practice's current binder."""
    found = queries.binder_of(db(), practice.id)
    if found is None:
        abort(404)
    return redirect(url_for("evidence.binder", binder_id=found.id))


@bp.get("/binders/<binder_id>", endpoint="binder")
@may(Can.READ_BINDER, Binder)
def read(binder: Binder) -> str:
    """Documents, what they cover, and what is still open."""
    domains = [row for row in standards.rows(db(), binder.edition_id) if not row.rated]
    domain = request.args.get("domain") or domains[0].code
    slots = queries.coverage(db(), binder, domain)
    return render_template(
        "evidence/binder.html", binder=binder, practice=db().get_one(Practice, binder.practice_id),
        edition=db().get_one(Edition, binder.edition_id), domains=domains, domain=domain, slots=slots,
        ideas=queries.answering(db(), binder, doors().indexes), uncovered=queries.uncovered_slots(db(), binder),
        form=AddForm(formdata=None), **_files(binder),
    )  # fmt: skip


@bp.get("/binders/<binder_id>/documents")
@may(Can.READ_BINDER, Binder)
def documents(binder: Binder) -> str:
    """The list of files as it stands now; a part of the page that asks again while something is being read."""
    return render_template("evidence/_documents.html", binder=binder, **_files(binder))


def _files(binder: Binder) -> dict[str, object]:
    fills = allowed(Can.FILL_BINDER, binder)
    found = queries.documents(db(), binder)
    return {
        "fills": fills,
        "documents": found if fills else [one for one in found if queries.shown(one)],
        "failed": queries.failed(db(), binder) if fills else [],
        "recognized": queries.recognized(db(), binder),
        "waiting": queries.waiting(db(), binder),
        "served": queries.served(db(), binder),
        "newest": queries.newest if fills else queries.shown,
        "shown": queries.shown,
    }


@bp.post("/binders/<binder_id>/documents")
@may(Can.FILL_BINDER, Binder)
def add(binder: Binder) -> ResponseReturnValue:
    """Take files in; one that is refused does not stop the others. A script sends them one by one and hears JSON."""
    form = AddForm()
    sent = [file for file in form.files.data or [] if isinstance(file, FileStorage) and file.filename]
    answers = [_add(binder.id, file) for file in sent] if form.validate_on_submit() else []
    if request.accept_mimetypes.best == "application/json":
        return jsonify(answers)
    if not answers:
        flash("Choose one or more files first.", "watch")
    for answer in answers:
        if answer["refused"]:
            flash(f"{answer['file']}: {answer['refused']}", "bad")
    if any(not answer["refused"] for answer in answers):
        flash("Received. The files are being read now.", "ok")
    return redirect(url_for("evidence.binder", binder_id=binder.id, _anchor="held"))


@bp.errorhandler(413)
def too_large(_error: Exception) -> ResponseReturnValue:
    """More was sent at once than a request may carry; the script hears it in its own tongue."""
    if request.accept_mimetypes.best != "application/json":
        return render_template("errors/413.html"), 413
    words = "This is larger than 50 MB, which is the most. Split it, or save it with smaller pictures."
    return jsonify([{"file": None, "refused": words}]), 413


def _add(binder_id: str, file: FileStorage) -> dict[str, str | None]:
    name = file.filename or ""
    size = file.stream.seek(0, os.SEEK_END)
    file.stream.seek(0)
    db().commit()  # nothing was changed; others may write while the file is examined
    try:
        if reason := why_not_size(size):
            raise Refused(reason)
        examined = actions.examine(name, file.stream.read(), doors().blobs)
        actions.take_in(db(), db().get_one(Binder, binder_id), examined, by=current_user(), now=clock.now())
    except Refused as refused:
        return {"file": name, "refused": refused.reason}
    return {"file": name, "refused": None}


@bp.get("/binders/<binder_id>/slots/<code>")
@may(Can.READ_BINDER, Binder)
def slot(binder: Binder, code: str) -> str:
    """One row: what it asks, what is pinned, what the binder seems to hold, or why it does not apply."""
    return _slot_page(binder, code, ClaimForm(formdata=None))


def _slot_page(binder: Binder, code: str, form: ClaimForm) -> str:
    row = queries.row(db(), binder, code)
    if row is None or not row.rated:
        abort(404)
    pins = queries.pins(db(), binder, code)
    held = {(pin.version_id, pin.page) for pin in pins}
    found = queries.search(db(), binder, "", code, doors().indexes, 8)
    return render_template(
        "evidence/slot.html", binder=binder, row=row, pins=pins, claim=queries.claim(db(), binder, code), form=form,
        edition=db().get_one(Edition, binder.edition_id), pin=PinForm(formdata=None),
        practice=db().get_one(Practice, binder.practice_id), fills=allowed(Can.FILL_BINDER, binder),
        ideas=[hit for hit in found if (hit.version.id, hit.page) not in held],
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
            flash(f"{code} is claimed as not applicable. Your surveyor judges the claim.", "ok")
            return redirect(url_for("evidence.slot", binder_id=binder.id, code=code))
    return _slot_page(binder, code, form), 422


@bp.post("/na-claims/<claim_id>/drop")
@may(Can.FILL_BINDER, NaClaim)
def drop_claim(claim: NaClaim) -> ResponseReturnValue:
    """The row applies after all."""
    binder_id, code = claim.binder_id, claim.code
    actions.drop_claim(db(), claim, by=current_user(), now=clock.now())
    flash(f"{code} applies again and asks for a document.", "ok")
    return redirect(url_for("evidence.slot", binder_id=binder_id, code=code))


@bp.post("/pins/<pin_id>/remove")
@may(Can.FILL_BINDER, Pin)
def unpin(pin: Pin) -> ResponseReturnValue:
    """Take a pin away."""
    binder_id, code = pin.binder_id, pin.code
    actions.unpin(db(), pin, by=current_user(), now=clock.now())
    flash(f"The pin was taken away from {code}.", "ok")
    return redirect(url_for("evidence.slot", binder_id=binder_id, code=code))

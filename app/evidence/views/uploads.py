"""Files come in: with a form all at once, or by the script piece by piece, so that a lost connection loses nothing."""

from __future__ import annotations

import os
from typing import Any

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.doors import doors
from app.evidence import queries
from app.evidence.actions import uploads as actions
from app.evidence.actions.uploads import Answer, ElsewhereNow, NotNow
from app.evidence.models import Binder, Upload
from app.evidence.rules import LIMITS, Refused, UploadState, accepted
from app.evidence.rules.intake import MOST_PACKED, PIECE, why_not_announced
from app.evidence.views.room import bp
from app.kernel import clock
from app.kernel.db import db
from app.kernel.words import whole
from app.people.access import Can, allowed, current_user, may
from forms.intake import AddForm, BeginForm
from storage.blobs import StoreDown

PAUSE_SECONDS = 60  # after which more may be sent
STORE_SECONDS = 20  # after which a store that was down is asked again
WORDS = {
    UploadState.SCANNING: "Received. It waits for the virus check.",
    UploadState.UNPACKING: "Received. Its files are being taken in.",
}


@bp.get("/binders/<binder_id>/documents")
@may(Can.READ_BINDER, Binder)
def documents(binder: Binder) -> str:
    """The list of files as it stands now; a part of the page that asks again while something is being read."""
    return render_template("evidence/_documents.html", binder=binder, **files(binder))


def files(binder: Binder) -> dict[str, Any]:
    """What the list of files needs; the Program sees what has become visible."""
    fills = allowed(Can.FILL_BINDER, binder)
    found = queries.documents(db(), binder)
    seen = found if fills else [one for one in found if queries.shown(one)]
    words = request.args.get("find", "").strip()[:100]
    return {
        "fills": fills,
        "documents": seen,
        "listing": queries.listing(db(), binder, seen, words, whole(request.args.get("files"), 1), fills=fills),
        "recognized": queries.recognized(db(), binder),
        "served": queries.served(db(), binder),
        "newest": queries.newest if fills else queries.shown,
        "shown": queries.shown,
        "most_mb": LIMITS.megabytes,
        "most_zip_mb": MOST_PACKED // 1024**2,
        "accepted": f"{accepted()},.zip,application/zip",
        "piece": PIECE,
        "form": AddForm(formdata=None),
    }


@bp.post("/binders/<binder_id>/documents")
@may(Can.FILL_BINDER, Binder)
def add(binder: Binder) -> ResponseReturnValue:
    """Take files in that came whole; one that is refused does not stop the others."""
    form = AddForm()
    sent = [file for file in form.files.data or [] if isinstance(file, FileStorage) and file.filename]
    answers = [_add(binder.id, file) for file in sent] if form.validate_on_submit() else []
    if request.accept_mimetypes.best == "application/json":
        return jsonify([_said(answer) for answer in answers])
    if not answers:
        flash("Choose one or more files first.", "watch")
    for answer in answers:
        if answer.refused:
            flash(f"{answer.file}: {answer.refused}", "watch" if actions.same(answer) else "bad")
    if any(not answer.refused for answer in answers):
        flash("Received. The files are being read now.", "ok")
    return redirect(url_for("evidence.binder", binder_id=binder.id, _anchor="held"))


def _add(binder_id: str, file: FileStorage) -> Answer:
    name = file.filename or ""
    size = file.stream.seek(0, os.SEEK_END)
    file.stream.seek(0)
    if size > LIMITS.size:
        return Answer(name, why_not_announced(name, size))
    try:
        answer = actions.send_in(
            db(), doors(), db().get_one(Binder, binder_id), name, file.stream.read(), by=current_user(), now=clock.now()
        )
    except NotNow as not_now:
        return Answer(name, not_now.reason)
    return Answer(name, answer.refused, answer.waits)


def _said(answer: Answer) -> dict[str, Any]:
    words = WORDS[answer.waits] if answer.waits else answer.refused or "Received. It is being read now."
    return {"file": answer.file, "refused": answer.refused, "same": actions.same(answer), "words": words}


@bp.get("/binders/<binder_id>/uploads")
@may(Can.FILL_BINDER, Binder)
def uploads(binder: Binder) -> Response:
    """What this person has begun to send and not finished."""
    return jsonify([_stands(one) for one in queries.unfinished(db(), binder, current_user())])


@bp.post("/binders/<binder_id>/uploads")
@may(Can.FILL_BINDER, Binder)
def begin(binder: Binder) -> ResponseReturnValue:
    """Begin to send a file, or hear how far it has come before."""
    form = BeginForm()
    if not form.validate_on_submit():
        return jsonify({"refused": "Choose the file again."}), 422
    given = {"filename": form.name.data, "size": form.size.data, "modified": form.modified.data or 0}
    try:
        begun = actions.begin(db(), binder, **given, code=form.code.data or None, by=current_user(), now=clock.now())
    except NotNow as not_now:
        return _later(not_now.reason)
    except Refused as refused:
        return jsonify({"refused": refused.reason})
    return jsonify(_stands(begun))


def _later(reason: str) -> Response:
    answer = make_response(jsonify({"refused": reason, "again": PAUSE_SECONDS}), 429)
    answer.headers["Retry-After"] = str(PAUSE_SECONDS)
    return answer


def _stands(upload: Upload) -> dict[str, Any]:
    told = {"id": upload.id, "name": upload.filename, "size": upload.size, "modified": upload.modified}
    stands = {"received": upload.received, "state": upload.state, "refused": upload.reason}
    if upload.state is UploadState.TAKEN:
        return told | stands | {"words": "It is in the binder already.", "same": True}
    return told | stands | {"words": WORDS.get(upload.state, "")}


@bp.get("/uploads/<upload_id>")
@may(Can.FILL_BINDER, Upload)
def upload(upload: Upload) -> Response:
    """How far a file has come."""
    return jsonify(_stands(upload))


@bp.post("/uploads/<upload_id>/pieces")
@may(Can.FILL_BINDER, Upload)
def piece(upload: Upload) -> ResponseReturnValue:
    """The next piece of a file, `?at=` the byte where it begins; with the last one the file is taken in."""
    upload_id, at = upload.id, whole(request.args.get("at"), -1)
    db().commit()  # nothing was changed; others may write while the piece comes in
    if (request.content_length or 0) > PIECE:
        return jsonify({"refused": f"A piece has at most {PIECE:,} bytes."}), 413
    data = request.get_data()
    found: Upload | None = upload
    try:
        if data:
            actions.fits(upload, at, data)
            doors().blobs.put(data)
        found = db().get(Upload, upload_id, populate_existing=True)
        if found is None:
            return jsonify({"refused": "This upload was given up."}), 409
        if data or found.received < found.size:
            actions.keep_piece(db(), found, at, data, doors().blobs, now=clock.now())
    except ElsewhereNow:
        return jsonify(_stands(found or upload)), 409
    except Refused as refused:
        return jsonify({"refused": refused.reason}), 422
    if found.received < found.size or found.state is not UploadState.RECEIVING:
        return jsonify(_stands(found))
    return jsonify(_said(actions.finish(db(), doors(), found, by=current_user(), now=clock.now())))


@bp.post("/uploads/<upload_id>/dismiss")
@may(Can.FILL_BINDER, Upload)
def dismiss(upload: Upload) -> ResponseReturnValue:
    """Give up a file on its way, or put aside what was said of it."""
    binder_id = upload.binder_id
    actions.dismiss(db(), upload, by=current_user(), now=clock.now())
    return redirect(url_for("evidence.binder", binder_id=binder_id, _anchor="held"))


@bp.errorhandler(413)
def too_large(_error: Exception) -> ResponseReturnValue:
    """More was sent at once than a request may carry; the script hears it in its own tongue."""
    if request.accept_mimetypes.best != "application/json":
        return render_template("errors/413.html"), 413
    words = f"This is larger than {LIMITS.megabytes} MB, which is the most. Split it, or save it with smaller pictures."
    return jsonify([{"file": None, "refused": words}]), 413


@bp.errorhandler(StoreDown)
def store_is_down(_error: Exception) -> ResponseReturnValue:
    """Nothing is half kept; the script and the browser are told when to try again."""
    db().rollback()
    told = {"refused": "The store of documents does not answer. Nothing is lost; try again in a moment."}
    plain = request.accept_mimetypes.best == "application/json"
    answer = make_response(jsonify(told) if plain else render_template("errors/503.html"), 503)
    answer.headers["Retry-After"] = str(STORE_SECONDS)
    return answer

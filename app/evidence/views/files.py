"""The bytes: reading copies for the viewer, originals to keep, pages as pictures.

What strangers uploaded is never shown as a page of ours: types are fixed, nothing is guessed, nothing may run.
"""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from flask import Response, abort, request
from werkzeug.datastructures import Range
from werkzeug.http import is_resource_modified

from app.doors import doors
from app.evidence import queries
from app.evidence.marked import marked_copy
from app.evidence.models import Version
from app.evidence.reader import child
from app.evidence.rules import FORMATS, Kind, Refused
from app.evidence.views.room import bp
from app.evidence.views.viewer import seen_by_me
from app.kernel.db import db
from app.kernel.words import whole
from app.people.access import Can, may
from storage.blobs import BlobMissing

TYPES = {kind: form.media for kind, form in FORMATS.items()}
STILL = "default-src 'none'; sandbox"
CHUNK = 1024 * 1024
WIDTHS = (480, 800, 1200, 1800)


@bp.get("/versions/<version_id>/copy.pdf")
@may(Can.READ_BINDER, Version)
def copy(version: Version) -> Response:
    """The reading copy, in parts where a viewer asks for parts."""
    if not seen_by_me(version) or version.copy_key is None:
        abort(404)
    return _send(version.copy_key, TYPES[Kind.PDF], version.filename.rpartition(".")[0] + ".pdf")


@bp.get("/versions/<version_id>/original")
@may(Can.READ_BINDER, Version)
def original(version: Version) -> Response:
    """The file as it was uploaded, byte for byte."""
    if not seen_by_me(version):
        abort(404)
    return _send(version.sha256, TYPES[version.kind], version.filename)


@bp.get("/versions/<version_id>/marked.pdf")
@may(Can.READ_BINDER, Version)
def marked(version: Version) -> Response:
    """The reading copy with its pinned passages highlighted, to print or to pass on."""
    if not seen_by_me(version) or version.copy_key is None:
        abort(404)
    key, marks = version.copy_key, queries.marks(db(), version)
    db().rollback()  # hold no transaction while the copy is drawn
    try:
        pdf = marked_copy(doors().blobs.get(key), marks)
    except (Refused, BlobMissing):
        abort(404)
    answer = Response(pdf, mimetype=TYPES[Kind.PDF])
    answer.headers["Content-Disposition"] = _attachment(f"{version.filename.rpartition('.')[0]}, with pins.pdf")
    return _dress(answer, hashlib.sha256(pdf).hexdigest()[:32])


@bp.get("/versions/<version_id>/pages/<int:page>.png")
@may(Can.READ_BINDER, Version)
def picture(version: Version, page: int) -> Response:
    """A page of the reading copy as a picture."""
    if not seen_by_me(version) or version.copy_key is None or not 1 <= page <= (version.pages or 0):
        abort(404)
    asked = whole(request.args.get("w"), 1200)
    width = min(WIDTHS, key=lambda one: abs(one - asked))
    mark = hashlib.sha256(f"{version.copy_key}/{page}/{width}".encode()).hexdigest()[:32]
    if not is_resource_modified(request.environ, etag=mark):
        return _dress(Response(status=304), mark)
    key = version.copy_key
    db().rollback()  # hold no transaction while the page is drawn
    try:
        image = child.picture(doors().blobs.get(key), page, width)
    except (Refused, BlobMissing):
        abort(404)
    return _dress(Response(image, mimetype="image/png"), mark)


def _send(key: str, kind: str, name: str) -> Response:
    """An object, whole or the one range that was asked for; always as a file to keep."""
    blobs = doors().blobs
    try:
        size = blobs.size(key)
    except BlobMissing:
        abort(404)
    if not is_resource_modified(request.environ, etag=key):
        return _dress(Response(status=304), key)
    start, end, status = 0, size, 200
    if request.range is not None and request.range.units == "bytes" and _still(key):
        wanted = _part(request.range, size)
        if wanted is None:
            return _dress(Response(status=416, headers={"Content-Range": f"bytes */{size}"}), key)
        start, end, status = *wanted, 206
    parts = (blobs.read(key, at, min(CHUNK, end - at)) for at in range(start, end, CHUNK))
    answer = Response(parts, status, mimetype=kind)
    answer.content_length = end - start
    answer.headers["Accept-Ranges"] = "bytes"
    if status == 206:
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    answer.headers["Content-Disposition"] = _attachment(name)
    return _dress(answer, key)


def _part(wanted: Range, size: int) -> tuple[int, int] | None:
    """The one part that is asked for; the last bytes of a shorter file are all of it (RFC 9110, 14.1.2)."""
    start = wanted.ranges[0][0]
    if len(wanted.ranges) == 1 and start is not None and start < 0:
        return max(0, size + start), size
    return wanted.range_for_length(size)


def _still(key: str) -> bool:
    """Whether a part may be given: nothing was said of an earlier part, or the file is still the same one."""
    return request.headers.get("If-Range", f'"{key}"') == f'"{key}"'


def _attachment(name: str) -> str:
    """A file to keep, under its own name in any alphabet (RFC 6266), with a plain name for old programs."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " .-_()") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _dress(answer: Response, mark: str) -> Response:
    answer.set_etag(mark)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Security-Policy"] = STILL
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer

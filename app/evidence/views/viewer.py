"""Reading a document: the viewer's page, what is lit on it, and pinning its passages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.doors import doors
from app.evidence import actions, passages, queries
from app.evidence.models import Binder, Version
from app.evidence.queries import Answer, Hit, lighting
from app.evidence.queries.lighting import Asked
from app.evidence.rules import Refused, State
from app.evidence.search import snippets
from app.evidence.views import searching
from app.evidence.views.room import bp
from app.evidence.views.searching import METHOD_WORDS
from app.kernel import clock
from app.kernel.db import db
from app.kernel.words import whole
from app.people.access import Can, allowed, current_user, may
from app.people.models import Practice
from app.standards import queries as standards
from app.standards.models import Edition
from forms.evidence import PinForm

CODE = re.compile(r"(?<![\w.])\d{1,2}(?:\.\d{1,2}){1,3}(?![\w.])")

# Nothing of an uploaded file may run or call out: scripts, workers and requests are our own, and nothing is embedded.
POLICY = "; ".join([
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'",
    "connect-src 'self'", "worker-src 'self'", "object-src 'none'", "frame-src 'none'", "base-uri 'none'",
    "form-action 'self'", "frame-ancestors 'self'",
])  # fmt: skip


@bp.get("/binders/<binder_id>/search")
@may(Can.READ_BINDER, Binder)
def search(binder: Binder) -> Response:
    """Pages by standard, by words, or both; the first one open."""
    answer = searching.answered(binder, searching.asked())
    first = answer.hits[0] if answer.hits else None
    return _page(binder, answer, db().get(Version, first.version.id) if first else None, first.page if first else 1)


@bp.get("/versions/<version_id>/view")
@may(Can.READ_BINDER, Version)
def view(version: Version) -> Response:
    """A page of a document, with the results of the search that led to it."""
    if not seen_by_me(version):
        abort(404)
    number = whole(request.args.get("page"), 1)
    binder = version.document.binder
    answer = searching.answered(binder, searching.asked())
    return _page(binder, answer, version, max(1, min(number, version.pages or 1)))


@bp.get("/versions/<version_id>/marks")
@may(Can.READ_BINDER, Version)
def marks(version: Version) -> Response:
    """What is lit and pinned on a few pages, as data for the viewer; with `all`, also which pages answer at all."""
    if not seen_by_me(version):
        abort(404)
    first = max(1, whole(request.args.get("from"), whole(request.args.get("page"), 1)))
    last = max(first, whole(request.args.get("to"), first))
    binder = version.document.binder
    hits = _hits(binder, version)
    lit = lighting.lit_pages(
        db(), version, queries.index(db(), binder, doors().indexes), _asked(binder, hits), first, last
    )
    said: dict[str, Any] = {"pages": [asdict(page) for page in lit]}
    if request.args.get("all"):
        said["answering"] = sorted({hit.page for hit in hits})
    return jsonify(said)


@bp.post("/versions/<version_id>/pins")
@may(Can.FILL_BINDER, Version)
def pin(version: Version) -> ResponseReturnValue:
    """Pin a page or a passage of it to a row. The viewer's script hears JSON and stays where it is."""
    form = PinForm()
    if form.validate_on_submit():
        code = form.code.data.split()[0]
        try:
            actions.pin(db(), version, code, page=form.page.data, quote=form.quote.data, by=current_user(),
                        now=clock.now())  # fmt: skip
            return _pinned(version, form, code)
        except Refused as refused:
            form.form_errors.append(refused.reason)
    if _for_script():
        reasons = [*form.form_errors, *form.code.errors, *form.page.errors, *form.quote.errors]
        return jsonify({"refused": " ".join(reasons) or "Open the page again: this form has grown old."}), 422
    number = max(1, min(form.page.data or 1, version.pages or 1))
    binder = version.document.binder
    shown = _page(binder, searching.answered(binder, searching.asked()), version, number, form)
    shown.status_code = 422
    return shown


def _pinned(version: Version, form: PinForm, code: str) -> ResponseReturnValue:
    if _for_script():
        return jsonify({"code": code, "page": form.page.data})
    flash(f"Pinned to {code}.", "ok")
    if "slot" in request.form:  # pressed on the row's own page, where one goes on
        return redirect(url_for("evidence.slot", binder_id=version.document.binder_id, code=code))
    page, words = form.page.data or 1, form.q.data or None
    return redirect(url_for("evidence.view", version_id=version.id, page=page, q=words))


def _for_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def seen_by_me(version: Version) -> bool:
    """The practice sees all its files; the Program those that have become visible; nobody one that is gone for good."""
    if version.purged_at is not None:
        return False
    return version.visible_since is not None or allowed(Can.FILL_BINDER, version) or not current_user().is_program


def _hits(binder: Binder, version: Version) -> list[Hit]:
    """The pages of the document that answer the search."""
    return searching.within(binder, searching.asked(), version.id, version.document_id)


def _asked(binder: Binder, hits: Iterable[Hit]) -> Asked:
    """What to light on each of these pages."""
    search = searching.asked()
    row = queries.row(db(), binder, search.code) if search.code and not search.words else None
    return Asked(search.words, _quote() or "", row, frozenset(hit.page for hit in hits if hit.meant))


def _page(
    binder: Binder, answer: Answer, version: Version | None, number: int, pin_form: PinForm | None = None
) -> Response:
    search, back, practice = searching.asked(), _back(), db().get_one(Practice, binder.practice_id)
    page = render_template(
        "evidence/search.html", binder=binder, answer=answer, search=search, words=search.words, code=search.code,
        kept=search.kept | {"back": back[0] if back else None}, back=back, quote=_quote(), version=version,
        number=number, practice=practice, edition=db().get_one(Edition, binder.edition_id), methods=METHOD_WORDS,
        rows=[row for row in standards.rows(db(), binder.edition_id) if row.rated], State=State,
        shape=request.args.get("as"), fills=allowed(Can.FILL_BINDER, binder), groups=searching.by_document(answer.hits),
        pin_form=pin_form or _pin_form(number), pins=_pins(binder, version, number), in_force=_in_force(version),
        **searching.shelf(binder), **_lit(binder, version, number, answer),
    )  # fmt: skip
    answered = make_response(page)
    answered.headers["Content-Security-Policy"] = POLICY
    return answered


def _quote() -> str | None:
    return request.args.get("quote", "")[:1000] or None


def _back() -> tuple[str, str] | None:
    """The page of ours that somebody came from, and what to call it; nothing that could lead elsewhere."""
    path = request.args.get("back", "")
    parts = urlsplit(path)
    if not path.startswith("/") or path.startswith("//") or parts.scheme or parts.netloc or len(path) > 400:
        return None
    if "\\" in path or any(ord(letter) < 33 for letter in path):
        return None
    code = CODE.search(path)
    return path, f"Back to {code[0]}" if code else "Back to where you were"


def _in_force(version: Version | None) -> tuple[Version, int] | None:
    """For a version that is no longer in force: the one that is, and where the quoted passage stands in it."""
    if version is None or version.state not in (State.REPLACED, State.WITHDRAWN):
        return None
    now = queries.shown(version.document)
    if now is None:
        return None
    quote = _quote()
    texts = ((page.number, page.text) for page in queries.texts(db(), now)) if quote else ()
    return now, passages.find(texts, quote or "", whole(request.args.get("page"), 1)) or 1


def _pin_form(number: int) -> PinForm:
    search = searching.asked()
    return PinForm(formdata=None, data={"code": search.code, "page": number, "q": search.words})


def _pins(binder: Binder, version: Version | None, number: int) -> list[Any]:
    if version is None:
        return []
    return [pin for pin in queries.pins(db(), binder) if pin.version_id == version.id and pin.page in (None, number)]


def _lit(binder: Binder, version: Version | None, number: int, answer: Answer) -> dict[str, Any]:
    """The page, the places on it to light, and its text with the same places marked. Whoever came from a result is
    not asked for twice: the document is searched again only for a page that is none of them."""
    page = queries.page(db(), version.id, number) if version else None
    if version is None or page is None:
        return {"page": None, "boxes": [], "lit_text": ""}
    here = [hit for hit in answer.hits if (hit.version.id, hit.page) == (version.id, number)]
    asked = _asked(binder, here or _hits(binder, version))
    spans = lighting.spans(page, queries.index(db(), binder, doors().indexes), asked)
    return {"page": page, "boxes": passages.boxes(page.boxes, spans), "lit_text": snippets.mark(page.text, spans)}

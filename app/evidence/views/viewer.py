"""Searching a binder and reading its pages: results at the left, the page at the right, its answers lit."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.doors import doors
from app.evidence import actions, passages, queries
from app.evidence.models import Binder, Version
from app.evidence.queries import Answer
from app.evidence.rules import Refused, State
from app.evidence.search import snippets
from app.evidence.views.room import bp
from app.kernel import clock
from app.kernel.db import db
from app.kernel.words import whole
from app.people.access import Can, allowed, current_user, may
from app.people.models import Practice
from app.standards import queries as standards
from app.standards.models import Edition
from forms.evidence import PinForm

RESULTS, MORE = 12, 100


@bp.get("/binders/<binder_id>/search")
@may(Can.READ_BINDER, Binder)
def search(binder: Binder) -> str:
    """Pages by standard, by words, or both; the first one open."""
    answer = _answer(binder)
    first = answer.hits[0] if answer.hits else None
    return _page(binder, answer, first.version if first else None, first.page if first else 1)


@bp.get("/versions/<version_id>/view")
@may(Can.READ_BINDER, Version)
def view(version: Version) -> str:
    """A page of a document, with the results of the search that led to it."""
    if not seen_by_me(version):
        abort(404)
    number = whole(request.args.get("page"), 1)
    binder = version.document.binder
    return _page(binder, _answer(binder), version, max(1, min(number, version.pages or 1)))


@bp.post("/versions/<version_id>/pins")
@may(Can.FILL_BINDER, Version)
def pin(version: Version) -> ResponseReturnValue:
    """Pin a page or a passage of it to a row."""
    form = PinForm()
    if form.validate_on_submit():
        code = form.code.data.split()[0]
        try:
            actions.pin(db(), version, code, page=form.page.data, quote=form.quote.data, by=current_user(),
                        now=clock.now())  # fmt: skip
            flash(f"Pinned to {code}.", "ok")
            if "slot" in request.form:  # pressed on the row's own page, where one goes on
                return redirect(url_for("evidence.slot", binder_id=version.document.binder_id, code=code))
            page, words = form.page.data or 1, form.q.data or None
            return redirect(url_for("evidence.view", version_id=version.id, page=page, q=words))
        except Refused as refused:
            form.form_errors.append(refused.reason)
    number = max(1, min(form.page.data or 1, version.pages or 1))
    binder = version.document.binder
    return _page(binder, _answer(binder), version, number, form), 422


def seen_by_me(version: Version) -> bool:
    """The practice sees all its files; the Program those that have become visible."""
    return version.visible_since is not None or allowed(Can.FILL_BINDER, version) or not current_user().is_program


def _asked() -> tuple[str, str]:
    return request.values.get("q", "").strip()[:400], request.args.get("standard", "").strip()[:16]


def _answer(binder: Binder) -> Answer:
    words, code = _asked()
    if not words and not code:
        return Answer([])
    return queries.search(
        db(), binder, words, code or None, doors().indexes, MORE if request.args.get("all") else RESULTS
    )


def _page(binder: Binder, answer: Answer, version: Version | None, number: int, pin_form: PinForm | None = None) -> str:
    words, code = _asked()
    return render_template(
        "evidence/search.html", binder=binder, answer=answer, words=words, code=code, version=version, number=number,
        practice=db().get_one(Practice, binder.practice_id), edition=db().get_one(Edition, binder.edition_id),
        rows=[row for row in standards.rows(db(), binder.edition_id) if row.rated],
        as_text=request.args.get("as") == "text", fills=allowed(Can.FILL_BINDER, binder), State=State,
        pin_form=pin_form or _pin_form(number), pins=_pins(binder, version, number), **_lit(binder, version, number),
    )  # fmt: skip


def _pin_form(number: int) -> PinForm:
    words, code = _asked()
    return PinForm(formdata=None, data={"code": code, "page": number, "q": words})


def _pins(binder: Binder, version: Version | None, number: int) -> list[Any]:
    if version is None:
        return []
    return [pin for pin in queries.pins(db(), binder) if pin.version_id == version.id and pin.page in (None, number)]


def _lit(binder: Binder, version: Version | None, number: int) -> dict[str, Any]:
    """The page, the places on it to light, and its text with the same places marked."""
    page = queries.page(db(), version.id, number) if version else None
    if page is None:
        return {"page": None, "boxes": [], "lit_text": ""}
    words, code = _asked()
    index = queries.index(db(), binder, doors().indexes)
    row = queries.row(db(), binder, code) if code and not words else None
    spans = queries.lit(page, index, words=words, quote=request.args.get("quote", ""), row=row)
    return {"page": page, "boxes": passages.boxes(page.boxes, spans), "lit_text": snippets.mark(page.text, spans)}

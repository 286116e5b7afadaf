"""A file that is held back: what was found in it, and the three ways on: no such thing, black it out, take it out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.evidence import queries
from app.evidence.actions import held as actions
from app.evidence.actions import redacting
from app.evidence.models import Version
from app.evidence.passages import Box
from app.evidence.rules import Refused, State
from app.evidence.rules.intake import box_from
from app.evidence.views.room import bp
from app.kernel import clock
from app.kernel.db import db
from app.kernel.words import whole
from app.people.access import Can, current_user, may
from app.people.models import Practice
from forms.intake import ClearForm, RedactForm


@bp.get("/versions/<version_id>/held")
@may(Can.FILL_BINDER, Version)
def held(version: Version) -> ResponseReturnValue:
    """Where it seems to name a patient, and what can be done."""
    return _held(version, ClearForm(formdata=None)) if version.state is State.HELD else _on(version)


def _held(version: Version, form: ClearForm) -> str:
    return render_template(
        "evidence/held.html", version=version, form=form, practice=db().get_one(Practice, version.practice_id),
        shown=queries.shown(version.document), pages=_pages(version), **_page_of(version),
    )  # fmt: skip


def _pages(version: Version) -> list[int]:
    return sorted({one["page"] for one in version.finds})


def _page_of(version: Version) -> dict[str, Any]:
    """The page that is looked at: the first with a find, unless another one is asked for."""
    first = next(iter(_pages(version)), 1)
    number = max(1, min(whole(request.values.get("page"), first), version.pages or 1))
    return {
        "number": number,
        "page": queries.page(db(), version.id, number),
        "finds": [(at, one) for at, one in enumerate(version.finds) if one["page"] == number],
        "making": version.id in queries.redacting(db()),
    }


def _on(version: Version) -> ResponseReturnValue:
    """It is held no longer: what became of it stands on its document's page, or in the list."""
    if queries.newest(version.document) is None:
        return redirect(url_for("evidence.binder", binder_id=version.binder_id, _anchor="held"))
    return redirect(url_for("evidence.document", document_id=version.document_id))


@bp.post("/versions/<version_id>/clear")
@may(Can.FILL_BINDER, Version)
def clear(version: Version) -> ResponseReturnValue:
    """Say that nothing in it names a patient."""
    form = ClearForm()
    if form.validate_on_submit():
        try:
            actions.clear(db(), version, reason=form.reason.data, by=current_user(), now=clock.now())
        except Refused as refused:
            form.form_errors.append(refused.reason)
        else:
            flash(f"{version.document.title} is visible to the Program now, and can be searched.", "ok")
            return _on(version)
    return _held(version, form), 422


@bp.post("/versions/<version_id>/take-out")
@may(Can.FILL_BINDER, Version)
def take_out(version: Version) -> ResponseReturnValue:
    """Take the held file out; it is deleted for good."""
    try:
        actions.take_out(db(), version, by=current_user(), now=clock.now())
        flash(f"{version.filename} is taken out and deleted for good.", "ok")
    except Refused as refused:
        flash(refused.reason, "bad")
    return redirect(url_for("evidence.binder", binder_id=version.binder_id, _anchor="held"))


@bp.get("/versions/<version_id>/redact")
@may(Can.FILL_BINDER, Version)
def redact(version: Version) -> ResponseReturnValue:
    """The page with its found places, to be ticked, and more to be drawn."""
    if version.state is not State.HELD:
        return _on(version)
    form = RedactForm(formdata=None, data={"finds": [str(at) for at in range(len(version.finds))]})
    return _redact(version, form)


def _redact(version: Version, form: RedactForm) -> str:
    return render_template(
        "evidence/redact.html", version=version, form=form, practice=db().get_one(Practice, version.practice_id),
        ticked=set(form.finds.data or []), chosen=set(form.words.data or []), **_page_of(version),
    )  # fmt: skip


@bp.post("/versions/<version_id>/redact")
@may(Can.FILL_BINDER, Version)
def make_redacted(version: Version) -> ResponseReturnValue:
    """Have the ticked, chosen and drawn places blackened for good."""
    form = RedactForm()
    if version.state is not State.HELD:
        abort(409, description="This file is held back no longer.")
    try:
        if not form.validate_on_submit():
            return _redact(version, form), 422
        places = _places(version, form)
        redacting.ask_redaction(db(), version, places, by=current_user(), now=clock.now())
    except Refused as refused:
        form.form_errors.append(refused.reason)
        return _redact(version, form), 422
    flash("The blackened file is being made. It takes the place of the held one, which is then deleted for good.", "ok")
    return redirect(url_for("evidence.binder", binder_id=version.binder_id, _anchor="held"))


def _places(version: Version, form: RedactForm) -> dict[int, list[Box]]:
    """Every place by its page; raises Refused for a box that is none."""
    places: dict[int, list[Box]] = {}
    for at in (whole(one, -1) for one in form.finds.data or []):
        if 0 <= at < len(version.finds):
            find = version.finds[at]
            places.setdefault(find["page"], []).extend(tuple(box) for box in find["boxes"])
    for page, boxes in _chosen(version, form.words.data or []):
        places.setdefault(page, []).extend(boxes)
    for page, *edges in [*_drawn(form.boxes.data or ""), *_typed(form)]:
        places.setdefault(whole(str(page), 0), []).append(box_from(edges))
    return {page: boxes for page, boxes in places.items() if boxes}


def _chosen(version: Version, words: Iterable[str]) -> Iterable[tuple[int, list[Box]]]:
    """Words by page and number, as `3:17`."""
    by_page: dict[int, set[int]] = {}
    for word in words:
        page, _, at = word.partition(":")
        by_page.setdefault(whole(page, 0), set()).add(whole(at, -1))
    for number, wanted in by_page.items():
        sheet = queries.page(db(), version.id, number)
        if sheet is not None:
            yield number, [(left, top, wide, high) for at, (_, _, left, top, wide, high, *_) in enumerate(sheet.boxes)
                           if at in wanted]  # fmt: skip


def _drawn(said: str) -> list[list[Any]]:
    """Boxes that the script keeps, each as page, left, top, width and height in ten-thousandths of the page."""
    try:
        drawn = json.loads(said or "[]")
    except ValueError:
        drawn = None
    if not isinstance(drawn, list) or not all(isinstance(one, list) and len(one) == 5 for one in drawn):
        raise Refused("The drawn boxes did not arrive whole. Draw them again.")
    return drawn


def _typed(form: RedactForm) -> list[list[Any]]:
    """One box by numbers, in percent of the page."""
    edges = [field.data or "" for field in (form.box_left, form.box_top, form.box_width, form.box_height)]
    if not any(edges):
        return []
    try:
        return [[form.box_page.data, *(round(float(edge) * 100) for edge in edges)]]
    except (ValueError, OverflowError):
        raise Refused("A box needs four numbers in percent of the page: left, top, width and height.") from None

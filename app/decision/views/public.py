"""What anybody may ask: who is certified, what a number says today, and whether a PDF is ours."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.decision import queries, rules, states
from app.decision.models import Certification
from app.decision.views.blueprint import bp
from app.documents import queries as papers
from app.documents.press import Press
from app.documents.rules import KIND_WORDS, PROGRAM_NAME
from app.documents.stranger import Busy
from app.kernel import clock
from app.kernel.db import db
from app.kernel.words import spreadsheet
from app.people.access import public
from forms.decision import CheckFileForm

MOST_BYTES = 20 * 1024 * 1024  # the longest paper of the Program has less than one


@bp.get("/registry")
@public
def registry() -> ResponseReturnValue:
    """Certified practices, with a search by name, town or state."""
    words, region = request.args.get("q", "").strip()[:100], request.args.get("state", "")[:80]
    page = max(request.args.get("page", 1, type=int), 1)
    found = queries.registry(db(), clock.today(), words=words, region=region, page=page)
    rows = [(held, queries.standing(held, clock.today())) for held in found.rows]
    regions = [(code, states.name_of(code)) for code in queries.regions(db())]
    return render_template(
        "decision/registry.html", rows=rows, total=found.total, page=page, per=queries.PAGE, words=words,
        region=region, regions=regions,
    )  # fmt: skip


@bp.get("/registry.json")
@public
def registry_json() -> ResponseReturnValue:
    """The whole registry for machines."""
    listed = queries.registry(db(), clock.today(), page=None).rows
    return jsonify(
        program=PROGRAM_NAME, as_of=clock.now().isoformat(timespec="seconds"), practices=[_entry(one) for one in listed]
    )


def _entry(held: Certification) -> dict[str, Any]:
    return {
        "number": held.number,
        "name": held.public_name,
        "website": held.website or None,
        "status": queries.standing(held, clock.today()).value,
        "certified_since": held.since.isoformat(),
        "valid_through": held.valid_through.isoformat(),
        "sites": [
            {"name": site.name, "town": site.city, "state": site.region, "country": site.country} for site in held.sites
        ],
    }


@bp.get("/registry.csv")
@public
def registry_csv() -> ResponseReturnValue:
    """The whole registry for spreadsheets, one row a site."""
    rows = [["number", "name", "status", "certified_since", "valid_through", "website", "site", "town", "state",
             "country"]]  # fmt: skip
    for held in queries.registry(db(), clock.today(), page=None).rows:
        entry = _entry(held)
        own = [entry[key] or "" for key in ("number", "name", "status", "certified_since", "valid_through", "website")]
        rows += [[*own, *site.values()] for site in entry["sites"]]
    response = Response(spreadsheet(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="certified-practices.csv"'
    return response


@bp.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """Ask about a number, or about a PDF."""
    if number := request.args.get("number", "").strip():
        return redirect(url_for("decision.verify_number", number=rules.read_number(number) or number[:60]))
    return _verify(CheckFileForm(formdata=None))


@bp.get("/verify/<number>")
@public
def verify_number(number: str) -> ResponseReturnValue:
    """What a certificate, or another paper of ours, says today."""
    canonical = rules.read_number(number)
    if canonical is not None and canonical != number:
        return redirect(url_for("decision.verify_number", number=canonical))
    return _answer(number, CheckFileForm(formdata=None, number=number))


@bp.post("/verify")
@public
def check() -> ResponseReturnValue:
    """Is this PDF ours and unchanged? It is compared and forgotten."""
    form = CheckFileForm()
    if not form.validate_on_submit():
        return _again(form, 422)
    with form.file.data.stream as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        form.file.errors = ["The file is over 20 MB. A paper of the Program is far smaller."]
        return _again(form, 422)
    press: Press = current_app.extensions["qcp.doors"].press
    try:
        found = papers.recognize(db(), data, press)
    except Busy:
        form.file.errors = ["Many files are being checked just now. Try again in a minute."]
        return _again(form, 503)
    checked = queries.judged(db(), found, name=(form.file.data.filename or "The file")[:120], today=clock.today())
    return _again(form, 200, checked)


def _again(form: CheckFileForm, status: int, checked: queries.Judged | None = None) -> ResponseReturnValue:
    """Back on the page where the file was chosen."""
    asked = (form.number.data or "").strip()[:60]
    if asked:
        return _answer(asked, form, status, checked)
    return _verify(form, status, checked)


def _verify(form: CheckFileForm, status: int = 200, checked: queries.Judged | None = None) -> ResponseReturnValue:
    page = render_template(
        "decision/verify.html", form=form, checked=checked, means=rules.STANDING_MEANS, kinds=KIND_WORDS
    )
    return page, status


def _answer(
    number: str, form: CheckFileForm, status: int = 200, checked: queries.Judged | None = None
) -> ResponseReturnValue:  # fmt: skip
    found = queries.answer(db(), number, clock.today())
    page = render_template(
        "decision/answer.html", found=found, form=form, checked=checked, asked_at=clock.now(), kinds=KIND_WORDS,
        means=rules.STANDING_MEANS, states=states.NAMES,
    )  # fmt: skip
    return page, status

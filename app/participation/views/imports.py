"""Importing a chart file: a trial run that stores nothing, then the import."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import zlib

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.participation.actions import charts
from app.participation.actions.charts import BadFile
from app.participation.models import Enrolment
from app.participation.queries import desk, rounds
from app.participation.rules import sentences
from app.participation.rules.columns import COLUMNS
from app.participation.rules.files import read_file
from app.participation.rules.result import Sheet
from app.participation.rules.rows import place
from app.participation.views.blueprint import bp, told
from app.people.access import Can, current_user, may
from forms.participation import ImportForm, ImportNowForm

LARGEST = 8 * 1024 * 1024  # some 30,000 charts; packed it still fits into a form
SHOWN = 500


@bp.get("/enrolments/<enrolment_id>/charts.csv")
@may(Can.ENTER_CHARTS, Enrolment)
def blank_file(enrolment: Enrolment) -> Response:
    """A chart file with its header only."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(COLUMNS)
    name = f"charts-{enrolment.round.code}.csv"
    return Response(
        out.getvalue(), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.route("/enrolments/<enrolment_id>/import", methods=["GET", "POST"])
@may(Can.ENTER_CHARTS, Enrolment)
def import_file(enrolment: Enrolment) -> ResponseReturnValue:
    """The trial run: every row is checked, nothing is stored."""
    form = ImportForm()
    if not form.validate_on_submit():
        return _page(enrolment, form), 422 if request.method == "POST" else 200
    data = form.file.data.read(LARGEST + 1)
    if len(data) > LARGEST:
        form.file.errors = ["The file is larger than 8 MB. Split it and import the parts one after the other."]
        return _page(enrolment, form), 422
    file = read_file(data)
    if file.errors:
        form.file.errors = sentences.of_file(file.errors)
        return _page(enrolment, form), 422
    sheet = desk.trial(db(), enrolment, file, replace=form.replace.data, today=clock.today())
    return _trial_page(enrolment, sheet, pack(data), form.replace.data), 422 if sheet.errors else 200


@bp.post("/enrolments/<enrolment_id>/import/now")
@may(Can.ENTER_CHARTS, Enrolment)
def import_now(enrolment: Enrolment) -> ResponseReturnValue:
    """Store what the trial run showed; it is checked once more."""
    form = ImportNowForm()
    data = unpack(form.packed.data or "") if form.validate_on_submit() else None
    if data is None:
        again = ImportForm(formdata=None)
        again.file.errors = ["Choose the file again; it did not come through."]
        return _page(enrolment, again), 422
    try:
        with told():
            sheet = charts.import_charts(
                db(), enrolment, data, partial=form.partial.data, replace=form.replace.data, by=current_user(),
                now=clock.now(),
            )  # fmt: skip
    except BadFile as bad:
        return _trial_page(enrolment, bad.sheet or Sheet(), form.packed.data, form.replace.data), 422
    flash(
        f"{len(sheet.charts)} charts are entered." + (f" {len(sheet.errors)} rows were left out." * bool(sheet.errors))
    )
    return redirect(url_for("participation.desk", enrolment_id=enrolment.id))


def _page(enrolment: Enrolment, form: ImportForm) -> str:
    return render_template(
        "participation/import.html", enrolment=enrolment, form=form, why_not_enter=rounds.why_not_enter(enrolment),
        columns=COLUMNS.values(),
    )  # fmt: skip


def _trial_page(enrolment: Enrolment, sheet: Sheet, packed: str, replace: bool) -> str:
    """Every bad row by row, column and plain sentence; never what a cell held."""
    bad = [(row, *place(error), sentences.of_error(error)) for row, errors in sheet.errors.items() for error in errors]
    return render_template(
        "participation/trial.html", enrolment=enrolment, sheet=sheet, bad=bad[:SHOWN], more=max(len(bad) - SHOWN, 0),
        packed=packed, replace=replace, columns=COLUMNS, errors=len(bad), form=ImportNowForm(formdata=None),
    )  # fmt: skip


def pack(data: bytes) -> str:
    """A file as it travels through the page between trial run and import."""
    return base64.b85encode(zlib.compress(data, 9)).decode()


def unpack(packed: str) -> bytes | None:
    """The file again, or None when it is damaged or too large."""
    try:
        reader = zlib.decompressobj()
        data = reader.decompress(base64.b85decode(packed), LARGEST + 1)
    except (ValueError, binascii.Error, zlib.error):
        return None
    return data if data and len(data) <= LARGEST and reader.eof else None

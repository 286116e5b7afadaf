"""Pages of the settings: staff read them, administrators change them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.kernel.words import whole
from app.people.access import Can, current_user, may
from app.program import actions, defaults, queries
from app.program.actions import Refused
from app.program.rules.clocks import BASIS_WORDS
from app.program.rules.fees import Item
from app.program.rules.values import Definition
from forms.program import DayForm, FeesForm, SettingForm

bp = Blueprint("program", __name__, url_prefix="/program")


@bp.get("/settings")
@may(Can.READ_SETTINGS)
def settings() -> str:
    """Every setting with the value that holds today, its basis and since when."""
    today = clock.today()
    return render_template(
        "program/settings.html", groups=queries.settings(db(), today), basis_words=BASIS_WORDS,
        fees=queries.fee_table(db(), today), days=queries.program_days(db()), day_form=DayForm(formdata=None),
    )  # fmt: skip


@bp.get("/settings/<key>")
@may(Can.READ_SETTINGS)
def setting(key: str) -> str:
    """One setting: its history, and the form for a new value."""
    definition, row = _definition(key), queries.in_force(db(), key, clock.today())
    form = SettingForm(formdata=None, value=row.value, effective_from=clock.today(), basis=row.basis)
    return _setting_page(definition, form)


@bp.post("/settings/<key>")
@may(Can.CHANGE_SETTINGS)
def change_setting(key: str) -> ResponseReturnValue:
    """A new value from a day on."""
    definition, form = _definition(key), SettingForm()
    if not form.validate():
        return _setting_page(definition, form), 422
    latest = queries.versions(db(), key)[0]
    if whole(request.form.get("seen"), latest.version) != latest.version:
        form.form_errors.append(f"{latest.by_name} has just set it to {latest.value}. Look at it, then set it again.")
        return _setting_page(definition, form), 409
    try:
        row = actions.change_setting(
            db(), key, form.value.data, effective_from=form.effective_from.data, basis=form.basis.data,
            why=form.why.data, by=current_user(), now=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        form.form_errors.extend(refused.reasons)
        return _setting_page(definition, form), 422
    flash(f"{definition.title}: {row.value} holds from {row.effective_from:%d %b %Y}. Running dates keep theirs.", "ok")
    return redirect(url_for("program.setting", key=key))


@bp.post("/days")
@may(Can.CHANGE_SETTINGS)
def add_day() -> ResponseReturnValue:
    """A day off beside the federal holidays."""
    form = DayForm()
    try:
        if form.validate():
            day = actions.add_day(
                db(), form.on.data, form.name.data, why=form.why.data, by=current_user(), now=clock.now()
            )  # fmt: skip
            flash(f"{day.name} is not a business day. Dates that run already keep their sum.", "ok")
            return redirect(url_for("program.settings", _anchor="days"))
    except Refused as refused:
        form.form_errors.extend(refused.reasons)
    return render_template("program/day.html", form=form), 422


@bp.get("/fees")
@may(Can.READ_SETTINGS)
def fees() -> str:
    """The fee table that holds today, and the form for the next one."""
    table = queries.fee_table(db(), clock.today())
    amounts = [{"dollars": fee.dollars} for fee in table if fee.dollars is not None]
    form = FeesForm(formdata=None, effective_from=clock.today(), rates=amounts)
    return render_template("program/fees.html", fees=table, form=form)


@bp.post("/fees")
@may(Can.CHANGE_SETTINGS)
def change_fees() -> ResponseReturnValue:
    """A new fee table from a day on."""
    form, table = FeesForm(), queries.fee_table(db(), clock.today())
    priced = [fee for fee in table if fee.dollars is not None]
    if len(form.rates) != len(priced):
        abort(400)
    try:
        if form.validate():
            rates = [
                NewRate(fee.item, fee.over, fee.up_to, entry.form.dollars.data, fee.words)
                for fee, entry in zip(priced, form.rates, strict=True)
            ]
            rates += [NewRate(fee.item, None, None, None, fee.words) for fee in table if fee.dollars is None]
            actions.change_fees(
                db(), rates, effective_from=form.effective_from.data, why=form.why.data, by=current_user(),
                now=clock.now(),
            )  # fmt: skip
            flash("The new fees hold from the day you gave. Invoices that were issued keep theirs.", "ok")
            return redirect(url_for("program.fees"))
    except Refused as refused:
        form.form_errors.extend(refused.reasons)
    return render_template("program/fees.html", fees=table, form=form), 422


@dataclass(frozen=True)
class NewRate:
    """A row of the coming fee table."""

    item: Item
    over: Decimal | None
    up_to: Decimal | None
    dollars: int | None
    words: str


def _definition(key: str) -> Definition:
    return defaults.definitions().get(key) or abort(404)


def _setting_page(definition: Definition, form: SettingForm) -> str:
    rows = queries.versions(db(), definition.key)
    return render_template(
        "program/setting.html", definition=definition, form=form, rows=rows, basis_words=BASIS_WORDS,
        now=queries.in_force(db(), definition.key, clock.today()),
    )  # fmt: skip

"""Invoices: asked for, recorded, confirmed, waived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.application.actions import payment
from app.application.models import Application, Invoice
from app.application.rules.case import Refused
from app.application.rules.steps import Slug
from app.application.views.room import bp, flash_reasons, tell
from app.application.views.steps import show
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, current_user, may
from forms.application.steps import PaidForm, QuoteForm, ReasonForm


def _back(application_id: str) -> ResponseReturnValue:
    return redirect(url_for("application.step", application_id=application_id, slug="payment"))


def _again(invoice: Invoice, **forms: Any) -> ResponseReturnValue:
    application = db().get_one(Application, invoice.application_id)
    return show(application, Slug.PAYMENT, None, 422, **forms)


def _try(move: Callable[[], object], said: str, application_id: str) -> ResponseReturnValue:
    try:
        move()
        flash(said)
    except Refused as refused:
        flash_reasons(refused)
    return _back(application_id)


@bp.post("/applications/<application_id>/invoices")
@may(Can.ASK_FOR_INVOICE, Application)
def ask_for_invoice(application: Application) -> ResponseReturnValue:
    """The owner asks for the invoice."""
    return _try(
        lambda: payment.issue(db(), application, by=current_user(), now=clock.now()),
        "The invoice is being made. It says how to pay and by when.",
        application.id,
    )


@bp.post("/applications/<application_id>/quotation")
@may(Can.RECORD_PAYMENT, Application)
def quote(application: Application) -> ResponseReturnValue:
    """Staff enter the fee of a practice outside the fee table."""
    form = QuoteForm(prefix="quote")
    if not form.validate_on_submit():
        return show(application, Slug.PAYMENT, None, 422, quote_form=form)
    return _try(
        lambda: payment.issue(db(), application, quoted=form.amount.data, by=current_user(), now=clock.now()),
        "The invoice is being made.",
        application.id,
    )


@bp.post("/invoices/<invoice_id>/payment")
@may(Can.RECORD_PAYMENT, Invoice)
def record_payment(invoice: Invoice) -> ResponseReturnValue:
    """Staff record how an invoice was paid, and confirm it when the money was seen."""
    form, by, now = PaidForm(), current_user(), clock.now()
    if not form.validate_on_submit():
        return _again(invoice, paid_form=form)
    try:
        payment.record_payment(
            db(), invoice, method=form.method.data, amount_cents=round(form.amount.data * 100),
            reference=form.reference.data, paid_on=form.paid_on.data, by=by, now=now,
        )  # fmt: skip
        if form.seen.data:
            payment.confirm(db(), invoice, by=by, now=now)
    except Refused as refused:
        tell(form, refused)
        return _again(invoice, paid_form=form)
    flash("The payment is confirmed." if form.seen.data else "The payment is recorded; confirm it when it is seen.")
    return _back(invoice.application_id)


@bp.post("/invoices/<invoice_id>/confirm")
@may(Can.RECORD_PAYMENT, Invoice)
def confirm_payment(invoice: Invoice) -> ResponseReturnValue:
    """The money was seen."""
    return _try(
        lambda: payment.confirm(db(), invoice, by=current_user(), now=clock.now()),
        "The payment is confirmed.",
        invoice.application_id,
    )


@bp.post("/invoices/<invoice_id>/bounce")
@may(Can.RECORD_PAYMENT, Invoice)
def bounce_payment(invoice: Invoice) -> ResponseReturnValue:
    """The recorded payment did not come through."""
    form = ReasonForm(prefix="bounce")
    if not form.validate_on_submit():
        return _again(invoice, bounce_form=form)
    return _try(
        lambda: payment.bounce(db(), invoice, reason=form.reason.data, by=current_user(), now=clock.now()),
        "The invoice is open again.",
        invoice.application_id,
    )


@bp.post("/invoices/<invoice_id>/waiver")
@may(Can.WAIVE_FEE, Invoice)
def waive_invoice(invoice: Invoice) -> ResponseReturnValue:
    """An administrator waives an invoice, with a reason."""
    form = ReasonForm(prefix="waive")
    if not form.validate_on_submit():
        return _again(invoice, waive_form=form)
    return _try(
        lambda: payment.waive(db(), invoice, reason=form.reason.data, by=current_user(), now=clock.now()),
        "The invoice is waived.",
        invoice.application_id,
    )

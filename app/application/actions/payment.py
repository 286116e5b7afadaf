"""Invoices: asked for by the owner, paid outside, recorded and confirmed by staff, waived by an administrator."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.actions.notices import tell_practice
from app.application.actions.papers import invoice_data
from app.application.actions.steps import begin, settle
from app.application.models import Application, Invoice
from app.application.queries import payment as queries
from app.application.queries.payment import Fee
from app.application.rules.case import Refused
from app.application.rules.payment import MOVES, InvoiceState, Method, dollars, next_number, why_not, why_not_paid
from app.application.rules.steps import Slug
from app.documents import actions as documents
from app.documents.rules import PaperKind
from app.kernel import clock, ledger
from app.people.models import User
from app.people.rules import Role
from app.program import actions as program
from app.program import queries as program_queries

CLOCK = "payment.invoice"


def issue(
    db: Session, application: Application, *, quoted: Decimal | None = None, by: User, now: datetime
) -> Invoice:  # fmt: skip
    """Write the invoice of an application; `quoted` is the amount for a practice outside the fee table."""
    begin(db, application, Slug.PAYMENT, now=now)
    today = clock.day_of(now)
    fee = queries.fee(db, application, today)
    if fee is None:
        raise Refused(["The fee is not known yet: complete sections A, D and E of the questionnaire."])
    cents = int(quoted * 100) if fee.cents is None and quoted else queries.still_to_invoice(db, application, today)
    if reasons := _why_not_issue(db, application, fee, cents):
        raise Refused(reasons)
    due_on = program_queries.due_date(db, CLOCK, today)
    invoice = Invoice(
        number=next_number(today.year, list(db.scalars(select(Invoice.number)))), application_id=application.id,
        practice_id=application.practice_id, lines=_lines(fee, cents), total_cents=cents, currency="USD",
        issued_at=now,
        basis={"fte": f"{fee.fte:f}", "sites": fee.sites, "country": fee.country, "on": today.isoformat(),
               "table_from": fee.table_from.isoformat()},
    )  # fmt: skip
    paper = documents.order(
        db, kind=PaperKind.INVOICE, data=invoice_data(db, application, invoice, due_on, today), version=1,
        practice_id=invoice.practice_id, case_id=application.id, number=invoice.number,
        title=f"Invoice {invoice.number}, {application.practice.public_name}", by=by, now=now,
    )  # fmt: skip
    invoice.paper_id = paper.id
    db.add(invoice)
    db.flush()
    program.start_clock(db, CLOCK, practice_id=invoice.practice_id, case_id=application.id, about=invoice,
                        event=f"invoice {invoice.number} issued", start=today, owed_by=Role.OWNER, now=now)  # fmt: skip
    ledger.record(db, "invoice issued", by=by, now=now, about=invoice, after={"number": invoice.number,
                  "total": dollars(cents)})  # fmt: skip
    tell_practice(db, application, now=now, subject=f"Invoice {invoice.number}", path="/steps/payment",
                  body="The invoice of your application is ready. It says how to pay and by when.")  # fmt: skip
    return invoice


def _why_not_issue(db: Session, application: Application, fee: Fee, cents: int) -> list[str]:
    if (waiting := queries.open_invoice(db, application)) is not None:
        return [f"Invoice {waiting.number} is open; it comes first."]
    if fee.cents is None and cents <= 0:
        return ["Outside the United States the fee is by quotation; the Program's staff enter it."]
    return [] if cents > 0 else ["Everything that the fee asks for is invoiced already."]


def _lines(fee: Fee, cents: int) -> list[dict[str, Any]]:
    if fee.cents != cents:  # a difference after growth, or a quotation
        words = "By quotation" if fee.cents is None else "Difference to the fee after sites or oncologists grew"
        return [{"item": words, "detail": "", "count": 1, "each_cents": cents, "cents": cents}]
    return [
        {"item": line.words, "detail": _detail(fee, str(line.item)), "count": line.count,
         "each_cents": int((line.each or 0) * 100), "cents": int((line.amount or 0) * 100)}
        for line in fee.lines
    ]  # fmt: skip


def _detail(fee: Fee, item: str) -> str:
    return f"{fee.fte:f} oncologist FTE stated" if item == "base" else "; ".join(fee.sites)


def record_payment(
    db: Session, invoice: Invoice, *, method: Method, amount_cents: int, reference: str, paid_on: date, by: User,
    now: datetime,
) -> None:  # fmt: skip
    """Staff record how an invoice was paid; it counts once it is confirmed."""
    reasons = [*why_not("pay", invoice.state), *why_not_paid(amount_cents, invoice.total_cents)]
    if paid_on > clock.day_of(now):
        reasons.append("The day of payment is in the future.")
    if reasons:
        raise Refused(reasons)
    invoice.state = MOVES["pay"][1]
    invoice.method, invoice.reference, invoice.paid_on = method, reference, paid_on
    facts = {"method": method, "reference": reference, "on": paid_on.isoformat()}
    ledger.record(db, "payment recorded", by=by, now=now, about=invoice, after=facts)


def confirm(db: Session, invoice: Invoice, *, by: User, now: datetime) -> None:
    """The money was seen: the payment counts, and the edition of the application is pinned."""
    if reasons := why_not("confirm", invoice.state):
        raise Refused(reasons)
    invoice.state, invoice.confirmed_at, invoice.confirmed_by = MOVES["confirm"][1], now, by.id
    _settled(db, invoice, what="payment confirmed", why=None, by=by, now=now)


def waive(db: Session, invoice: Invoice, *, reason: str, by: User, now: datetime) -> None:
    """An administrator lets an invoice go, with a reason; it counts as confirmed."""
    if reasons := why_not("waive", invoice.state):
        raise Refused(reasons)
    invoice.state, invoice.waive_reason = MOVES["waive"][1], reason
    _settled(db, invoice, what="invoice waived", why=reason, by=by, now=now)


def bounce(db: Session, invoice: Invoice, *, reason: str, by: User, now: datetime) -> None:
    """The recorded payment did not come through; the invoice is open again."""
    if reasons := why_not("bounce", invoice.state):
        raise Refused(reasons)
    before = {"method": invoice.method, "reference": invoice.reference}
    invoice.state, invoice.method, invoice.reference, invoice.paid_on = InvoiceState.ISSUED, None, None, None
    ledger.record(db, "payment bounced", by=by, now=now, about=invoice, why=reason, before=before)


def _settled(db: Session, invoice: Invoice, *, what: str, why: str | None, by: User, now: datetime) -> None:
    application = db.get_one(Application, invoice.application_id)
    program.meet_clock(db, invoice, CLOCK, now=now)
    db.flush()
    if application.edition_pinned_at is None and queries.paid(db, application):
        application.edition_pinned_at = now
    facts = {"invoice": invoice.number, "edition": application.edition.code}
    ledger.record(db, what, by=by, now=now, about=invoice, why=why, after=facts)
    settle(db, application, now=now)
    tell_practice(
        db, application, now=now, subject=f"Invoice {invoice.number} is settled", path="/steps/payment",
        body=f"Your application is now pinned to edition {application.edition.code} of the standards.",
    )  # fmt: skip

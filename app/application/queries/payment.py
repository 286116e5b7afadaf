"""What an application costs, what was invoiced, and what is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.models import Application, Invoice
from app.application.queries import questionnaire
from app.application.rules.payment import SETTLED, InvoiceState, dollars, outstanding
from app.application.rules.sections.sites import gives_drugs
from app.application.rules.sections.staff import oncologist_fte
from app.program import queries as program
from app.program.rules.fees import FeeLine, total


@dataclass(frozen=True)
class Fee:
    """The fee as it would be today, and what it follows from."""

    lines: list[FeeLine]
    fte: Decimal
    sites: list[str]
    country: str
    on: date
    table_from: date

    @property
    def cents(self) -> int | None:
        """The sum; None means by quotation."""
        amount = total(self.lines)
        return None if amount is None else int(amount * 100)


def invoices(db: Session, application: Application) -> list[Invoice]:
    """Every invoice of an application, the first one first."""
    found = select(Invoice).where(Invoice.application_id == application.id)
    return list(db.scalars(found.order_by(Invoice.issued_at, Invoice.number)))


def open_invoice(db: Session, application: Application) -> Invoice | None:
    """The invoice that waits for its money or for its confirmation."""
    waiting = (InvoiceState.ISSUED, InvoiceState.PAID)
    return next((one for one in invoices(db, application) if one.state in waiting), None)


def fee(db: Session, application: Application, today: date) -> Fee | None:
    """The fee that the answers ask for; None while sections A, D or E do not say."""
    answers = questionnaire.values(db, application, today)
    fte, country = oncologist_fte(answers["E"]["staff"]), answers["A"]["country"]
    giving = [str(site["site_name"]) for site in answers["D"]["sites"] if gives_drugs(site)]
    if not fte or not country:
        return None
    table = program.fee_table(db, today)
    return Fee(program.fee(db, fte, len(giving), country, today), fte, giving, country, today, table[0].effective_from)


def still_to_invoice(db: Session, application: Application, today: date) -> int:
    """What the fee asks beyond the invoices already written, in cents."""
    asked = fee(db, application, today)
    if asked is None or asked.cents is None:
        return 0
    return outstanding(asked.cents, [(one.state, one.total_cents) for one in invoices(db, application)])


def paid(db: Session, application: Application) -> bool:
    """Is there an invoice, and is every one of them settled?"""
    found = [one.state for one in invoices(db, application) if one.state is not InvoiceState.REFUNDED]
    return bool(found) and all(state in SETTLED for state in found)


def missing(db: Session, application: Application, today: date) -> list[str]:
    """Every reason why step 4 is not complete."""
    found = invoices(db, application)
    if not found:
        return ["No invoice was asked for yet."]
    reasons = [_waits(one) for one in found if one.state in (InvoiceState.ISSUED, InvoiceState.PAID)]
    if not paid(db, application) and not reasons:
        reasons.append("The payment was refunded; ask for a new invoice.")
    if more := still_to_invoice(db, application, today):
        reasons.append(f"Sites or oncologists grew: {dollars(more)} more is due. Ask for a further invoice.")
    return reasons


def _waits(invoice: Invoice) -> str:
    if invoice.state is InvoiceState.PAID:
        return f"Invoice {invoice.number}: the payment is recorded; the Program has yet to confirm it."
    return f"Invoice {invoice.number} over {dollars(invoice.total_cents)} is not paid."

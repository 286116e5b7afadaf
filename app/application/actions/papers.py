"""What stands on the papers of this milestone: the invoice and the submission receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.application.models import Application, Invoice
from app.application.rules.submission import STATEMENT, manifest_sha256, turn_words
from app.documents.rules import address_lines
from app.kernel import words
from app.people.models import Practice, User
from app.program import queries as program

PAY = [
    ["By check", "to the QOPI Certification Program, with the invoice number"],
    ["By transfer", "the account named in the portal; give the invoice number as reference"],
    ["By card", "in writing to the desk named below; no card number is kept in the portal"],
]


def invoice_data(
    db: Session, application: Application, invoice: Invoice, due_on: date, today: date
) -> dict[str, Any]:  # fmt: skip
    """The data of an invoice; amounts are finished text."""
    table = date.fromisoformat(invoice.basis["table_from"])
    span = program.span(db, "payment.invoice", today)
    return {
        "case": application.number,
        "bill_to": [application.practice.legal_name, "Attn: Billing", *_postal(application.practice)],
        "what": "Application for certification, one term of three years",
        "fee_table": f"In force from {_long(table)}; sample amounts",
        "currency": invoice.currency,
        "total": _amount(invoice.total_cents),
        "due": due_on.isoformat(),
        "derivation": f"Invoice of {words.day(today)} + {span} = {words.day(due_on)}, counted to a business day",
        "lines": [
            {"item": line["item"], "detail": line["detail"], "count": str(line["count"]),
             "each": _amount(line["each_cents"]), "amount": _amount(line["cents"])}
            for line in invoice.lines
        ],
        "pay": PAY,
        "notes": ["The edition of the standards is fixed for this case on the day the payment is confirmed."],
        "paid": None,
        "contact": {"desk": "Fee desk of the Program", "mail": "fee-desk@qcp.example"},
    }  # fmt: skip


def receipt_data(
    application: Application, body: Mapping[str, Any], turn: int, consequences: list[list[str]], *, by: User,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """The data of a submission receipt: every file, byte for byte, and what follows."""
    files = body["files"]
    local = words.local(now)
    return {
        "case": application.number,
        "sample": application.edition.sample,
        "what": turn_words(turn),
        "submitted_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "submitted_local": f"{_long(local.date())}, {local:%H:%M:%S} ({local.tzname()}, UTC{local:%z})",
        "by": {"name": by.name, "title": ", ".join(part for part in (by.title, "authorized signer") if part)},
        "edition": {"name": application.edition.title, "version": application.edition.code},
        "statement": STATEMENT,
        "counts": {"documents": len(files), "bytes": sum(one["bytes"] for one in files)},
        "files": files,
        "manifest_sha256": manifest_sha256(files),
        "snapshot_sha256": body["sha256"],
        "consequences": consequences,
    }


def long_day(day: date) -> str:
    """March 10, 2026: how papers write a date."""
    return _long(day)


def _long(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _amount(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"


def _postal(practice: Practice) -> list[str]:
    return address_lines(practice.address, practice.city, practice.region, practice.postcode)

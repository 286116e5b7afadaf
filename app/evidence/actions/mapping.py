"""Documents and passages are tied to rows; rows are claimed not to apply."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence import queries
from app.evidence.models import Binder, Document, NaClaim, Pin, Version
from app.evidence.rules import MOST_PINS, Refused, reason_for_claim
from app.kernel import ledger
from app.kernel.ledger import Actor


def map_to(db: Session, document: Document, codes: Iterable[str], *, by: Any, now: datetime) -> None:
    """Say which rows the document serves as a whole; passages pinned in it stay."""
    version = queries.newest(document)
    if version is None:
        raise Refused("This document was withdrawn.")
    wanted = set(codes)
    pins = list(db.scalars(select(Pin).where(Pin.document_id == document.id)))
    for pin in pins:
        if pin.page is None and pin.code not in wanted:
            db.delete(pin)
    for code in sorted(wanted - {pin.code for pin in pins}):
        _add_pin(db, version, code, by=by, now=now)
    version.document.binder.revision += 1
    ledger.record(db, "document mapped", by=by, now=now, about=document, after={"codes": sorted(wanted)})


def pin(
    db: Session, version: Version, code: str, *, page: int | None, quote: str | None, by: Any, now: datetime,
    suggested: bool = False,
) -> Pin:  # fmt: skip
    """Tie a passage of a document to a row; raises Refused when the slot is full or the page does not exist."""
    quote = " ".join((quote or "").split())[:1000] or None
    if page is not None and not 1 <= page <= (version.pages or 0):
        raise Refused(f"This document has {version.pages or 0} pages.")
    made = _add_pin(db, version, code, page=page, quote=quote if page else None, suggested=suggested, by=by, now=now)
    version.document.binder.revision += 1
    ledger.record(db, "passage pinned", by=by, now=now, about=made, after={"code": code, "page": page, "quote": quote})
    return made


def _add_pin(db: Session, version: Version, code: str, *, by: Any, now: datetime, **passage: Any) -> Pin:
    binder = version.document.binder
    if queries.row(db, binder, code) is None:
        raise Refused(f"{code} is not a row of this edition.")
    if len(queries.pins(db, binder, code)) >= MOST_PINS:
        raise Refused(f"{code} has {MOST_PINS} pins, which is the most. Take one away first.")
    made = Pin(
        binder_id=binder.id, practice_id=binder.practice_id, case_id=binder.case_id, document_id=version.document_id,
        version_id=version.id, code=code, by_id=by.id if by else None, at=now, **passage,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def unpin(db: Session, pin: Pin, *, by: Actor, now: datetime) -> None:
    """Take a pin away; the document stays."""
    pin.document.binder.revision += 1
    facts = {"code": pin.code, "page": pin.page, "quote": pin.quote}
    ledger.record(db, "pin taken away", by=by, now=now, about=pin, before=facts)
    db.delete(pin)
    db.flush()


def claim_not_applicable(db: Session, binder: Binder, code: str, *, reason: str, by: Any, now: datetime) -> NaClaim:
    """Say that a row does not apply to this practice; the surveyor judges the claim."""
    row = queries.row(db, binder, code)
    if row is None or not row.na_allowed:
        raise Refused(f"{code} applies to every practice.")
    if reasons := reason_for_claim(reason):
        raise Refused(reasons[0])
    by_id = by.id if by else None
    claim = queries.claim(db, binder, code)
    if claim is None:
        claim = NaClaim(binder_id=binder.id, practice_id=binder.practice_id, case_id=binder.case_id, code=code)
    claim.reason, claim.by_id, claim.at = reason.strip(), by_id, now
    db.add(claim)
    binder.revision += 1
    ledger.record(db, "not applicable claimed", by=by, now=now, about=claim, why=reason.strip(), after={"code": code})
    return claim


def drop_claim(db: Session, claim: NaClaim, *, by: Actor, now: datetime) -> None:
    """Take the claim back: the row applies after all."""
    db.get_one(Binder, claim.binder_id).revision += 1
    ledger.record(db, "not applicable taken back", by=by, now=now, about=claim, before={"code": claim.code})
    db.delete(claim)
    db.flush()

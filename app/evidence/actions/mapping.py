"""Documents and passages are tied to rows; rows are claimed not to apply."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence import passages, queries
from app.evidence.actions import telling
from app.evidence.models import Binder, Document, NaClaim, Pin, Version
from app.evidence.rules import MOST_PINS, SEEN, ClaimState, Refused, reason_for_claim, why_not_answer
from app.kernel import ledger
from app.kernel.ledger import Actor
from app.kernel.words import count
from app.people.models import User

MOST_QUOTE = 1000  # letters


def map_to(db: Session, document: Document, codes: Iterable[str], *, by: Any, now: datetime) -> None:
    """Say which rows the document serves as a whole; passages pinned in it stay, and lost ones wait to be handled."""
    wanted, seen = set(codes), _seen(document)
    pins = list(db.scalars(select(Pin).where(Pin.document_id == document.id)))
    for pin in pins:
        if pin.whole and pin.code not in wanted:
            db.delete(pin)
    for code in sorted(wanted - {pin.code for pin in pins if not pin.lost}):
        _add_pin(db, seen, code, by=by, now=now)
    document.binder.revision += 1
    ledger.record(db, "document mapped", by=by, now=now, about=document, after={"codes": sorted(wanted)})


def tie(db: Session, document: Document, code: str, *, by: Any, now: datetime) -> None:
    """Tie the document as a whole to a row."""
    made = _add_pin(db, _seen(document), code, by=by, now=now)
    document.binder.revision += 1
    ledger.record(db, "document tied to a row", by=by, now=now, about=made, after={"code": code})


def _seen(document: Document) -> Version:
    """The version that the Program sees, else the one that is coming."""
    version = queries.shown(document) or queries.newest(document)
    if version is None:
        raise Refused("This document was withdrawn.")
    return version


def pin(
    db: Session, version: Version, code: str, *, page: int | None, quote: str | None, by: Any, now: datetime,
    suggested: bool = False,
) -> Pin:  # fmt: skip
    """Tie a passage of a document to a row; raises Refused when the slot is full or the passage is not on the page."""
    if version.state not in SEEN:  # the words of a file that is held back would stand with its document's pins
        raise Refused("Only what the Program can see is pinned: a version that is read, and neither held back nor out.")
    passage = passage_of(db, version, page, quote) if page is not None else {}
    made = _add_pin(db, version, code, suggested=suggested, by=by, now=now, **passage)
    version.document.binder.revision += 1
    facts = {"code": code, "page": page, "quote": made.quote}
    ledger.record(db, "passage pinned", by=by, now=now, about=made, after=facts)
    return made


def passage_of(db: Session, version: Version, page: int, quote: str | None) -> dict[str, Any]:
    """The page, its own words and their places on it; raises Refused where the words do not stand there."""
    if not 1 <= page <= (version.pages or 0):
        raise Refused(f"This document has {count(version.pages or 0, 'page')}.")
    asked = " ".join((quote or "").split())[:MOST_QUOTE]
    if not asked:
        return {"page": page, "quote": None, "boxes": None}
    sheet = queries.page(db, version.id, page)
    span = passages.locate(sheet.text, asked) if sheet else None
    if sheet is None or span is None:
        raise Refused(f"These words are not on page {page}. Copy them from Read as text.")
    boxes = [list(box) for box in passages.boxes(sheet.boxes, [span])]
    return {"page": page, "quote": passages.said(sheet.text, span), "boxes": boxes}


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
    """Say that a row does not apply to this practice; the Program's office accepts or refuses the claim."""
    row = queries.row(db, binder, code)
    if row is None or not row.na_allowed:
        raise Refused(f"{code} applies to every practice.")
    if reasons := reason_for_claim(reason):
        raise Refused(reasons[0])
    claim = queries.claim(db, binder, code)
    if claim is None:
        claim = NaClaim(binder_id=binder.id, practice_id=binder.practice_id, case_id=binder.case_id, code=code)
    claim.reason, claim.by_id, claim.at = reason.strip(), by.id if by else None, now
    claim.state, claim.answer, claim.answered_by, claim.answered_at = ClaimState.CLAIMED, None, None, None
    db.add(claim)
    binder.revision += 1
    ledger.record(db, "not applicable claimed", by=by, now=now, about=claim, why=reason.strip(), after={"code": code})
    return claim


def answer_claim(db: Session, claim: NaClaim, state: ClaimState, answer: str, *, by: User, now: datetime) -> None:
    """The Program's word on a claim, with a sentence; refused, the row asks for a document again."""
    if claim.state is not ClaimState.CLAIMED:
        raise Refused("This claim has been answered. The practice may claim again with another reason.")
    if reasons := why_not_answer(answer):
        raise Refused(reasons[0])
    claim.state, claim.answer, claim.answered_by, claim.answered_at = state, answer.strip(), by.id, now
    db.get_one(Binder, claim.binder_id).revision += 1
    facts = {"code": claim.code, "state": state}
    ledger.record(db, "not applicable answered", by=by, now=now, about=claim, why=answer.strip(), after=facts)
    verb = "accepts" if state is ClaimState.ACCEPTED else "does not accept"
    telling.practice(
        db, claim.practice_id, subject=f"{claim.code}: the Program {verb} that it does not apply",
        body=f"The Program has answered your claim that {claim.code} does not apply to you. Its reason is on the page.",
        url=f"/binders/{claim.binder_id}/slots/{claim.code}", now=now,
    )  # fmt: skip


def drop_claim(db: Session, claim: NaClaim, *, by: Actor, now: datetime) -> None:
    """Take the claim back: the row applies after all."""
    db.get_one(Binder, claim.binder_id).revision += 1
    ledger.record(db, "not applicable taken back", by=by, now=now, about=claim, before={"code": claim.code})
    db.delete(claim)
    db.flush()

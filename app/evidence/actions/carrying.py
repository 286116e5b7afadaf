"""Pins outlive versions: they move with their words, and what became of each is looked at by a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.evidence import passages, queries
from app.evidence.actions.mapping import passage_of
from app.evidence.anchoring import Anchor, Anchors, Sheet
from app.evidence.models import Document, Message, Page, Pin, Version
from app.evidence.rules import Carried, Refused, Source
from app.kernel import ledger
from app.kernel.ledger import Actor


def carry(db: Session, earlier: Version, version: Version) -> list[dict[str, Any]]:
    """Move the pins of a version to the one that replaces it; returns what became of each passage but the unmoved."""
    pins = list(db.scalars(select(Pin).where(Pin.version_id == earlier.id)))
    if not pins:
        return []
    anchors = Anchors(_sheets(db, earlier), _sheets(db, version))
    moved = []
    for pin in pins:
        pin.version_id = version.id
        passage = pin.page is not None or pin.lost
        if passage and (became := _carry(db, pin, version, anchors)) is not Carried.SAME:
            moved.append({"code": pin.code, "became": became, "quote": pin.was_quote})
    return moved


def _sheets(db: Session, version: Version) -> list[Sheet]:
    asked = select(Page.number, Page.text, Page.source).where(Page.version_id == version.id).order_by(Page.number)
    return [Sheet(number, text, source is Source.OCR) for number, text, source in db.execute(asked)]


def _carry(db: Session, pin: Pin, version: Version, anchors: Anchors) -> Carried:
    """What nobody has looked at yet is still measured by the wording that was looked at last."""
    waits = pin.to_check
    quote, page = (pin.was_quote, pin.was_page) if waits else (pin.quote, pin.page)
    if quote is None:  # a page without a passage stays on its page while there is one
        pin.page = min(page or 1, version.pages or 1)
        pin.carried = Carried.SAME if pin.page == page else Carried.MOVED
        pin.was_page, pin.checked_at = (None if pin.page == page else page), None
        return pin.carried
    anchor = anchors.again(quote, page)
    if waits and pin.quote and anchor.carried in (Carried.CHANGED, Carried.LOST):
        again = anchors.again(pin.quote, pin.page)
        anchor = Anchor(Carried.CHANGED, again.page, again.span, again.quote) if again.page else anchor
    _place(db, pin, version, anchor)
    if anchor.carried is Carried.SAME:
        if waits or pin.carried is None:
            pin.carried, pin.was_page, pin.was_quote = Carried.SAME, None, None
    else:
        pin.carried, pin.was_page, pin.was_quote, pin.checked_at = anchor.carried, page, quote, None
    return anchor.carried


def _place(db: Session, pin: Pin, version: Version, anchor: Anchor) -> None:
    pin.page, pin.quote, pin.boxes = anchor.page, anchor.quote, None
    sheet = queries.page(db, version.id, anchor.page) if anchor.page else None
    if sheet is not None and anchor.span:
        pin.boxes = [list(box) for box in passages.boxes(sheet.boxes, [anchor.span])]


def speak_for(db: Session, earlier: Version, version: Version) -> None:
    """Messages that brought a file which nobody ever saw bring the one that takes its place."""
    if earlier.kept_from_program:
        db.execute(update(Message).where(Message.version_id == earlier.id).values(version_id=version.id))


def let_go(db: Session, version: Version) -> None:
    """A version that never became readable holds no pins: they go back to what the Program sees, or away."""
    shown = queries.shown(version.document)
    for pin in db.scalars(select(Pin).where(Pin.version_id == version.id)):
        if shown is None:
            db.delete(pin)
        else:
            pin.version_id = shown.id
    db.flush()


def check_pin(db: Session, pin: Pin, *, by: Actor, now: datetime) -> None:
    """The practice has looked: the passage as it stands now still answers its row (a lost one as a whole document)."""
    if pin.carried is None or pin.checked_at is not None:
        raise Refused("This passage has been looked at already.")
    pin.checked_at = now
    pin.document.binder.revision += 1
    facts = {"code": pin.code, "carried": pin.carried, "page": pin.page}
    ledger.record(db, "passage checked", by=by, now=now, about=pin, after=facts)


def check_moved(db: Session, document: Document, *, by: Actor, now: datetime) -> int:
    """All passages of a document that only moved are looked at in one go; returns how many."""
    moved = [pin for pin in queries.carried(db, document.binder, document) if pin.carried is Carried.MOVED]
    for pin in moved:
        pin.checked_at = now
    codes = [pin.code for pin in moved]
    ledger.record(db, "moved passages checked", by=by, now=now, about=document, after={"codes": codes})
    return len(moved)


def pin_again(db: Session, pin: Pin, *, page: int, quote: str, by: Actor, now: datetime) -> None:
    """Another passage of the document answers the row instead."""
    before = {"page": pin.page or pin.was_page, "quote": pin.quote or pin.was_quote}
    if pin.carried in (None, Carried.SAME):
        raise Refused("This passage has not changed.")
    if not quote.strip():
        raise Refused("Copy the words that answer from Read as text.")
    passage = passage_of(db, pin.version, page, quote)
    pin.page, pin.quote, pin.boxes = passage["page"], passage["quote"], passage["boxes"]
    pin.carried, pin.checked_at = Carried.CHANGED, now
    pin.document.binder.revision += 1
    after = {"code": pin.code, "page": pin.page, "quote": pin.quote}
    ledger.record(db, "passage pinned again", by=by, now=now, about=pin, before=before, after=after)

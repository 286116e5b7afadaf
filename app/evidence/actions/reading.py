"""Documents are read, become visible, replace one another, leave."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import passages, queries
from app.evidence.actions.moves import move
from app.evidence.models import Document, Page, Pin, Version
from app.evidence.reader import child
from app.evidence.reader.child import Reading
from app.evidence.rules import CURRENT, Kind, Refused, Source, State
from app.kernel import clock, jobs, ledger
from app.kernel.ledger import Actor


def settle(db: Session, version: Version, reading: Reading, copy_key: str, *, now: datetime) -> None:
    """Keep what was read; from now on the Program sees this version, and no longer the one before."""
    if version.state is not State.CHECKING:
        return
    db.execute(delete(Page).where(Page.version_id == version.id))
    db.add_all(
        Page(version_id=version.id, number=page.number, text=page.text, headings=page.headings, boxes=page.words,
             source=Source(page.source), confidence=page.confidence, width=page.width, height=page.height)
        for page in reading.pages
    )  # fmt: skip
    version.copy_key, version.pages, version.visible_since = copy_key, len(reading.pages), now
    move(version, "read" if reading.searchable else "find_no_text")
    facts = {"pages": version.pages, "state": version.state}
    ledger.record(db, "document read", by=None, now=now, about=version, after=facts)
    for earlier in version.document.versions:
        if earlier is not version and earlier.state in CURRENT and earlier.number < version.number:
            _replace(db, earlier, version, reading, now=now)
    version.document.binder.revision += 1


def give_up(db: Session, version: Version, reason: str, *, now: datetime) -> None:
    """A file that dies while it is read leaves the binder; its uploader sees why."""
    if version.state is not State.CHECKING:
        return
    version.trouble = reason
    move(version, "withdraw")
    ledger.record(db, "document could not be read", by=None, now=now, about=version, why=reason)


def _replace(db: Session, earlier: Version, version: Version, reading: Reading, *, now: datetime) -> None:
    """Pins move to the new version by their quote; a quote that is gone leaves the pin on the document alone."""
    move(earlier, "replace")
    lost = []
    for pin in db.scalars(select(Pin).where(Pin.version_id == earlier.id)):
        page = passages.find([(one.number, one.text) for one in reading.pages], pin.quote or "", pin.page)
        if pin.quote and page is None:
            lost.append({"code": pin.code, "quote": pin.quote})
        pin.version_id, pin.page, pin.quote = version.id, page, pin.quote if page else None
    ledger.record(db, "document replaced", by=None, now=now, about=earlier, after={"by": version.id, "lost": lost})


def withdraw(db: Session, document: Document, *, reason: str, by: Actor, now: datetime) -> None:
    """Take a document out of the binder, with all its pins; its bytes and its history stay."""
    if not reason.strip():
        raise Refused("Write why it is withdrawn.")
    for version in document.versions:
        if version.state in CURRENT:
            move(version, "withdraw")
    db.execute(delete(Pin).where(Pin.document_id == document.id))
    document.binder.revision += 1
    ledger.record(db, "document withdrawn", by=by, now=now, about=document, why=reason)


@jobs.handles("evidence.read")
def read(db: Session, doors: Doors, *, version_id: str) -> None:
    """Read a version that waits for it. Taken up again after a crash it starts from the untouched original."""
    version = db.get(Version, version_id)
    if version is None or version.state is not State.CHECKING:
        return
    key, kind = version.sha256, Kind(version.kind)
    db.commit()  # others may write while this file is read
    data = doors.blobs.get(key)
    try:
        reading = child.read(data, kind)
        copy = doors.blobs.put(reading.copy) if reading.copy else key
        db.expire_all()  # somebody may have withdrawn it meanwhile
    except Refused as refused:
        db.expire_all()
        give_up(db, version, refused.reason, now=clock.now())
        return
    settle(db, version, reading, copy, now=clock.now())
    db.flush()
    queries.index(db, version.document.binder, doors.indexes)  # so that the first search finds it ready

"""Documents are read, become visible, replace one another, leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import queries
from app.evidence.actions import screening, telling
from app.evidence.actions.carrying import carry, let_go, speak_for
from app.evidence.actions.dating import note_dates
from app.evidence.actions.moves import move
from app.evidence.actions.purging import drop, purge
from app.evidence.models import Document, Page, Pin, Version
from app.evidence.reader import child
from app.evidence.reader.child import Reading
from app.evidence.rules import CURRENT, Kind, Refused, Source, State
from app.kernel import clock, jobs, ledger
from app.kernel.ledger import Actor


def settle(
    db: Session, version: Version, reading: Reading, copy_key: str, *, now: datetime,
    found: list[dict[str, Any]] | None = None,
) -> None:  # fmt: skip
    """Keep what was read; the Program sees it, unless it seems to name a patient (by `found`, if that is known)."""
    if version.state is not State.CHECKING:
        return
    db.execute(delete(Page).where(Page.version_id == version.id))
    if reading.pages:
        db.execute(insert(Page), [
            {"version_id": version.id, "number": page.number, "text": page.text, "headings": page.headings,
             "boxes": page.words, "source": Source(page.source), "confidence": page.confidence, "width": page.width,
             "height": page.height} for page in reading.pages
        ])  # fmt: skip
    version.copy_key, version.pages, version.left_out = copy_key, len(reading.pages), reading.left_out
    note_dates(db, version)
    if found := screening.found_in(reading.pages) if found is None else found:
        screening.hold(db, version, found, now=now)
        return
    move(version, "read" if reading.searchable else "find_no_text")
    facts = {"pages": version.pages, "state": version.state}
    ledger.record(db, "document read", by=None, now=now, about=version, after=facts)
    show(db, version, now=now)


def show(db: Session, version: Version, *, now: datetime) -> None:
    """From now on the Program sees this version, and no longer the one before."""
    version.visible_since = now
    for earlier in version.document.versions:
        if earlier is not version and earlier.state in CURRENT and earlier.number < version.number:
            _replace(db, earlier, version, now=now)
    telling.brought(db, version, now=now)
    version.document.binder.revision += 1


def give_up(db: Session, version: Version, reason: str, *, now: datetime) -> None:
    """A file that dies while it is read leaves the binder; its uploader sees why."""
    if version.state is not State.CHECKING:
        return
    version.trouble = reason
    move(version, "withdraw")
    let_go(db, version)
    ledger.record(db, "document could not be read", by=None, now=now, about=version, why=reason)


def _replace(db: Session, earlier: Version, version: Version, *, now: datetime) -> None:
    """Pins move to the new version with their words; what became of each is looked at by a person."""
    held = earlier.state is State.HELD
    move(earlier, "replace")
    passages = carry(db, earlier, version)
    speak_for(db, earlier, version)
    if held:
        purge(db, earlier, now=now)
    facts = {"by": version.id, "passages": passages}
    ledger.record(db, "document replaced", by=None, now=now, about=earlier, after=facts)


def withdraw(db: Session, document: Document, *, reason: str, by: Actor, now: datetime) -> None:
    """Take a document out of the binder, with all its pins; its bytes and its history stay, but those of a file that
    is held back, or that nobody has looked through yet, go."""
    if not reason.strip():
        raise Refused("Write why it is withdrawn.")
    if queries.newest(document) is None:
        raise Refused("This document was withdrawn already.")
    for version in document.versions:
        held = version.state in (State.HELD, State.CHECKING)
        if version.state in CURRENT:
            move(version, "withdraw")
        if held:
            purge(db, version, now=now)
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
        found = screening.found_in(reading.pages)
        copy = doors.blobs.put(reading.copy) if reading.copy else key
        db.expire_all()  # somebody may have withdrawn it meanwhile
    except Refused as refused:
        db.expire_all()
        give_up(db, version, refused.reason, now=clock.now())
        return
    settle(db, version, reading, copy, now=clock.now(), found=found)
    if version.copy_key != copy:  # withdrawn or replaced meanwhile
        drop(db, [copy])
    db.flush()
    queries.index(db, version.document.binder, doors.indexes)  # so that the first search finds it ready

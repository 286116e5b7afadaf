"""What is done with a binder: documents come in, are read, tied to rows, replaced, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import passages, queries
from app.evidence.models import Binder, Document, NaClaim, Page, Pin, Version
from app.evidence.reader import child
from app.evidence.reader.child import Reading
from app.evidence.rules import (
    CURRENT,
    MOST_PINS,
    MOVES,
    Kind,
    Refusal,
    Refused,
    Source,
    State,
    clean_name,
    reason_for_claim,
    title_of,
    why_not_size,
)  # fmt: skip
from app.kernel import clock, jobs, ledger
from app.kernel.ledger import Actor
from app.people.models import Practice
from storage.blobs import Blobs


@dataclass(frozen=True)
class Examined:
    """A file that may come in, already kept as bytes."""

    filename: str
    kind: Kind
    sha256: str
    size: int
    pages: int | None


def open_binder(
    db: Session, practice: Practice, edition_id: str, *, now: datetime, by: Actor | None = None,
    case_id: str | None = None,
) -> Binder:  # fmt: skip
    """An empty binder for one application."""
    binder = Binder(practice_id=practice.id, edition_id=edition_id, case_id=case_id, opened_at=now)
    db.add(binder)
    ledger.record(db, "binder opened", by=by, now=now, about=binder)
    return binder


def examine(filename: str, data: bytes, blobs: Blobs) -> Examined:
    """May this file come in? Raises Refused; keeps the bytes of one that may. Slow: hold no transaction meanwhile."""
    reason = why_not_size(len(data))
    if reason:
        raise Refused(reason)
    name = clean_name(filename)
    kind, pages = child.check(data, name)
    return Examined(name, kind, blobs.put(data), len(data), pages)


def receive(
    db: Session, binder: Binder, *, filename: str, data: bytes, by: Any, now: datetime, blobs: Blobs
) -> Version:
    """Take a file into the binder, to be read soon; raises Refused with one sentence."""
    return take_in(db, binder, examine(filename, data, blobs), by=by, now=now)


def take_in(db: Session, binder: Binder, file: Examined, *, by: Any, now: datetime) -> Version:
    """The examined file as a new document, or as a new version of the one that came under the same name."""
    if queries.same_file(db, binder, file.sha256):
        raise Refused(Refusal.ALREADY_HERE)
    document = queries.document_named(db, binder, file.filename)
    if document is None:
        document = Document(
            binder=binder, practice_id=binder.practice_id, case_id=binder.case_id, since=now,
            title=title_of(file.filename)[:200],
        )  # fmt: skip
        db.add(document)
        db.flush()
    version = Version(
        document_id=document.id, binder_id=binder.id, practice_id=binder.practice_id, case_id=binder.case_id,
        number=len(document.versions) + 1, filename=file.filename, kind=file.kind, sha256=file.sha256, size=file.size,
        state=State.CHECKING, pages=file.pages, uploaded_by=by.id if by else None, uploaded_at=now,
    )  # fmt: skip
    try:
        with db.begin_nested():
            db.add(version)
    except IntegrityError:  # the same file came in twice at the same moment
        raise Refused(Refusal.ALREADY_HERE) from None
    db.refresh(document, ["versions"])
    facts = {"document": document.title, "version": version.number, "sha256": file.sha256}
    ledger.record(db, "document received", by=by, now=now, about=version, after=facts)
    jobs.enqueue(db, "evidence.read", version_id=version.id)
    return version


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
    _move(version, "read" if reading.searchable else "find_no_text")
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
    _move(version, "withdraw")
    ledger.record(db, "document could not be read", by=None, now=now, about=version, why=reason)


def _replace(db: Session, earlier: Version, version: Version, reading: Reading, *, now: datetime) -> None:
    """Pins move to the new version by their quote; a quote that is gone leaves the pin on the document alone."""
    _move(earlier, "replace")
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
            _move(version, "withdraw")
    db.execute(delete(Pin).where(Pin.document_id == document.id))
    document.binder.revision += 1
    ledger.record(db, "document withdrawn", by=by, now=now, about=document, why=reason)


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


def _move(version: Version, move: str) -> None:
    allowed, after = MOVES[move]
    if version.state not in allowed:
        raise Refused("Somebody else has just changed this document. Look again.")
    version.state = after


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

"""Documents come into a binder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.evidence import queries
from app.evidence.models import Binder, Document, Version
from app.evidence.reader import child
from app.evidence.rules import Kind, Refusal, Refused, State, clean_name, title_of, why_not_size
from app.evidence.rules.intake import Unfit
from app.kernel import jobs, ledger
from app.kernel.ledger import Actor
from app.people.models import Practice
from storage.blobs import Blobs
from storage.scanner import Scanner


@dataclass(frozen=True)
class Examined:
    """A file that may come in, already kept as bytes."""

    filename: str
    kind: Kind
    sha256: str
    size: int
    pages: int | None


class Infected(Refused):
    """The virus check found something; what it is called goes into the ledger and is said to nobody."""

    def __init__(self, found: str) -> None:
        super().__init__(Unfit.INFECTED)
        self.found = found


def open_binder(
    db: Session, practice: Practice, edition_id: str, *, now: datetime, by: Actor | None = None,
    case_id: str | None = None,
) -> Binder:  # fmt: skip
    """An empty binder for one application."""
    binder = Binder(practice_id=practice.id, edition_id=edition_id, case_id=case_id, opened_at=now)
    db.add(binder)
    ledger.record(db, "binder opened", by=by, now=now, about=binder)
    return binder


def examine(filename: str, data: bytes, blobs: Blobs, scanner: Scanner | None = None) -> Examined:
    """May this file come in? Raises Refused, or ScannerDown while nobody can know; keeps the bytes of one that may.

    The virus check looks first; nothing else has opened the file by then. Slow: hold no transaction meanwhile.
    """
    reason = why_not_size(len(data))
    if reason:
        raise Refused(reason)
    if scanner is not None and (found := scanner.scan(data)):
        raise Infected(found)
    name = clean_name(filename)
    kind, pages = child.check(data, name)
    return Examined(name, kind, blobs.put(data), len(data), pages)


def receive(
    db: Session, binder: Binder, *, filename: str, data: bytes, by: Any, now: datetime, blobs: Blobs,
    scanner: Scanner | None = None,
) -> Version:  # fmt: skip
    """Take a file into the binder, to be read soon; raises Refused with one sentence."""
    return take_in(db, binder, examine(filename, data, blobs, scanner), by=by, now=now)


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
    return add_version(db, document, file, by=by, now=now)


def add_version(db: Session, document: Document, file: Examined, *, by: Any, now: datetime) -> Version:
    """The examined file as the newest version of this document, to be read soon."""
    version = Version(
        document_id=document.id, binder_id=document.binder_id, practice_id=document.practice_id,
        case_id=document.case_id, number=len(document.versions) + 1, filename=file.filename, kind=file.kind,
        sha256=file.sha256, size=file.size, state=State.CHECKING, pages=file.pages,
        uploaded_by=by.id if by else None, uploaded_at=now,
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

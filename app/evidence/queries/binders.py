"""Questions about binders, their documents, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload, undefer

from app.evidence import passages
from app.evidence.marked import Mark
from app.evidence.models import Binder, Document, NaClaim, Page, Pin, Version
from app.evidence.rules import CURRENT, SEEN, Source, State
from app.standards import queries as standards
from app.standards.models import StandardRow


def binder_of(db: Session, practice_id: str) -> Binder | None:
    """The practice's current binder: the one opened last."""
    found = select(Binder).where(Binder.practice_id == practice_id).order_by(Binder.opened_at.desc(), Binder.id)
    return db.scalar(found.limit(1))


def binders_of(db: Session, practice_id: str) -> Sequence[Binder]:
    """All binders of a practice, the newest first."""
    found = select(Binder).where(Binder.practice_id == practice_id).order_by(Binder.opened_at.desc(), Binder.id)
    return db.scalars(found).all()


def same_file(db: Session, binder: Binder, sha256: str) -> Version | None:
    """The version in this binder, not replaced or withdrawn, that has these very bytes."""
    return db.scalar(
        select(Version).where(Version.binder_id == binder.id, Version.sha256 == sha256, Version.state.in_(CURRENT))
    )


def document_named(db: Session, binder: Binder, filename: str) -> Document | None:
    """The document whose newest file came under this name."""
    found = db.scalars(select(Version).where(Version.binder_id == binder.id, Version.state.in_(CURRENT)))
    wanted = filename.casefold()
    return next((version.document for version in found if version.filename.casefold() == wanted), None)


def newest(document: Document) -> Version | None:
    """The version that counts now, read or still being read."""
    return next((version for version in reversed(document.versions) if version.state in CURRENT), None)


def shown(document: Document) -> Version | None:
    """The version that the Program sees."""
    return next((version for version in reversed(document.versions) if version.state in SEEN), None)


def documents(db: Session, binder: Binder) -> list[Document]:
    """The documents of the binder that were not withdrawn, by title."""
    found = select(Document).where(Document.binder_id == binder.id).options(selectinload(Document.versions))
    return [one for one in db.scalars(found.order_by(Document.title, Document.id)) if newest(one)]


def failed(db: Session, binder: Binder) -> Sequence[Version]:
    """Files that came in but could not be read, the newest first."""
    found = select(Version).where(Version.binder_id == binder.id, Version.trouble.is_not(None))
    return db.scalars(found.order_by(Version.uploaded_at.desc()).limit(20)).all()


def waiting(db: Session, binder: Binder) -> int:
    """How many files are still being read."""
    asked = select(func.count()).where(Version.binder_id == binder.id, Version.state == State.CHECKING)
    return db.scalar(asked) or 0


def texts(db: Session, version: Version) -> Sequence[Page]:
    """Every page of a version, in order."""
    return db.scalars(select(Page).where(Page.version_id == version.id).order_by(Page.number)).all()


def page(db: Session, version_id: str, number: int) -> Page | None:
    """One page with the places of its words."""
    return db.scalar(
        select(Page).where(Page.version_id == version_id, Page.number == number).options(undefer(Page.boxes))
    )


def recognized(db: Session, binder: Binder) -> dict[str, dict[Source, int]]:
    """By version: how many pages were recognized from pictures, and how many have no words at all."""
    asked = (
        select(Page.version_id, Page.source, func.count())
        .join(Version, Version.id == Page.version_id)
        .where(Version.binder_id == binder.id, Version.state.in_(SEEN), Page.source != Source.TEXT)
        .group_by(Page.version_id, Page.source)
    )
    found: dict[str, dict[Source, int]] = {}
    for version_id, source, count in db.execute(asked):
        found.setdefault(version_id, {})[source] = count
    return found


def marks(db: Session, version: Version) -> list[Mark]:
    """The passages of a version that are pinned, each with the row that it answers."""
    binder = version.document.binder
    text = {page.number: page for page in texts(db, version)}
    titles = {line.code: line.title for line in standards.rows(db, binder.edition_id)}
    found = []
    for pin in pins(db, binder):
        page = text.get(pin.page or 0)
        span = passages.locate(page.text, pin.quote or "") if pin.version_id == version.id and page else None
        if page is not None and span is not None:
            note = f"{pin.code} {titles.get(pin.code, '')}".rstrip()
            found.append(Mark(page.number, passages.boxes(page.boxes, [span]), note))
    return found


def row(db: Session, binder: Binder, code: str) -> StandardRow | None:
    """A row of the binder's edition."""
    return standards.row(db, binder.edition_id, code)


def served(db: Session, binder: Binder) -> dict[str, list[str]]:
    """The rows that each document serves, by document."""
    found: dict[str, list[str]] = {}
    for pin in pins(db, binder):
        codes = found.setdefault(pin.document_id, [])
        if pin.code not in codes:
            codes.append(pin.code)
    return found


def pins(db: Session, binder: Binder, code: str | None = None) -> list[Pin]:
    """The pins of a row, or of all rows, passages before whole documents."""
    found = select(Pin).where(Pin.binder_id == binder.id).options(selectinload(Pin.document), selectinload(Pin.version))
    if code is not None:
        found = found.where(Pin.code == code)
    return sorted(db.scalars(found), key=lambda pin: (pin.page is None, pin.document.title, pin.page or 0, pin.at))


def claim(db: Session, binder: Binder, code: str) -> NaClaim | None:
    """The practice's claim that this row does not apply."""
    return db.scalar(select(NaClaim).where(NaClaim.binder_id == binder.id, NaClaim.code == code))


def claims(db: Session, binder: Binder) -> dict[str, NaClaim]:
    """All claims, by row."""
    return {one.code: one for one in db.scalars(select(NaClaim).where(NaClaim.binder_id == binder.id))}


def uncovered_slots(db: Session, binder: Binder) -> list[StandardRow]:
    """The rows that ask for a policy or a form and have neither a pin nor a claim."""
    pinned = set(db.scalars(select(Pin.code).where(Pin.binder_id == binder.id)))
    covered = pinned | set(claims(db, binder))
    return [one for one in standards.slots(db, binder.edition_id) if one.code not in covered]


@dataclass
class Slot:
    """One row of the coverage map: its pins by document, its claim."""

    row: StandardRow
    pins: dict[str, list[Pin]] = field(default_factory=dict)
    claim: NaClaim | None = None

    @property
    def state(self) -> str:
        if self.pins:
            return "pinned" if any(pin.page for held in self.pins.values() for pin in held) else "mapped"
        return "claimed" if self.claim else "empty"


def coverage(db: Session, binder: Binder, domain: str | None = None) -> list[Slot]:
    """Every slot of the edition (of one domain) with what fills it."""
    held: dict[str, dict[str, list[Pin]]] = {}
    for pin in pins(db, binder):
        held.setdefault(pin.code, {}).setdefault(pin.document_id, []).append(pin)
    said = claims(db, binder)
    return [
        Slot(one, held.get(one.code, {}), said.get(one.code))
        for one in standards.slots(db, binder.edition_id)
        if domain is None or one.domain == domain
    ]

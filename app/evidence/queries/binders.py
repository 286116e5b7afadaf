"""Questions about binders, their documents, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload, undefer

from app.evidence import passages
from app.evidence.marked import Mark
from app.evidence.models import Binder, Document, NaClaim, Page, Pin, Version
from app.evidence.passages import Box
from app.evidence.rules import CURRENT, SEEN, STANDING, Source, State
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
    found = found.where(Version.state == State.WITHDRAWN)  # what is held is in the list with its own trouble
    return db.scalars(found.order_by(Version.uploaded_at.desc()).limit(20)).all()


def held_back(db: Session, binder: Binder) -> list[Document]:
    """Documents whose newest file is held back, because it may name patients."""
    return [one for one in documents(db, binder) if (found := newest(one)) and found.state is State.HELD]


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
    asked = select(Pin).where(Pin.version_id == version.id, Pin.page.is_not(None)).order_by(Pin.page, Pin.code, Pin.at)
    called = titles(db, binder)
    return [
        Mark(pin.page or 1, places, f"{pin.code} {called.get(pin.code, '')}".rstrip())
        for pin in db.scalars(asked)
        if (places := places_of(db, pin))
    ]


def places_of(db: Session, pin: Pin) -> list[Box]:
    """Where the words of a pin stand on its page; looked for where they were pinned before places were kept."""
    if pin.boxes is not None:
        return [(left, top, width, height) for left, top, width, height in pin.boxes]
    sheet = page(db, pin.version_id, pin.page) if pin.page and pin.quote else None
    span = passages.locate(sheet.text, pin.quote or "") if sheet else None
    return passages.boxes(sheet.boxes, [span]) if sheet and span else []


def row(db: Session, binder: Binder, code: str) -> StandardRow | None:
    """A row of the binder's edition."""
    return standards.row(db, binder.edition_id, code)


def titles(db: Session, binder: Binder) -> dict[str, str]:
    """What each row of the binder's edition is called."""
    return {line.code: line.title for line in standards.rows(db, binder.edition_id)}


def served(db: Session, binder: Binder) -> dict[str, list[str]]:
    """The rows that each document serves, by document."""
    found: dict[str, list[str]] = {}
    for pin in pins(db, binder):
        codes = found.setdefault(pin.document_id, [])
        if pin.code not in codes:
            codes.append(pin.code)
    return found


def pins(db: Session, binder: Binder, code: str | None = None, *, seen: bool = False) -> list[Pin]:
    """The pins of a row, or of all rows, passages before whole documents; with `seen` those that the Program sees."""
    found = select(Pin).where(Pin.binder_id == binder.id)
    found = found.options(selectinload(Pin.document).selectinload(Document.sites), selectinload(Pin.version))
    if code is not None:
        found = found.where(Pin.code == code)
    held = (pin for pin in db.scalars(found) if not seen or pin.version.state in SEEN)
    return sorted(held, key=lambda pin: (pin.page is None, pin.document.title, pin.page or 0, pin.at))


def claim(db: Session, binder: Binder, code: str) -> NaClaim | None:
    """The practice's claim that this row does not apply."""
    return db.scalar(select(NaClaim).where(NaClaim.binder_id == binder.id, NaClaim.code == code))


def claims(db: Session, binder: Binder) -> dict[str, NaClaim]:
    """All claims, by row."""
    return {one.code: one for one in db.scalars(select(NaClaim).where(NaClaim.binder_id == binder.id))}


def uncovered_slots(db: Session, binder: Binder) -> list[StandardRow]:
    """The rows that ask for a policy or a form and have neither a pin nor a claim; what is lost or refused is none."""
    pins = db.scalars(select(Pin).where(Pin.binder_id == binder.id))
    covered = {pin.code for pin in pins if not pin.lost}
    covered |= {code for code, claim in claims(db, binder).items() if claim.state in STANDING}
    return [one for one in standards.slots(db, binder.edition_id) if one.code not in covered]

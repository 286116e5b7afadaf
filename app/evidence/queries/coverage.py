"""The coverage map: rows by documents and rows by sites, with what is wrong and what cures it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.evidence.models import Binder, Document, NaClaim, Pin, Version
from app.evidence.queries import binders
from app.evidence.queries.dates import dates_trouble, review_months
from app.evidence.rules import Cover, Held, State, cover
from app.people.models import Site
from app.standards import queries as standards
from app.standards.models import StandardRow

WIDEST = 40  # documents that a table can have as columns; more are told in words
UNSEEN = {
    State.UNREADABLE: "cannot be searched: no words were found in it.",
    State.CHECKING: "is still being read.",
    State.HELD: "is held back, because it may name patients.",
}


@dataclass(frozen=True)
class Slot:
    """One row of the coverage map: its pins by document, its claim, how well it is covered as a whole and by site."""

    row: StandardRow
    cover: Cover
    pins: Mapping[str, list[Pin]] = field(default_factory=dict)
    cells: Mapping[str, Cover] = field(default_factory=dict)  # by document
    sites: Mapping[str, Cover] = field(default_factory=dict)  # by site
    guessed: frozenset[str] = frozenset()  # documents that seem to answer
    claim: NaClaim | None = None


@dataclass(frozen=True)
class Coverage:
    """The map, what it is drawn over, and what hangs loose."""

    slots: list[Slot]
    documents: list[Document]  # that a shown row is tied to, or seems to be answered by
    sites: list[Site]
    loose: list[Document]  # tied to nothing

    @property
    def open(self) -> list[Slot]:
        return [slot for slot in self.slots if not slot.cover.done]

    @property
    def wide(self) -> bool:
        return len(self.documents) > WIDEST


def coverage(
    db: Session, binder: Binder, today: date, *, domain: str | None = None, ideas: Mapping[str, set[str]] | None = None,
    seen: bool = False, only_open: bool = False,
) -> Coverage:  # fmt: skip
    """Every slot of the edition (of one domain, or only what is open) with how well it is covered, and by what."""
    ideas, months = ideas or {}, review_months(db, today)
    every = _documents(db, binder, seen)
    sites = list(db.scalars(select(Site).where(Site.practice_id == binder.practice_id).order_by(Site.code)))
    held, tied = _pinned(db, binder, seen)
    places = {one.id: frozenset(site.name for site in one.sites) or None for one in every}
    claims = binders.claims(db, binder)
    maker = _Maker(sites, places, today, months)
    rows = [row for row in standards.slots(db, binder.edition_id) if domain is None or row.domain == domain]
    known = {one.id for one in every}
    slots = [maker.slot(row, held.get(row.code, {}), claims.get(row.code), ideas.get(row.code, set()) & known)
             for row in rows]  # fmt: skip
    shown = [slot for slot in slots if not (only_open and slot.cover.done)]
    matter = {document_id for slot in shown for document_id in {*slot.pins, *slot.guessed}}
    documents = [one for one in every if one.id in matter]
    return Coverage(shown, documents, sites, [one for one in every if one.id not in tied and not _held_back(one, seen)])


def _documents(db: Session, binder: Binder, seen: bool) -> list[Document]:
    found = select(Document).where(Document.binder_id == binder.id)
    found = found.options(selectinload(Document.versions), selectinload(Document.sites))
    counts = binders.shown if seen else binders.newest
    return [one for one in db.scalars(found.order_by(Document.title, Document.id)) if counts(one)]


def _held_back(document: Document, seen: bool) -> bool:
    """First it is decided whether the file stays; nobody ties it to a row before."""
    counting = (binders.shown if seen else binders.newest)(document)
    return counting is not None and counting.state is State.HELD


def _pinned(db: Session, binder: Binder, seen: bool) -> tuple[dict[str, dict[str, list[Pin]]], set[str]]:
    held: dict[str, dict[str, list[Pin]]] = {}
    tied = set()
    for pin in binders.pins(db, binder, seen=seen):
        held.setdefault(pin.code, {}).setdefault(pin.document_id, []).append(pin)
        tied.add(pin.document_id)
    return held, tied


@dataclass(frozen=True)
class _Maker:
    """What every slot is measured by."""

    sites: Sequence[Site]
    places: Mapping[str, frozenset[str] | None]  # by document: the names of the sites where it is in force
    today: date
    months: int

    def slot(self, row: StandardRow, pins: dict[str, list[Pin]], claim: NaClaim | None, guessed: set[str]) -> Slot:
        held = {key: [self.held(pin) for pin in found] for key, found in pins.items()}
        every = [one for found in held.values() for one in found]
        said = claim.state if claim else None
        answer = claim.answer or "" if claim else ""
        names = [site.name for site in self.sites]
        whole = cover(every, names, claim=said, suggested=bool(guessed), answer=answer)
        by_site = {
            site.id: cover([one for one in every if one.sites is None or site.name in one.sites], [site.name],
                           claim=said, suggested=bool(guessed), answer=answer)
            for site in self.sites
        }  # fmt: skip
        cells = {key: cover(found, []) for key, found in held.items()}
        return Slot(row, whole, pins, cells, by_site, frozenset(guessed - set(pins)), claim)

    def held(self, pin: Pin) -> Held:
        trouble = dates_trouble(pin.version, self.today, self.months)
        return Held(
            pin.document.title, passage=pin.page is not None, to_check=pin.to_check, lost=pin.lost,
            unseen=UNSEEN.get(pin.version.state, ""), expired=" ".join(trouble),
            sites=self.places.get(pin.document_id),
        )  # fmt: skip


def troubles(documents: Sequence[Document], today: date, months: int) -> dict[str, list[str]]:
    """By document: what is wrong with the dates of the version that counts."""
    found: dict[str, list[str]] = {}
    for document in documents:
        version: Version | None = binders.newest(document)
        if version and (reasons := dates_trouble(version, today, months)):
            found[document.id] = reasons
    return found

"""The readiness check: everything that is still open in a binder, by kind, each with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.evidence.models import Binder, Document, Pin
from app.evidence.queries import binders
from app.evidence.queries.carried import carried
from app.evidence.queries.coverage import Coverage, Slot, coverage, troubles
from app.evidence.queries.dates import review_months
from app.evidence.queries.threads import open_questions
from app.evidence.rules import Carried, ClaimState, CoverState, State
from app.kernel.words import count, day


@dataclass(frozen=True)
class Gap:
    """One thing that is open: what it is, why, and the page where it is cured."""

    name: str
    why: str
    endpoint: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Gaps of one kind, what to do about them, and whether they keep an application from being submitted."""

    key: str
    title: str
    do: str
    blocks: bool
    gaps: Sequence[Gap] = ()


@dataclass(frozen=True)
class _Found:
    """What the gaps are read from, asked for once."""

    map: Coverage
    documents: Sequence[Document]
    carried: Sequence[Pin]
    troubles: Mapping[str, list[str]]
    questions: Mapping[str, int]
    binder_id: str


def readiness(
    db: Session, binder: Binder, today: date, ideas: Mapping[str, set[str]] | None = None
) -> list[Group]:  # fmt: skip
    """Every kind of gap that the binder has, in the order in which one would cure them."""
    documents = binders.documents(db, binder)
    asked: dict[str, int] = {}
    for message in open_questions(db, binder):
        asked[message.code] = asked.get(message.code, 0) + 1
    found = _Found(
        coverage(db, binder, today, ideas=ideas), documents, carried(db, binder),
        troubles(documents, today, review_months(db, today)), asked, binder.id,
    )  # fmt: skip
    groups = [Group(kind.key, kind.title, kind.do, kind.blocks, list(kind.gaps(found))) for kind in KINDS]
    return [group for group in groups if group.gaps]


def _rows(found: _Found, state: CoverState, claim: ClaimState | None = None) -> Iterator[Gap]:
    for slot in found.map.slots:
        refused = slot.claim is not None and slot.claim.state is ClaimState.REFUSED
        if slot.cover.state is state and refused == (claim is ClaimState.REFUSED):
            yield _row(found, slot)


def _row(found: _Found, slot: Slot) -> Gap:
    args = {"binder_id": found.binder_id, "code": slot.row.code}
    return Gap(f"{slot.row.code} {slot.row.title}", slot.cover.why, "evidence.slot", args)


def _refused(found: _Found) -> Iterator[Gap]:
    for state in (CoverState.EMPTY, CoverState.SUGGESTED):
        yield from _rows(found, state, ClaimState.REFUSED)


def _pins(found: _Found, became: Carried) -> Iterator[Gap]:
    for pin in found.carried:
        if pin.carried is became:
            words = pin.was_quote or pin.quote or ""
            yield Gap(f"{pin.code}, {pin.document.title}", _short(words), "evidence.carried", {
                "document_id": pin.document_id})  # fmt: skip


def _moved(found: _Found) -> Iterator[Gap]:
    """By document: nobody has to look at each."""
    moved: dict[str, list[Pin]] = {}
    for pin in found.carried:
        if pin.carried is Carried.MOVED:
            moved.setdefault(pin.document_id, []).append(pin)
    for document_id, pins in moved.items():
        why = f"{count(len(pins), 'passage')} moved; the words are the same."
        yield Gap(pins[0].document.title, why, "evidence.carried", {"document_id": document_id})


def _files(found: _Found, state: State, why: str) -> Iterator[Gap]:
    for document in found.documents:
        version = binders.newest(document)
        if version is not None and version.state is state:
            yield _document(document, why)


def _document(document: Document, why: str) -> Gap:
    return Gap(document.title, why, "evidence.document", {"document_id": document.id})


def _expired(found: _Found) -> Iterator[Gap]:
    for document in found.documents:
        if reasons := found.troubles.get(document.id):
            yield _document(document, " ".join(reasons))


def _undated(found: _Found) -> Iterator[Gap]:
    for document in found.documents:
        version = binders.newest(document)
        if version is None or version.dated_at is not None or version.state in (State.CHECKING, State.HELD):
            continue
        said = [
            f"{word} {day(on)}"
            for word, on in (("effective", version.effective_on), ("reviewed", version.reviewed_on),
                             ("review due", version.review_due_on))
            if on
        ]  # fmt: skip
        yield _document(document, f"The document says: {'; '.join(said)}." if said else "It says no dates.")


def _loose(found: _Found) -> Iterator[Gap]:
    for document in found.map.loose:
        yield _document(document, "No row is tied to it, so nobody will look for it.")


def _questions(found: _Found) -> Iterator[Gap]:
    titles = {slot.row.code: slot.row.title for slot in found.map.slots}
    for code, asked in found.questions.items():
        args = {"binder_id": found.binder_id, "code": code, "_anchor": "thread"}
        yield Gap(
            f"{code} {titles.get(code, '')}".strip(),
            f"The Program asks for {count(asked, 'file')}.",
            "evidence.slot",
            args,
        )


@dataclass(frozen=True)
class _Kind:
    key: str
    title: str
    do: str
    gaps: Callable[[_Found], Iterator[Gap]]
    blocks: bool = False


NO_WORDS = "No words were found in it, so it is found by no search."
HELD = "It may name patients; the Program cannot see it."
KINDS = (
    _Kind("lost", "Passages that are gone", "Pin another passage, or take the pin away.",
          lambda found: _pins(found, Carried.LOST), blocks=True),
    _Kind("empty", "Rows without anything", "Add a document, or say why the row does not apply.",
          lambda found: _rows(found, CoverState.EMPTY), blocks=True),
    _Kind("suggested", "Suggestions to confirm", "Look at the suggested passage and pin it.",
          lambda found: _rows(found, CoverState.SUGGESTED), blocks=True),
    _Kind("refused", "Claims that were not accepted", "The row applies: add a document, or give a better reason.",
          _refused, blocks=True),
    _Kind("reading", "Files being read", "Wait a moment; large scans take some minutes.",
          lambda found: _files(found, State.CHECKING, "Received, and not visible to the Program yet."), blocks=True),
    _Kind("held", "Files held back", "Black out what names a patient, or say why it is none.",
          lambda found: _files(found, State.HELD, HELD), blocks=True),
    _Kind("changed", "Passages whose words changed", "Read the old beside the new, and say whether it still answers.",
          lambda found: _pins(found, Carried.CHANGED)),
    _Kind("moved", "Passages that moved", "Glance at them once.", _moved),
    _Kind("expired", "Dates not in order", "Add the version in force, or correct its dates.", _expired),
    _Kind("undated", "Dates to confirm", "Confirm or correct what the document says of itself.", _undated),
    _Kind("unreadable", "Files that cannot be searched", "Add them again as files with text.",
          lambda found: _files(found, State.UNREADABLE, NO_WORDS)),
    _Kind("sites", "Sites left out", "Add a document for there, or say at which sites yours hold.",
          lambda found: _rows(found, CoverState.PARTIAL)),
    _Kind("claimed", "Claims that wait for the Program", "Nothing is asked of you; the office answers.",
          lambda found: _rows(found, CoverState.CLAIMED)),
    _Kind("questions", "Files that the Program asks for", "Add the file in the thread of the row.", _questions),
    _Kind("loose", "Documents tied to nothing", "Tie them to the rows they serve, or withdraw them.", _loose),
)  # fmt: skip


def _short(words: str) -> str:
    return words if len(words) <= 140 else words[:140].rsplit(" ", 1)[0] + " ..."

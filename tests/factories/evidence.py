"""Binders and documents, as if files had come in and had been read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.evidence import actions
from app.evidence.actions import Examined
from app.evidence.models import Binder, Version
from app.evidence.reader.child import Reading
from app.evidence.reader.lines import Page
from app.evidence.rules import Kind
from app.people.models import Practice
from app.standards import queries as standards
from storage.blobs import Memory, key_of
from tests.factories import people

AT = datetime(2026, 6, 12, 15, 0, tzinfo=UTC)


def binder(db: Session, practice: Practice | None = None, **over: Any) -> Binder:
    """An empty binder of the sample edition."""
    practice = practice or people.practice(db)
    return actions.open_binder(db, practice, standards.current_edition(db).id, now=AT, **over)


def received(db: Session, binder: Binder, filename: str = "Policy.pdf", data: bytes = b"", **over: Any) -> Version:
    """A file that came in and waits to be read."""
    data = data or filename.encode() + str(over).encode()
    examined = Examined(filename, Kind(filename.rpartition(".")[2]), key_of(data), len(data), 1)
    return actions.take_in(db, binder, examined, by=over.get("by"), now=over.get("now", AT))


def document(db: Session, binder: Binder, filename: str = "Policy.pdf", *pages: str, **over: Any) -> Version:
    """A document with these pages, read and visible; what was in its place is replaced."""
    version = received(db, binder, filename, **over)
    made = [
        Page(number, text, places(text), headings=[text.split("\n")[0]], source="text" if text else "none",
             width=612, height=792)
        for number, text in enumerate(pages or ["1. Purpose\nPatients sign consent before the first dose."], 1)
    ]  # fmt: skip
    actions.settle(db, version, Reading(made), key_of(b"copy"), now=over.get("now", AT))
    db.flush()
    return version


def places(text: str) -> list[list[int]]:
    """A place for each word: one line after the other down the page."""
    found, at = [], 0
    for number, word in enumerate(text.split()):
        at = text.index(word, at)
        found.append([at, at + len(word), 1000, 500 + 150 * number, 800, 120])
        at += len(word)
    return found


def store() -> Memory:
    """A store of objects that forgets."""
    return Memory()

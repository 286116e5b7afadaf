"""The index of a binder, made from the text of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence import passages
from app.evidence.models import Binder, Document, Page, Version
from app.evidence.rules import SEEN
from storage.index import Index, Indexes, PageText, Parts, Span


def index(db: Session, binder: Binder, indexes: Indexes) -> Index:
    """The binder's index, true to what is in it now."""
    return indexes.open(binder.id, str(binder.revision), lambda: _parts(db, binder))


def _parts(db: Session, binder: Binder) -> Parts:
    seen = select(Version.id, Document.title).join(Document, Document.id == Version.document_id)
    found = db.execute(seen.where(Version.binder_id == binder.id, Version.state.in_(SEEN)))
    return {version_id: _loader(db, version_id, title) for version_id, title in found}


def _loader(db: Session, version_id: str, title: str) -> Callable[[], Iterable[PageText]]:
    def load() -> list[PageText]:
        asked = select(Page.number, Page.text, Page.headings).where(Page.version_id == version_id)
        rows = db.execute(asked.order_by(Page.number)).all()
        running = passages.running_lines([text for _, text, _ in rows])
        return [
            PageText(number, title, "\n".join(headings), text, muted(text, running)) for number, text, headings in rows
        ]

    return load


def muted(text: str, running: set[str]) -> tuple[Span, ...]:
    """Where the running lines stand in the text."""
    found, at = [], 0
    for line in text.split("\n") if running else ():
        if passages.numberless(line) in running:
            found.append((at, at + len(line)))
        at += len(line) + 1
    return tuple(found)

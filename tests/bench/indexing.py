"""A binder's index: our door, the reading of the database included, beside bare Whoosh adding the same text."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from whoosh import fields, index
from whoosh.analysis import StemmingAnalyzer

from app.evidence import queries
from app.evidence.models import Binder, Document, Page, Version
from storage.fulltext import WhooshIndexes
from tests.bench.row import Row, in_turns, row
from tests.bench.store import Store

PAGE_MS = 3.5  # stack.md: "indexing 2.5-3.5 ms a page"


def rows(store: Store, binder: Binder, *, quick: bool) -> Iterator[Row]:
    """The whole index made anew."""
    ours, bare = store.settings.data / "index-ours", store.settings.data / "index-bare"

    def make_ours() -> None:
        shutil.rmtree(ours, ignore_errors=True)
        store.db.expire_all()
        queries.index(store.db, binder, WhooshIndexes(ours))

    pages = texts(store, binder)
    mine, theirs = in_turns(make_ours, lambda: make_bare(bare, pages), 2 if quick else 3)
    yield row(
        f"a binder of {len(pages)} pages indexed anew", "ms/page", [one / len(pages) for one in mine],
        [one / len(pages) for one in theirs], "bare Whoosh, same text", target=PAGE_MS,
    )  # fmt: skip


def texts(store: Store, binder: Binder) -> list[dict[str, Any]]:
    """The pages as bare Whoosh takes them."""
    asked = select(Version.filename, Page.number, Document.title, Page.headings, Page.text)
    asked = asked.join(Version, Version.id == Page.version_id).join(Document, Document.id == Version.document_id)
    return [
        {"file": file, "number": number, "title": title, "headings": "\n".join(headings), "body": text}
        for file, number, title, headings, text in store.db.execute(asked.where(Version.binder_id == binder.id))
    ]


def make_bare(folder: Path, pages: list[dict[str, Any]]) -> Any:
    """Whoosh with its own stemming analyzer, nothing around it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    text = {name: fields.TEXT(analyzer=StemmingAnalyzer()) for name in ("title", "headings", "body")}
    made = index.create_in(str(folder), fields.Schema(file=fields.ID(stored=True), number=fields.STORED, **text))
    writer = made.writer(limitmb=64)
    for page in pages:
        writer.add_document(**page)
    writer.commit()
    return made

"""One binder among many: our one index per binder beside what one would otherwise run, a single index of SQLite FTS5 or
of Whoosh for all binders, filtered by binder."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text
from whoosh import fields, index
from whoosh.analysis import StemmingAnalyzer
from whoosh.qparser import MultifieldParser, OrGroup
from whoosh.query.terms import Term

from app.evidence import queries
from app.evidence.models import Binder
from storage.fulltext import WhooshIndexes
from storage.words import WORD
from tests.bench.row import PROCESSOR, Row, milliseconds, percentile, row
from tests.bench.searching import RESULTS, Question, as_the_page, questions
from tests.bench.store import Store

FEW, MANY = 10, 1000  # binders
NO_SLOWER = 1.2
SIZES = (3_000, 30_000, 180_000)  # pages of all binders together
WHOOSH_SIZES = (3_000, 30_000)  # a global index of Whoosh for 180,000 pages takes minutes to make: --large
ROUNDS = 3

# Binders, documents, versions and pages like those of one that is there; without places of words: no search reads them.
COPIES = (
    "INSERT INTO binder SELECT 'b' || n.value || substr(id, 7), practice_id, edition_id, NULL, revision, opened_at,"
    " NULL FROM binder, n WHERE id = :binder",
    "INSERT INTO document (id, binder_id, practice_id, title, since) SELECT 'd' || n.value || substr(id, 7),"
    " 'b' || n.value || substr(binder_id, 7), practice_id, title, since FROM document, n WHERE binder_id = :binder",
    "INSERT INTO version (id, document_id, binder_id, practice_id, number, filename, kind, sha256, size, state, pages,"
    " copy_key, uploaded_at, visible_since, left_out, finds) SELECT 'v' || n.value || substr(id, 7),"
    " 'd' || n.value || substr(document_id, 7), 'b' || n.value || substr(binder_id, 7), practice_id, number, filename,"
    " kind, sha256, size, state, pages, copy_key, uploaded_at, visible_since, '[]', '[]' FROM version, n"
    " WHERE binder_id = :binder AND state = 'readable'",
    "INSERT INTO page (id, version_id, number, text, headings, source, confidence, boxes, width, height)"
    " SELECT 'p' || n.value || substr(page.id, 7), 'v' || n.value || substr(version.id, 7), page.number, text,"
    " headings, source, confidence, '[]', width, height FROM page JOIN version ON version.id = page.version_id, n"
    " WHERE version.binder_id = :binder AND state = 'readable'",
)


def rows(store: Store, binder: Binder, *, large: bool = False) -> Iterator[Row]:
    """The same binder asked with ten and with a thousand in the store; then the global indexes at each size."""
    root, asked = store.settings.data / "index", questions()
    held = WhooshIndexes(root)
    queries.index(store.db, binder, held)
    times: dict[int, list[float]] = {}
    for count in (FEW, MANY):
        _fill(store, binder, count)
        times[count] = [_slow_end(store, binder, held, asked) for _ in range(ROUNDS + 1)][1:]
    yield row(f"a question by words with {MANY:,} binders in store, p95", "ms", times[MANY], times[FEW],
              f"the same with {FEW}", target=NO_SLOWER * min(times[FEW]))  # fmt: skip
    pages = _texts(store, binder)
    for size in SIZES:
        yield _beside(f"one FTS5 index of {size:,} pages", store, binder, held, asked, _fts5(store, pages, size))
    for size in SIZES if large else WHOOSH_SIZES:
        yield _beside(f"one Whoosh index of {size:,} pages", store, binder, held, asked, _whoosh(store, pages, size))


def _fill(store: Store, binder: Binder, count: int) -> None:
    """As many binders with as many pages and an index each."""
    root = store.settings.data / "index"
    have = store.db.execute(text("SELECT count(*) FROM binder")).scalar() or 0
    numbers = (
        f"WITH RECURSIVE n(value) AS (SELECT {10_000 + have} UNION ALL SELECT value + 1 FROM n LIMIT {count - have})"
    )
    for copy in COPIES if count > have else ():
        head, _, rest = copy.partition(" SELECT ")
        store.db.execute(text(f"{head} {numbers} SELECT {rest}"), {"binder": binder.id})
    store.db.commit()
    for (name,) in store.db.execute(text("SELECT id FROM binder")):
        if not (root / name).exists():
            shutil.copytree(root / binder.id, root / name, copy_function=os.link)
    store.db.commit()


def _slow_end(store: Store, binder: Binder, held: WhooshIndexes, asked: list[Question]) -> float:
    times = [milliseconds(partial(as_the_page, store, binder, one, held, exact=True), PROCESSOR) for one in asked]
    return percentile(times, 0.95)


def _texts(store: Store, binder: Binder) -> list[str]:
    asked = text("SELECT page.text FROM page JOIN version ON version.id = version_id WHERE binder_id = :binder")
    return [str(words) for (words,) in store.db.execute(asked, {"binder": binder.id})]


def _beside(name: str, store: Store, binder: Binder, held: WhooshIndexes, asked: list[Question], peer: Any) -> Row:
    mine, theirs = [], []
    for turn in range(ROUNDS + 1):
        ours = _slow_end(store, binder, held, asked)
        other = percentile([milliseconds(partial(peer, one[0]), PROCESSOR) for one in asked], 0.95)
        if turn:
            mine.append(ours)
            theirs.append(other)
    return row(f"a question by words in a binder of 300 pages, p95, beside {name}", "ms", mine, theirs, name)


def _fts5(store: Store, pages: list[str], size: int) -> Any:
    """The text of every page in one table, the binder beside it."""
    path = store.settings.data / f"fts5-{size}.sqlite"
    path.unlink(missing_ok=True)
    made = sqlite3.connect(path)
    made.execute("CREATE VIRTUAL TABLE page USING fts5(text, binder UNINDEXED, tokenize = 'porter unicode61')")
    given = ((pages[at % len(pages)], at // len(pages)) for at in range(size))
    with made:
        made.executemany("INSERT INTO page VALUES (?, ?)", given)
    snippet = "snippet(page, 0, '<mark>', '</mark>', '...', 34)"
    asked = f"SELECT rowid, {snippet} FROM page WHERE page MATCH ? AND binder = 0 ORDER BY rank LIMIT {RESULTS}"

    def ask(words: str) -> None:
        made.execute(asked, (" OR ".join(f'"{word}"' for word in WORD.findall(words)),)).fetchall()

    return ask


def _whoosh(store: Store, pages: list[str], size: int) -> Any:
    folder = store.settings.data / f"whoosh-{size}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    schema = fields.Schema(binder=fields.ID, number=fields.STORED, body=fields.TEXT(analyzer=StemmingAnalyzer()))
    made = index.create_in(str(folder), schema)
    writer = made.writer(limitmb=256)
    for at in range(size):
        writer.add_document(binder=str(at // len(pages)), number=at, body=pages[at % len(pages)])
    writer.commit()
    searcher, parser = made.searcher(), MultifieldParser(["body"], schema, group=OrGroup)

    def ask(words: str) -> None:
        for hit in searcher.search(parser.parse(words), limit=RESULTS, filter=Term("binder", "0")):
            hit["number"]

    return ask


def clear(folder: Path) -> None:
    """Take the large files away again."""
    for path in [*folder.glob("fts5-*"), *folder.glob("whoosh-*")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()

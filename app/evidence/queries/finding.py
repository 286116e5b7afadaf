"""Searching a binder: by words, by standard, by both."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row, TextualSelect, bindparam, select, text
from sqlalchemy.orm import Session

from app.evidence.models import Binder, Page, Pin
from app.evidence.passages import locate
from app.evidence.queries import binders, indexing, narrowing, suggesting
from app.evidence.queries.narrowing import Only
from app.evidence.rules import SEEN
from app.evidence.search import asking, snippets
from app.evidence.search.snippets import Span
from app.standards.models import StandardRow
from storage.index import Found, Index, Indexes, Query
from storage.meaning import vectors
from storage.words import WORD

LIT = re.compile(r"<mark>(.*?)</mark>")
MOST_ALSO = 8


@dataclass(frozen=True)
class DocumentFound:
    """As much of a document as a result shows."""

    id: str
    title: str


@dataclass(frozen=True)
class VersionFound:
    """As much of a version as a result shows."""

    id: str
    number: int
    filename: str


@dataclass(frozen=True)
class Hit:
    """A page that answers."""

    document: DocumentFound
    version: VersionFound
    page: int
    score: float
    snippet: Markup
    source: str
    confidence: int | None
    standards: tuple[str, ...]  # rows that this page is pinned to
    meant: bool = False  # found by its meaning: it holds none of the words


@dataclass(frozen=True)
class Answer:
    """What a search found, and what to say about it."""

    hits: list[Hit]
    did_you_mean: str | None = None
    also: tuple[str, ...] = ()
    total: int = 0
    took_ms: float = 0.0

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


def search(
    db: Session, binder: Binder, words: str, standard: str | None, indexes: Indexes, limit: int = 20,
    only: Only | None = None, exact: bool = False,
) -> Answer:  # fmt: skip
    """The pages that answer the words, within the documents that serve the standard when one is given. A search that
    is exact, or that quotes, goes by its words and not by its meaning."""
    start = time.perf_counter()
    index = indexing.index(db, binder, indexes)
    within = narrowing.versions(db, binder, only, index) if only else None
    if not words.strip():
        return _timed(_pinned(db, binder, standard, index, limit, within) if standard else Answer([]), start)
    if standard and (serving := suggesting.serving(db, binder, standard, index)):
        within = serving if within is None else within & serving
    asked = asking.read(words)
    question = asking.question(asked, index)
    query = replace(question.query, meaning="") if exact else question.query
    answer = index.search(query, limit, within)
    hits = _hits(db, binder, answer.found)
    return _timed(Answer(hits, question.did_you_mean, _also(words, hits), answer.total), start)


def _also(words: str, hits: list[Hit]) -> tuple[str, ...]:
    """Words that were lit although nobody typed them: other forms, synonyms, likely spellings."""
    typed = {word.casefold() for word in WORD.findall(words)}
    lit = (unescape(found).casefold() for hit in hits if not hit.meant for found in LIT.findall(str(hit.snippet)))
    return tuple(dict.fromkeys(word for word in lit if not set(WORD.findall(word)) <= typed))[:MOST_ALSO]


def _timed(answer: Answer, start: float) -> Answer:
    took = round((time.perf_counter() - start) * 1000, 2)
    return replace(answer, total=answer.total or len(answer.hits), took_ms=took)


def _hits(db: Session, binder: Binder, found: list[Found]) -> list[Hit]:
    """The found pages with the lines around their answers."""
    rows = pages(db, {(one.part, one.number) for one in found})
    pinned = pins_by_page(db, binder, {row.document_id for row in rows.values()})
    hits = []
    for one in found:
        row = rows.get((one.part, one.number))
        if row is not None:  # else taken away since the index was made
            hits.append(hit(row, one.score, snippets.around(row.text, one), pinned, meant=one.meant))
    return hits


def hit(
    row: Row[*tuple[object, ...]], score: float, lines: Markup, pinned: dict[tuple[str, int], tuple[str, ...]], *,
    meant: bool = False,
) -> Hit:  # fmt: skip
    """A row of `pages` as a result."""
    return Hit(
        DocumentFound(row.document_id, row.title), VersionFound(row.version_id, row.version, row.filename), row.number,
        round(score, 3), lines, row.source.value, row.confidence, pinned.get((row.document_id, row.number), ()), meant,
    )  # fmt: skip


COLUMNS: tuple[Any, ...] = tuple(
    Page.__table__.c[name] for name in ("version_id", "number", "text", "source", "confidence")
)
PINS = (  # written once: putting a statement together costs more than asking it
    select(Pin.__table__.c.document_id, Pin.__table__.c.page, Pin.__table__.c.code)
    .where(Pin.__table__.c.binder_id == bindparam("binder"), Pin.__table__.c.page.is_not(None))
    .where(Pin.__table__.c.document_id.in_(bindparam("documents", expanding=True)))
    .order_by(Pin.__table__.c.at, Pin.__table__.c.id)
)


@lru_cache(maxsize=200)
def _pages(count: int) -> TextualSelect:
    """The statement for so many pages: only as a table of their own are they looked up by their index."""
    places = ", ".join(f"(:version{at}, :page{at})" for at in range(count))
    seen = ", ".join(f"'{state}'" for state in SEEN)
    return text(  # of our own words and numbers of parameters
        f"WITH place (version_id, number) AS (VALUES {places})"  # noqa: S608
        " SELECT page.version_id, page.number, page.text, page.source, page.confidence,"
        " version.number AS version, version.filename, version.document_id, document.title FROM place"
        " CROSS JOIN page ON page.version_id = place.version_id AND page.number = place.number"
        " CROSS JOIN version ON version.id = page.version_id CROSS JOIN document ON document.id = version.document_id"
        f" WHERE version.state IN ({seen})"
    ).columns(*COLUMNS)


def pages(db: Session, places: set[tuple[str, int]]) -> dict[tuple[str, int], Row[*tuple[object, ...]]]:
    """The pages at these places that the Program may see now, whatever the index says."""
    if not places:
        return {}
    asked: dict[str, object] = {}
    for at, (version_id, number) in enumerate(places):
        asked[f"version{at}"], asked[f"page{at}"] = version_id, number
    return {(row.version_id, row.number): row for row in db.connection().execute(_pages(len(places)), asked)}


def pins_by_page(db: Session, binder: Binder, documents: set[str]) -> dict[tuple[str, int], tuple[str, ...]]:
    """The rows to which each page of these documents is pinned."""
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for document_id, page, code in db.connection().execute(PINS, {"binder": binder.id, "documents": list(documents)}):
        codes = found.get((document_id, page or 0), ())
        found[document_id, page or 0] = codes if code in codes else (*codes, code)
    return found


def _pinned(
    db: Session, binder: Binder, code: str, index: Index, limit: int, within: set[str] | None
) -> Answer:  # fmt: skip
    """What a standard holds: its pinned passages, then the pages that seem to answer it."""
    row = binders.row(db, binder, code)
    if row is None:
        return Answer([])
    held = [(pin.version_id, pin.page, 1.0, pin.quote) for pin in binders.pins(db, binder, code) if pin.page]
    ideas = [(idea.part, idea.number, idea.score, None) for idea in suggesting.ideas(db, binder, index, code, limit)]
    wanted = [one for one in [*held, *ideas] if within is None or one[0] in within]
    rows = pages(db, {(part, number) for part, number, _, _ in wanted})
    pinned = pins_by_page(db, binder, {one.document_id for one in rows.values()})
    hits: dict[tuple[str, int], Hit] = {}
    for part, number, score, quote in wanted:
        if (page := rows.get((part, number))) is not None:
            lines = Markup("<mark>{}</mark>").format(quote) if quote else suggesting.best_lines(row, page.text)[0]
            hits.setdefault((part, number), hit(page, score, lines, pinned))
    return Answer(list(hits.values())[:limit])


def lit(page: Page, index: Index, *, words: str = "", quote: str = "", row: StandardRow | None = None) -> list[Span]:
    """The spans of the page's text to light: a quote, or whatever answers the words or holds the row's terms; where
    no word answers, the passage that comes nearest in meaning."""
    if quote and (span := locate(page.text, quote)):
        return [span]
    if words:
        query = asking.question(asking.read(words), index).query
    elif row is not None:
        query = suggesting.telling(row)
    else:
        return []
    found = snippets.merged(hit.span for hit in snippets.hits(query, snippets.words_of(page.text)))
    return found or _meant(page.text, query)


def _meant(text: str, query: Query) -> list[Span]:
    passages = snippets.passages(text)
    if not query.meaning or not passages:
        return []
    alike = vectors([text[begin:end] for begin, end in passages]) @ vectors([query.meaning])[0]
    return [passages[int(alike.argmax())]]

"""Searching a binder: by words, by standard, by both; and what its documents seem to answer."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from weakref import WeakKeyDictionary

from markupsafe import Markup
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, contains_eager

from app.evidence.models import Binder, Document, Page, Pin, Version
from app.evidence.passages import locate
from app.evidence.queries import binders
from app.evidence.search import asking, snippets, suggesting
from app.evidence.search.suggesting import Idea, Wanted
from app.standards import queries as standards
from app.standards.models import StandardRow
from storage.index import Found, Index, Indexes, Query
from storage.words import WORD

LIT = re.compile(r"<mark>(.*?)</mark>")
MOST_ALSO = 8
LOOKED_AT = 30  # pages read again to put the best first

KEPT_IDEAS = 200  # for a row, the best first; few rows have as many
SERVING = 8  # pages whose documents are taken to serve a row that nothing is tied to
IDEAS = 3  # for a row, where the documents are to be tied to it

_known_ideas: WeakKeyDictionary[Index, dict[str, list[Idea]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Hit:
    """A page that answers."""

    document: Document
    version: Version
    page: int
    score: float
    snippet: Markup
    source: str
    confidence: int | None
    standards: tuple[str, ...]  # rows that this page is pinned to


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


@dataclass(frozen=True)
class Suggestion:
    """A page that seems to answer a row, for a person to confirm."""

    row: StandardRow
    version: Version
    page: int
    quote: str
    score: float
    best: bool  # no other page answers this row better


@dataclass(frozen=True)
class Suggested:
    """What the documents seem to answer, and the rows for which nothing was found."""

    ideas: list[Suggestion] = field(default_factory=list)
    uncovered: list[StandardRow] = field(default_factory=list)


def search(db: Session, binder: Binder, words: str, standard: str | None, indexes: Indexes, limit: int = 20) -> Answer:
    """The pages that answer the words, within the documents that serve the standard when one is given."""
    start = time.perf_counter()
    index = binders.index(db, binder, indexes)
    if not words.strip():
        return _timed(Answer(_pinned(db, binder, standard, index, limit)) if standard else Answer([]), start)
    question = asking.question(asking.read(words), index.vocabulary, index.knows)
    found = index.search(question.query)
    if standard:
        serving = _serving(db, binder, standard, index)
        found = [one for one in found if one.part in serving] if serving else found
    weights = _weights(found, len(question.query.clauses), index.pages())
    hits = _ordered(db, binder, found[: max(limit, LOOKED_AT)], question.query, weights, limit)
    return _timed(Answer(hits, question.did_you_mean, _also(words, hits), len(found)), start)


def _also(words: str, hits: list[Hit]) -> tuple[str, ...]:
    """Words that were lit although nobody typed them: other forms, synonyms, likely spellings."""
    typed = {word.casefold() for word in WORD.findall(words)}
    lit = (unescape(found).casefold() for hit in hits for found in LIT.findall(str(hit.snippet)))
    return tuple(dict.fromkeys(word for word in lit if not set(WORD.findall(word)) <= typed))[:MOST_ALSO]


def _timed(answer: Answer, start: float) -> Answer:
    took = round((time.perf_counter() - start) * 1000, 2)
    return Answer(answer.hits, answer.did_you_mean, answer.also, answer.total or len(answer.hits), took)


def _ordered(
    db: Session, binder: Binder, found: list[Found], query: Query, weights: list[float], limit: int
) -> list[Hit]:  # fmt: skip
    """The found pages, read again: those where the answers stand close together move up; the first of them shown."""
    pages = _pages(db, {(one.part, one.number) for one in found})
    scored = []
    for one in found:
        page = pages.get((one.part, one.number))
        if page is None:
            continue  # taken away since the index was made
        places = snippets.hits(query, snippets.words_of(page.text))
        close, at = snippets.closeness(places, weights)
        scored.append((len(one.clauses), one.score * (1 + close), page, places, at))
    whole = max((held for held, *_ in scored), default=0)
    scored.sort(key=lambda one: (one[0] < whole, -one[1]))
    pinned = _pins_by_page(db, binder)
    return [
        _hit(page, score, snippets.snippet(page.text, snippets.words_of(page.text), places, at), pinned)
        for _, score, page, places, at in scored[:limit]
    ]


def _weights(found: list[Found], clauses: int, pages: int) -> list[float]:
    """What few pages hold tells more than what many do."""
    held = [sum(1 for one in found if at in one.clauses) for at in range(clauses)]
    return [math.log(1 + pages / count) if count else 0.0 for count in held]


def _hit(page: Page, score: float, lines: Markup, pinned: dict[tuple[str, int], tuple[str, ...]]) -> Hit:
    version = page.version
    return Hit(version.document, version, page.number, round(score, 3), lines, page.source, page.confidence,
               pinned.get((version.document_id, page.number), ()))  # fmt: skip


def _pages(db: Session, places: set[tuple[str, int]]) -> dict[tuple[str, int], Page]:
    """The pages at these places that the Program may see now, whatever the index says."""
    if not places:
        return {}
    asked = select(Page).join(Page.version).where(tuple_(Page.version_id, Page.number).in_(places))
    seen = asked.where(Version.state.in_(binders.SEEN))
    seen = seen.options(contains_eager(Page.version).joinedload(Version.document))
    return {(page.version_id, page.number): page for page in db.scalars(seen)}


def _pins_by_page(db: Session, binder: Binder) -> dict[tuple[str, int], tuple[str, ...]]:
    rows = db.execute(
        select(Pin.document_id, Pin.page, Pin.code).where(Pin.binder_id == binder.id, Pin.page.is_not(None))
    )
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for document_id, page, code in rows:
        place = (document_id, page or 0)
        found[place] = (*found.get(place, ()), code)
    return found


def _serving(db: Session, binder: Binder, code: str, index: Index) -> set[str]:
    """Versions of the documents tied to the row or to one below it; where none is, of those that seem to answer."""
    pins = select(Pin.version_id).where(Pin.binder_id == binder.id)
    tied = set(db.scalars(pins.where((Pin.code == code) | Pin.code.startswith(f"{code}.", autoescape=True))))
    if tied:
        return tied
    row = binders.row(db, binder, code)
    return {idea.part for idea in _ideas(index, [row], SERVING)} if row else set()


def _pinned(db: Session, binder: Binder, code: str, index: Index, limit: int) -> list[Hit]:
    """What a standard holds: its pinned passages, then the pages that seem to answer it."""
    row = binders.row(db, binder, code)
    if row is None:
        return []
    held = [(pin.version_id, pin.page, 1.0, pin.quote) for pin in binders.pins(db, binder, code) if pin.page]
    ideas = [(idea.part, idea.number, idea.score, None) for idea in _ideas(index, [row], limit)]
    pages = _pages(db, {(part, number) for part, number, _, _ in [*held, *ideas]})
    pinned = _pins_by_page(db, binder)
    hits: dict[tuple[str, int], Hit] = {}
    for part, number, score, quote in [*held, *ideas]:
        if (page := pages.get((part, number))) is not None:
            lines = Markup("<mark>{}</mark>").format(quote) if quote else _best_lines(row, page.text)[0]
            hits.setdefault((part, number), _hit(page, score, lines, pinned))
    return list(hits.values())[:limit]


def suggest(db: Session, binder: Binder, indexes: Indexes, only: Version | None = None) -> Suggested:
    """For each row that asks for evidence, the pages that seem to hold it (of one document, if one is given)."""
    index = binders.index(db, binder, indexes)
    rows = {row.code: row for row in standards.rows(db, binder.edition_id) if row.rated}
    found = _ideas(index, list(rows.values()), IDEAS)
    pages = _pages(db, {(idea.part, idea.number) for idea in found})
    ideas = []
    for idea in found:
        page = pages.get((idea.part, idea.number))
        if page is not None and (only is None or page.version_id == only.id):
            quote = _best_lines(rows[idea.code], page.text)[1]
            best = next(one for one in found if one.code == idea.code) is idea
            ideas.append(Suggestion(rows[idea.code], page.version, page.number, quote, idea.score, best))
    answered = {idea.code for idea in found}
    return Suggested(ideas, [row for row in rows.values() if row.code not in answered])


def answering(db: Session, binder: Binder, indexes: Indexes) -> dict[str, set[str]]:
    """The documents that seem to answer each row: what `suggest` knows before it reads any page again."""
    rows = [row for row in standards.rows(db, binder.edition_id) if row.rated]
    seen = select(Version.id, Version.document_id).where(Version.binder_id == binder.id)
    documents = dict(db.execute(seen.where(Version.state.in_(binders.SEEN))).all())
    found: dict[str, set[str]] = {}
    for idea in _ideas(binders.index(db, binder, indexes), rows, IDEAS):
        if idea.part in documents:
            found.setdefault(idea.code, set()).add(documents[idea.part])
    return found


def _ideas(index: Index, rows: list[StandardRow], most: int) -> list[Idea]:
    """The best ideas for each row, worked out once for an index: they change only with its pages."""
    known = _known_ideas.setdefault(index, {})
    fresh: dict[str, list[Idea]] = {row.id: [] for row in rows if row.id not in known}
    ids = {row.code: row.id for row in rows if row.id in fresh}
    for idea in suggesting.ideas(index, [_wanted(row) for row in rows if row.id in fresh], KEPT_IDEAS):
        fresh[ids[idea.code]].append(idea)
    known.update(fresh)
    return [idea for row in rows for idea in known[row.id][:most]]


def _wanted(row: StandardRow) -> Wanted:
    return Wanted(row.code, row.title, row.requirement, tuple(row.search_terms))


def _best_lines(row: StandardRow, text: str) -> tuple[Markup, str]:
    """The lines of the page that hold most of the row's terms: marked, and the sentence itself."""
    query = suggesting.query(_wanted(row))
    weights = [clause.terms[0].weight for clause in query.clauses]
    words = snippets.words_of(text)
    places = [replace(hit, weight=1.0) for hit in snippets.hits(query, words)]
    _, at = snippets.closeness(places, weights)
    return snippets.snippet(text, words, places, at), snippets.sentence(text, places, weights)


def lit(
    page: Page, index: Index, *, words: str = "", quote: str = "", row: StandardRow | None = None
) -> list[tuple[int, int]]:
    """The spans of the page's text to light: a quote, or whatever answers the words or holds the row's terms."""
    if quote and (span := locate(page.text, quote)):
        return [span]
    if words:
        query = asking.question(asking.read(words), index.vocabulary, index.knows).query
    elif row is not None:
        query = Query(tuple(one for one in suggesting.query(_wanted(row)).clauses if one.terms[0].weight >= 1))
    else:
        return []
    return snippets.merged(hit.span for hit in snippets.hits(query, snippets.words_of(page.text)))

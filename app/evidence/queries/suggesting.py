"""What the documents of a binder seem to answer, for a person to confirm."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.evidence.models import Binder, Page, Pin, Version
from app.evidence.queries import indexing
from app.evidence.rules import SEEN
from app.evidence.search import rows as looking
from app.evidence.search import snippets
from app.evidence.search.rows import Idea, Wanted
from app.standards import queries as standards
from app.standards.models import StandardRow
from storage.index import Index, Indexes, Query

KEPT_IDEAS = 12  # for a row, the best first; few rows have as many
SERVING = 8  # pages whose documents are taken to serve a row that nothing is tied to
IDEAS = 3  # for a row, where the documents are to be tied to it


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


def suggest(db: Session, binder: Binder, indexes: Indexes, only: Version | None = None) -> Suggested:
    """For each row that asks for evidence, the pages that seem to hold it (of one document, if one is given)."""
    index = indexing.index(db, binder, indexes)
    rows = {row.code: row for row in standards.rows(db, binder.edition_id) if row.rated}
    found = ideas(db, binder, index)
    pages = _pages(db, binder, {(idea.part, idea.number) for idea in found if only is None or idea.part == only.id})
    made, first = [], {idea.code: idea for idea in reversed(found)}
    for idea in found:
        if (page := pages.get((idea.part, idea.number))) is not None:
            quote, best = best_lines(rows[idea.code], page.text)[1], first[idea.code] is idea
            made.append(Suggestion(rows[idea.code], page.version, page.number, quote, idea.score, best))
    return Suggested(made, [row for row in rows.values() if row.code not in first])


def _pages(db: Session, binder: Binder, places: set[tuple[str, int]]) -> dict[tuple[str, int], Page]:
    asked = select(Page).join(Page.version).where(Version.binder_id == binder.id, Version.state.in_(SEEN))
    asked = asked.where(Page.version_id.in_({part for part, _ in places}))
    seen = asked.options(contains_eager(Page.version).joinedload(Version.document))
    found = {(page.version_id, page.number): page for page in db.scalars(seen)}
    return {place: page for place, page in found.items() if place in places}


def answering(db: Session, binder: Binder, indexes: Indexes) -> dict[str, set[str]]:
    """The documents that seem to answer each row: what `suggest` knows before it reads any page again."""
    seen = select(Version.id, Version.document_id).where(Version.binder_id == binder.id)
    documents = dict(db.execute(seen.where(Version.state.in_(SEEN))).all())
    found: dict[str, set[str]] = {}
    for idea in ideas(db, binder, indexing.index(db, binder, indexes)):
        if idea.part in documents:
            found.setdefault(idea.code, set()).add(documents[idea.part])
    return found


def serving(db: Session, binder: Binder, code: str, index: Index) -> set[str]:
    """Versions of the documents tied to the row or to one below it; where none is, of those that seem to answer."""
    pins = select(Pin.version_id).where(Pin.binder_id == binder.id)
    tied = set(db.scalars(pins.where((Pin.code == code) | Pin.code.startswith(f"{code}.", autoescape=True))))
    return tied or {idea.part for idea in ideas(db, binder, index, code, SERVING)}


def ideas(db: Session, binder: Binder, index: Index, code: str | None = None, most: int = IDEAS) -> list[Idea]:
    """The best ideas for each row (or one), worked out once for an index: they change only with its pages."""

    def make() -> dict[str, list[list[Any]]]:
        rows = [_wanted(row) for row in standards.rows(db, binder.edition_id) if row.rated]
        found: dict[str, list[list[Any]]] = {}
        for idea in looking.ideas(index, rows, KEPT_IDEAS):
            found.setdefault(idea.code, []).append([idea.part, idea.number, idea.score])
        return found

    known = index.kept(f"ideas-{looking.REVISION}-{binder.edition_id}", make)
    return [Idea(row, *one) for row, found in known.items() if code in (None, row) for one in found[:most]]


def _wanted(row: StandardRow) -> Wanted:
    return Wanted(row.code, row.title, row.requirement, tuple(row.search_terms))


def telling(row: StandardRow) -> Query:
    """The terms that tell most of a row, as a question."""
    query = looking.query(_wanted(row))
    return Query(tuple(one for one in query.clauses if one.terms[0].weight >= 1))


def best_lines(row: StandardRow, text: str) -> tuple[Markup, str]:
    """The lines of the page that hold most of the row's terms: marked, and the sentence itself."""
    query = looking.query(_wanted(row))
    weights = [clause.terms[0].weight for clause in query.clauses]
    words = snippets.words_of(text)
    places = [replace(hit, weight=1.0) for hit in snippets.hits(query, words)]
    _, at = snippets.closeness(places, weights)
    return snippets.snippet(text, words, places, at), snippets.sentence(text, places, weights)

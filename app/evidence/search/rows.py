"""Where a binder seems to answer a row.

Three ways of looking are joined by their ranks: the row's own search terms as phrases, rare ones weighing more; the
terms asked as a question, widened as a person's words are; and the meaning of title and requirement. How strong the
best page must be to count as an answer is measured against the binder's other rows, for every practice has its own
way of writing. Single words of terms, title and requirement count a little, to tell good pages from best.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.evidence.search import asking
from app.evidence.search.asking import STOP
from storage.index import Clause, Index, Place, Query, Term, Words
from storage.words import stems

REVISION = 3  # raise it when rows are looked for differently
PHRASE, LONGER, PART, TITLE, REQUIREMENT = 1.0, 0.3, 0.1, 0.2, 0.1
EARLY = 20  # the larger, the less the first ranks count against the later ones
LOOKED_AT = 200  # pages that a way of looking may bring
STRONG = 0.75  # the share of rows below the one that tells how strong an answer is in this binder
LEAST, USUAL = 8.0, 18.0  # how strong that one is at the least in a full binder, and in one that has no voice yet
FULL = 60  # pages
ENOUGH = 0.33  # of it; below, the binder is said to have no answer
HALF = 0.5  # of it, where the score is one half


@dataclass(frozen=True)
class Wanted:
    """A row as it is looked for."""

    code: str
    title: str
    requirement: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Idea:
    """A page that seems to answer a row; `score` is between 0 and 1."""

    code: str
    part: str
    number: int
    score: float


@dataclass(frozen=True)
class Looked:
    """What looking for a row gave: how much speaks for each page, and how strong the best of it is."""

    row: Wanted
    worth: Mapping[Place, float]
    strength: float


def ideas(index: Index, rows: Iterable[Wanted], most: int = 3) -> list[Idea]:
    """The best pages for each row, best first, rows in their order; all rows of an edition are asked for together."""
    looked = [_look(row, index) for row in rows]
    strengths = sorted(one.strength for one in looked)
    least = USUAL - (USUAL - LEAST) * min(1.0, index.pages() / FULL)
    measure = max(least, strengths[int(STRONG * len(strengths))] if strengths else 0.0)
    found: list[Idea] = []
    for one in looked:
        strength = one.strength / measure
        if strength >= ENOUGH:
            best = sorted(one.worth.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
            score = strength / (strength + HALF) / best[0][1]
            found += [Idea(one.row.code, *place, round(score * worth, 3)) for place, worth in best]
    return found


def _look(row: Wanted, index: Index) -> Looked:
    phrases = index.prominent(weights(row))
    asked = index.weigh(asking.question(asking.read(" ".join(row.terms)), index).query)
    worth: dict[Place, float] = {}
    for scores in (phrases, asked, index.alike(f"{row.title}. {row.requirement}")):
        best = sorted(scores, key=lambda place: (-scores[place], place))[:LOOKED_AT]
        for rank, place in enumerate(best):
            worth[place] = worth.get(place, 0.0) + 1 / (EARLY + rank)
    return Looked(row, worth, math.sqrt(max(phrases.values(), default=0.0) * max(asked.values(), default=0.0)))


def weights(row: Wanted) -> dict[Words, float]:
    """What is looked for, and how much each of it tells."""
    found: dict[Words, float] = {}
    for term in dict.fromkeys(stems(term) for term in row.terms):
        if term:
            found[term] = found.get(term, 0.0) + PHRASE + LONGER * (len(term) - 1)
        if len(term) > 1:
            _add(found, term, PART)
    _add(found, stems(row.title), TITLE)
    _add(found, tuple(dict.fromkeys(stems(row.requirement))), REQUIREMENT)
    return found


def _add(found: dict[Words, float], words: Words, weight: float) -> None:
    for word in words:
        if word not in STOP:
            found[(word,)] = found.get((word,), 0.0) + weight


def query(row: Wanted) -> Query:
    """The row's phrases as a question, to find the lines of a page that answer."""
    phrases = [words for words, weight in weights(row).items() if weight >= PHRASE]
    parts = [words for words, weight in weights(row).items() if weight < PHRASE]
    return Query(
        tuple(Clause((Term(words, 1.0),)) for words in phrases) + tuple(Clause((Term(words, 0.15),)) for words in parts)
    )

"""Where a binder seems to answer a row: from the row's own search terms as phrases, rare ones weighing more.

The words that people ask with are widened by synonyms; these are not: tried on sample documents, it made the
ranking worse. Single words of the terms, the title and the requirement count a little, to tell good pages from best.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.evidence.search.asking import STOP
from storage.index import Clause, Index, Place, Query, Term
from storage.words import stems

PHRASE, LONGER, PART, TITLE, REQUIREMENT = 1.0, 0.3, 0.1, 0.2, 0.1
HALF = 2.0  # the points at which the score is one half
ENOUGH = 0.385  # below it the binder is said to have no answer

Words = tuple[str, ...]
Holding = Callable[[Words], Mapping[Place, float]]


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


def ideas(index: Index, rows: Iterable[Wanted], most: int = 3) -> list[Idea]:
    """The best pages for each row, best first, rows in their order."""
    known: dict[Words, Mapping[Place, float]] = {}

    def holding(words: Words) -> Mapping[Place, float]:
        if words not in known:
            known[words] = index.holding(words)
        return known[words]

    found: list[Idea] = []
    for row in rows:
        scores = _scores(row, holding, index.pages())
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        found += [Idea(row.code, *place, round(points / (points + HALF), 3)) for place, points in best]
    return [idea for idea in found if idea.score >= ENOUGH]


def _scores(row: Wanted, holding: Holding, pages: int) -> dict[Place, float]:
    scores: dict[Place, float] = {}
    for words, weight in weights(row).items():
        places = holding(words)
        rarity = math.log(1 + pages / len(places)) / math.log(1 + pages) if places else 0.0
        for place, count in places.items():
            scores[place] = scores.get(place, 0.0) + weight * rarity * count / (count + 1)
    return scores


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

"""Words that stand for one another in oncology practice (`data/synonyms.csv`).

Words in `terms` stand for each other, both ways; each of them also finds the words in `narrower`, not the reverse.
One step is taken, so there are no chains. Words in `exact_case` count only in capitals: IT is not "it".
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from storage.index import Term
from storage.words import stems

FILE = Path(__file__).parents[1] / "data" / "synonyms.csv"
SAME, NARROWER = 0.6, 0.45
LONGEST = 6  # words in one entry

Words = tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A run of asked words that the list knows: where, and what else it finds."""

    start: int
    end: int
    also: tuple[Term, ...]


class Thesaurus:
    """The list, looked up by stems so that plurals and endings make no difference."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self.found: dict[Words, dict[Words, float]] = {}
        for row in rows:
            capitals = set(_split(row["exact_case"]))
            terms = [_key(term, capitals) for term in _split(row["terms"])]
            narrower = [_key(term, capitals) for term in _split(row["narrower"])]
            for term in terms:
                also = self.found.setdefault(term, {})
                for other, weight in [*((one, SAME) for one in terms), *((one, NARROWER) for one in narrower)]:
                    if other != term:
                        also[other] = max(weight, also.get(other, 0.0))

    def matches(self, plain: list[str], capitals: list[str | None]) -> list[Match]:
        """The longest known runs in the asked words, given as stems and, where typed in capitals, as typed."""
        found, at = [], 0
        while at < len(plain):
            for end in range(min(len(plain), at + LONGEST), at, -1):
                also = self._also(plain[at:end], capitals[at:end])
                if also:
                    found.append(Match(at, end, tuple(Term(words, weight) for words, weight in also.items())))
                    at = end - 1
                    break
            at += 1
        return found

    def _also(self, plain: list[str], capitals: list[str | None]) -> dict[Words, float]:
        typed = tuple(upper or lower for upper, lower in zip(capitals, plain, strict=True))
        return {**self.found.get(tuple(plain), {}), **self.found.get(typed, {})}


def _key(term: str, capitals: set[str]) -> Words:
    return (term,) if term in capitals else stems(term)


def _split(cell: str) -> list[str]:
    return [] if cell == "-" else cell.split("|")


@cache
def thesaurus() -> Thesaurus:
    """The list of the house, read once."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return Thesaurus(list(csv.DictReader(file)))

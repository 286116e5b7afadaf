"""Full text, one small index per binder: a disposable cache of pages that are kept elsewhere.

Nobody outside speaks an engine's query language: a question is made of the plain dataclasses below, so no words
that a person types can be an error.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from storage.words import plain_words, split

SCHEMA = "1"  # raise it when pages would be indexed differently
FIELDS = {"body": (1.0, 0.6), "headings": (1.6, 0.3), "title": (0.6, 0.0)}  # weight, and how much a long field dilutes
K1 = 1.2


@dataclass(frozen=True)
class PageText:
    """One page as it is indexed."""

    number: int
    title: str
    headings: str
    body: str

    def part(self, name: str) -> str:
        return {"body": self.body, "headings": self.headings, "title": self.title}[name]


@dataclass(frozen=True)
class Term:
    """A stem (or a word in capitals), or several that stand next to one another; `weight` scales its score."""

    words: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True)
class Clause:
    """One thing that is asked for, in any of its words; a clause that must be there is a condition."""

    terms: tuple[Term, ...]
    must: bool = False


@dataclass(frozen=True)
class Query:
    """What is asked for, and what must not be on the page."""

    clauses: tuple[Clause, ...]
    without: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Found:
    """A page that answers: its part and number, how well, and which clauses it holds."""

    part: str
    number: int
    score: float
    clauses: frozenset[int] = field(default_factory=frozenset)


Place = tuple[str, int]  # a part and the number of a page
Parts = Mapping[str, Callable[[], Iterable[PageText]]]


class Index(Protocol):
    """One open index."""

    def search(self, query: Query) -> list[Found]:
        """Every page that holds something asked for, those with all of it first, then the best."""
        ...

    def holding(self, words: tuple[str, ...]) -> Mapping[Place, float]:
        """The pages where the words stand next to one another, and how prominently: often, in a heading."""
        ...

    def knows(self, word: str) -> bool:
        """Whether the stem stands in the text of any page."""
        ...

    def pages(self) -> int:
        """How many pages are indexed."""
        ...

    def vocabulary(self) -> Mapping[str, int]:
        """Every word as written, in small letters, with the number of pages that hold it."""
        ...


class Indexes(Protocol):
    """All indexes of a store."""

    def open(self, name: str, stamp: str, parts: Callable[[], Parts]) -> Index:
        """The index under this name, true to `stamp`. When it is missing, torn or older, it is put right from
        `parts`: part name -> its pages; a part's pages never change, a changed part has a new name."""
        ...

    def forget(self, name: str) -> None:
        """Throw the index away; the next `open` makes it anew."""
        ...

    def names(self) -> list[str]:
        """The indexes that exist."""
        ...


Scores = dict[int, float]
Counts = dict[int, int]


class Postings(Protocol):
    """What a driver must know of its pages (each a whole number) for the ranking that all drivers share."""

    def pages(self) -> int: ...

    def place(self, page: int) -> Place: ...

    def counts(self, name: str, words: tuple[str, ...]) -> Counts:
        """How often the words stand next to one another in that field, by page."""
        ...

    def length(self, name: str, page: int) -> int: ...

    def average(self, name: str) -> float: ...


def score(postings: Postings, term: Term) -> Scores:
    """BM25 of one term over all fields, by page."""
    scores: Scores = defaultdict(float)
    for name, (weight, dilution) in FIELDS.items():
        counts = postings.counts(name, term.words)
        if not counts:
            continue
        average = postings.average(name) or 1.0
        factor = term.weight * weight * (K1 + 1) * (1 + math.log(postings.pages() / (len(counts) + 1) + 1))
        for page, count in counts.items():
            long = 1 - dilution + dilution * postings.length(name, page) / average
            scores[page] += factor * count / (count + K1 * long)
    return scores


def holding(postings: Postings, words: tuple[str, ...]) -> dict[Place, float]:
    """How prominently the words stand on each page that holds them."""
    found: dict[Place, float] = {}
    for name, (weight, _) in FIELDS.items():
        for page, count in postings.counts(name, words).items():
            place = postings.place(page)
            found[place] = found.get(place, 0.0) + weight * (1 + math.log(count))
    return found


def rank(postings: Postings, query: Query) -> list[Found]:
    """Within a clause the best term counts, over clauses they add up, and a page that lacks something (the rarer,
    the worse) falls behind; pages that hold all that the index holds at all come first."""
    clauses = [_best(postings, clause) for clause in query.clauses]
    pages: set[int] = set().union(*clauses)
    for clause, scores in zip(query.clauses, clauses, strict=True):
        if clause.must:
            pages &= scores.keys()
    for term in query.without:
        pages -= score(postings, term).keys()
    weights = [1 + math.log(1 + postings.pages() / (1 + len(scores))) if scores else 0.0 for scores in clauses]
    total, whole = sum(weights) or 1.0, sum(1 for scores in clauses if scores)
    found = []
    for page in pages:
        held = frozenset(at for at, scores in enumerate(clauses) if page in scores)
        coverage = sum(weights[at] for at in held) / total
        found.append(Found(*postings.place(page), sum(clauses[at][page] for at in held) * coverage, held))
    return sorted(found, key=lambda hit: (len(hit.clauses) < whole, -hit.score, hit.part, hit.number))


def _best(postings: Postings, clause: Clause) -> Scores:
    best: Scores = {}
    for term in clause.terms:
        for page, value in score(postings, term).items():
            best[page] = max(best.get(page, 0.0), value)
    return best


def adjacent(places: list[dict[int, list[int]]]) -> Counts:
    """How often the second word stands right after the first, the third after the second, and so on, by page."""
    counts = {}
    for page in set(places[0]).intersection(*places[1:]):
        starts = set(places[0][page])
        for offset, place in enumerate(places[1:], 1):
            starts &= {at - offset for at in place[page]}
        if starts:
            counts[page] = len(starts)
    return counts


class MemoryIndex:
    """The twin: the same answers from dictionaries."""

    def __init__(self, parts: Parts) -> None:
        self.places: list[tuple[str, int]] = []
        self.positions: dict[str, dict[str, dict[int, list[int]]]] = {name: defaultdict(dict) for name in FIELDS}
        self.lengths: dict[str, Counter[int]] = {name: Counter() for name in FIELDS}
        self.words: Counter[str] = Counter()
        for part, pages in parts.items():
            for page in pages():
                self._add(part, page)

    def search(self, query: Query) -> list[Found]:
        return rank(self, query)

    def holding(self, words: tuple[str, ...]) -> Mapping[Place, float]:
        return holding(self, words)

    def knows(self, word: str) -> bool:
        return word in self.positions["body"]

    def vocabulary(self) -> Mapping[str, int]:
        return self.words

    def pages(self) -> int:
        return len(self.places)

    def place(self, page: int) -> tuple[str, int]:
        return self.places[page]

    def counts(self, name: str, words: tuple[str, ...]) -> Counts:
        return adjacent([self.positions[name].get(word, {}) for word in words])

    def length(self, name: str, page: int) -> int:
        return self.lengths[name][page]

    def average(self, name: str) -> float:
        return self.lengths[name].total() / max(1, len(self.places))

    def _add(self, part: str, page: PageText) -> None:
        number = len(self.places)
        self.places.append((part, page.number))
        for name in FIELDS:
            for word in split(page.part(name)):
                self.lengths[name][number] += len(word.forms)
                for form in word.forms:
                    self.positions[name][form].setdefault(number, []).append(word.at)
        self.words.update(set(plain_words(page.body)))


class Memory:
    """The twin for tests: nothing outlives the process."""

    def __init__(self) -> None:
        self.open_ones: dict[str, tuple[str, MemoryIndex]] = {}

    def open(self, name: str, stamp: str, parts: Callable[[], Parts]) -> Index:
        held, index = self.open_ones.get(name, ("", MemoryIndex({})))
        if held != stamp:
            index = MemoryIndex(parts())
            self.open_ones[name] = (stamp, index)
        return index

    def forget(self, name: str) -> None:
        self.open_ones.pop(name, None)

    def names(self) -> list[str]:
        return sorted(self.open_ones)

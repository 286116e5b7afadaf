"""Full text, one small index per binder: a disposable cache of pages that are kept elsewhere.

Nobody outside speaks an engine's query language: a question is made of the plain dataclasses below, so no words
that a person types can be an error.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Span = tuple[int, int]
Place = tuple[str, int]  # a part and the number of a page
Words = tuple[str, ...]  # that stand next to one another


@dataclass(frozen=True)
class PageText:
    """One page as it is indexed; words that begin in a `mute` span keep their number and are not found."""

    number: int
    title: str
    headings: str
    body: str
    mute: tuple[Span, ...] = ()


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
    """What is asked for, what must not be on the page, and the whole question where its meaning counts too."""

    clauses: tuple[Clause, ...]
    without: tuple[Term, ...] = ()
    meaning: str = ""


@dataclass(frozen=True)
class Found:
    """A page that answers: how well, where its words stand (numbers of its first and last word), and from which word
    on they stand closest; `meant` when it was found by the meaning of a passage, which begins there."""

    part: str
    number: int
    score: float
    runs: tuple[Span, ...] = ()
    start: int = 0
    meant: bool = False


@dataclass(frozen=True)
class Answer:
    """The best pages in order, and how many there are."""

    found: list[Found]
    total: int


Parts = Mapping[str, Callable[[], Iterable[PageText]]]


class Index(Protocol):
    """One open index."""

    def search(self, query: Query, most: int = 50, within: Collection[str] | None = None) -> Answer:
        """The pages that answer, of these parts where parts are given: those with all that is asked first."""
        ...

    def weigh(self, query: Query) -> Mapping[Place, float]:
        """How well each page that holds something of the question answers it by its words."""
        ...

    def prominent(self, terms: Mapping[Words, float]) -> Mapping[Place, float]:
        """How prominently (often, in a heading) these words stand on each page, by weight; rare ones tell more."""
        ...

    def alike(self, text: str) -> Mapping[Place, float]:
        """How near in meaning (-1 to 1) the nearest passage of each page is to the text."""
        ...

    def knows(self, word: str) -> bool:
        """Whether the stem stands on any page."""
        ...

    def pages(self) -> int:
        """How many pages are indexed."""
        ...

    def words(self, beginning: str = "") -> Iterable[str]:
        """Every word that begins so, as written, in small letters."""
        ...

    def frequency(self, word: str) -> int:
        """How many pages hold the word, as written."""
        ...

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """What was once made of these very pages under this name (plain data, as in JSON), or is made now and kept."""
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

"""How the pages of a part are laid out for an index: every word on one line of numbers.

A page takes a stretch of the line: its text, then its headings, then its title, with gaps wide enough that nothing
stands next to what belongs elsewhere. So a word is a list of numbers, and "next to" is "one more".
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.index import PageText
from storage.words import spans, split

GAP = 64  # more than the words in which a question's words count as close
PASSAGE, STEP = 90, 60  # words


@dataclass
class Laid:
    """A part, ready to be written: numbers by word, pages by word as written, and the passages of its pages."""

    pages: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)  # of text, headings and title of each page in turn
    places: dict[str, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("I")))
    plain: Counter[str] = field(default_factory=Counter)
    passages: list[tuple[int, int, str]] = field(default_factory=list)  # page (from 0), first word, text


def lay(pages: Iterable[PageText]) -> Laid:
    """All pages of a part on one line."""
    laid, at = Laid(), 0
    for page in pages:
        laid.pages.append(page.number)
        seen: set[str] = set()
        for name, text in enumerate((page.body, page.headings, page.title)):
            count = _words(laid, text, page.mute if name == 0 else (), at, seen if name == 0 else None)
            laid.lengths.append(count)
            at += count + GAP
        laid.plain.update(seen)
        laid.passages += _passages(len(laid.pages) - 1, page)
    return laid


def _words(laid: Laid, text: str, mute: tuple[tuple[int, int], ...], at: int, seen: set[str] | None) -> int:
    count = 0
    for word in split(text):
        count = word.at + 1
        if any(left <= word.start < right for left, right in mute):
            continue
        for form in word.forms:
            laid.places[form].append(at + word.at)
        if seen is not None:
            seen.add(text[word.start : word.end].casefold())
    return count


def _passages(page: int, text: PageText) -> list[tuple[int, int, str]]:
    """Passages that overlap, of the words that are not mute."""
    words = [
        (at, left, right)
        for at, (left, right) in enumerate(spans(text.body))
        if not any(begin <= left < end for begin, end in text.mute)
    ]
    found = []
    for first in range(0, max(1, len(words) - (PASSAGE - STEP)), STEP):
        part = words[first : first + PASSAGE]
        if part:
            found.append((page, part[0][0], text.body[part[0][1] : part[-1][2]]))
    return found

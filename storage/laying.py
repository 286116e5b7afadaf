"""How the pages of a part are laid out for an index: every word on one line of numbers.

A page takes a stretch of the line: its text, then its headings, then its title, with gaps wide enough that nothing
stands next to what belongs elsewhere. So a word is a list of numbers, and "next to" is "one more".
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.index import PageText, Span
from storage.words import formed, spans

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
        body = spans(page.body)
        silent = _silent(body, page.mute)
        heard = [one for number, one in enumerate(body) if number not in silent] if silent else body
        laid.plain.update({page.body[start:end].casefold() for start, end in heard})
        laid.passages += _passages(len(laid.pages) - 1, page.body, body, silent)
        rest = [(text, spans(text), set[int]()) for text in (page.headings, page.title)]
        for text, found, mute in ((page.body, body, silent), *rest):
            _place(laid.places, text, found, mute, at)
            laid.lengths.append(len(found))
            at += len(found) + GAP
    return laid


def _silent(found: list[Span], mute: tuple[Span, ...]) -> set[int]:
    """The numbers of the words that are not to be found."""
    silent: set[int] = set()
    for left, right in mute:
        silent.update(range(bisect_left(found, (left,)), bisect_left(found, (right,))))
    return silent


def _place(places: dict[str, array[int]], text: str, found: list[Span], mute: set[int], at: int) -> None:
    """Put the words under the forms by which they are found."""
    for number, word_forms in enumerate(formed(text, found), at):
        if number - at not in mute:
            for form in word_forms:
                places[form].append(number)


def _passages(page: int, text: str, found: list[Span], silent: set[int]) -> list[tuple[int, int, str]]:
    """Passages that overlap, of the words that are not mute."""
    heard = [at for at in range(len(found)) if at not in silent]
    made = []
    for first in range(0, max(1, len(heard) - (PASSAGE - STEP)), STEP):
        part = heard[first : first + PASSAGE]
        if part:
            made.append((page, part[0], text[found[part[0]][0] : found[part[-1]][1]]))
    return made

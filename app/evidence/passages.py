"""Finding a quoted passage again, and where it stands on its page.

Spaces, line ends, hyphens, case and the way a letter is encoded make no difference: a text is folded to what is left
when all that is taken away, and every place in the folded text knows where it came from.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

Box = tuple[int, int, int, int]
Span = tuple[int, int]

SOLID = re.compile(r"[^\s\u00ad\-\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]+")
QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201a": "'"})
MOST_TRIES = 1000  # places on one page that are looked at, until the first has to do
KEPT = 256  # pages whose folded text is kept: those of a manual
# The number of a paragraph is followed by the beginning of a sentence; "2.5 mg" and "24 hours" are no numbers of one.
SIGN = r"(?:\u00a7\s*)?(?:\d{1,3}(?:\.\d{1,3})+[.)]?|\d{1,3}[.)]|[A-Za-z][.)]|\([A-Za-z0-9]{1,4}\)|[ivxIVX]{1,5}[.)])"
NUMBER = re.compile(rf"\s*{SIGN}\s+(?=[^\W\d_a-z]|[\"'(\u201c])")
BEFORE = re.compile(rf"(?:^|\n)\s*({SIGN})\s+$")


@dataclass(frozen=True)
class Folded:
    """A text as it is compared, and for each run of it where the run begins here and in the original."""

    text: str
    here: tuple[int, ...]
    there: tuple[int, ...]
    whole: tuple[bool, ...]  # is the run one letter that was folded into several?

    def original(self, at: int, *, end: bool = False) -> int:
        """The place in the original of a place in the folded text; as an end, the place behind its letter."""
        run = bisect_right(self.here, at - 1 if end else at) - 1
        if self.whole[run]:
            return self.there[run] + (1 if end else 0)
        return self.there[run] + at - self.here[run]


@lru_cache(maxsize=KEPT)
def folded(text: str) -> Folded:
    """The text without what makes no difference."""
    parts: list[str] = []
    here: list[int] = []
    there: list[int] = []
    whole: list[bool] = []
    length = 0
    for match in SOLID.finditer(text):
        for start, part, single in _runs(match[0], match.start()):
            if part:
                parts.append(part)
                here.append(length)
                there.append(start)
                whole.append(single)
                length += len(part)
    return Folded("".join(parts), tuple(here), tuple(there), tuple(whole))


def _runs(run: str, start: int) -> Iterable[tuple[int, str, bool]]:
    if run.isascii():
        return [(start, run.lower(), False)]
    return [(start + at, _fold(letter), True) for at, letter in enumerate(run)]


def _fold(letter: str) -> str:
    return unicodedata.normalize("NFKD", letter.translate(QUOTES)).casefold()


def locate(text: str, quote: str) -> Span | None:
    """Where the quote stands in the text; as whole words if it does so anywhere."""
    wanted, page = folded(quote).text, folded(text)
    if not wanted:
        return None
    first: Span | None = None
    at = page.text.find(wanted)
    for _ in range(MOST_TRIES):
        if at < 0:
            break
        span = page.original(at), page.original(at + len(wanted), end=True)
        if folded.__wrapped__(text[span[0] : span[1]]).text == wanted:  # else it ends within a letter
            if _stands_alone(text, span):
                return span
            first = first or span
        at = page.text.find(wanted, at + 1)
    return first


def _stands_alone(text: str, span: Span) -> bool:
    begin, end = span
    cut_before = begin > 0 and text[begin - 1].isalnum() and text[begin].isalnum()
    cut_after = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    return not cut_before and not cut_after


def find(pages: Iterable[tuple[int, str]], quote: str, first: int | None) -> int | None:
    """The page that holds the quote: the one it was on, if it is still there, else the first that does."""
    held = [number for number, text in pages if quote and locate(text, quote)]
    return first if first in held else held[0] if held else None


def said(text: str, span: Span) -> str:
    """The words of a span, on one line."""
    return " ".join(text[span[0] : span[1]].split())


def without_number(quote: str) -> str:
    """The passage without the number of its paragraph: 4.3, a), (ii)."""
    match = NUMBER.match(quote)
    return quote[match.end() :] if match and match.end() < len(quote) else quote


def bare_span(text: str, span: Span) -> Span:
    """The span without the paragraph's number at its head."""
    match = NUMBER.match(text, *span)
    return (match.end(), span[1]) if match and match.end() < span[1] else span


def with_number(text: str, span: Span) -> Span:
    """The span, and the paragraph's number before it where one stands at the head of its line."""
    match = BEFORE.search(text, max(0, span[0] - 16), span[0])
    return (match.start(1), span[1]) if match else span


def boxes(words: Iterable[Sequence[int]], spans: Iterable[Span]) -> list[Box]:
    """The places on the page of all words that touch these spans of its text."""
    wanted = list(spans)
    return [
        (left, top, width, height)
        for start, end, left, top, width, height, *_ in words  # a word of which recognition was unsure also says how
        if any(start < last and first < end for first, last in wanted)
    ]


def lines(boxes: Sequence[Box]) -> list[Box]:
    """Words that stand side by side become one box a line."""
    found: list[Box] = []
    for left, top, width, height in boxes:
        if found and abs(found[-1][1] + found[-1][3] / 2 - top - height / 2) < height / 2 and left >= found[-1][0]:
            first = found[-1]
            up, down = min(first[1], top), max(first[1] + first[3], top + height)
            found[-1] = (first[0], up, max(first[0] + first[2], left + width) - first[0], down - up)
        else:
            found.append((left, top, width, height))
    return found


def running_lines(pages: Sequence[str]) -> set[str]:
    """Lines that stand at the head or foot of most pages (figures in them aside): they say nothing about any one."""
    if len(pages) < 3:
        return set()
    counts: dict[str, int] = {}
    for text in pages:
        lines = text.split("\n")
        for line in {numberless(line) for line in (*lines[:2], *lines[-2:])}:
            counts[line] = counts.get(line, 0) + 1
    return {line for line, count in counts.items() if line and count >= max(3, 0.6 * len(pages))}


def numberless(line: str) -> str:
    """A line as it is compared with the same line of other pages."""
    return "".join("#" if c.isdigit() else c for c in line.strip())


@dataclass(frozen=True)
class Change:
    """A run of words that two wordings share ("same"), that only the old one has ("out"), or only the new ("in")."""

    kind: str
    words: str


def changes(old: str, new: str) -> list[Change]:
    """The two wordings word by word, the old before the new where they part."""
    before, after = old.split(), new.split()
    found = []
    plain, other = ([word.casefold() for word in side] for side in (before, after))
    for kind, a, b, c, d in SequenceMatcher(None, plain, other, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Change("same", " ".join(after[c:d])))
            continue
        found += [Change(which, " ".join(run)) for which, run in (("out", before[a:b]), ("in", after[c:d])) if run]
    return found

"""Where a passage of one version stands in the next: unmoved, elsewhere, in other words, or nowhere.

What is found word for word (but for the number of its paragraph) is certain. Otherwise the wording that is nearest is
proposed: it must share at least half of what the passage says, rare words weighing more, in the same order; and it
must be new, for a sentence that stood elsewhere in the old version already is another passage and not this one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from app.evidence.passages import (
    Folded,
    Span,
    bare_span,
    folded,
    locate,
    numberless,
    running_lines,
    said,
    with_number,
    without_number,
)
from app.evidence.rules.mapping import Carried

ENOUGH = 0.5  # half of what a passage says
LEAST = 4  # words; what is shorter is not recognized in other words
SEEDS, LOOKED_AT, JOINED = 5, 3, 8  # places tried, those read closely, sentences that may make one passage
ROOM = 2.5  # times as long as the old wording the new one may be
LONGEST = 60_000  # letters of a page; a page set close has some 15,000
ALIKE = 0.9  # of the letters, where words were recognized from a picture
UNIT = re.compile(r"(?<=[.;:!?])\s+(?=[^\W\d_a-z]|[\"'(\u201c]|\d)|\n(?=\d+[.)]|\d+\.\d|[^\W\d_a-z]|[-\u2022*(])")
WORDS = re.compile(r"[^\W_]+")
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Sheet:
    """A page: its number, its text, and whether its words were recognized from a picture."""

    number: int
    text: str
    recognized: bool = False


@dataclass(frozen=True)
class Anchor:
    """Where a passage stands now; lost ones stand nowhere."""

    carried: Carried
    page: int | None = None
    span: Span | None = None
    quote: str | None = None


LOST = Anchor(Carried.LOST)


@dataclass(frozen=True)
class Unit:
    """A sentence or a line of a sheet (by its place among them), and its words."""

    sheet: int
    span: Span
    words: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """Units side by side, and how near they are to a passage (0 to 1)."""

    score: float
    first: int
    last: int


@dataclass(frozen=True)
class Passage:
    """A passage that is looked for: its words, how often it has each, and what each tells."""

    quote: str
    page: int | None
    words: tuple[str, ...]
    counts: Counter[str]
    weights: Mapping[str, float]
    weight: float


class Anchors:
    """Two versions, ready for the passages of the old one to be looked for in the new."""

    def __init__(self, old: Sequence[Sheet], new: Sequence[Sheet]) -> None:
        self.old, self.new = _short(old), _short(new)

    def again(self, quote: str, page: int | None) -> Anchor:
        """Where this passage of that page stands now."""
        if not WORDS.search(quote):
            return LOST
        return self._exact(quote, page) or self._over_a_page_end(quote) or self._nearest(quote, page) or LOST

    def _exact(self, quote: str, page: int | None) -> Anchor | None:
        near = sorted(self.new, key=lambda sheet: (abs(sheet.number - (page or 1)), sheet.number))
        for wanted in dict.fromkeys([quote, without_number(quote)]):
            for sheet in near:
                if span := locate(sheet.text, wanted):
                    span = span if wanted == quote else with_number(sheet.text, span)
                    now = said(sheet.text, span)
                    same = sheet.number == page and now.casefold() == " ".join(quote.split()).casefold()
                    return Anchor(Carried.SAME if same else Carried.MOVED, sheet.number, span, now)
        return None

    def _over_a_page_end(self, quote: str) -> Anchor | None:
        """A passage that now runs on over the end of a page is pinned by the larger part of it."""
        wanted = folded(without_number(quote)).text
        for (one, first, body), (other, second, rest) in pairwise(self._bodies):
            tail = first.text[max(body[0], body[1] - len(wanted) + 1) : body[1]]
            head = second.text[rest[0] : min(rest[1], rest[0] + len(wanted) - 1)]
            at = (tail + head).find(wanted)
            cut = len(tail) - at
            if at < 0 or not 0 < cut < len(wanted):
                continue
            if 2 * cut >= len(wanted):
                sheet, span = one, (first.original(body[1] - cut), first.original(body[1], end=True))
            else:
                behind = rest[0] + len(wanted) - cut
                sheet, span = other, (second.original(rest[0]), second.original(behind, end=True))
            return Anchor(Carried.MOVED, sheet.number, span, said(sheet.text, span))
        return None

    @cached_property
    def _bodies(self) -> list[tuple[Sheet, Folded, Span]]:
        """Each page with the part of its folded text between its running head and its running foot."""
        running = running_lines([sheet.text for sheet in self.new])
        return [(sheet, folded(sheet.text), body(sheet.text, running)) for sheet in self.new]

    @cached_property
    def _units(self) -> list[Unit]:
        return [
            Unit(at, span, words)
            for at, sheet in enumerate(self.new)
            for span in units(sheet.text)
            if (words := _words(sheet.text[span[0] : span[1]]))
        ]

    @cached_property
    def _holding(self) -> dict[str, list[int]]:
        """The units that hold each word."""
        found: dict[str, list[int]] = {}
        for at, unit in enumerate(self._units):
            for word in set(unit.words):
                found.setdefault(word, []).append(at)
        return found

    @cached_property
    def _weights(self) -> dict[str, float]:
        return {word: self._tells(len(holding)) for word, holding in self._holding.items()}

    @cached_property
    def _unit_weights(self) -> list[float]:
        return [sum(map(self._weights.__getitem__, unit.words)) for unit in self._units]

    def _tells(self, units: int) -> float:
        """What few sentences hold tells more than what many do."""
        return math.log(1 + len(self._units) / (units + 0.5))

    def _nearest(self, quote: str, page: int | None) -> Anchor | None:
        words = _words(without_number(quote))
        if len(words) < LEAST:
            return None
        unknown = self._tells(0)
        weights = {word: self._weights.get(word, unknown) for word in words}
        passage = Passage(quote, page, words, Counter(words), weights, sum(weights[word] for word in words))
        grown = {self._grown(seed, passage) for seed in self._seeds(weights)}
        close = sorted((run for run in grown if run.score > 0), key=lambda run: (-run.score, run.first))[:LOOKED_AT]
        rated = [Run(run.score * self._in_step(run, passage), run.first, run.last) for run in close]
        for run in sorted(rated, key=lambda run: (-run.score, run.first)):
            if self._is_new(run, quote):
                return self._judged(run, passage)
        return None

    def _seeds(self, weights: Mapping[str, float]) -> list[int]:
        """The units that share most with the passage, found by its rarer words."""
        common = max(20, len(self._units) // 10)
        scores: dict[int, float] = {}
        for word, weight in weights.items():
            holding = self._holding.get(word, [])
            for at in holding if len(holding) <= common else ():
                scores[at] = scores.get(at, 0.0) + weight
        return sorted(scores, key=lambda at: (-scores[at], at))[:SEEDS]

    def _grown(self, seed: int, passage: Passage) -> Run:
        """The run of units around the seed that is nearest to the passage."""
        best = Run(self._likeness(seed, seed, passage), seed, seed)
        for _ in range(JOINED):
            wider = [(best.first - 1, best.last), (best.first, best.last + 1)]
            tried = [Run(self._likeness(a, b, passage), a, b) for a, b in wider if self._on_one_page(a, b)]
            better = max(tried, key=lambda run: run.score, default=best)
            if better.score <= best.score:
                break
            best = better
        return best

    def _on_one_page(self, first: int, last: int) -> bool:
        return first >= 0 and last < len(self._units) and self._units[first].sheet == self._units[last].sheet

    def _run_words(self, first: int, last: int) -> list[str]:
        return [word for unit in self._units[first : last + 1] for word in unit.words]

    def _likeness(self, first: int, last: int, passage: Passage) -> float:
        """How much of the passage is said here, and how little else."""
        here = self._run_words(first, last)
        if len(here) > ROOM * len(passage.words) + LEAST:
            return 0.0
        held = Counter(here)
        shared = sum(passage.weights[word] * min(count, held[word]) for word, count in passage.counts.items())
        other = sum(self._unit_weights[first : last + 1])
        return (shared / passage.weight + 2 * shared / (passage.weight + other)) / 2

    def _in_step(self, run: Run, passage: Passage) -> float:
        """1 when the shared words stand in the same order, down to one half when in none."""
        here = self._run_words(run.first, run.last)
        shared = sum((passage.counts & Counter(here)).values())
        blocks = SequenceMatcher(None, passage.words, here, autojunk=False).get_matching_blocks()
        return 0.5 + 0.5 * sum(block.size for block in blocks) / max(1, shared)

    def _is_new(self, run: Run, quote: str) -> bool:
        """Is there a unit here that did not stand in the old version, the passage itself aside?"""
        own = folded(quote).text
        for unit in self._units[run.first : run.last + 1]:
            bare = folded(without_number(self.new[unit.sheet].text[unit.span[0] : unit.span[1]])).text
            if bare in own or not any(bare in folded(sheet.text).text for sheet in self.old):
                return True
        return False

    def _judged(self, run: Run, passage: Passage) -> Anchor | None:
        sheet = self.new[self._units[run.first].sheet]
        span = (self._units[run.first].span[0], self._units[run.last].span[1])
        numbered = without_number(passage.quote) != passage.quote
        span = with_number(sheet.text, span) if numbered else bare_span(sheet.text, span)
        now = said(sheet.text, span)
        if self._recognized_alike(sheet, now, passage):
            return Anchor(Carried.SAME if sheet.number == passage.page else Carried.MOVED, sheet.number, span, now)
        return Anchor(Carried.CHANGED, sheet.number, span, now) if run.score >= ENOUGH else None

    def _recognized_alike(self, sheet: Sheet, now: str, passage: Passage) -> bool:
        """Text recognition slips in a letter here and there; where a figure differs, the words have changed."""
        if not sheet.recognized and not any(one.recognized for one in self.old if one.number == passage.page):
            return False
        before, after = without_number(passage.quote), without_number(now)
        if DIGITS.findall(before) != DIGITS.findall(after):
            return False
        return SequenceMatcher(None, folded(before).text, folded(after).text, autojunk=False).ratio() >= ALIKE


def _short(sheets: Sequence[Sheet]) -> list[Sheet]:
    """What is longer than any page is no page to read to its end."""
    return [sheet if len(sheet.text) <= LONGEST else replace(sheet, text=sheet.text[:LONGEST]) for sheet in sheets]


def units(text: str) -> Iterator[Span]:
    """The sentences and lines of a page, in order."""
    at = 0
    for match in UNIT.finditer(text):
        yield at, match.start()
        at = match.end()
    yield at, len(text)


def body(text: str, running: set[str]) -> Span:
    """Where the folded text of a page begins and ends, its running head and foot left out."""
    lines = text.split("\n")
    first, last = 0, len(lines)
    while first < last and (not lines[first].strip() or numberless(lines[first]) in running):
        first += 1
    while last > first and (not lines[last - 1].strip() or numberless(lines[last - 1]) in running):
        last -= 1
    head = len(folded("\n".join(lines[:first])).text)
    return head, head + len(folded("\n".join(lines[first:last])).text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORDS.findall(text.casefold()))

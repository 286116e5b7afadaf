"""The words of a page that answer, lit, and the lines around most of them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from storage.index import Found, Query
from storage.laying import PASSAGE, STEP
from storage.words import Word, spans, split

WIDE = 34  # words in a snippet
SHORT = 45  # letters; what is shorter is a heading or a cell
STOP = re.compile(r"[.;:]\s+(?=[A-Z0-9])|\n(?=\d+\.|[A-Z0-9])")
LEADERS = re.compile(r"\s*(?:[._\u2026]\s*){5,}")
KEPT = 400  # pages whose words are kept: a binder's, at some 50 kB each
Span = tuple[int, int]


@dataclass(frozen=True)
class Hit:
    """A run of words on a page that answers a clause of the question."""

    clause: int
    first: int  # numbers of words
    last: int
    span: Span
    weight: float


def hits(query: Query, words: Sequence[Word]) -> list[Hit]:
    """Every place on the page that answers, in order."""
    wanted: dict[str, list[tuple[int, tuple[str, ...], float]]] = {}
    for at, clause in enumerate(query.clauses):
        for term in clause.terms:
            wanted.setdefault(term.words[0], []).append((at, term.words, term.weight))
    found = []
    for number, word in enumerate(words):
        for form in word.forms:
            for at, run, weight in wanted.get(form, ()):
                last = number + len(run) - 1
                if last < len(words) and all(r in words[number + i].forms for i, r in enumerate(run)):
                    found.append(Hit(at, number, last, (word.start, words[last].end), weight))
    return found


def closeness(found: Sequence[Hit], weights: Sequence[float]) -> tuple[float, int]:
    """How much of the question stands close together (0 to 1; what is rare weighs more), and at which word."""
    best, start = 0.0, 0
    for at, hit in enumerate(found):
        worth = _worth([other for other in found[at:] if other.first <= hit.first + WIDE], weights)
        if worth > best:
            best, start = worth, hit.first
    return best / max(sum(weights), 0.001), start


def _worth(found: Sequence[Hit], weights: Sequence[float]) -> float:
    seen: dict[int, float] = {}
    for hit in found:
        seen[hit.clause] = max(seen.get(hit.clause, 0.0), min(1.0, hit.weight) * weights[hit.clause])
    return sum(seen.values())


def snippet(text: str, words: Sequence[Word], found: Sequence[Hit], start: int) -> Markup:
    """The lines around the best place, its answers marked."""
    if not words:
        return Markup("")
    first = max(0, start - 6)
    last = min(len(words), first + WIDE) - 1
    begin, end = words[first].start, words[last].end
    spans = [hit.span for hit in found if begin <= hit.span[0] and hit.span[1] <= end]
    lit = mark(text.replace("\n", " "), spans, begin, end)
    return Markup("{}{}{}").format("... " if first else "", _plain(lit), " ..." if last + 1 < len(words) else "")


def around(text: str, found: Found) -> Markup:
    """The lines around the best place of a found page, its answers marked; of one found by its meaning, the passage."""
    words = spans_of(text)
    if not words:
        return Markup("")
    first = min(found.start if found.meant else max(0, found.start - 6), len(words) - 1)
    last = min(len(words), first + WIDE) - 1
    begin, end = words[first][0], words[last][1]
    lit = [
        (words[left][0], words[min(right, len(words) - 1)][1]) for left, right in found.runs if first <= left <= last
    ]
    lines = mark(text.replace("\n", " "), [(begin, end)] if found.meant else lit, begin, end)
    return ("... " if first else "") + _plain(lines) + (" ..." if last + 1 < len(words) else "")


def _plain(lines: Markup) -> Markup:
    """The lines without the rows of dots of a table of contents."""
    return Markup(LEADERS.sub(" ... ", lines))  # noqa: S704  it was safe, and dots are


def passages(text: str) -> list[Span]:
    """The passages of a page, as long as those whose meaning is known."""
    words = spans_of(text)
    starts = range(0, max(1, len(words) - (PASSAGE - STEP)), STEP) if words else ()
    return [(words[at][0], words[min(len(words), at + PASSAGE) - 1][1]) for at in starts]


def mark(text: str, spans: Iterable[Span], begin: int = 0, end: int | None = None) -> Markup:
    """The text, made safe, with <mark> around the spans."""
    end = len(text) if end is None else end
    out, at = [], begin
    for left, right in merged(spans):
        out.append(f"{html.escape(text[at:left])}<mark>{html.escape(text[left:right])}</mark>")
        at = right
    out.append(html.escape(text[at:end]))
    return Markup("".join(out))  # noqa: S704  every piece was made safe


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap as one."""
    found: list[Span] = []
    for left, right in sorted(set(spans)):
        if found and left <= found[-1][1]:
            found[-1] = (found[-1][0], max(right, found[-1][1]))
        else:
            found.append((left, right))
    return found


@lru_cache(maxsize=KEPT)
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text, ready to be compared; kept, for the next question meets many of the same pages."""
    return tuple(split(text))


@lru_cache(maxsize=KEPT)
def spans_of(text: str) -> list[Span]:
    """Where each word of a text begins and ends; kept like the words themselves."""
    return spans(text)


def sentence(text: str, found: Sequence[Hit], weights: Sequence[float]) -> str:
    """The sentence of the page that answers most, at most 300 characters of it; a heading only where nothing else."""
    ends = [match.end() for match in STOP.finditer(text)]
    best, quote = 0.0, ""
    for begin, end in zip([0, *ends], [*ends, len(text)], strict=True):
        held = [hit for hit in found if begin <= hit.span[0] and hit.span[1] <= end]
        said = " ".join(text[begin:end].split())
        worth = _worth(held, weights) * (1.0 if len(said) >= SHORT else 0.4)
        if worth > best:
            best, quote = worth, said[:300]
    return quote

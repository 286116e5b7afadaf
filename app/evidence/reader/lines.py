"""From what a PDF reader gives to text that people search: whole words, with their places.

A place is [start, end, left, top, width, height]: where in the text the word stands, and where on the page, in
ten-thousandths of its width and height. A word broken over two lines has two places. The place of a recognized word
of which recognition was not sure has a seventh number: how sure, of 100.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

Box = tuple[int, int, int, int]
Place = Sequence[int]

BROKEN = "\ufffe"  # PDFium's mark for a hyphen at a line's end
LIGATURES = str.maketrans({
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "\u00ad": None, "\u200b": None, "\ufeff": None, "\u00a0": " ",
})  # fmt: skip
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
UNTIDY = re.compile(r"[\ufb00-\ufb06\u00ad\u200b\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\uffff]")
RUN = re.compile(r"\S+")
LETTERS = re.compile(r"[^\W\d_]+")
HYPHENS = "-\u2010"


@dataclass
class Words:
    """The words of a page as columns, for there are many: a word without a box has no width.

    `ends` are the words after which a line ends, in order; `sizes` are those of the letters of each line.
    """

    texts: list[str]
    left: list[int]
    top: list[int]
    wide: list[int]
    high: list[int]
    ends: list[int]
    sizes: list[float] = field(default_factory=list)
    sure: list[int] | None = None  # of 100, where the words were recognized

    def add(self, text: str, box: Box, sure: int | None = None) -> None:
        """One more word, and how sure its recognition is where it was recognized."""
        self.texts.append(text)
        for column, value in zip((self.left, self.top, self.wide, self.high), box, strict=True):
            column.append(value)
        if sure is not None:
            self.sure = self.sure or []
            self.sure.append(sure)

    def lines(self) -> list[tuple[int, int]]:
        """Each line's first word, and the one after its last."""
        edges = [0, *(end + 1 for end in self.ends)]
        if edges[-1] < len(self.texts):
            edges.append(len(self.texts))
        return list(pairwise(edges))


@dataclass
class Page:
    """One page as it is kept."""

    number: int
    text: str
    words: list[Place]
    headings: list[str] = field(default_factory=list)
    source: str = "text"
    confidence: int | None = None
    width: float = 0.0
    height: float = 0.0
    pictured: bool = False  # a picture covers most of it, and few words stand beside it


NO_WORDS = Words([], [], [], [], [], [])
UNSURE = 60  # of 100; a recognized word below it carries how sure it is as a seventh number of its place


def tidy(text: str) -> str:
    """Ligatures apart, nothing that cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    return UNSEEN.sub("", text.translate(LIGATURES))


def split(text: str) -> tuple[list[str], list[int], list[int]]:
    """The words of a page's text, where in it each begins, and after which of them a line ends."""
    texts: list[str] = []
    ends: list[int] = []
    edges: list[tuple[int, int]] = []  # of each line: where its first and its last word begin
    uneven: list[tuple[int, list[int]]] = []
    at = 0
    for line in text.replace(BROKEN, BROKEN + "\n").split("\n"):
        if found := line.split():
            bare = line.rstrip()
            before = len(bare) - len(bare.lstrip())
            if len(" ".join(found)) + before != len(bare):
                uneven.append((len(texts), [match.start() for match in RUN.finditer(line)]))
            edges.append((at + before, at + len(bare) - len(found[-1])))
            texts += found
            ends.append(len(texts) - 1)
        at += len(line) + (line[-1:] != BROKEN)
    return texts, _starts(texts, ends, edges, uneven), ends


def _starts(
    texts: list[str], ends: list[int], edges: list[tuple[int, int]], uneven: list[tuple[int, list[int]]]
) -> list[int]:  # fmt: skip
    """Where each word begins: one space after the one before, but at the ends of lines and in uneven ones."""
    if not texts:
        return []
    steps = [size + 1 for size in map(len, texts)]
    for first, starts in uneven:
        steps[first : first + len(starts) - 1] = [after - one for one, after in pairwise(starts)]
    for end, ((_, last), (first, _)) in zip(ends, pairwise(edges), strict=False):
        steps[end] = first - last
    return list(accumulate(steps[:-1], initial=edges[0][0]))


def vocabulary(pages: Iterable[Words]) -> set[str]:
    """Every word of the document that is not broken over a line."""
    written: set[str] = set()  # each once, for that is a small part of all
    for page in pages:
        written.update(page.texts)
    plain = {word for word in written if word.isascii() and word.isalpha()}
    others = " ".join(word for word in written - plain if BROKEN not in word)
    return {*" ".join(plain).casefold().split(), *LETTERS.findall(others.casefold())}


def goes_on(words: Words) -> list[int]:
    """The words that are the first half of one whose second half begins the next line."""
    texts, found = words.texts, []
    for at in words.ends:
        word = texts[at]
        if word[-1] in HYPHENS or word[-1] == BROKEN:
            halves = word[-1] == BROKEN or (len(word) > 2 and word[-2].isalpha())
            if halves and at + 1 < len(texts) and texts[at + 1][:1].islower():
                found.append(at)
    return found


def write(words: Words, known: set[str]) -> tuple[str, list[Place]]:
    """The text of a page and the places of its words; `known` is only asked about words broken over lines."""
    texts = words.texts
    if not texts:
        return "", []
    spaces = [" "] * len(texts)
    for end in words.ends:
        spaces[end] = "\n"
    broken = goes_on(words)
    if broken or _untidy(words):
        texts = _joined_up(texts, spaces, broken, known)
    spaced = list(map(str.__add__, texts, spaces))
    starts = list(accumulate(map(len, spaced), initial=0))
    ends = list(map(int.__add__, starts, map(len, texts)))
    for at in broken:  # the second half of a word is a second place of the whole of it
        starts[at + 1], ends[at + 1] = starts[at], ends[at]
    places: list[Place] = list(zip(starts, ends, words.left, words.top, words.wide, words.high, strict=False))
    if words.sure is not None:
        places = [[*place, sure] if sure < UNSURE else place for place, sure in zip(places, words.sure, strict=True)]
    if 0 in words.wide or "" in texts:
        places = [place for place in places if place[4] and place[1] > place[0]]
    return "".join(spaced).rstrip(), places


def _untidy(words: Words) -> bool:
    text = "".join(words.texts)
    if text.isascii() and text.isprintable():
        return False
    return UNTIDY.search(text) is not None or any(BROKEN in words.texts[at] for at in words.ends)


def _joined_up(texts: list[str], spaces: list[str], broken: list[int], known: set[str]) -> list[str]:
    """The words tidy, and those broken over lines whole in the place of their first half."""
    made = list(map(tidy, texts))
    for at in reversed(broken):  # from the end, for a word may be broken twice
        made[at] = _joined(texts[at], made[at + 1], known)
        spaces[at], made[at + 1], spaces[at + 1] = spaces[at + 1], "", ""
    for at, word in enumerate(made):
        if not word:
            spaces[at] = ""
    return made


def _joined(first: str, rest: str, known: set[str]) -> str:
    """A word broken at a line's end, whole: with its hyphen only where both halves are words and the whole is not."""
    stem = tidy(first).rstrip(HYPHENS)
    left, right = LETTERS.findall(stem)[-1:], LETTERS.findall(rest)[:1]
    whole = (left[0] + right[0]).casefold() if left and right else ""
    apart = whole not in known and bool(whole) and left[0].casefold() in known and right[0].casefold() in known
    return f"{stem}-{rest}" if apart else stem + rest


NUMBERED = re.compile(r"(\d{1,2}(\.\d{1,2}){0,3}\.?|[A-Z]\.|Section \d+|Appendix [A-Z0-9]+)\s+[A-Z(]")
PLAIN = re.compile(r"[!-/:-@\[-~]")  # no number begins so
LONGEST_HEADING = 90
LARGER = 1.08


def headings(words: Words) -> list[str]:
    """The lines that look like headings: larger than the text, or numbered, short and without a full stop."""
    lines = words.lines()
    usual = _usual_size(words, lines)
    found = []
    for (first, after), size in zip(lines, words.sizes, strict=False):
        larger = size > usual * LARGER
        if not larger and PLAIN.match(words.texts[first]):
            continue
        if (larger or (after - first <= 9 and size >= usual)) and _stands_alone(words, after):
            text = tidy(" ".join(words.texts[first:after]))
            if 3 <= len(text) <= LONGEST_HEADING and text[-1] not in ".,;:" and LETTERS.search(text):
                found += [text] if larger or NUMBERED.match(text) else []
    return found


def _stands_alone(words: Words, after: int) -> bool:
    """Is the line before this word not the first of a paragraph?"""
    return words.texts[after - 1][-1] != BROKEN and not (after < len(words.texts) and words.texts[after][0].islower())


def _usual_size(words: Words, lines: list[tuple[int, int]]) -> float:
    counts: dict[float, int] = {}
    letters = list(accumulate(map(len, words.texts), initial=0))
    for (first, after), size in zip(lines, words.sizes, strict=False):
        rounded = round(size, 1)
        counts[rounded] = counts.get(rounded, 0) + letters[after] - letters[first]
    return max(counts, key=lambda size: counts[size], default=0.0)

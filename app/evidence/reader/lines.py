"""From what a PDF reader gives to text that people search: whole words, with their places.

A place is [start, end, left, top, width, height]: where in the text the word stands, and where on the page, in
ten-thousandths of its width and height. A word broken over two lines has two places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Box = tuple[int, int, int, int]

BROKEN = "\ufffe"  # PDFium's mark for a hyphen at a line's end
LIGATURES = str.maketrans({
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "\u00ad": None, "\u200b": None, "\ufeff": None, "\u00a0": " ",
})  # fmt: skip
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LETTERS = re.compile(r"[^\W\d_]+")


@dataclass
class Piece:
    """A run of characters without a space: its text, its box, and whether a line ends after it."""

    text: str
    box: Box | None
    ends_line: bool = False
    size: float = 0.0


@dataclass
class Page:
    """One page as it is kept."""

    number: int
    text: str
    words: list[list[int]]
    headings: list[str] = field(default_factory=list)
    source: str = "text"
    confidence: int | None = None
    width: float = 0.0
    height: float = 0.0


def tidy(text: str) -> str:
    """Ligatures apart, nothing that cannot be seen."""
    return UNSEEN.sub("", text.translate(LIGATURES))


def vocabulary(pages: list[list[Piece]]) -> set[str]:
    """Every word of the document that is not broken over a line."""
    return {word.casefold() for page in pages for piece in page if BROKEN not in piece.text
            for word in LETTERS.findall(piece.text)}  # fmt: skip


def write(pieces: list[Piece], known: set[str]) -> tuple[str, list[list[int]]]:
    """The text of a page and the places of its words."""
    out: list[str] = []
    words: list[list[int]] = []
    length = 0
    at = 0
    while at < len(pieces):
        group = [pieces[at]]
        while _goes_on(group[-1], pieces, at + len(group)):
            group.append(pieces[at + len(group)])
        text = _joined(group, known)
        if text:
            words += [[length, length + len(text), *piece.box] for piece in group if piece.box]
            end = "\n" if group[-1].ends_line else " "
            out.append(text + end)
            length += len(text) + 1
        at += len(group)
    return "".join(out).rstrip(), words


def _goes_on(piece: Piece, pieces: list[Piece], following: int) -> bool:
    """Is this the first half of a word whose second half begins the next line?"""
    if following >= len(pieces) or not pieces[following].text[:1].islower():
        return False
    if piece.text.endswith(BROKEN):
        return True
    return piece.ends_line and len(piece.text) > 2 and piece.text[-1] in "-\u2010" and piece.text[-2].isalpha()


def _joined(group: list[Piece], known: set[str]) -> str:
    """A word broken at a line's end, whole: with its hyphen only where both halves are words and the whole is not."""
    text = tidy(group[0].text)
    for piece in group[1:]:
        rest = tidy(piece.text)
        stem = text.rstrip("-\u2010")
        left, right = LETTERS.findall(stem)[-1:], LETTERS.findall(rest)[:1]
        whole = (left[0] + right[0]).casefold() if left and right else ""
        apart = whole not in known and bool(whole) and left[0].casefold() in known and right[0].casefold() in known
        text = f"{stem}-{rest}" if apart else stem + rest
    return text


NUMBERED = re.compile(r"(\d{1,2}(\.\d{1,2}){0,3}\.?|[A-Z]\.|Section \d+|Appendix [A-Z0-9]+)\s+[A-Z(]")
LONGEST_HEADING = 90


def headings(pieces: list[Piece]) -> list[str]:
    """The lines that look like headings: larger than the text, or numbered, short and without a full stop."""
    usual = _usual_size(pieces)
    found = []
    lines = _lines(pieces)
    for line, following in zip(lines, [*lines[1:], []][: len(lines)], strict=True):
        text = " ".join(tidy(piece.text) for piece in line)
        if line[-1].text.endswith(BROKEN) or (following and following[0].text[:1].islower()):
            continue  # the first line of a paragraph
        if not 3 <= len(text) <= LONGEST_HEADING or text[-1] in ".,;:" or not LETTERS.search(text):
            continue
        size = max(piece.size for piece in line)
        if size > usual * 1.08 or (NUMBERED.match(text) and len(line) <= 9 and size >= usual):
            found.append(text)
    return found


def _usual_size(pieces: list[Piece]) -> float:
    counts: dict[float, int] = {}
    for piece in pieces:
        size = round(piece.size, 1)
        counts[size] = counts.get(size, 0) + len(piece.text)
    return max(counts, key=lambda size: counts[size], default=0.0)


def _lines(pieces: list[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        lines[-1].append(piece)
        if piece.ends_line:
            lines.append([])
    return [line for line in lines if line]

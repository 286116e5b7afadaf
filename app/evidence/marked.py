"""A copy of a document with its pins drawn in: a highlight over each passage, and the row it answers as a note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.evidence import passages
from app.evidence.passages import Box
from app.evidence.reader import child

SECONDS = 60


@dataclass(frozen=True)
class Mark:
    """One passage: its page (from 1), the boxes of its words in ten-thousandths of the page, and what is noted."""

    page: int
    boxes: Sequence[Box]
    note: str


def marked_copy(pdf: bytes, marks: Iterable[Mark]) -> bytes:
    """The same pages with highlights, drawn in a process of its own; raises Refused."""
    lines = (replace(mark, boxes=passages.lines(mark.boxes)) for mark in marks)
    return child.redrawn("mark", pdf, lines, seconds=SECONDS)

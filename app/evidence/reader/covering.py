"""Asks for pages to be drawn anew with places blackened; a stranger's file is opened in a process of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.evidence.passages import Box
from app.evidence.reader import child

SECONDS = 300


@dataclass(frozen=True)
class Sheet:
    """One page to be drawn anew: its boxes, and its words with their places, in ten-thousandths of the page."""

    number: int
    boxes: Sequence[Box]
    words: Sequence[tuple[str, Box]]


def covered(data: bytes, sheets: Iterable[Sheet]) -> bytes:
    """The PDF with nothing left under the boxes; raises Refused."""
    return child.redrawn("cover", data, sheets, seconds=SECONDS)

"""A copy of a document with its pins drawn in: a highlight over each passage, and the row it answers as a note."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

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
    with tempfile.TemporaryDirectory(prefix="qcp-mark-") as name:
        folder = Path(name)
        (folder / "marks").write_text(json.dumps([asdict(mark) for mark in marks]))
        child.run("mark", folder, pdf, seconds=SECONDS)
        return (folder / "copy").read_bytes()

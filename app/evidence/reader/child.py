"""Starts the process that opens a stranger's file, waits no longer than it may take, and clears up after it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.evidence.reader.lines import Page
from app.evidence.reader.nest import NEST
from app.evidence.reader.pages import kept
from app.evidence.rules import LIMITS, Kind, LeftOut, Refusal, Refused, why_not_name, why_not_pages

CHECK_SECONDS = 20
READ_SECONDS = 90
SHOW_SECONDS = 20
OCR_SECONDS = 120
OCR_AT_ONCE = 4  # pages to a process
MOST_OCR_PAGES = 300


@dataclass
class Reading:
    """What reading a file gave: its pages, and its reading copy where the file is not that itself."""

    pages: list[Page]
    copy: bytes | None = None
    left_out: list[str] = field(default_factory=list)  # what could act or fetch in the file, and its copy lacks

    @property
    def searchable(self) -> bool:
        return any(page.source != "none" for page in self.pages)


def check(data: bytes, filename: str) -> tuple[Kind, int | None]:
    """What the file is, and for a PDF how many pages it has; raises Refused."""
    with tempfile.TemporaryDirectory(prefix="qcp-check-") as folder:
        answer = run("check", Path(folder), data, str(LIMITS.pages), seconds=CHECK_SECONDS)
    kind = Kind(answer["kind"])
    if reason := why_not_name(kind, filename):
        raise Refused(reason)
    return kind, answer["pages"]


def read(data: bytes, kind: Kind) -> Reading:
    """Every page with its words; pages that are pictures are recognized where that is possible."""
    with tempfile.TemporaryDirectory(prefix="qcp-read-") as name:
        folder = Path(name)
        answer = run(f"read-{kind}", folder, data, seconds=READ_SECONDS)
        copy = (folder / "copy").read_bytes() if (folder / "copy").exists() else None
        reading = Reading(kept(folder), copy, _named(answer.get("left_out")))
        paper = (folder / "words").read_bytes() if (folder / "words").exists() else data
    if reason := why_not_pages(len(reading.pages), LIMITS.pages):
        raise Refused(reason)
    if shutil.which("tesseract"):
        _recognize(paper, reading)
    return reading


def _named(given: Any) -> list[str]:
    """What was left out, in our words only: whoever says it may have been taken over by its file."""
    return [one.value for one in LeftOut if isinstance(given, list) and one in given]


def picture(data: bytes, number: int, width: int) -> bytes:
    """One page of a PDF as PNG."""
    with tempfile.TemporaryDirectory(prefix="qcp-show-") as folder:
        run("show", Path(folder), data, str(number), str(width), seconds=SHOW_SECONDS)
        return (Path(folder) / "picture").read_bytes()


def redrawn(work: str, data: bytes, given: Iterable[Any], *, seconds: float) -> bytes:
    """The PDF drawn anew in a process of its own, as these dataclasses say; raises Refused."""
    with tempfile.TemporaryDirectory(prefix="qcp-draw-") as name:
        folder = Path(name)
        (folder / "given").write_text(json.dumps([asdict(one) for one in given]))
        run(work, folder, data, seconds=seconds)
        return (folder / "copy").read_bytes()


def _recognize(data: bytes, reading: Reading) -> None:
    blank = [page.number for page in reading.pages if page.source == "none" or page.pictured][:MOST_OCR_PAGES]
    for at in range(0, len(blank), OCR_AT_ONCE):
        with tempfile.TemporaryDirectory(prefix="qcp-ocr-") as name:
            try:
                run("recognize", Path(name), data, *map(str, blank[at : at + OCR_AT_ONCE]), seconds=OCR_SECONDS)
                found = kept(Path(name))
            except Refused:  # pages that recognition dies of stay as they are
                continue
            for page in found:
                reading.pages[page.number - 1] = page


def run(work: str, folder: Path, data: bytes | None, *rest: str, seconds: float) -> dict[str, Any]:
    """One child for one file. If it dies, is killed or says nothing, the file is refused, and nothing else happens."""
    if data is not None:  # else it lies there already
        (folder / "in").write_bytes(data)
    return _answer(NEST.ask(work, folder, rest, seconds))


def _answer(said: bytes) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(said.splitlines()[-1])
    except (ValueError, IndexError):
        raise Refused(Refusal.CANNOT_BE_READ) from None
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer

"""Starts the process that opens a stranger's file, waits no longer than it may take, and clears up after it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.evidence.reader.lines import Page
from app.evidence.reader.pages import kept
from app.evidence.rules import LIMITS, Kind, Refusal, Refused, why_not_name

ROOT = Path(__file__).parents[3]
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

    @property
    def searchable(self) -> bool:
        return any(page.source != "none" for page in self.pages)


def check(data: bytes, filename: str) -> tuple[Kind, int | None]:
    """What the file is, and for a PDF how many pages it has; raises Refused."""
    with tempfile.TemporaryDirectory(prefix="qcp-check-") as folder:
        answer = _run("check", Path(folder), data, str(LIMITS.pages), seconds=CHECK_SECONDS)
    kind = Kind(answer["kind"])
    if reason := why_not_name(kind, filename):
        raise Refused(reason)
    return kind, answer["pages"]


def read(data: bytes, kind: Kind) -> Reading:
    """Every page with its words; pages that are pictures are recognized where that is possible."""
    with tempfile.TemporaryDirectory(prefix="qcp-read-") as name:
        folder = Path(name)
        _run(f"read-{kind}", folder, data, seconds=READ_SECONDS)
        copy = (folder / "copy").read_bytes() if (folder / "copy").exists() else None
        reading = Reading(list(kept(folder)), copy)
    if kind is Kind.PDF and shutil.which("tesseract"):
        _recognize(data, reading)
    return reading


def picture(data: bytes, number: int, width: int) -> bytes:
    """One page of a PDF as PNG."""
    with tempfile.TemporaryDirectory(prefix="qcp-show-") as folder:
        _run("show", Path(folder), data, str(number), str(width), seconds=SHOW_SECONDS)
        return (Path(folder) / "picture").read_bytes()


def _recognize(data: bytes, reading: Reading) -> None:
    blank = [page.number for page in reading.pages if page.source == "none"][:MOST_OCR_PAGES]
    for at in range(0, len(blank), OCR_AT_ONCE):
        with tempfile.TemporaryDirectory(prefix="qcp-ocr-") as name:
            try:
                _run("recognize", Path(name), data, *map(str, blank[at : at + OCR_AT_ONCE]), seconds=OCR_SECONDS)
            except Refused:  # a page that recognition dies of stays a picture
                continue
            for page in kept(Path(name)):
                reading.pages[page.number - 1] = page


def _run(work: str, folder: Path, data: bytes, *rest: str, seconds: float) -> dict[str, Any]:
    """One child for one file. If it dies, is killed or says nothing, the file is refused, and nothing else happens."""
    (folder / "in").write_bytes(data)
    command = [sys.executable, "-m", "app.evidence.reader", work, str(folder), *rest]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, start_new_session=True, env=_environment(folder))  # fmt: skip
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        said = b""
    finally:
        _end(process)
    return _answer(said)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The child and whatever it started (pandoc, tesseract) are one group, and go together."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _answer(said: bytes) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(said.splitlines()[-1])
    except (ValueError, IndexError):
        raise Refused(Refusal.CANNOT_BE_READ) from None
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours: no keys, no addresses; only where programs and letters are found."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX") if name in os.environ}
    return {**kept, "HOME": str(folder), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}

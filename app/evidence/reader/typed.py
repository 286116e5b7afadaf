"""Plain text as it was typed: its alphabet found out, its lines no longer than a page is wide, its page breaks kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from app.evidence.reader import copying

COLUMNS = 84  # letters of the copy's type that a line holds
LINES = 58  # about what a page of the copy holds
AT_ONCE = 200
TAB = 8
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
STRANGE = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")  # \x1a ends old files
MOST_STRANGE = 1000  # one in so many: a printer's code or two is no picture or program


def work(folder: Path) -> dict[str, Any]:
    """The reading copy of the text `in`, and its pages."""
    text = decode((folder / "in").read_bytes()) or ""
    parts = [_in_turns(part.split("\n")) for part in sheets(text)]
    return copying.keep(folder, "typed", {"made_from": "plain text", "parts": parts})


def decode(data: bytes) -> str | None:
    """The text, when these bytes are one in UTF-8, UTF-16 or Windows-1252; nothing when they are not."""
    for name in _alphabets(data):
        try:
            text = data.decode(name)
        except UnicodeError:
            continue
        strange = len(STRANGE.findall(text))
        return text if strange * MOST_STRANGE <= len(text) and text.strip() else None
    return None


def _alphabets(data: bytes) -> list[str]:
    marked = [name for mark, name in MARKS.items() if data.startswith(mark)]
    if marked:
        return marked
    even, odd = data[:2000:2].count(0), data[1:2000:2].count(0)
    if max(even, odd) > 3 * min(even, odd) and max(even, odd) > len(data[:2000]) * 0.3:
        return ["utf-16-le" if odd > even else "utf-16-be"]
    return ["utf-8", "cp1252"]


def sheets(text: str) -> list[str]:
    """The parts between page breaks, each with lines that fit."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    clean = "\n".join(STRANGE.sub("", line.replace("\x1a", "").replace("\x0b", " ")) for line in lines)
    parts = ["\n".join(piece for line in part.split("\n") for piece in _fitting(line.expandtabs(TAB).rstrip()))
             for part in clean.split("\f")]  # fmt: skip
    return [part.strip("\n") for part in parts if part.strip()]


def pages_at_least(text: str) -> int:
    """How many pages the copy has at the least."""
    return sum(part.count("\n") // LINES + 1 for part in sheets(text))


def _in_turns(lines: list[str]) -> list[str]:
    """The lines, so many at a time: Typst takes a long time over a long piece."""
    return ["\n".join(lines[at : at + AT_ONCE]) for at in range(0, len(lines), AT_ONCE)]


def _fitting(line: str) -> list[str]:
    """The line, broken at spaces, and within a word where that alone is too long."""
    found = []
    while len(line) > COLUMNS:
        at = line.rfind(" ", COLUMNS // 2, COLUMNS + 1)
        found.append(line[: at if at > 0 else COLUMNS].rstrip())
        line = line[at + 1 if at > 0 else COLUMNS :]
    return [*found, line]

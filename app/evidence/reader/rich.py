"""Rich text: what its reading copy shows that pandoc does not, and what it leaves out."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pypandoc

from app.evidence.reader import copying, margins
from app.evidence.reader.copying import Rows, Source
from app.evidence.rules import LeftOut

SECONDS = 10
LONGEST = 100_000  # bytes of a head or foot
MOST_GROUPS = 20  # that are looked at; a document has a few heads and feet
MOST_MARGINS = 4
BRACES = re.compile(rb"\\.|[{}]", re.DOTALL)
FONTS = re.compile(rb"\{\\fonttbl")
NUMBER = re.compile(rb"\\fldinst[^a-z]*\s*(PAGE|NUMPAGES|SECTIONPAGES)\b|\\chpgn")
FETCHES = re.compile(rb"\\fldinst.{0,200}?\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|RD)\b", re.DOTALL)
OBJECTS = re.compile(rb"\\obj(ect|data|emb|link|autlink|ocx)\b|\\objdata")
TEMPLATE = re.compile(rb"\\\*\s*\\template\b")
RULED = re.compile(r"[\s+|\-=:]*")


def work(folder: Path) -> dict[str, Any]:
    """The reading copy of the rich text `in`, and its pages."""
    return copying.make(folder, source((folder / "in").read_bytes()))


def source(data: bytes) -> Source:
    """What pandoc is given, and what stands beside it."""
    fonts = next(_groups(data, FONTS), b"")
    head, foot = (_margin(data, fonts, name) for name in (b"header", b"footer"))

    def bare() -> Rows:
        return [["text", part] for part in re.split(r"\n\s*\n", _plain(data)) if part.strip()]

    return Source("rtf", "rich text", data, head, foot, bare, set(_left_out(data)))


def _left_out(data: bytes) -> Iterator[LeftOut]:
    for what, found in ((OBJECTS, LeftOut.EMBEDDED), (TEMPLATE, LeftOut.TEMPLATE), (FETCHES, LeftOut.FETCHING)):
        if what.search(data):
            yield found


def _groups(data: bytes, opening: re.Pattern[bytes]) -> Iterator[bytes]:
    """Whole groups that begin so, with all that is inside them."""
    for match in islice(opening.finditer(data), MOST_GROUPS):
        depth = 0
        for brace in BRACES.finditer(data, match.start(), match.start() + LONGEST):
            depth += {b"{": 1, b"}": -1}.get(brace.group(), 0)
            if depth == 0:
                yield data[match.start() : brace.end()]
                break


def _margin(data: bytes, fonts: bytes, name: bytes) -> Rows:
    """The lines of heads or feet of pages, as pandoc reads them."""
    rows: Rows = []
    for group in islice(_groups(data, re.compile(rb"\{\\" + name + rb"[flr]?\b")), MOST_MARGINS):
        for numbered in _groups(group, re.compile(rb"\{\\field\b")):
            if NUMBER.search(numbered):
                group = group.replace(numbered, b"")
        inner = re.sub(rb"^\{\\" + name + rb"[flr]?", b"", group)[:-1]
        said = _plain(rb"{\rtf1\ansi\ansicpg1252" + fonts + b"\n" + inner + b"\n}")
        rows += [re.split(r"\t|\s{3,}|\|", line) for line in said.splitlines()]
    return margins.tidy(row for row in rows if not RULED.fullmatch("".join(row)))


def _plain(data: bytes) -> str:
    command = [pypandoc.get_pandoc_path(), "--sandbox", "+RTS", "-M256M", "-RTS", "--from=rtf", "--to=plain",
               "--wrap=none"]  # fmt: skip
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""

"""A long PDF is read by two processes: a fork of the one that was given it takes the second half of its pages.

The fork is in the same group, under the same limits, and is killed with the other. A word that is broken over lines is
put together by the words of the whole document, so each half tells the other which it knows.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from pypdfium2 import PdfDocument

from app.evidence.reader import lines, pages, pdf

LONG = 40  # pages
DIES_WITH_ITS_PARENT = 1  # Linux: PR_SET_PDEATHSIG


def are_worth_it(document: PdfDocument) -> bool:
    """Is there enough to read, and a second processor to read it?"""
    return len(document) >= LONG and sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def keep(folder: Path, document: PdfDocument) -> dict[str, Any]:
    """Read all pages and write them where they are looked for."""
    count, middle = len(document), (len(document) + 1) // 2
    ours, theirs = socket.socketpair()
    parent = os.getpid()
    second = os.fork()
    if second == 0:
        try:
            ours.close()
            ctypes.CDLL(None).prctl(DIES_WITH_ITS_PARENT, signal.SIGKILL)
            if os.getppid() == parent:
                _second(folder / "second", document, range(middle, count), theirs)
        finally:
            os._exit(0)
    theirs.close()
    try:
        _first(folder / "pages", document, range(middle), ours)
    finally:
        ours.close()  # whatever happened here, the other one waits for nothing any more
        os.waitpid(second, 0)
    with (folder / "pages").open("ab") as file:
        file.write((folder / "second").read_bytes())
    return {"pages": count}


def _first(target: Path, document: PdfDocument, numbers: range, other: socket.socket) -> None:
    found = pdf.found_in(document, numbers)
    with other.makefile("rw", encoding="utf-8") as channel:
        told = json.loads(channel.readline())
        ours = _knowing(found)
        channel.write(json.dumps(ours) + "\n")
        channel.flush()
        _write(target, pdf.made_of(found, numbers, _together(told, ours)))
        if json.loads(channel.readline()) != "written":
            raise ValueError("the second half is missing")


def _second(target: Path, document: PdfDocument, numbers: range, other: socket.socket) -> None:
    found = pdf.found_in(document, numbers)
    with other.makefile("rw", encoding="utf-8") as channel:
        ours = _knowing(found)
        channel.write(json.dumps(ours) + "\n")
        channel.flush()
        told = json.loads(channel.readline())
        _write(target, pdf.made_of(found, numbers, _together(told, ours)))
        channel.write('"written"\n')


def _knowing(found: list[pdf.Found]) -> tuple[bool, list[str]]:
    """Is any word broken, and which are whole?"""
    every = [words for words, _, _, _ in found]
    return any(map(lines.goes_on, every)), list(lines.vocabulary(every))


def _together(*halves: tuple[bool, list[str]]) -> set[str]:
    return {word for _, known in halves for word in known} if any(broken for broken, _ in halves) else set()


def _write(target: Path, made: list[lines.Page]) -> None:
    target.write_text("".join(map(pages.line, made)), encoding="utf-8")

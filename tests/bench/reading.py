"""Text of PDF pages: the evidence pipeline beside bare pypdfium2 on the same files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from pypdfium2 import PdfDocument

from app.evidence.reader import child, pdf
from app.evidence.reader.opening import open_pdf
from app.evidence.rules import Kind
from tests.bench.row import PROCESSOR, Row, in_turns, row
from tests.factories import harbor_light

ROOT = Path(__file__).parents[2]
CORPORA = Path(os.environ.get("QCP_CORPORA") or ROOT.parent / "shared" / "corpora")
BARE = "bare pypdfium2"
SHARE = 0.7  # of its pages a second, with the places of all words


def rows(*, quick: bool) -> Iterator[Row]:
    """The reading itself; and with its process, as an upload meets it, file by file."""
    demo = [data for data in _files(harbor_light.DEMO) if _has_text(data)]
    if quick:
        yield _reading("text of the demo practice's pages", demo[:3], rounds=2)
        return
    yield _reading("text of the demo practice's pages", demo, rounds=7)
    yield _with_process("the same, each file in a process of its own", demo, rounds=5)
    yield _checking("may this file come in, in its process", demo, rounds=5)
    if others := [data for data in _files(CORPORA / "pdf_ok") if _has_text(data)]:
        yield _reading("text of strangers' pages", others, rounds=5, share=SHARE)
        yield _with_process("the same, each file in a process of its own", others, rounds=3)


def _files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.pdf"))]


def _has_text(data: bytes) -> bool:
    """Scanned pages would go to text recognition, which has no floor here."""
    return all(page.source == "text" for page in pdf.read(open_pdf(data)))


def _reading(name: str, files: list[bytes], rounds: int, share: float | None = None) -> Row:
    def ours() -> None:
        for data in files:
            pdf.read(open_pdf(data))

    return _row(name, files, *in_turns(ours, lambda: _bare(files), rounds, PROCESSOR), share)


def _with_process(name: str, files: list[bytes], rounds: int) -> Row:
    def ours() -> None:
        for data in files:
            child.read(data, Kind.PDF)

    return _row(name, files, *in_turns(ours, lambda: _bare(files), rounds))


def _checking(name: str, files: list[bytes], rounds: int) -> Row:
    def ours() -> None:
        for data in files:
            child.check(data, "Policy.pdf")

    mine, theirs = in_turns(ours, lambda: _bare(files), rounds)
    count = len(files)
    return row(name, "ms/file", [one / count for one in mine], [one / count for one in theirs], BARE)


def _bare(files: list[bytes]) -> None:
    """What anybody would write first: every page's text, nothing about where its words stand."""
    for data in files:
        document = PdfDocument(data)
        for page in document:
            page.get_textpage().get_text_range()
        document.close()


def _row(name: str, files: list[bytes], mine: list[float], theirs: list[float], share: float | None = None) -> Row:
    pages = sum(len(PdfDocument(data)) for data in files)

    def rate(times: list[float]) -> list[float]:
        return [pages / (one / 1000) for one in times]

    name = f"{name} ({len(files)} files, {pages} pages)"
    target = median(rate(theirs)) * share if share else None
    return row(name, "pages/s", rate(mine), rate(theirs), BARE, more_is_better=True, target=target)

"""The words of a page that is only a picture, by tesseract where it is installed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from pypdfium2 import PdfDocument

from app.evidence.reader import lines, pages, picture
from app.evidence.reader.lines import Box, Page, Piece
from app.evidence.reader.opening import open_pdf
from app.evidence.reader.pdf import SCALE

DOTS = 300  # to the inch: what tesseract was trained on
SECONDS = 60
SURE = 30  # of 100; what is less sure is dirt


def work(folder: Path, *numbers: str) -> dict[str, Any]:
    """The pages of `in` with these numbers that turn out to hold words."""
    document = open_pdf((folder / "in").read_bytes())
    found = (read(document, int(number)) for number in numbers)
    return pages.keep(folder, (page for page in found if page is not None))


def read(document: PdfDocument, number: int) -> Page | None:
    """The page's words with their places and how sure they are; nothing when there are none to be seen."""
    page = document[number - 1]
    width, height = page.get_size()
    image = picture.gray(document, number, max(1000, min(5000, round(width / 72 * DOTS))))
    found = _recognize(image) if image else []
    if not found:
        return None
    text, words = lines.write([piece for piece, _ in found], lines.vocabulary([[piece for piece, _ in found]]))
    sure = round(sum(sure for _, sure in found) / len(found))
    pieces = [piece for piece, _ in found]
    return Page(number, text, words, lines.headings(pieces), "ocr", sure, round(width, 1), round(height, 1))


def _recognize(image: bytes) -> list[tuple[Piece, float]]:
    command = ["tesseract", "stdin", "stdout", "--psm", "3", "-l", "eng", "tsv"]
    done = subprocess.run(command, input=image, capture_output=True, timeout=SECONDS, check=False,
                          env={**os.environ, "OMP_THREAD_LIMIT": "1"})  # fmt: skip
    if done.returncode != 0:
        return []
    rows = [row.split("\t") for row in done.stdout.decode("utf-8", "replace").splitlines()[1:]]
    size = next(((int(row[8]), int(row[9])) for row in rows if row[0] == "1"), (1, 1))
    found: list[tuple[Piece, float]] = []
    line = None
    for row in rows:
        if row[0] != "5" or len(row) < 12 or float(row[10]) < SURE or not row[11].strip():
            continue
        if found and row[1:5] != line:
            found[-1][0].ends_line = True
        line = row[1:5]
        found.append((Piece(row[11].strip(), _box(row, size), size=0.0), float(row[10])))
    return found


def _box(row: list[str], size: tuple[int, int]) -> Box:
    left, top, width, height = (int(value) for value in row[6:10])
    return (left * SCALE // size[0], top * SCALE // size[1], width * SCALE // size[0], height * SCALE // size[1])

"""The words of a page that is mostly a picture, by tesseract where it is installed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from pypdfium2 import PdfDocument

from app.evidence.reader import lines, pages, pdf, picture
from app.evidence.reader.lines import NO_WORDS, Page, Place, Words
from app.evidence.reader.opening import open_pdf
from app.evidence.reader.pdf import SCALE

DOTS = 300  # to the inch: what tesseract was trained on
SECONDS = 60
SURE = 30  # of 100; what is less sure is dirt

Row = list[str]


def work(folder: Path, *numbers: str) -> dict[str, Any]:
    """The pages of `in` with these numbers that turn out to hold words in their pictures."""
    document = open_pdf((folder / "in").read_bytes())
    found = (read(document, int(number)) for number in numbers)
    return pages.keep(folder, (page for page in found if page is not None))


def read(document: PdfDocument, number: int) -> Page | None:
    """The page's words with their places and how sure they are; nothing when there are none to be seen.

    Words that the page has beside its picture (a stamp, a running head) come first, and are not said twice.
    """
    width, height = document[number - 1].get_size()
    image = picture.gray(document, number, max(1000, min(5000, round(width / 72 * DOTS))))
    own, *_ = pdf.words_of(document, number - 1)
    rows = _recognize(image) if image else []
    found = without(rows, own) if rows else NO_WORDS
    if not found.texts:
        return None
    known = lines.vocabulary([own, found])
    (stamped, there), (text, places) = lines.write(own, known), lines.write(found, known)
    if stamped:
        stamped += "\n"
        places = [*there, *(_further(place, len(stamped)) for place in places)]
    sure = found.sure or [0]
    return Page(number, stamped + text, places, lines.headings(own), "ocr", round(sum(sure) / len(sure)),
                round(width, 1), round(height, 1))  # fmt: skip


def _further(place: Place, by: int) -> Place:
    return [place[0] + by, place[1] + by, *place[2:]]


def _recognize(image: bytes) -> list[Row]:
    """Tesseract's rows, the first one with the size of the picture, then one for each word."""
    command = ["tesseract", "stdin", "stdout", "--psm", "3", "-l", "eng", "tsv"]
    done = subprocess.run(command, input=image, capture_output=True, timeout=SECONDS, check=False,
                          env={**os.environ, "OMP_THREAD_LIMIT": "1"})  # fmt: skip
    if done.returncode != 0:
        return []
    rows = [row.split("\t") for row in done.stdout.decode("utf-8", "replace").splitlines()[1:]]
    return [row for row in rows if row[0] == "1"][:1] + [row for row in rows if row[0] == "5" and _worth(row)]


def _worth(row: Row) -> bool:
    return len(row) == 12 and float(row[10]) >= SURE and bool(row[11].strip())


def without(rows: list[Row], own: Words) -> Words:
    """The recognized words, without those that the page has as text."""
    found = Words([], [], [], [], [], [])
    taken = list(zip(own.left, own.top, own.wide, own.high, strict=True))
    line = None
    for row in rows[1:]:
        left, top, wide, high = _box(row, rows[0])
        if any(_lies_in(left + wide // 2, top + high // 2, box) for box in taken):
            continue
        if found.texts and row[1:5] != line:
            found.ends.append(len(found.texts) - 1)
        line = row[1:5]
        found.add(row[11].strip(), (left, top, wide, high), round(float(row[10])))
    if found.texts:
        found.ends.append(len(found.texts) - 1)
    return found


def _lies_in(x: int, y: int, box: tuple[int, int, int, int]) -> bool:
    left, top, wide, high = box
    return left <= x <= left + wide and top <= y <= top + high


def _box(row: Row, whole: Row) -> tuple[int, int, int, int]:
    left, top, width, height = (int(value) * SCALE for value in row[6:10])
    across, down = int(whole[8]), int(whole[9])
    return left // across, top // down, max(1, width // across), max(1, height // down)

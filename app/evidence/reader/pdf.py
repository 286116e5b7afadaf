"""The words of a PDF and their places, by PDFium.

A page has hundreds of words, so their boxes are asked for and reckoned with as columns, in loops that Python's own
functions and numpy run: that is many times as fast as a word at a time.
"""

from __future__ import annotations

import ctypes
import math
from collections import deque
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray
from pypdfium2 import PdfDocument, PdfPage

from app.evidence.reader import active, halves, lines, pages
from app.evidence.reader.lines import NO_WORDS, Page, Words
from app.evidence.reader.opening import open_pdf
from app.evidence.rules import Refusal, Refused

SCALE = 10_000
FEW = 20  # visible characters; a page with fewer, and a picture, is a picture
SPARSE = 400  # visible characters; a page with fewer may be a picture with a stamp or a running head
SAMPLES = 7  # words of a page that tell how its writing is turned
NARROW = 12  # ten-thousandths of the page: what is narrower than any letter runs the other way
COVERS = 0.5  # of the page: what a scan covers at least, also one within the margins of a Word document
MOST_STRIPS = 200
UNTOLD = 0.001  # of a page: it may hold a picture
PICTURES = {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM}
SILENT = {pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP}  # annotations that show nothing of their own

# Without types for their arguments, which ctypes would look at anew with every call of many thousand.
_box = ctypes.PYFUNCTYPE(ctypes.c_int)(ctypes.cast(pdfium.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0)
_size = ctypes.PYFUNCTYPE(ctypes.c_double)(ctypes.cast(pdfium.FPDFText_GetFontSize, ctypes.c_void_p).value or 0)

Seen = list[tuple[float, float]]
Found = tuple[Words, float, float, float]  # the words of a page, its width and height, and how much is pictures
Edges = NDArray[np.float64]
Whole = NDArray[np.int64]
Columns = tuple[list[int], list[int], list[int], list[int]]


def work(folder: Path) -> dict[str, Any]:
    """Every page of the PDF `in`; its reading copy where it is not fit to be one itself."""
    data = (folder / "in").read_bytes()
    copy, left_out = active.calmed(data)
    document = open_pdf(data)
    if copy is None and halves.are_worth_it(document):
        return {**halves.keep(folder, document), "left_out": []}
    made = read(document)
    if copy is not None:
        if [page.text for page in read(open_pdf(copy))] != [page.text for page in made]:
            raise Refused(Refusal.ACTIVE)
        (folder / "copy").write_bytes(copy)
    return {**pages.keep(folder, made), "left_out": sorted(left_out)}


def read(document: PdfDocument) -> list[Page]:
    """Every page; one that cannot be opened is a page without words."""
    numbers = range(len(document))
    found = found_in(document, numbers)
    broken = any(lines.goes_on(words) for words, _, _, _ in found)
    known = lines.vocabulary(words for words, _, _, _ in found) if broken else set()
    return made_of(found, numbers, known)


def found_in(document: PdfDocument, numbers: range) -> list[Found]:
    """What stands on these pages, counted from 0."""
    return [words_of(document, at) for at in numbers]


def made_of(found: list[Found], numbers: range, known: set[str]) -> list[Page]:
    """The pages; `known` is only asked about words broken over lines."""
    made = []
    for at, (words, width, height, pictured) in zip(numbers, found, strict=True):
        text, places = lines.write(words, known)
        page = Page(at + 1, text, places, lines.headings(words), width=width, height=height)
        page.pictured = pictured >= COVERS
        if not text or (pictured and len("".join(text.split())) < FEW):
            page.source = "none"
        made.append(page)
    return made


def words_of(document: PdfDocument, at: int) -> Found:
    """The words of a page, its width and height in points, and which share of it pictures cover if it has few words."""
    page = None
    try:
        page = document[at]
        seen, (width, height) = _seen(page), page.get_size()  # as it is shown; flattening gives it other edges
        page = _with_its_forms(document, at, page)
        words = _words(page, seen)
        pictured = _pictured(page, width * height) if sum(map(len, words.texts)) < SPARSE else 0.0
        return words, round(width, 1), round(height, 1), pictured
    except Exception:  # PDFium's own errors, and what broken fonts make of Unicode
        return NO_WORDS, 0.0, 0.0, 0.0
    finally:
        if page is not None:
            page.close()


def _with_its_forms(document: PdfDocument, at: int, page: PdfPage) -> PdfPage:
    """The page with the words that stand in its form fields, stamps and signatures, as they are shown."""
    if not any(_prints(page, number) for number in range(pdfium.FPDFPage_GetAnnotCount(page.raw))):
        return page
    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    return document[at]


def _prints(page: PdfPage, number: int) -> bool:
    annotation = pdfium.FPDFPage_GetAnnot(page.raw, number)
    if not annotation:
        return False
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    pdfium.FPDFPage_CloseAnnot(annotation)
    return kind not in SILENT


def _pictured(page: PdfPage, area: float) -> float:
    """The share of the page that pictures cover. Scanners also leave them in strips, and letters may be drawings."""
    count = pdfium.FPDFPage_CountObjects(page.raw)
    if count > MOST_STRIPS:
        return UNTOLD
    found = [pdfium.FPDFPage_GetObject(page.raw, at) for at in range(count)]
    return sum(map(_covered, found)) / max(1.0, area)


def _covered(thing: Any) -> float:
    """How much of its page a picture covers, or a form that may hold one, in square points."""
    if pdfium.FPDFPageObj_GetType(thing) not in PICTURES:
        return 0.0
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    return max(0.0, right.value - left.value) * max(0.0, top.value - bottom.value)


def _words(page: PdfPage, seen: Seen) -> Words:
    """The page's words in the order in which they are read. PDFium puts the lines of writing that runs upward on the
    page as it is shown in the wrong order, so the page is turned until its writing stands upright."""
    turned = page.get_rotation()
    words, wanted = _words_as_turned(page, seen)
    if wanted != turned:
        page.set_rotation(wanted)
        words, _ = _words_as_turned(page, seen)
        page.set_rotation(turned)
    return words


def _words_as_turned(page: PdfPage, seen: Seen) -> tuple[Words, int]:
    """The words, and how the page would have to be turned for them to stand upright."""
    textpage = page.get_textpage()
    try:
        text = _text(textpage)
        texts, starts, ends = lines.split(text)
        if not texts:
            return NO_WORDS, page.get_rotation()
        raw = ctypes.byref(textpage.raw.contents)
        left, top, wide, high = _columns(seen, _rectangles(raw, starts, list(map(len, texts))))
        sizes = list(map(_size, repeat(raw), [starts[first] for first in (0, *(end + 1 for end in ends[:-1]))]))
        upright = _upright(textpage.raw, starts, page.get_rotation())
        return Words(texts, left, top, wide, high, ends, sizes), upright
    finally:
        textpage.close()


def _upright(raw: Any, starts: list[int], turned: int) -> int:
    """How far the page must be turned for most of its writing to stand upright; as it is where that is mixed."""
    some = starts[:: max(1, len(starts) // SAMPLES)]
    quarters = [round(pdfium.FPDFText_GetCharAngle(raw, at) / math.tau * 4) % 4 for at in some]
    usual = max(set(quarters), key=quarters.count)
    return -90 * usual % 360 if quarters.count(usual) * 2 > len(quarters) else turned


def _text(textpage: Any) -> str:
    """The characters, one for each that PDFium counts, so that their numbers are places in the text."""
    count = textpage.count_chars()
    text = str(textpage.get_text_range()) if count else ""
    if len(text) == count:
        return text
    codes = (pdfium.FPDFText_GetUnicode(textpage.raw, at) for at in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in codes)


class _Room:
    """Where PDFium writes its rectangles, with a pointer to each; used again for every page."""

    def __init__(self, count: int) -> None:
        self.floats = (ctypes.c_float * (4 * count))()
        self.pointers = [ctypes.byref(self.floats, 16 * at) for at in range(count)]
        self.edges: NDArray[np.float32] = np.frombuffer(memoryview(self.floats).cast("B"), np.float32).reshape(count, 4)


_rooms = [_Room(2048)]


def _rectangles(raw: Any, starts: list[int], lengths: list[int]) -> Edges:
    """Left, top, right and bottom of each word's first letter, then of its last, in the page's own coordinates."""
    count = len(starts)
    if len(_rooms[0].pointers) < 2 * count:
        _rooms[0] = _Room(4 * count)
    room = _rooms[0]
    ends = map(int.__add__, starts, [size - 1 for size in lengths])
    deque(map(_box, repeat(raw), chain(starts, ends), room.pointers), 0)
    edges = room.edges[: 2 * count].reshape(2, count, 4).transpose(0, 2, 1).reshape(8, count).astype(np.float64)
    if not np.isfinite(edges).all():
        raise ValueError("a word without a place")
    return edges


def _columns(seen: Seen, edges: Edges) -> Columns:
    """Left, top, width and height of each word, in ten-thousandths of the page as it is seen, turned and cropped."""
    (x0, y0), (ax, ay), (bx, by) = seen
    left, top, right, bottom, left2, top2, right2, bottom2 = edges
    top, bottom = np.maximum(top, top2), np.minimum(bottom, bottom2)
    if ax > 0:  # the page stands upright, and most writing runs from left to right
        lefts, wide = _column(left, right2, ax, x0)
        tops, high = _column(bottom, top, by, y0)
        if wide.min() > NARROW and high.min() > 0:
            return lefts.tolist(), tops.tolist(), wide.tolist(), high.tolist()
    left, right = np.minimum(left, left2), np.maximum(right, right2)
    across, down = ((left, right, ax), (bottom, top, by)) if ax else ((bottom, top, bx), (left, right, ay))
    lefts, wide = _column(*across, x0)
    tops, high = _column(*down, y0)
    wide[high == 0] = 0
    return lefts.tolist(), tops.tolist(), wide.tolist(), high.tolist()


def _column(low: Edges, high: Edges, scale: float, start: float) -> tuple[Whole, Whole]:
    """Where each word begins and how far it reaches, within the page."""
    if scale < 0:
        low, high = high, low
    begin = (low * scale + (start + 0.5)).clip(0, SCALE).astype(np.int64)
    end = (high * scale + (start + 0.5)).clip(0, SCALE).astype(np.int64)
    return begin, end - begin


def _seen(page: PdfPage) -> Seen:
    """Where the page's own origin is seen, and how far one step right and one step up lead."""
    x, y = ctypes.c_int(), ctypes.c_int()
    size = SCALE * 10
    found = []
    for px, py in ((0, 0), (1000, 0), (0, 1000)):
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, size, size, 0, px, py, ctypes.byref(x), ctypes.byref(y))
        found.append((x.value / 10, y.value / 10))
    (x0, y0), (x1, y1), (x2, y2) = found
    return [(x0, y0), ((x1 - x0) / 1000, (y1 - y0) / 1000), ((x2 - x0) / 1000, (y2 - y0) / 1000)]

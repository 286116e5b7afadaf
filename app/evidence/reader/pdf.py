"""The words of a PDF and their places, by PDFium."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfPage

from app.evidence.reader import lines, pages
from app.evidence.reader.lines import BROKEN, Box, Page, Piece
from app.evidence.reader.opening import open_pdf

SCALE = 10_000
FEW = 20  # visible characters; a page with fewer is a picture, or nothing
RUN = re.compile(rf"[^\s{BROKEN}]+{BROKEN}?|{BROKEN}")


def work(folder: Path) -> dict[str, Any]:
    """Every page of the PDF `in`."""
    return pages.keep(folder, read(open_pdf((folder / "in").read_bytes())))


def read(document: PdfDocument) -> list[Page]:
    """Every page; one that cannot be opened is a page without words."""
    found = [_pieces_of(document, at) for at in range(len(document))]
    known = lines.vocabulary([pieces for pieces, _, _ in found])
    made = []
    for number, (pieces, width, height) in enumerate(found, 1):
        text, words = lines.write(pieces, known)
        page = Page(number, text, words, lines.headings(pieces), width=width, height=height)
        if len("".join(text.split())) < FEW:
            page.source = "none"
        made.append(page)
    return made


def _pieces_of(document: PdfDocument, at: int) -> tuple[list[Piece], float, float]:
    page = None
    try:
        page = _with_its_forms(document, at)
        width, height = page.get_size()
        return _pieces(page), round(width, 1), round(height, 1)
    except Exception:  # PDFium's own errors, and what broken fonts make of Unicode
        return [], 0.0, 0.0
    finally:
        if page is not None:
            page.close()


def _with_its_forms(document: PdfDocument, at: int) -> PdfPage:
    """The page with the words that stand in its form fields, stamps and signatures, as they are printed."""
    page = document[at]
    if pdfium.FPDFPage_GetAnnotCount(page.raw) == 0:
        return page
    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_PRINT)
    page.close()
    return document[at]


def _pieces(page: PdfPage) -> list[Piece]:
    textpage = page.get_textpage()
    try:
        raw = textpage.raw
        text = _text(textpage)
        place = _placer(page)
        box = _boxes(raw, place)
        pieces: list[Piece] = []
        previous_end = None
        for match in RUN.finditer(text):
            start, end = match.span()
            if pieces and previous_end is not None:
                pieces[-1].ends_line = "\n" in text[previous_end:start] or pieces[-1].text.endswith(BROKEN)
            pieces.append(Piece(match.group(), box(start, end - 1)))
            previous_end = end
        _measure(raw, text, pieces)
        return pieces
    finally:
        textpage.close()


def _text(textpage: Any) -> str:
    """The characters, one for each that PDFium counts, so that their numbers are places in the text."""
    count = textpage.count_chars()
    text = str(textpage.get_text_range()) if count else ""
    if len(text) == count:
        return text
    codes = (pdfium.FPDFText_GetUnicode(textpage.raw, at) for at in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in codes)


def _placer(page: PdfPage) -> Any:
    """From the page's own coordinates to ten-thousandths of the page as it is seen, turned and cropped."""
    x, y = ctypes.c_int(), ctypes.c_int()
    size = SCALE * 10

    def seen(px: float, py: float) -> tuple[float, float]:
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, size, size, 0, px, py, ctypes.byref(x), ctypes.byref(y))
        return x.value / 10, y.value / 10

    (x0, y0), (x1, y1), (x2, y2) = seen(0, 0), seen(1000, 0), seen(0, 1000)
    ax, bx, ay, by = (x1 - x0) / 1000, (x2 - x0) / 1000, (y1 - y0) / 1000, (y2 - y0) / 1000
    return lambda px, py: (x0 + ax * px + bx * py, y0 + ay * px + by * py)


def _boxes(raw: Any, place: Any) -> Any:
    rect = pdfium.FS_RECTF()
    there = ctypes.byref(rect)
    measure = pdfium.FPDFText_GetLooseCharBox

    def box(first: int, last: int) -> Box | None:
        if not measure(raw, first, there):
            return None
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
        if last > first and measure(raw, last, there):
            left, bottom = min(left, rect.left), min(bottom, rect.bottom)
            right, top = max(right, rect.right), max(top, rect.top)
        return _whole(*place(left, bottom), *place(right, top))

    return box


def _whole(xa: float, ya: float, xb: float, yb: float) -> Box | None:
    """Left, top, width, height within the page; nothing where there is nothing to see."""
    left, right = sorted(max(0, min(SCALE, round(x))) for x in (xa, xb))
    top, bottom = sorted(max(0, min(SCALE, round(y))) for y in (ya, yb))
    return (left, top, right - left, bottom - top) if right > left and bottom > top else None


def _measure(raw: Any, text: str, pieces: list[Piece]) -> None:
    """The size of the letters, once a line."""
    at, begins, size = 0, True, 0.0
    for piece in pieces:
        at = text.index(piece.text, at)
        if begins:
            size = max(0.0, float(pdfium.FPDFText_GetFontSize(raw, at)))
        piece.size, begins = size, piece.ends_line
        at += len(piece.text)

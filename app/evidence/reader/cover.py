"""Blackens places of a PDF so that nothing is left under them.

A page with a box becomes a picture of itself with black boxes, and under it, unseen, the words outside of the boxes.
The other pages keep their text. Only the pages are carried over: no annotation, form, link, bookmark, attachment,
script, thumbnail, description or earlier revision, and nothing that a page's own content does not draw.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, FloatObject, NameObject, StreamObject
from pypdfium2 import PdfDocument

from app.evidence.reader import picture
from app.evidence.reader.opening import open_pdf

DOTS = 200  # to the inch
MARGIN = 12  # ten-thousandths of the page around a box: letters reach a little beyond their place
SCALE = 10_000
WIDE = 0.6  # of its size: every letter of Courier
KEPT = {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/UserUnit", "/Group"}
BESIDE = ("/Metadata", "/PieceInfo", "/AA", "/OPI", "/LastModified", "/StructParent", "/StructParents", "/Alternates")
NAME = re.compile(rb"/([^\s/<>\[\](){}%]+)")
ESCAPED = re.compile(r"#([0-9A-Fa-f]{2})")
Box = list[int]


def work(folder: Path) -> dict[str, Any]:
    """Make `copy` of `in` with the boxes of `given`."""
    sheets = {one["number"]: one for one in json.loads((folder / "given").read_text())}
    (folder / "copy").write_bytes(cover((folder / "in").read_bytes(), sheets))
    return {}


def cover(data: bytes, sheets: dict[int, dict[str, Any]]) -> bytes:
    """The pages in their order, those with boxes as pictures."""
    flat = _flattened(data)
    drawn, source, writer = PdfDocument(flat), PdfReader(io.BytesIO(flat)), PdfWriter()
    for number, page in enumerate(source.pages, 1):
        if number in sheets:
            _add_picture(writer, drawn, number, sheets[number])
        else:
            _bare(page)
            writer.add_page(page)
    return _once_more(writer)


def _flattened(data: bytes) -> bytes:
    """What stands in form fields, stamps and notes becomes part of its page, as it is printed."""
    document = open_pdf(data)
    for page in document:
        if pdfium.FPDFPage_GetAnnotCount(page.raw):
            pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_PRINT)
        page.close()
    out = io.BytesIO()
    document.save(out, flags=pdfium.FPDF_REMOVE_SECURITY)
    return out.getvalue()


def _bare(page: PageObject) -> None:
    """Only what the content draws stays with a page: its resources are often those of all pages together."""
    for key in [key for key in page if key not in KEPT]:
        del page[key]
    content = page.get_contents()
    drawn = content.get_data() if content is not None else b""
    if "/Resources" in page:
        page[NameObject("/Resources")] = _used(page["/Resources"].get_object(), drawn, set())


def _used(resources: Any, content: bytes, seen: set[int]) -> DictionaryObject:
    """A copy of these resources with the things that the content names, and for those the same again."""
    names = {f"/{_plain(found.decode('latin-1'))}" for found in NAME.findall(content)}
    kept = DictionaryObject()
    for kind, held in resources.items():
        held = held.get_object()
        if isinstance(held, DictionaryObject):
            held = DictionaryObject({key: value for key, value in held.items() if _plain(key) in names})
            for value in held.values():
                _tidy(value.get_object(), seen)
        kept[NameObject(kind)] = held
    return kept


def _plain(name: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), name)


def _tidy(thing: Any, seen: set[int]) -> None:
    """A drawing inside of a page has resources of its own."""
    if id(thing) in seen or not isinstance(thing, DictionaryObject):
        return
    seen.add(id(thing))
    for key in BESIDE:
        thing.pop(key, None)
    if isinstance(thing, StreamObject) and "/Resources" in thing:
        thing[NameObject("/Resources")] = _used(thing["/Resources"].get_object(), thing.get_data(), seen)


def _add_picture(writer: PdfWriter, document: PdfDocument, number: int, sheet: dict[str, Any]) -> None:
    width, height = document[number - 1].get_size()
    boxes = [_wider(box) for box in sheet["boxes"]]
    image = writer._add_object(_image(document, number, round(width / 72 * DOTS), boxes))
    page = writer.add_blank_page(width, height)
    words = b"".join(_unseen(word, place, width, height) for word, place in sheet["words"] if not _under(place, boxes))
    content = DecodedStreamObject()
    content.set_data(b"q %.3f 0 0 %.3f 0 0 cm /Page Do Q\n" % (width, height) + b"BT 3 Tr\n" + words + b"ET\n")
    font = DictionaryObject({
        NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Courier"), NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
    })  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject({
        NameObject("/XObject"): DictionaryObject({NameObject("/Page"): image}),
        NameObject("/Font"): DictionaryObject({NameObject("/Words"): font}),
    })  # fmt: skip
    page[NameObject("/Contents")] = writer._add_object(content.flate_encode())


def _wider(box: Box) -> Box:
    left, top, width, height = box
    return [left - MARGIN, top - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN]


def _under(place: Box, boxes: list[Box]) -> bool:
    left, top, width, height = place
    return any(left < x + w and x < left + width and top < y + h and y < top + height for x, y, w, h in boxes)


def _image(document: PdfDocument, number: int, wide: int, boxes: list[Box]) -> StreamObject:
    bitmap, columns, rows, stride = picture._render(document, number, wide, gray=False)
    data = bytearray(bitmap.buffer)
    for left, top, width, height in boxes:
        first, last = _between(left, width, columns)
        start, end = _between(top, height, rows)
        for row in range(start, end):
            at = row * stride
            data[at + 3 * first : at + 3 * last] = bytes(3 * (last - first))
    lines = b"".join(data[row * stride : row * stride + columns * 3] for row in range(rows))
    gray = lines[0::3] == lines[1::3] == lines[2::3]
    image = StreamObject()
    image._data = zlib.compress(lines[0::3] if gray else lines, 6)
    image.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image"),
        NameObject("/Width"): FloatObject(columns), NameObject("/Height"): FloatObject(rows),
        NameObject("/ColorSpace"): NameObject("/DeviceGray" if gray else "/DeviceRGB"),
        NameObject("/BitsPerComponent"): FloatObject(8), NameObject("/Filter"): NameObject("/FlateDecode"),
    })  # fmt: skip
    return image


def _between(start: int, length: int, dots: int) -> tuple[int, int]:
    """From ten-thousandths to dots, and never a dot too few."""
    return max(0, start * dots // SCALE), min(dots, -(-(start + length) * dots // SCALE))


def _unseen(word: str, place: Box, width: float, height: float) -> bytes:
    """The word at its place, as wide as its place, drawn with no ink."""
    letters = re.sub(rb"([\\()])", rb"\\\1", word.encode("cp1252", "ignore"))
    if not letters or not place[2] or not place[3]:
        return b""
    left, wide, high = place[0] * width / SCALE, place[2] * width / SCALE, place[3] * height / SCALE
    bottom = height - (place[1] + place[3]) * height / SCALE
    stretch = 100 * wide / (len(word) * WIDE * high)
    return b"/Words %.2f Tf %.2f Tz 1 0 0 1 %.2f %.2f Tm (%s ) Tj\n" % (high, stretch, left, bottom + high / 5, letters)


def _once_more(writer: PdfWriter) -> bytes:
    """Written, read and written again page by page: what no page leads to any more is left behind."""
    first, last = io.BytesIO(), io.BytesIO()
    writer.write(first)
    again = PdfWriter()
    for page in PdfReader(first).pages:
        again.add_page(page)
    again.metadata = None
    again.write(last)
    return last.getvalue()

"""What is blackened is gone: for two readers, in the bytes, and in the bytes of every stream taken apart."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    RectangleObject,
    TextStringObject,
)
from pypdfium2 import PdfDocument

from app.evidence.passages import boxes, locate
from app.evidence.reader import child
from app.evidence.reader.covering import Sheet, covered
from app.evidence.reader.lines import Page
from app.evidence.rules import Kind, Refused

SECRET = "482913"
LINES = ["Policy on labels", f"Sample label MRN {SECRET} shown here", "Each label carries the expiry date"]


def words(page: Page) -> list[tuple[str, tuple[int, int, int, int]]]:
    return [(page.text[one[0] : one[1]], (one[2], one[3], one[4], one[5])) for one in page.words]


def sheet(page: Page, quote: str = SECRET) -> Sheet:
    span = locate(page.text, quote)
    assert span is not None
    return Sheet(page.number, boxes(page.words, [span]), words(page))


def stream(writer: pypdf.PdfWriter, data: bytes, **entries: object) -> object:
    made = DecodedStreamObject()
    made.set_data(data)
    made.update({NameObject(f"/{name}"): value for name, value in entries.items()})
    return writer._add_object(made)


def text(lines: list[str], top: int = 700) -> bytes:
    return b"".join(f"BT /F1 14 Tf 72 {top - 30 * at} Td ({line}) Tj ET\n".encode() for at, line in enumerate(lines))


def document(*pages: list[str], shared: bool = True) -> pypdf.PdfWriter:
    """Pages that share one dictionary of resources, which holds what only the first of them draws."""
    writer = pypdf.PdfWriter()
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
                             NameObject("/BaseFont"): NameObject("/Helvetica")})  # fmt: skip
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    form = stream(writer, text([f"In a drawing {SECRET}"], 300), Type=NameObject("/XObject"),
                  Subtype=NameObject("/Form"), BBox=ArrayObject(map(FloatObject, (0, 0, 612, 792))),
                  Resources=DictionaryObject({NameObject("/Font"): fonts}))  # fmt: skip
    resources = writer._add_object(DictionaryObject({
        NameObject("/Font"): fonts, NameObject("/XObject"): DictionaryObject({NameObject("/Inside"): form}),
    }))  # fmt: skip
    for at, lines in enumerate(pages):
        page = writer.add_blank_page(612, 792)
        page[NameObject("/Resources")] = resources
        page[NameObject("/Contents")] = stream(writer, text(lines) + (b"/Inside Do\n" if at == 0 and shared else b""))
    return writer


def written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def gone(data: bytes, tmp_path: Path, secret: str = SECRET) -> None:
    """Nobody finds it: pypdf, PDFium, the raw bytes, and the bytes with every stream taken apart."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert all(secret not in page.extract_text() for page in reader.pages)
    assert all(secret not in page.get_textpage().get_text_range() for page in PdfDocument(data))
    plain = [data, *(one.get_data() for one in streams(reader))]
    if shutil.which("qpdf"):
        (tmp_path / "in.pdf").write_bytes(data)
        subprocess.run(
            ["qpdf", "--qdf", "--object-streams=disable", tmp_path / "in.pdf", tmp_path / "out.pdf"], check=True
        )
        plain.append((tmp_path / "out.pdf").read_bytes())
    for form in (secret.encode(), secret.encode("utf-16-be"), secret.encode().hex().encode()):
        assert all(form not in one for one in plain)


def streams(reader: pypdf.PdfReader) -> list[pypdf.generic.StreamObject]:
    found = []
    size: Any = reader.trailer["/Size"]
    for number in range(1, size):
        thing = reader.get_object(number)
        if isinstance(thing, pypdf.generic.StreamObject) and thing.get("/Subtype") != "/Image":
            found.append(thing)
    return found


def test_what_is_under_a_box_is_gone_and_the_other_words_are_found_where_they_were(tmp_path: Path) -> None:
    data = written(document(LINES, ["The second page keeps its text"], shared=False))
    before = child.read(data, Kind.PDF).pages
    made = covered(data, [sheet(before[0])])
    gone(made, tmp_path)
    after = child.read(made, Kind.PDF).pages
    assert after[0].text.split() == [word for word in before[0].text.split() if word != SECRET]
    assert after[1].text == before[1].text
    stayed = [(word, place) for word, place in words(before[0]) if word != SECRET]
    for (word, place), (again, now) in zip(stayed, words(after[0]), strict=True):
        assert word == again and all(abs(one - then) < 130 for one, then in zip(now, place, strict=True)), word
    assert pypdf.PdfReader(io.BytesIO(made)).pages[1].get_contents() is not None


def test_the_place_is_black_on_the_picture_and_the_rest_of_the_page_is_as_it_was(tmp_path: Path) -> None:
    data = written(document(LINES, shared=False))
    page = child.read(data, Kind.PDF).pages[0]
    covering = sheet(page)
    before, after = (PdfDocument(one)[0].render(scale=2, grayscale=True) for one in (data, covered(data, [covering])))
    [(left, top, width, height)] = covering.boxes
    row = round((top + height / 2) / 10_000 * after.height)
    across = [bytes(one.buffer)[row * one.stride : row * one.stride + one.width] for one in (before, after)]
    start, end = (round(edge / 10_000 * after.width) for edge in (left, left + width))
    assert set(across[1][start:end]) == {0} and len(set(across[0][start:end])) > 1
    assert set(across[1][end + 12 :]) >= {255}


def test_a_drawing_that_another_page_could_reach_goes_too(tmp_path: Path) -> None:
    data = written(document(LINES, ["Nothing to hide here"]))
    page = child.read(data, Kind.PDF).pages[0]
    drawing = boxes(page.words, [(page.text.rindex(SECRET), page.text.rindex(SECRET) + 6)])
    made = covered(data, [Sheet(1, [*sheet(page).boxes, *drawing], words(page))])
    gone(made, tmp_path)
    assert "Nothing to hide here" in child.read(made, Kind.PDF).pages[1].text


def beside() -> pypdf.PdfWriter:
    """A file that says the same number in every other place where a PDF can."""
    writer = document(LINES, ["The second page"], shared=False)
    writer.add_metadata({"/Title": f"Label of {SECRET}", "/Author": SECRET})
    writer.add_attachment("list.txt", f"MRN {SECRET}".encode())
    writer.add_outline_item(title=f"Label {SECRET}", page_number=1)
    writer.add_annotation(1, FreeText(text=f"Ask about {SECRET}", rect=(72, 72, 400, 120)))
    writer.add_uri(1, f"https://ward.example/{SECRET}", RectangleObject((10, 10, 60, 60)))
    second = writer.pages[1]
    second[NameObject("/PieceInfo")] = stream(writer, SECRET.encode())
    second[NameObject("/Thumb")] = stream(writer, SECRET.encode())
    second[NameObject("/Metadata")] = stream(writer, f"<x>{SECRET}</x>".encode())
    writer.root_object[NameObject("/Metadata")] = stream(writer, f"<x>{SECRET}</x>".encode())
    field = DictionaryObject({
        NameObject("/FT"): NameObject("/Tx"), NameObject("/T"): TextStringObject("mrn"),
        NameObject("/V"): TextStringObject(SECRET), NameObject("/Type"): NameObject("/Annot"),
        NameObject("/Subtype"): NameObject("/Widget"), NameObject("/F"): NumberObject(2),
        NameObject("/Rect"): ArrayObject(map(FloatObject, (0, 0, 0, 0))),
    })  # fmt: skip
    kept = writer._add_object(field)
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): ArrayObject([kept])})
    annotations: Any = second["/Annots"]
    second[NameObject("/Annots")] = ArrayObject([*annotations, kept])
    return writer


def test_nothing_is_left_beside_the_pages_either(tmp_path: Path) -> None:
    data = written(beside())
    pages = child.read(data, Kind.PDF).pages
    made = covered(data, [sheet(pages[0])])
    gone(made, tmp_path)
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert (reader.attachments, reader.outline, reader.get_fields()) == ({}, [], None)
    assert all("/Annots" not in page for page in reader.pages)
    assert child.read(made, Kind.PDF).pages[1].text == pages[1].text


def test_what_stands_in_a_stamp_is_part_of_its_page_and_can_be_covered_and_other_stamps_stay(tmp_path: Path) -> None:
    writer = document(LINES[:1], LINES[2:], shared=False)
    for page, line in zip(writer.pages, [f"Stamp {SECRET}", "Approved in March"], strict=True):
        look = stream(writer, text([line], 20), Type=NameObject("/XObject"), Subtype=NameObject("/Form"),
                      BBox=ArrayObject(map(FloatObject, (0, 0, 400, 60))), Resources=page["/Resources"])  # fmt: skip
        stamp = DictionaryObject({
            NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Stamp"),
            NameObject("/Rect"): ArrayObject(map(FloatObject, (60, 300, 460, 360))), NameObject("/F"): NumberObject(4),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): look}),
            NameObject("/Contents"): TextStringObject(line),
        })  # fmt: skip
        page[NameObject("/Annots")] = ArrayObject([writer._add_object(stamp)])
    data = written(writer)
    pages = child.read(data, Kind.PDF).pages
    made = covered(data, [sheet(pages[0])])
    gone(made, tmp_path)
    after = child.read(made, Kind.PDF).pages
    assert set(after[0].text.split()) == {"Policy", "on", "labels", "Stamp"}
    assert "Approved in March" in after[1].text


def test_an_earlier_revision_does_not_come_along(tmp_path: Path) -> None:
    first = written(document([f"Here was {SECRET}"], shared=False))
    later = pypdf.PdfWriter(io.BytesIO(first), incremental=True)
    later.pages[0][NameObject("/Contents")] = stream(later, text(LINES))
    data = written(later)
    assert data.startswith(first)
    page = child.read(data, Kind.PDF).pages[0]
    gone(covered(data, [sheet(page)]), tmp_path)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_covered_where_it_is_seen(tmp_path: Path, turn: int) -> None:
    writer = document(LINES, shared=False)
    writer.pages[0][NameObject("/Rotate")] = NumberObject(turn)
    data = written(writer)
    page = child.read(data, Kind.PDF).pages[0]
    made = covered(data, [sheet(page)])
    gone(made, tmp_path)
    size = PdfDocument(made)[0].get_size()
    assert size == PdfDocument(data)[0].get_size()


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(Refused):
        covered(b"no document", [Sheet(1, [(0, 0, 10, 10)], [])])

"""Words stand where they are said to stand, in the order in which people read, however a page is turned or cut."""

from __future__ import annotations

import shutil
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import typst
from docx.shared import Inches
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, RectangleObject, StreamObject, TextStringObject

from app.evidence.reader import child, ocr
from app.evidence.reader.lines import NO_WORDS, Page
from app.evidence.rules import Kind
from tests.factories import files

WIDE = 1000  # pixels
DARK = 128
LIGHT = bytes(1 if shade < DARK else 0 for shade in range(256))
COLUMNS = """#set page(width: 400pt, height: 300pt, margin: 30pt, columns: 2)
#set text(size: 10pt, font: "Libertinus Serif")
= Spills
Two pairs of gloves are worn, and the gown is closed at the back. #colbreak()
The kit hangs by the door; its seal is looked at every morning."""
LEFT, RIGHT = "Two pairs of gloves", "The kit hangs by the door"
needs_recognition = pytest.mark.skipif(not shutil.which("tesseract"), reason="text recognition is not installed here")


def gray(data: bytes, number: int = 1) -> tuple[bytearray, int, int]:
    """A page in shades of gray: its points row by row, and how many there are across and down."""
    page = pypdfium2.PdfDocument(data)[number - 1]
    drawn = page.render(scale=WIDE / page.get_width(), grayscale=True)
    rows = bytes(drawn.buffer)
    kept = b"".join(rows[row * drawn.stride : row * drawn.stride + drawn.width] for row in range(drawn.height))
    return bytearray(kept), drawn.width, drawn.height


def ink(points: bytes | bytearray) -> int:
    return points.translate(LIGHT).count(1)


def uncovered(data: bytes, page: Page) -> float:
    """The share of a page's ink that lies in none of its words' boxes; every box holds some."""
    points, across, down = gray(data)
    before = ink(points)
    for _, _, left, top, wide, high, *_ in page.words:
        first, after = left * across // 10_000, -(-(left + wide) * across // 10_000)
        inside = 0
        for row in range(top * down // 10_000, min(down, -(-(top + high) * down // 10_000))):
            inside += ink(points[row * across + first : row * across + after])
            points[row * across + first : row * across + after] = b"\xff" * (after - first)
        assert inside, (left, top, wide, high)
    return ink(points) / before


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [False, True])
def test_columns_are_read_in_order_and_boxes_cover_their_words_however_a_page_is_turned_and_cut(
    turned: int, cropped: bool
) -> None:
    def change(writer: pypdf.PdfWriter) -> None:
        page = writer.pages[0]
        page.rotate(turned)
        if cropped:
            page.cropbox = RectangleObject((20, 60, 390, 290))

    data = files.changed(files.pdf(COLUMNS), change)
    [page] = child.read(data, Kind.PDF).pages
    said = " ".join(page.text.split())
    assert said.startswith("Spills") and said.index(LEFT) < said.index("back.") < said.index(RIGHT)
    assert page.headings == ["Spills"]
    assert (page.width, page.height) == pypdfium2.PdfDocument(data)[0].get_size()
    assert uncovered(data, page) < 0.005


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_whose_writing_is_turned_and_that_is_turned_back_reads_the_same(turned: int) -> None:
    def change(writer: pypdf.PdfWriter) -> None:
        page = writer.pages[0].rotate(360 - turned)
        page.transfer_rotation_to_content()
        page.rotate(turned)

    plain = files.pdf(COLUMNS)
    data = files.changed(plain, change)
    [page], [before] = child.read(data, Kind.PDF).pages, child.read(plain, Kind.PDF).pages
    assert page.text == before.text and uncovered(data, page) < 0.005


@pytest.mark.parametrize("turned", [90, -90])
def test_a_wide_table_that_was_turned_to_fit_is_read_line_by_line(turned: int) -> None:
    lines = [f"Row {number} of the table" for number in "ABCD"]
    written = " #linebreak() ".join(lines)
    data = files.pdf(f"#set page(width: 300pt, height: 400pt)\n#rotate({turned}deg, reflow: true)[{written}]")
    [page] = child.read(data, Kind.PDF).pages
    assert page.text.splitlines() == lines and uncovered(data, page) < 0.005


def test_writing_in_every_direction_is_covered() -> None:
    turned = "".join(f"#rotate({angle}deg, reflow: true)[Words at {angle}] " for angle in (-90, 0, 90, 180))
    data = files.pdf(f"#set page(width: 300pt, height: 400pt, margin: 30pt)\n{turned}")
    [page] = child.read(data, Kind.PDF).pages
    assert uncovered(data, page) < 0.005 and page.text.count("Words") == 4


def test_soft_hyphens_are_no_letters_and_a_word_broken_by_one_is_whole() -> None:
    source = (
        "#set page(width: 120pt, height: 200pt, margin: 20pt)\n#set text(size: 10pt)\nWe treat hyper-?sensi-?tivity."
    )
    data = files.pdf(source.replace("-?", "\u00ad"))
    [page] = child.read(data, Kind.PDF).pages
    assert "hypersensitivity." in page.text and "\u00ad" not in page.text
    start = page.text.index("hypersensitivity")
    assert len([place for place in page.words if place[0] == start]) == 2


def test_a_stamp_over_a_page_is_read_with_it_and_moves_no_other_word() -> None:
    plain = files.pdf(COLUMNS)
    before = child.read(plain, Kind.PDF).pages[0]
    [page] = child.read(files.changed(plain, stamped), Kind.PDF).pages
    assert "RECEIVED" in page.text and (page.width, page.height) == (before.width, before.height)
    kept = {tuple(place[2:]) for place in page.words}
    assert {tuple(place[2:]) for place in before.words} <= kept


def stamped(writer: pypdf.PdfWriter) -> None:
    """A stamp that reaches beyond the edge of its page."""
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
                             NameObject("/BaseFont"): NameObject("/Helvetica")})  # fmt: skip
    look = StreamObject()
    look.set_data(b"BT /F 12 Tf 5 5 Td (RECEIVED) Tj ET")
    look.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): RectangleObject((0, 0, 200, 20)),
        NameObject("/Resources"): DictionaryObject({
            NameObject("/Font"): DictionaryObject({NameObject("/F"): writer._add_object(font)})}),
    })  # fmt: skip
    stamp = DictionaryObject({
        NameObject("/Subtype"): NameObject("/Stamp"), NameObject("/Rect"): RectangleObject((300, 5, 500, 25)),
        NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(look)}),
        NameObject("/Contents"): TextStringObject("Received"),
    })  # fmt: skip
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(stamp)])


def scanned(folder: Path, words: str, beside: str) -> bytes:
    """A page that is a picture of words, with others beside it as text, as a copier stamps them."""
    size = "#set page(width: 400pt, height: 300pt, margin: 0pt"
    page = files.pdf(f"{size})\n#place(dx: 30pt, dy: 60pt, block(width: 300pt)[{words}])")
    (folder / "page.png").write_bytes(child.picture(page, 1, 1600))
    form = folder / "page.typ"
    form.write_text(f'{size}, background: image("page.png"))\n#place(dx: 30pt, dy: 8pt)[{beside}]')
    return bytes(typst.compile(form))


@needs_recognition
def test_a_scan_with_a_stamped_head_is_recognized_and_the_head_is_not_said_twice(tmp_path: Path) -> None:
    data = scanned(tmp_path, "Two pairs of gloves are worn by everybody.", "Policy ON-7 Effective 2026-01-05")
    [page] = child.read(data, Kind.PDF).pages
    assert page.source == "ocr" and page.confidence is not None and page.confidence > 60
    lines = page.text.splitlines()
    assert lines[0] == "Policy ON-7 Effective 2026-01-05" and page.text.count("Policy") == 1
    assert "Two pairs of gloves are worn by everybody." in page.text
    assert [page.text[start:end] for start, end, *_ in page.words] == page.text.split()
    assert uncovered(data, page) < 0.02


@needs_recognition
def test_a_scan_that_was_pasted_into_a_word_document_is_recognized_on_its_copy(tmp_path: Path) -> None:
    page = files.pdf('#set page(paper: "us-letter")\n#set text(size: 14pt)\nTwo pairs of gloves are worn by everybody.')
    (tmp_path / "page.png").write_bytes(child.picture(page, 1, 1800))
    data = files.word(lambda document: document.add_picture(str(tmp_path / "page.png"), width=Inches(6.5)))
    reading = child.read(data, Kind.WORD)
    assert "Two pairs of gloves are worn by everybody." in " ".join(page.text for page in reading.pages)
    assert "Reading copy" not in " ".join(page.text for page in reading.pages)


@needs_recognition
def test_a_page_of_words_over_a_picture_is_not_sent_to_recognition(tmp_path: Path) -> None:
    data = scanned(tmp_path, "Paper", "Two pairs of gloves are worn by everybody. " * 12)
    [page] = child.read(data, Kind.PDF).pages
    assert page.source == "text"


@needs_recognition
def test_only_words_of_which_recognition_was_unsure_say_how_sure_it_was() -> None:
    rows = [["1", *"00000", *"0000", "", ""], ["5", "1", "1", "1", "1", "1", "10", "10", "20", "8", "93.2", "clear"],
            ["5", "1", "1", "1", "1", "2", "40", "10", "20", "8", "44.6", "b1ur"]]  # fmt: skip
    rows[0][8:10] = ["100", "100"]
    found = ocr.without(rows, NO_WORDS)
    assert (found.texts, found.sure, found.left) == (["clear", "b1ur"], [93, 45], [1000, 4000])


def test_a_page_of_few_words_without_a_picture_is_text_and_one_without_any_is_nothing() -> None:
    data = files.pdf("#set page(width: 300pt, height: 200pt)\nAnnex A\n#pagebreak()\n#line(length: 100%)")
    assert [page.source for page in child.read(data, Kind.PDF).pages] == ["text", "none"]

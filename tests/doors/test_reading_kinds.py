"""Files of every kind become pages and a reading copy: nothing of their words is lost, nothing in them acts."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner
from docx.shared import Pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from app.cli.text import text as text_command
from app.evidence.reader import active, child
from app.evidence.reader.child import Reading
from app.evidence.rules import Kind, LeftOut, Refused
from tests.factories import files

FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
HEADER = (
    '<style:master-page style:name="Standard"><style:header><text:p>Policy ON-9<text:tab/>Effective 2026-02-01</text:p>'
    "</style:header><style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer>"
    "</style:master-page>"
)
RICH = (
    r"{\header \pard Policy ON-7\tab Effective 2026-01-05\par}"
    r"{\footer \pard Page {\field{\*\fldinst PAGE}{\fldrslt 1}}\par}"
    r"\pard Wear two pairs of gloves \'93always\'94.\par"
)


def read(data: bytes, name: str) -> Reading:
    kind, _ = child.check(data, name)
    return child.read(data, kind)


def first(data: bytes, name: str) -> str:
    return read(data, name).pages[0].text


def boxed(text: str, *, old: bool = False) -> str:
    inside = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    before = f"<w:r><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></w:r>"
    if old:
        return before
    new = f"<w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp>"
    new += "</a:graphicData></a:graphic></wp:anchor></w:drawing>"
    fallback = before.removeprefix("<w:r>").removesuffix("</w:r>")
    choice = f'<mc:Choice Requires="wps">{new}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>'
    return f"<w:r><mc:AlternateContent>{choice}</mc:AlternateContent></w:r>"


def test_the_head_and_foot_of_a_word_document_stand_once_at_the_top_of_its_copy() -> None:
    def write(document: object) -> None:
        section = document.sections[0]  # type: ignore[attr-defined]
        table = section.header.add_table(1, 2, Pt(400))
        table.cell(0, 0).text, table.cell(0, 1).text = "Policy ON-7", "Effective 2026-01-05"
        foot = section.footer.paragraphs[0]
        foot.text = "Reviewed every two years. Page "
        for part in ("begin", None, "separate", "number", "end"):
            xml = (
                FIELD.format(part)
                if part in ("begin", "separate", "end")
                else "<w:r><w:instrText>PAGE</w:instrText></w:r>"
            )
            foot._p.append(files.word_part("<w:r><w:t>17</w:t></w:r>" if part == "number" else xml))
        document.add_heading("Spill response", 1)  # type: ignore[attr-defined]
        for _ in range(60):
            document.add_paragraph("Wear two pairs of gloves.")  # type: ignore[attr-defined]

    reading = read(files.word(write), "Policy.docx")
    lines = reading.pages[0].text.splitlines()
    assert lines[:3] == ["Policy ON-7 Effective 2026-01-05", "Reviewed every two years. Page", "Spill response"]
    assert len(reading.pages) == 2 and "ON-7" not in reading.pages[1].text
    shown = pypdf.PdfReader(io.BytesIO(reading.copy or b""))
    assert "At the head of every page" in shown.pages[0].extract_text()
    assert [entry["/Title"] for entry in shown.outline] == ["Spill response"]  # type: ignore[call-overload]


def test_no_words_of_boxes_and_controls_of_a_word_document_are_lost() -> None:
    def write(document: object) -> None:
        for text, run in (("Before one.", boxed("Box one")), ("Before two.", boxed("Box two", old=True))):
            document.add_paragraph(text)._p.append(files.word_part(run))  # type: ignore[attr-defined]
        control = "<w:sdt><w:sdtContent><w:r><w:t>Controlled</w:t></w:r></w:sdtContent></w:sdt>"
        document.add_paragraph("Number: ")._p.append(files.word_part(control))  # type: ignore[attr-defined]

    said = first(files.word(write), "Policy.docx").splitlines()
    assert said == ["Before one.", "Box one", "Before two.", "Box two", "Number: Controlled"]


def test_an_open_document_keeps_its_head_headings_lists_tables_notes_and_boxes() -> None:
    body = (
        '<text:h text:outline-level="1">Spill response</text:h>'
        "<text:p>Gloves.<draw:frame><draw:text-box><text:p>In a frame</text:p></draw:text-box></draw:frame></text:p>"
        "<text:p>Shape<draw:custom-shape><text:p>In a shape</text:p></draw:custom-shape></text:p>"
        "<text:list><text:list-item><text:p>An item</text:p></text:list-item></text:list>"
        "<table:table><table:table-column/><table:table-row><table:table-cell><text:p>A cell</text:p>"
        "</table:table-cell></table:table-row></table:table>"
        "<text:p>Said<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note</text:p>"
        "</text:note-body></text:note></text:p>"
    )
    reading = read(files.open_document(body, HEADER), "Policy.odt")
    said = reading.pages[0].text
    assert said.splitlines()[:2] == ["Policy ON-9 Effective 2026-02-01", "Spill response"]
    for words in ("Gloves.", "In a frame", "In a shape", "An item", "A cell", "A note"):
        assert said.count(words) == 1, words
    assert reading.pages[0].headings == ["Spill response"]


def test_rich_text_keeps_its_head_and_letters_and_nothing_in_it_is_fetched_or_run() -> None:
    active_parts = (
        r'{\field{\*\fldinst INCLUDEPICTURE "http://127.0.0.1:9/x.png" \\d}{\fldrslt shown}}\par'
        r"{\object\objemb{\*\objclass Package}{\*\objdata 01050000}{\result{\pard instead\par}}}{\*\template C:\\e.dot}"
    )
    reading = read(files.rich(RICH + active_parts), "Policy.rtf")
    said = reading.pages[0].text
    assert said.splitlines()[:2] == [
        "Policy ON-7 Effective 2026-01-05", "Wear two pairs of gloves \u201calways\u201d."]  # fmt: skip
    assert reading.left_out == [LeftOut.EMBEDDED, LeftOut.FETCHING, LeftOut.TEMPLATE]
    assert b"127.0.0.1" not in (reading.copy or b"") and "0105" not in said


@pytest.mark.parametrize("alphabet", ["utf-8", "utf-16", "cp1252"])
def test_plain_text_keeps_its_lines_and_its_page_breaks(alphabet: str) -> None:
    said = "POLICY ON-12\r\n\r\n  1. Purpose \u2013 gloves\r\n\f" + "word " * 60 + "\r\n"
    pages = read(said.encode(alphabet), "policy.txt").pages
    assert [page.text.splitlines()[0] for page in pages] == ["POLICY ON-12", ("word " * 17).strip()]
    assert "1. Purpose \u2013 gloves" in pages[0].text and pages[1].text.split() == ["word"] * 60


def test_a_picture_from_another_place_is_never_fetched_and_that_is_said() -> None:
    body = '<text:p>Words<draw:frame><draw:image xlink:href="http://127.0.0.1:9/x.png"/></draw:frame></text:p>'
    reading = read(files.open_document(body), "Policy.odt")
    assert reading.left_out == [LeftOut.PICTURES] and "Words" in reading.pages[0].text


def script() -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject("/JavaScript"),
                             NameObject("/JS"): TextStringObject("app.alert(1)")})  # fmt: skip


def action(kind: str) -> DictionaryObject:
    target = {NameObject("/F"): TextStringObject("other.pdf")}
    return DictionaryObject({NameObject("/S"): NameObject(kind), **target, NameObject("/Next"): script()})


def loaded(writer: pypdf.PdfWriter) -> None:
    """Everything that a PDF can do."""
    root, page = writer.root_object, writer.pages[0]
    root[NameObject("/OpenAction")] = script()
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): script()})
    writer.add_attachment("budget.xls", b"secret figures")
    root[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    box = ArrayObject([])
    for kind in ("/Launch", "/GoToR", "/SubmitForm", "/ImportData"):
        link = {NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action(kind)}
        box.append(writer._add_object(DictionaryObject(link)))
    box.append(writer._add_object(DictionaryObject({NameObject("/Subtype"): NameObject("/RichMedia")})))
    page[NameObject("/Annots")] = box


def test_the_copy_of_a_pdf_that_acts_has_the_same_pages_and_nothing_that_acts() -> None:
    plain = files.pdf("#set page(width: 300pt, height: 200pt)\n= Spills\nTwo pairs of gloves.\n#pagebreak()\nMore.")
    data = files.changed(plain, loaded)
    reading = read(data, "Policy.pdf")
    assert reading.copy is not None and not active.may_act(reading.copy)
    assert set(reading.left_out) == {
        LeftOut.SCRIPTS, LeftOut.STARTING, LeftOut.SUBMITTING, LeftOut.PROGRAM, LeftOut.ATTACHED, LeftOut.MEDIA,
        LeftOut.LINKED,
    }  # fmt: skip
    assert [page.text for page in reading.pages] == [page.text for page in child.read(plain, Kind.PDF).pages]
    assert child.picture(reading.copy, 1, 480) == child.picture(plain, 1, 480)
    for word in (b"app.alert", b"secret figures", b"other.pdf", b"budget"):
        assert word not in reading.copy


def test_a_pdf_that_only_opens_at_a_page_and_links_to_the_web_stays_its_own_copy() -> None:
    def open_at(writer: pypdf.PdfWriter) -> None:
        at = DictionaryObject({NameObject("/S"): NameObject("/GoTo"),
                               NameObject("/D"): ArrayObject([writer.pages[0].indirect_reference])})  # fmt: skip
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(at)

    data = files.changed(files.pdf('#link("https://example.org")[The Standards]'), open_at)
    reading = child.read(data, Kind.PDF)
    assert (reading.copy, reading.left_out) == (None, [])


SMALL = {
    "x.odt": files.open_document("<text:h>Title</text:h><text:p>Words</text:p>", HEADER),
    "x.rtf": files.rich(RICH),
    "x.txt": "POLICY ON-12\nGloves \u2013 always.\n".encode("utf-16"),
}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SMALL)), st.data())
def test_a_cut_or_changed_file_is_read_or_refused_in_one_sentence(name: str, data: st.DataObject) -> None:
    given = bytearray(SMALL[name])
    for _ in range(data.draw(st.integers(0, 4))):
        given[data.draw(st.integers(0, len(given) - 1))] = data.draw(st.integers(0, 255))
    given = given[: data.draw(st.integers(1, len(given)))]
    try:
        assert isinstance(read(bytes(given), name), Reading)
    except Refused as refused:
        assert re.fullmatch(r"[A-Z][^\n]+\.", refused.reason)


@pytest.mark.parametrize("name", sorted(SMALL))
def test_the_command_prints_one_object_a_line_for_every_kind(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(SMALL[name])
    done = CliRunner().invoke(text_command, [str(tmp_path / name), "--json"])
    [page] = [json.loads(line) for line in done.output.splitlines()]
    assert set(page) == {"page", "text", "source"} and (page["page"], page["source"]) == (1, "text")

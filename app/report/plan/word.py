"""The Compliance Action Plan as a Word document, from the same data as its PDF."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from app.kernel.words import day

INK, GREY, RUST = RGBColor(0x16, 0x32, 0x4A), RGBColor(0x4D, 0x58, 0x61), RGBColor(0x86, 0x28, 0x1A)
FACE = "Georgia"
WORDS = {"accept": "Accepted", "return": "Returned"}
OVERVIEW = (("Line", 14), ("Row", 15), ("Standard or element, sites", 62), ("Responsible", 42), ("Target", 24),
            ("Verdict", 19))  # fmt: skip


def action_plan(data: dict[str, Any]) -> bytes:
    """The plan as DOCX: an overview, then each line in full with its verdicts."""
    doc = Document()
    _page(doc)
    _styles(doc)
    _running(doc, data)
    _title(doc, data)
    _overview(doc, data)
    doc.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    doc.add_heading("The lines", 1)
    for line in data["lines"]:
        _line(doc, line, data["sites"])
    out = io.BytesIO()
    doc.save(out)
    return out.getvalue()


def _page(doc: DocxDocument) -> None:
    section = doc.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)


def _styles(doc: DocxDocument) -> None:
    sizes = {"Normal": (10.5, False), "Title": (24, True), "Heading 1": (15, True), "Heading 2": (12.5, True)}
    for name, (size, strong) in sizes.items():
        style = doc.styles[name]
        style.font.name, style.font.size, style.font.bold = FACE, Pt(size), strong
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FACE)
        for theme in ("asciiTheme", "hAnsiTheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
        if name != "Normal":
            style.font.color.rgb = INK
    doc.styles["Normal"].paragraph_format.space_after = Pt(4)
    doc.styles["Heading 2"].paragraph_format.space_before = Pt(16)
    doc.styles["Heading 2"].paragraph_format.keep_with_next = True
    border = doc.styles["Title"].element.find(f".//{qn('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)


def _running(doc: DocxDocument, data: dict[str, Any]) -> None:
    section = doc.sections[0]
    mark = "Sample edition" if data.get("sample") else ""
    head = section.header.paragraphs[0]
    _run(head, f"QOPI Certification Program   ·   Case {data['case']}   {mark and '·   ' + mark}", GREY, 8.5)
    foot = section.footer.paragraphs[0]
    _run(foot, "Working copy in Word. The signed paper is the PDF in the portal.   Page ", GREY, 8.5)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        _field(foot, kind, text)


def _field(paragraph: Paragraph, kind: str | None, text: str | None) -> None:
    run = paragraph.add_run()
    run.font.size, run.font.color.rgb = Pt(8.5), GREY
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
    else:
        mark = OxmlElement("w:instrText")
        mark.text = text
    run._r.append(mark)


def _title(doc: DocxDocument, data: dict[str, Any]) -> None:
    doc.core_properties.title = data["title"]
    doc.core_properties.author = data["practice"]["legal_name"]
    doc.core_properties.language = "en-US"
    doc.add_paragraph("Compliance Action Plan", style="Title")
    _run(doc.add_paragraph(), data["practice"]["public_name"], INK, 15)
    facts = [("Answers", data["ccr"]), ("Edition", f"{data['edition']['name']}, {data['edition']['version']}")]
    if data["submitted_on"]:
        by = ", ".join(part for part in data["submitted_by"].values() if part)
        facts.append(("Sent", f"{_day(data['submitted_on'])}, round {data['round']}, by {by}"))
    if data["evidence_by"]:
        facts.append(("Evidence due", f"{_day(data['evidence_by'])}. {data['derivation']}."))
    table = _plain_table(doc, (32, 144))
    for label, words in facts:
        cells = _row(table)
        _label(cells[0], label)
        cells[1].paragraphs[0].add_run(words)


def _overview(doc: DocxDocument, data: dict[str, Any]) -> None:
    doc.add_heading("Overview", 1)
    table = doc.add_table(rows=1, cols=len(OVERVIEW))
    table.autofit = False
    for cell, (words, width) in zip(table.rows[0].cells, OVERVIEW, strict=True):
        cell.width = Mm(width)
        _label(cell, words)
        _rule(cell, "bottom", 10)
    _repeat(table)
    for line in data["lines"]:
        cells = _row(table)
        for cell, (_, width) in zip(cells, OVERVIEW, strict=True):
            cell.width = Mm(width)
            _rule(cell, "bottom", 2)
        _fill_overview(cells, line, data["sites"])


def _fill_overview(cells: tuple[_Cell, ...], line: dict[str, Any], sites: list[dict[str, Any]]) -> None:
    _run(cells[0].paragraphs[0], line["no"], INK, 9.5, strong=True)
    _run(cells[1].paragraphs[0], line["row"], None, 9.5)
    _run(cells[2].paragraphs[0], line["title"], None, 9.5)
    _run(cells[2].add_paragraph(), _sites(line["sites"], sites), GREY, 8.5)
    _run(cells[3].paragraphs[0], line["responsible"], None, 9.5)
    _run(cells[4].paragraphs[0], _day(line["target"]), None, 9.5)
    verdict = line["verdicts"][-1]["verdict"] if line["verdicts"] else ""
    _run(cells[5].paragraphs[0], WORDS.get(verdict, "-"), RUST if verdict == "return" else None, 9.5)


def _line(doc: DocxDocument, line: dict[str, Any], sites: list[dict[str, Any]]) -> None:
    doc.add_heading(f"{line['no']}   {line['row']}  {line['title']}", 2)
    asked = "; ".join(f"{one['kind']}: {one['what']}" for one in line["requirement"])
    parts = [
        ("Sites", _sites(line["sites"], sites)),
        ("Must be shown", asked),
        ("Root cause", line["root_cause"]),
        ("Action", line["action"]),
        ("Responsible, target", ", ".join(part for part in (line["responsible"], _day(line["target"])) if part)),
        ("Kept up by", line["upkeep"]),
        ("Evidence to come", line["evidence"]),
    ]
    if line["done"]:
        parts.append(("Done", "; ".join([_day(line["done"]["on"]), *line["done"]["pins"]])))
    parts += [(f"Verdict, round {one['round']}", _verdict(one)) for one in line["verdicts"]]
    table = _plain_table(doc, (40, 136))
    for label, words in parts:
        cells = _row(table)
        _together(cells)
        _label(cells[0], label)
        cells[1].paragraphs[0].add_run(words or "-")


def _verdict(verdict: dict[str, Any]) -> str:
    said = f"{WORDS[verdict['verdict']]} {_day(verdict['on'])}."
    return f"{said} “{verdict['comment']}”" if verdict["comment"] else said


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso)) if iso else ""


def _sites(codes: list[str], sites: list[dict[str, Any]]) -> str:
    return "All sites" if len(codes) == len(sites) else ", ".join(one["name"] for one in sites if one["code"] in codes)


def _run(paragraph: Paragraph, words: str, color: RGBColor | None, size: float, strong: bool = False) -> None:
    run = paragraph.add_run(words)
    run.font.size, run.font.bold = Pt(size), strong
    if color is not None:
        run.font.color.rgb = color
    paragraph.paragraph_format.space_after = Pt(2)


def _label(cell: _Cell, words: str) -> None:
    _run(cell.paragraphs[0], words, GREY, 9, strong=True)


def _row(table: Table) -> tuple[_Cell, ...]:
    cells: tuple[_Cell, ...] = table.add_row().cells  # type: ignore[no-untyped-call]  # the library is half typed
    return cells


def _plain_table(doc: DocxDocument, widths: tuple[int, int]) -> Table:
    table: Table = doc.add_table(rows=0, cols=2)
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _rule(cell: _Cell, side: str, eighths: int) -> None:
    borders = OxmlElement("w:tcBorders")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("color", "16324A" if eighths > 4 else "B3BCC3")):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    cell._tc.get_or_add_tcPr().append(borders)


def _repeat(table: Table) -> None:
    """The heads stand on every page of the table."""
    mark = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def _together(cells: tuple[_Cell, ...]) -> None:
    """A row does not split, and stays with the next, so that a line is read on one page where it fits."""
    for cell in cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True

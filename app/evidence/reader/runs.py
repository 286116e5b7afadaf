"""The words of a part of a Word document: the text in force, without the numbers of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

PARAGRAPH, RUN, TEXT, BOX = qn("w:p"), qn("w:r"), qn("w:t"), qn("w:txbxContent")
TABLE, ROW, CELL = qn("w:tbl"), qn("w:tr"), qn("w:tc")
MARK, CODE, SIMPLE = qn("w:fldChar"), qn("w:instrText"), qn("w:fldSimple")
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
GAPS = {qn("w:tab"): " ", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
ELSEWHERE = {BOX, FALLBACK, qn("w:del"), qn("w:moveFrom"), qn("w:pPr")}
NUMBER = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b")


def text_of(paragraph: Any) -> str:
    """The words of a paragraph; boxes that hang on it are paragraphs of their own."""
    out: list[str] = []
    fields: list[str] = []  # of those begun and not ended: their codes, with a mark where their result has begun
    for node in _in_force(paragraph):
        if node.tag == MARK:
            _turn(fields, node.get(qn("w:fldCharType")))
        elif node.tag == CODE and fields:
            fields[-1] += node.text or ""
        elif node.tag in GAPS:
            out.append(GAPS[node.tag])
        elif node.tag == TEXT and not any("\0" in code and NUMBER.match(code) for code in fields):
            out.append(node.text or "")
    return "".join(out)


def _turn(fields: list[str], kind: str | None) -> None:
    if kind == "begin":
        fields.append("")
    elif fields and kind == "separate":
        fields[-1] += "\0"
    elif fields and kind == "end":
        fields.pop()


def _in_force(node: Any) -> Iterator[Any]:
    for child in node:
        if child.tag in ELSEWHERE or (child.tag == RUN and _struck(child)):
            continue
        if child.tag == SIMPLE and NUMBER.match(child.get(qn("w:instr")) or ""):
            continue
        yield child
        yield from _in_force(child)


def _struck(run: Any) -> bool:
    properties = run.find(qn("w:rPr"))
    if properties is None:
        return False
    marks = [properties.find(qn(name)) for name in ("w:strike", "w:dstrike")]
    return any(mark is not None and mark.get(qn("w:val")) not in ("0", "false", "none") for mark in marks)


def boxes(node: Any) -> list[Any]:
    """The text boxes in it, outermost ones only, each once: old programs' copies of them are left aside."""
    return [box for box in node.iter(BOX) if not any(one.tag in (BOX, FALLBACK) for one in _within(box, node))]


def _within(node: Any, outermost: Any) -> Iterator[Any]:
    parent = node.getparent()
    while parent is not None and parent is not outermost:
        yield parent
        parent = parent.getparent()


def rows_of(node: Any) -> Iterator[list[str]]:
    """Its lines and the rows of its tables, cell by cell."""
    for child in node:
        if child.tag == PARAGRAPH:
            yield [text_of(child)]
            for box in boxes(child):
                yield from rows_of(box)
        elif child.tag == TABLE:
            for row in child.iter(ROW):
                yield [" ".join(text_of(one) for one in cell.iter(PARAGRAPH)) for cell in row.iter(CELL)]
        elif child.tag != FALLBACK:
            yield from rows_of(child)

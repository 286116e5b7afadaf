"""A Word document: what its reading copy shows that pandoc does not, and what it leaves out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from app.evidence.reader import copying, margins, plain, runs
from app.evidence.reader.copying import Rows, Source
from app.evidence.rules import LeftOut

FETCHES = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|RD)\b")
PICTURE = {"{http://schemas.openxmlformats.org/drawingml/2006/main}blip", "{urn:schemas-microsoft-com:vml}imagedata"}
OUTSIDE = {
    "image": LeftOut.PICTURES, "attachedTemplate": LeftOut.TEMPLATE, "oleObject": LeftOut.EMBEDDED,
    "subDocument": LeftOut.LINKED, "frame": LeftOut.LINKED, "audio": LeftOut.MEDIA, "video": LeftOut.MEDIA,
}  # fmt: skip
INSIDE = {
    "oleObject": LeftOut.EMBEDDED, "package": LeftOut.EMBEDDED, "control": LeftOut.EMBEDDED,
    "aFChunk": LeftOut.EMBEDDED, "audio": LeftOut.MEDIA, "video": LeftOut.MEDIA, "media": LeftOut.MEDIA,
}  # fmt: skip


def work(folder: Path) -> dict[str, Any]:
    """The reading copy of the Word document `in`, and its pages."""
    return copying.make(folder, source((folder / "in").read_bytes()))


def source(data: bytes) -> Source:
    """What pandoc is given, and what stands beside it."""
    document = docx.Document(io.BytesIO(data))
    head, foot = _margins(document, "header"), _margins(document, "footer")
    left_out = _left_out(document)

    def bare() -> Rows:
        return plain.paragraphs(document.element.body)

    return Source("docx", "a Word document", _lifted(document, data), head, foot, bare, left_out)


def _margins(document: Any, name: str) -> Rows:
    """The heads or feet of pages, those of the first page before the others."""
    rows: Rows = []
    for section in document.element.body.iter(qn("w:sectPr")):
        first = section.find(qn("w:titlePg")) is not None
        given = {one.get(qn("w:type")): one.get(qn("r:id")) for one in section.findall(qn(f"w:{name}Reference"))}
        for kind in ["first"] * first + ["default"]:
            rel = document.part.rels.get(given.get(kind))
            if rel is not None and not rel.is_external and hasattr(rel.target_part, "element"):
                rows += runs.rows_of(rel.target_part.element)
    return margins.tidy(rows)


def _lifted(document: Any, data: bytes) -> bytes:
    """The document with its text boxes as paragraphs after those they hang on; pandoc takes one for the other."""
    body = document.element.body
    found = runs.boxes(body)
    if not found:
        return data
    after: dict[Any, Any] = {}
    for box in found:
        for paragraph in list(box.iterancestors(runs.PARAGRAPH))[:1]:
            for child in list(box):
                after.get(paragraph, paragraph).addnext(child)
                after[paragraph] = child
    for box in list(body.iter(runs.BOX)):
        _take_away(box)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _take_away(box: Any) -> None:
    """The emptied box, with its drawing when there is no picture in that."""
    chain = [box, *box.iterancestors()]
    drawing = next((one for one in chain if one.getparent() is not None and one.getparent().tag == runs.RUN), None)
    gone = drawing if drawing is not None and not any(drawing.iter(*PICTURE)) else box.getparent()
    if gone is not None and gone.getparent() is not None:
        gone.getparent().remove(gone)


def _left_out(document: Any) -> set[LeftOut]:
    parts = list(document.part.package.iter_parts())
    found = set(_from_relations(rel for part in parts for rel in part.rels.values()))
    roots = [part.element for part in parts if hasattr(part, "element")]
    if any(FETCHES.search(code) for root in roots for code in _codes(root)):
        found.add(LeftOut.FETCHING)
    return found


def _from_relations(relations: Iterable[Any]) -> Iterator[LeftOut]:
    for rel in relations:
        kind = rel.reltype.rpartition("/")[2]
        known = (OUTSIDE if rel.is_external else INSIDE).get(kind)
        if known:
            yield known


def _codes(root: Any) -> Iterator[str]:
    for paragraph in root.iter(runs.PARAGRAPH):
        yield "".join(node.text or "" for node in paragraph.iter(runs.CODE))
    for field in root.iter(runs.SIMPLE):
        yield field.get(qn("w:instr")) or ""

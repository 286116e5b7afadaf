"""An OpenDocument text: what its reading copy shows that pandoc does not, and what it leaves out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree

from app.evidence.reader import copying, margins
from app.evidence.reader.copying import Rows, Source
from app.evidence.rules import LeftOut

PARTS = {"text": "text", "style": "style", "table": "table", "draw": "drawing", "office": "office"}
NAMES = {short: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for short, name in PARTS.items()}
NAMES["xlink"] = "http://www.w3.org/1999/xlink"
ELSEWHERE = ("office:annotation", "text:tracked-changes", "text:page-number", "text:page-count", "text:note")
INSIDE = re.compile(r"(\./)?(Pictures|media|ObjectReplacements)/[^/]+$")
OBJECT = re.compile(r"(\./)?Object ")


def _name(short: str) -> str:
    prefix, _, name = short.partition(":")
    return f"{{{NAMES[prefix]}}}{name}"


PARAGRAPHS = (_name("text:h"), _name("text:p"))
FLOWING = {*PARAGRAPHS, _name("text:list"), _name("table:table")}
BOXES = tuple(
    map(_name, ("draw:text-box", "draw:custom-shape", "draw:rect", "draw:ellipse", "draw:line", "draw:caption"))
)
SKIPPED = {_name(short) for short in ELSEWHERE}
GAPS = {_name("text:s"), _name("text:tab"), _name("text:line-break")}


def work(folder: Path) -> dict[str, Any]:
    """The reading copy of the OpenDocument text `in`, and its pages."""
    return copying.make(folder, source((folder / "in").read_bytes()))


def source(data: bytes) -> Source:
    """What pandoc is given, and what stands beside it."""
    with ZipFile(io.BytesIO(data)) as package:
        content, styles = (_tree(package, name) for name in ("content.xml", "styles.xml"))
    head, foot = _margins(content, styles, "header"), _margins(content, styles, "footer")

    def bare() -> Rows:
        return [["heading" if one.tag == PARAGRAPHS[0] else "text", text]
                for one in content.iter(*PARAGRAPHS) if (text := _text(one)).strip()]  # fmt: skip

    return Source(
        "odt", "an OpenDocument text", _lifted(content, data), head, foot, bare, set(_left_out(content, styles))
    )


def _tree(package: ZipFile, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    data = package.read(name) if name in package.namelist() else b"<none/>"
    return etree.fromstring(data, parser)


def _text(node: Any) -> str:
    if node.tag in SKIPPED:
        return ""
    own = " " if node.tag in GAPS else node.text or ""
    return own + "".join(_text(child) + (child.tail or "") for child in node)


def _lifted(content: Any, data: bytes) -> bytes:
    """The document with the paragraphs of its boxes and shapes after those they hang on; pandoc leaves them out."""
    found = [box for box in content.iter(*BOXES) if not any(one.tag in BOXES for one in box.iterancestors())]
    after: dict[Any, Any] = {}
    for box in found:
        paragraph = next(box.iterancestors(*PARAGRAPHS), box.getparent() if box.tag == BOXES[0] else box)
        for child in [child for child in box if child.tag in FLOWING]:
            after.get(paragraph, paragraph).addnext(child)
            child.tail, after[paragraph] = None, child
    if not after:
        return data
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as given, ZipFile(out, "w") as made:
        for entry in given.infolist():
            part = etree.tostring(content) if entry.filename == "content.xml" else given.read(entry)
            made.writestr(entry.filename, part, compress_type=entry.compress_type)
    return out.getvalue()


def _margins(content: Any, styles: Any, name: str) -> Rows:
    """The heads or feet of pages whose kind the text uses; without any, those of the usual kind of page."""
    used = {"Standard", *content.xpath("//@style:master-page-name", namespaces=NAMES)}
    pages = styles.xpath("//style:master-page", namespaces=NAMES)
    used |= {one.get(_name("style:next-style-name")) for one in pages if one.get(_name("style:name")) in used}
    rows: Rows = []
    for page in pages:
        if page.get(_name("style:name")) in used:
            for form in (f"style:{name}-first", f"style:{name}"):
                rows += [row for part in page.findall(_name(form)) for row in _rows(part)]
    return margins.tidy(rows)


def _rows(part: Any) -> Iterator[list[str]]:
    for child in part:
        if child.tag in PARAGRAPHS:
            yield [_text(child)]
        elif child.tag == _name("table:table"):
            for row in child.iter(_name("table:table-row")):
                yield [" ".join(_text(one) for one in cell.iter(*PARAGRAPHS)) for cell in row]
        else:
            yield from _rows(child)


def _left_out(content: Any, styles: Any) -> Iterator[LeftOut]:
    for root in (content, styles):
        for link in root.xpath("//draw:image/@xlink:href", namespaces=NAMES):
            if not INSIDE.match(link):
                yield LeftOut.PICTURES
        for link in root.xpath("//draw:object/@xlink:href | //draw:object-ole/@xlink:href", namespaces=NAMES):
            yield LeftOut.EMBEDDED if OBJECT.match(link) else LeftOut.LINKED
        if root.xpath("//draw:plugin | //draw:applet | //draw:floating-frame", namespaces=NAMES):
            yield LeftOut.MEDIA
        if root.xpath("//text:section-source | //office:dde-source | //text:dde-connection-decl", namespaces=NAMES):
            yield LeftOut.FETCHING
        if root.xpath("//office:scripts/* | //office:event-listeners/*", namespaces=NAMES):
            yield LeftOut.SCRIPTS

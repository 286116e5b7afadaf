"""Small files of every kind that a binder takes, as bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import docx
import pypdf
import typst
from docx.oxml import parse_xml

NAMES = {"text": "text", "style": "style", "table": "table", "draw": "drawing", "office": "office"}
NONE: Mapping[str, bytes | str] = {}
OPEN = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"' for name, long in NAMES.items())
OPEN += ' xmlns:xlink="http://www.w3.org/1999/xlink"'
WORD = " ".join([
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"',
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"',
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"', 'xmlns:v="urn:schemas-microsoft-com:vml"',
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
])  # fmt: skip


def pdf(source: str) -> bytes:
    """What Typst makes of this."""
    return bytes(typst.compile(source.encode()))


def changed(data: bytes, change: Callable[[pypdf.PdfWriter], Any]) -> bytes:
    """The PDF after something was done to it."""
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(data)))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word(make: Callable[[Any], Any] = lambda _document: None) -> bytes:
    """A Word document; `make` writes it."""
    document = docx.Document()
    make(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_part(xml: str) -> Any:
    """A piece of a Word document, with the names that one needs."""
    head, _, rest = xml.partition(">")
    slash = "/" if head.endswith("/") else ""
    return parse_xml(f"{head.rstrip('/')} {WORD}{slash}>{rest}")


def open_document(body: str, styles: str = "", parts: Mapping[str, bytes | str] = NONE) -> bytes:
    """An OpenDocument text with this body, these master pages and other parts."""
    out = io.BytesIO()
    others = dict(parts)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        kind = others.pop("mimetype", "application/vnd.oasis.opendocument.text")
        made.writestr("mimetype", kind, zipfile.ZIP_STORED)
        made.writestr("content.xml", f"<office:document-content {OPEN}><office:body><office:text>{body}"
                      "</office:text></office:body></office:document-content>")  # fmt: skip
        made.writestr("styles.xml", f"<office:document-styles {OPEN}><office:master-styles>{styles}"
                      "</office:master-styles></office:document-styles>")  # fmt: skip
        for name, part in others.items():
            made.writestr(name, part)
    return out.getvalue()


def rich(body: str) -> bytes:
    """Rich text with this body."""
    return rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}" + b"\n" + body.encode("ascii") + b"\n}"

"""The bare paragraphs of a Word document, for a reading copy where pandoc or Typst cannot cope with it."""

from __future__ import annotations

import io

import docx
from docx.oxml.ns import qn


def paragraphs(data: bytes) -> list[list[str]]:
    """The paragraphs in order: every run of text that is in force."""
    body = docx.Document(io.BytesIO(data)).element.body
    found = []
    for paragraph in body.iter(qn("w:p")):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        kind = "heading" if style is not None and (style.get(qn("w:val")) or "").startswith("Heading") else "text"
        text = "".join(node.text or "" for run in paragraph.iter(qn("w:r")) if not _struck(run)
                       for node in run.iter(qn("w:t")))  # fmt: skip
        if text.strip():
            found.append([kind, text])
    return found


def _struck(run: object) -> bool:
    properties = run.find(qn("w:rPr"))  # type: ignore[attr-defined]
    if properties is None:
        return False
    marks = [properties.find(qn(name)) for name in ("w:strike", "w:dstrike")]
    return any(mark is not None and mark.get(qn("w:val")) not in ("0", "false", "none") for mark in marks)

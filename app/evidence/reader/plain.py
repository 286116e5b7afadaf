"""The bare paragraphs of a Word document, for a reading copy where pandoc or Typst cannot cope with it."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn

from app.evidence.reader.runs import FALLBACK, PARAGRAPH, text_of


def paragraphs(body: Any) -> list[list[str]]:
    """The paragraphs in order: every run of text that is in force."""
    found = []
    for paragraph in body.iter(PARAGRAPH):
        if any(one.tag == FALLBACK for one in paragraph.iterancestors()):
            continue
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        kind = "heading" if style is not None and (style.get(qn("w:val")) or "").startswith("Heading") else "text"
        text = text_of(paragraph)
        if text.strip():
            found.append([kind, text])
    return found

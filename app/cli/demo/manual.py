"""Papers in Word: a policy manual for practices that have no documents of their own, and a page of lines."""

from __future__ import annotations

import io
from collections.abc import Iterable

from docx import Document
from docx.document import Document as Word

from app.standards.models import StandardRow


def manual(practice: str, rows: Iterable[StandardRow]) -> bytes:
    """A heading for each row of the edition, with what the row asks as the practice's own rule."""
    doc = Document()
    doc.add_heading(f"{practice}: infusion policy manual", 0)
    doc.add_paragraph("This manual applies at all sites. It is reviewed every two years by the medical director.")
    for row in rows:
        doc.add_heading(f"{row.title}", 2)
        if row.requirement:
            doc.add_paragraph(row.requirement)
    return _bytes(doc)


def paper(title: str, lines: Iterable[str]) -> bytes:
    """A page in Word of a title and some lines."""
    doc = Document()
    doc.add_heading(title, 0)
    for line in lines:
        doc.add_paragraph(line)
    return _bytes(doc)


def _bytes(doc: Word) -> bytes:
    out = io.BytesIO()
    doc.save(out)
    return out.getvalue()

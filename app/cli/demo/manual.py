"""A short policy manual in Word, for the practices of the demonstration that have no documents of their own."""

from __future__ import annotations

import io
from collections.abc import Iterable

from docx import Document

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
    out = io.BytesIO()
    doc.save(out)
    return out.getvalue()

"""Opening a PDF, also one that is locked with an empty password."""

from __future__ import annotations

from pypdfium2 import PdfDocument, PdfiumError

from app.evidence.reader import locked
from app.evidence.rules import Refusal, Refused


def open_pdf(data: bytes) -> PdfDocument:
    """The document, where need be through a copy without its empty password."""
    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if "assword" not in str(error) and "ecurity" not in str(error):
            raise Refused(Refusal.DAMAGED_PDF) from None
    return PdfDocument(locked.without_empty_password(data))

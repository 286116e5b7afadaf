"""Opening a PDF, also one that is locked with an empty password. Loads no more than that takes."""

from __future__ import annotations

from pypdfium2 import PdfDocument, PdfiumError

from app.evidence.rules import Refusal, Refused


def open_pdf(data: bytes) -> PdfDocument:
    """The document, where need be through a copy without its empty password."""
    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if "assword" not in str(error) and "ecurity" not in str(error):
            raise Refused(Refusal.DAMAGED_PDF) from None
    from app.evidence.reader import locked  # noqa: PLC0415  a process for one file loads only what that file needs

    return PdfDocument(locked.without_empty_password(data))

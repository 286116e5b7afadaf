"""Is this PDF whole? Two readers must agree about it."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf

from app.evidence.reader.opening import open_pdf
from app.evidence.rules import Refusal, Refused, why_not_pages

STARTXREF = re.compile(rb"startxref\s+(\d{1,12})")
TABLE = re.compile(rb"\s*(xref|\d+\s+\d+\s+obj)")


def check(data: bytes, most: int) -> int:
    """The number of pages, when two readers agree about it and every page opens."""
    if not _points_at_its_table(data):
        raise Refused(Refusal.DAMAGED_PDF)
    document = open_pdf(data)
    count = len(document)
    if count == 0:
        raise Refused(Refusal.NO_PAGES)
    if reason := why_not_pages(count, most):
        raise Refused(reason)
    if _declared_pages(data) != count:
        raise Refused(Refusal.DAMAGED_PDF)
    return count


def _points_at_its_table(data: bytes) -> bool:
    """A PDF ends by saying where its table of contents begins; readers that guess instead may disagree."""
    found = STARTXREF.findall(data[-4096:]) or STARTXREF.findall(data)
    if not found:
        return False
    where, head = int(found[-1]), data.find(b"%PDF-")
    return any(TABLE.match(data[at : at + 64]) for at in (where, where + head))


def _declared_pages(data: bytes) -> int | None:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return None
        trailer: Any = reader.trailer
        declared = trailer["/Root"]["/Pages"].get("/Count")
        count = declared.get_object() if declared is not None else None
    except Exception:  # a parser of strangers' files may fail in any way
        return None
    return int(count) if isinstance(count, int) else None

"""May this file come in? Decided by what it is, never by its name."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pypdf
from pypdfium2 import PdfDocument, PdfiumError

from app.evidence.reader import package
from app.evidence.rules import MOST_PAGES, Kind, Refusal, Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER_WITHIN = 1024
STARTXREF = re.compile(rb"startxref\s+(\d{1,12})")
TABLE = re.compile(rb"\s*(xref|\d+\s+\d+\s+obj)")


def work(folder: Path) -> dict[str, Any]:
    """May the file `in` come in?"""
    kind, count = check((folder / "in").read_bytes())
    return {"kind": kind, "pages": count}


def check(data: bytes) -> tuple[Kind, int | None]:
    """What the file is and how many pages it has (known for a PDF); raises Refused."""
    if not data:
        raise Refused(Refusal.EMPTY)
    if data.startswith(OLE):
        raise Refused(Refusal.PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else Refusal.OLD_WORD)
    if data.startswith(b"PK\x03\x04"):
        package.check(data)
        return Kind.WORD, None
    if b"%PDF-" in data[:HEADER_WITHIN]:
        return Kind.PDF, check_pdf(data)
    raise Refused(Refusal.NEITHER)


def check_pdf(data: bytes) -> int:
    """The number of pages, when two readers agree about it and every page opens."""
    if not _points_at_its_table(data):
        raise Refused(Refusal.DAMAGED_PDF)
    document = open_pdf(data)
    count = len(document)
    if count == 0:
        raise Refused(Refusal.NO_PAGES)
    if count > MOST_PAGES:
        raise Refused(Refusal.TOO_MANY_PAGES)
    if _declared_pages(data) != count:
        raise Refused(Refusal.DAMAGED_PDF)
    return count


def open_pdf(data: bytes) -> PdfDocument:
    """The document, where need be through a copy without its empty password."""
    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if "assword" not in str(error) and "ecurity" not in str(error):
            raise Refused(Refusal.DAMAGED_PDF) from None
    return PdfDocument(without_empty_password(data))


def without_empty_password(data: bytes) -> bytes:
    """The same pages, not encrypted, when the file opens for anybody; else Refused."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if not reader.decrypt(""):
            raise Refused(Refusal.PASSWORD)
        writer = pypdf.PdfWriter()
        writer.append_pages_from_reader(reader)
        out = io.BytesIO()
        writer.write(out)
    except Refused:
        raise
    except Exception:  # a parser of strangers' files may fail in any way
        raise Refused(Refusal.PASSWORD) from None
    return out.getvalue()


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

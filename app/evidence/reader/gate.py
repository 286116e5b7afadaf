"""May this file come in? Decided by what it is, never by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.evidence.reader import package, typed, whole
from app.evidence.rules import Kind, Refusal, Refused, why_not_pages

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER_WITHIN = 1024


def work(folder: Path, most_pages: str) -> dict[str, Any]:
    """May the file `in` come in?"""
    kind, count = check((folder / "in").read_bytes(), int(most_pages))
    return {"kind": kind, "pages": count}


def check(data: bytes, most_pages: int) -> tuple[Kind, int | None]:
    """What the file is and how many pages it has (known for a PDF); raises Refused."""
    if not data:
        raise Refused(Refusal.EMPTY)
    if data.startswith(OLE):
        raise Refused(Refusal.PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else Refusal.OLD_WORD)
    if data.startswith(b"PK\x03\x04"):
        return package.check(data), None
    if b"%PDF-" in data[:HEADER_WITHIN]:
        return Kind.PDF, whole.check(data, most_pages)
    if data[:HEADER_WITHIN].lstrip().startswith(b"{\\rtf"):
        return Kind.RICH, None
    text = typed.decode(data)
    if text is None:
        raise Refused(Refusal.NEITHER)
    if reason := why_not_pages(typed.pages_at_least(text), most_pages):
        raise Refused(reason)
    return Kind.TEXT, None

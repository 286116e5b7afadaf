"""May this file come in? Decided by what it is, never by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.evidence.rules import Kind, Refusal, Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER_WITHIN = 1024


def work(folder: Path, most_pages: str) -> dict[str, Any]:
    """May the file `in` come in?"""
    kind, count = check((folder / "in").read_bytes(), int(most_pages))
    return {"kind": kind, "pages": count}


# Each branch loads its own readers: the process is for one file, and loading is most of what a small one costs.
def check(data: bytes, most_pages: int) -> tuple[Kind, int | None]:
    """What the file is and how many pages it has (known for a PDF); raises Refused."""
    if not data:
        raise Refused(Refusal.EMPTY)
    if data.startswith(OLE):
        raise Refused(Refusal.PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else Refusal.OLD_WORD)
    if data.startswith(b"PK\x03\x04"):
        from app.evidence.reader import package  # noqa: PLC0415

        package.check(data)
        return Kind.WORD, None
    if b"%PDF-" in data[:HEADER_WITHIN]:
        from app.evidence.reader import whole  # noqa: PLC0415

        return Kind.PDF, whole.check(data, most_pages)
    raise Refused(Refusal.NEITHER)

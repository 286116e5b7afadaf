"""A PDF that is locked with an empty password, as pages that are not."""

from __future__ import annotations

import io

import pypdf

from app.evidence.rules import Refusal, Refused


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

"""A page as a picture, never larger than the limit, whatever the page says its size is."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

from pypdfium2 import PdfDocument

from app.evidence.reader.opening import open_pdf

MOST_PIXELS = 25_000_000


def work(folder: Path, number: str, width: str) -> dict[str, Any]:
    """One page of `in` as a picture."""
    document = open_pdf((folder / "in").read_bytes())
    (folder / "picture").write_bytes(png(document, int(number), int(width)))
    return {}


def png(document: PdfDocument, number: int, width: int) -> bytes:
    """Page `number` (from 1), `width` pixels wide, in color."""
    bitmap, columns, rows, stride = _render(document, number, width, gray=False)
    data = bytes(bitmap.buffer)
    lines = b"".join(b"\0" + data[row * stride : row * stride + columns * 3] for row in range(rows))
    return _png(lines, columns, rows, color=2)


def gray(document: PdfDocument, number: int, width: int) -> bytes | None:
    """The same in shades of gray, for text recognition; nothing when the page is blank."""
    bitmap, columns, rows, stride = _render(document, number, width, gray=True)
    data = bytes(bitmap.buffer)
    if data.count(data[:1]) == len(data):
        return None
    lines = b"".join(b"\0" + data[row * stride : row * stride + columns] for row in range(rows))
    return _png(lines, columns, rows, color=0)


def _render(document: PdfDocument, number: int, width: int, *, gray: bool) -> tuple[Any, int, int, int]:
    page = document[number - 1]
    wide, high = page.get_size()
    scale = min(width / max(1.0, wide), (MOST_PIXELS / max(1.0, wide * high)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=gray, rev_byteorder=not gray, may_draw_forms=True)
    return bitmap, bitmap.width, bitmap.height, bitmap.stride


def _png(lines: bytes, width: int, height: int, *, color: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines, 3)) + chunk(b"IEND", b"")

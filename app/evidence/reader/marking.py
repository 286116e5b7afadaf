"""Draws highlights over passages, each with the row it answers as a note; the original is not touched, and a
signature on it does not survive in a copy."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Highlight
from pypdf.generic import ArrayObject, FloatObject, NameObject, TextStringObject

YELLOW = "ffe28a"
WHO = "QCP portal"
Box = Sequence[int]


def work(folder: Path) -> dict[str, Any]:
    """The PDF `in` with the marks of `given`, as `copy`."""
    data = (folder / "in").read_bytes()
    (folder / "copy").write_bytes(drawn(data, json.loads((folder / "given").read_text())))
    return {}


def drawn(pdf: bytes, marks: Sequence[dict[str, Any]]) -> bytes:
    """The same pages with highlights."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for mark in marks:
        page = writer.pages[mark["page"] - 1]
        quads = [_quad(line, [float(edge) for edge in page.cropbox]) for line in mark["boxes"]]
        if not quads:
            continue
        xs, ys = [x for quad in quads for x in quad[::2]], [y for quad in quads for y in quad[1::2]]
        note = Highlight(
            rect=(min(xs), min(ys), max(xs), max(ys)),
            quad_points=ArrayObject([FloatObject(value) for quad in quads for value in quad]),
            highlight_color=YELLOW,
            printing=True,
        )
        note[NameObject("/Contents")] = TextStringObject(mark["note"])
        note[NameObject("/T")] = TextStringObject(WHO)
        writer.add_annotation(mark["page"] - 1, note)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _quad(box: Box, page: list[float]) -> list[float]:
    """Upper left, upper right, lower left, lower right, in points."""
    left, bottom, right, top = page
    wide, high = (right - left) / 10_000, (top - bottom) / 10_000
    x1, x2 = left + box[0] * wide, left + (box[0] + box[2]) * wide
    y1, y2 = top - box[1] * high, top - (box[1] + box[3]) * high
    return [x1, y1, x2, y1, x1, y2, x2, y2]

"""A Word document as a reading copy: pandoc to Typst to PDF, twice with the same layout.

The copy for eyes shows everything. In the copy for words, whatever is not in force (struck through) and whatever
is not the document's own text (the foot of the page) is hidden but keeps its place; its words are what is searched.
Deleted tracked changes, headers, footers and comments are in neither.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pypandoc
import typst
from pypdfium2 import PdfDocument

from app.evidence.reader import pages, pdf

SECONDS = 40
HERE = Path(__file__).parent
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp"}


def work(folder: Path) -> dict[str, Any]:
    """The reading copy of the Word document `in`, and its pages."""
    eyes, words = copies((folder / "in").read_bytes(), folder)
    (folder / "copy").write_bytes(eyes)
    return pages.keep(folder, pdf.read(PdfDocument(words)))


def copies(data: bytes, folder: Path) -> tuple[bytes, bytes]:
    """The copy for eyes and the copy for words, made in a scratch folder of this file's own."""
    (folder / "in.docx").write_bytes(data)
    if _pandoc(folder):
        pictures = [str(path.relative_to(folder)) for path in (folder / "media").rglob("*")
                    if path.suffix.lower() in PICTURES]  # fmt: skip
        for shown in [pictures, []] if pictures else [[]]:
            try:
                return _print(folder / "copy.typ", shown)
            except typst.TypstError:
                continue
    from app.evidence.reader import plain  # noqa: PLC0415  few documents need it, and loading it takes its time

    (folder / "plain.typ").write_text((HERE / "plain.typ").read_text())
    (folder / "plain.json").write_text(json.dumps(plain.paragraphs(data)))
    return _print(folder / "plain.typ", [])


def _pandoc(folder: Path) -> bool:
    command = [pypandoc.get_pandoc_path(), "--sandbox", "+RTS", "-M768M", "-RTS", "--from=docx",
               "--track-changes=accept", "--to=typst", "--wrap=none", f"--template={HERE / 'copy.typ'}",
               "--extract-media=.", "--output=copy.typ", "in.docx"]  # fmt: skip
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _print(source: Path, pictures: list[str]) -> tuple[bytes, bytes]:
    def make(reader: str) -> bytes:
        inputs = {"for": reader, "pictures": json.dumps(pictures)}
        return bytes(typst.compile(source, root=source.parent, sys_inputs=inputs))

    return make("eyes"), make("words")

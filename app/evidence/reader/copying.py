"""Reading copies: a document as PDF, typeset twice with the same layout.

The copy for eyes shows everything. In the copy for words, whatever is not in force (struck through) and whatever is
not the document's own text (the foot of the page) is hidden but keeps its place; its words are what is searched.
What stands at the head and foot of every page of the original stands once, at the top of the first page, in both.
Deleted tracked changes and comments are in neither.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypandoc
import typst
from pypdfium2 import PdfDocument

from app.evidence.reader import pages, pdf
from app.evidence.rules import LeftOut, Refusal, Refused

SECONDS = 40
HERE = Path(__file__).parent
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp"}

Rows = list[list[str]]  # of cells


@dataclass
class Source:
    """What a document gives for its copy beside what pandoc makes of it."""

    kind: str
    made_from: str
    data: bytes
    head: Rows
    foot: Rows
    bare: Callable[[], Rows]  # its bare paragraphs, each with what it is, should pandoc or Typst fail
    left_out: set[LeftOut] = field(default_factory=set)


def make(folder: Path, source: Source) -> dict[str, Any]:
    """The copy by pandoc, or of the bare paragraphs where pandoc or Typst cannot cope with the document."""
    about: dict[str, Any] = {"made_from": source.made_from, "head": source.head, "foot": source.foot}
    left_out = sorted(source.left_out)
    if _pandoc(folder, source):
        found = [str(path.relative_to(folder)) for path in (folder / "media").rglob("*")
                 if path.suffix.lower() in PICTURES]  # fmt: skip
        for shown in [found, []] if found else [[]]:
            try:
                return keep(folder, "copy", about, pictures=shown, left_out=left_out)
            except typst.TypstError:
                continue
    about["paragraphs"] = source.bare()
    if not about["paragraphs"]:
        raise Refused(Refusal.CANNOT_BE_READ)
    return keep(folder, "plain", about, left_out=left_out)


def keep(folder: Path, form: str, about: dict[str, Any], *, pictures: Sequence[str] = (),
         left_out: Sequence[str] = ()) -> dict[str, Any]:  # fmt: skip
    """Typeset the form with what is known; write `copy`, `words` and the pages."""
    (folder / "about.json").write_text(json.dumps(about))
    for name in ("about.typ", f"{form}.typ"):
        if name != "copy.typ":  # which pandoc has filled in
            (folder / name).write_text((HERE / name).read_text())

    def made(reader: str) -> bytes:
        inputs = {"for": reader, "pictures": json.dumps(pictures)}
        return bytes(typst.compile(folder / f"{form}.typ", root=folder, sys_inputs=inputs, timestamp=0))

    eyes, words = made("eyes"), made("words")
    (folder / "copy").write_bytes(eyes)
    (folder / "words").write_bytes(words)
    found = pdf.read(PdfDocument(words))
    for page in found:
        page.source = "text" if page.text else "none"  # we made it ourselves: a page of few words is no scan
    return {**pages.keep(folder, found), "left_out": list(left_out)}


def _pandoc(folder: Path, source: Source) -> bool:
    (folder / f"in.{source.kind}").write_bytes(source.data)
    command = [pypandoc.get_pandoc_path(), "--sandbox", "+RTS", "-M768M", "-RTS", f"--from={source.kind}",
               "--track-changes=accept", "--to=typst", "--wrap=none", f"--template={HERE / 'copy.typ'}",
               "--extract-media=.", "--output=copy.typ", f"in.{source.kind}"]  # fmt: skip
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0

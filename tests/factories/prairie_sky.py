"""A second practice's documents, questions and gold passages: another voice, for measuring only."""

from __future__ import annotations

import csv
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypandoc
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.models import Binder, Page, Version
from app.evidence.reader import child
from app.evidence.reader.child import Reading
from app.evidence.rules import Kind
from tests.factories.harbor_light import Row

FOLDER = Path(__file__).parents[1] / "data" / "second-practice"


def readings() -> dict[str, Reading]:
    """Every document of the practice, made into a Word file and read as it would be after an upload."""
    with ThreadPoolExecutor(2) as pool:
        found = sorted(FOLDER.glob("PS-*.md"))
        return dict(zip([f"{path.stem}.docx" for path in found], pool.map(_read, found), strict=True))


def _read(path: Path) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.docx"
        subprocess.run([pypandoc.get_pandoc_path(), "-f", "markdown", "-o", made, path], check=True)
        return child.read(made.read_bytes(), Kind.WORD)


def table(name: str) -> list[Row]:
    """The rows of a table of the practice: QUERIES.tsv, GOLD.tsv, UNCOVERED.tsv."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [{**row, "file": row.get("file", "").replace(".md", ".docx")} for row in rows]


def places_of(db: Session, binder: Binder, row: Row) -> set[tuple[str, int]]:
    """The pages that hold one of the row's quotes."""
    files, quotes = row["file"].split(" || "), row["quote"].split(" || ")
    found: set[tuple[str, int]] = set()
    for file, quote in zip(files * len(quotes) if len(files) == 1 else files, quotes, strict=False):
        asked = select(Page).join(Version, Version.id == Page.version_id)
        pages = db.scalars(asked.where(Version.binder_id == binder.id, Version.filename == file))
        found |= {(file, page.number) for page in pages if _plain(quote) in _plain(page.text)}
    return found


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()

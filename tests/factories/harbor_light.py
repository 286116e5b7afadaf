"""The demo practice's documents, its sixty questions and its gold passages, with the pages that they name."""

from __future__ import annotations

import csv
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.models import Binder, Page, Version
from app.evidence.reader import child
from app.evidence.reader.child import Reading
from app.evidence.rules import Kind

DEMO = Path(__file__).parents[2] / "demo" / "harbor-light"
Row = dict[str, str]


def files() -> list[Path]:
    """Every document of the practice, by name."""
    return [path for path in sorted(DEMO.iterdir()) if path.suffix in (".pdf", ".docx")]


def readings() -> dict[str, Reading]:
    """Every document of the practice, read as it would be after an upload."""
    found = files()
    with ThreadPoolExecutor(2) as pool:
        read = pool.map(lambda path: child.read(path.read_bytes(), Kind(path.suffix[1:])), found)
        return dict(zip([path.name for path in found], read, strict=True))


def table(name: str) -> list[Row]:
    """The rows of a table of the practice: QUERIES.tsv, GOLD.tsv, UNCOVERED.tsv."""
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def pages_of(db: Session, binder: Binder, row: Row) -> set[int]:
    """The pages that a row of the tables names: by number, or by the heading that the passage stands under."""
    found: set[int] = set()
    asked = select(Page).join(Version, Version.id == Page.version_id)
    asked = asked.where(Version.binder_id == binder.id, Version.filename == row["file"]).order_by(Page.number)
    for place in row["page_or_heading"].split("; "):
        found |= {int(place)} if place.isdigit() else _under(place, list(db.scalars(asked)))
    return found


def places_of(db: Session, binder: Binder, row: Row) -> set[tuple[str, int]]:
    """The same with the file's name."""
    return {(row["file"], page) for page in pages_of(db, binder, row)}


def _under(heading: str, pages: list[Page]) -> set[int]:
    found, under = set(), False
    for page in pages:
        for line in page.text.split("\n"):
            if _plain(line).startswith(_plain(heading)):
                under = True
            elif under and line in page.headings and re.match(r"\d", line):
                under = False
            if under:
                found.add(page.number)
    return found


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()

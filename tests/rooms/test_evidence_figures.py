"""How well a whole binder is searched: the demo practice's documents, its sixty questions, its gold passages."""

from __future__ import annotations

import csv
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.models import Binder, Page, Version
from app.evidence.reader import child
from app.evidence.reader.child import Reading
from app.evidence.rules import Kind
from storage.blobs import key_of
from tests.factories import evidence as make

DEMO = Path(__file__).parents[2] / "demo" / "harbor-light"
Row = dict[str, str]


def table(name: str) -> list[Row]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    """Every document of the practice, read as it would be after an upload."""
    files = [path for path in sorted(DEMO.iterdir()) if path.suffix in (".pdf", ".docx")]
    with ThreadPoolExecutor(2) as pool:
        read = pool.map(lambda path: child.read(path.read_bytes(), Kind(path.suffix[1:])), files)
        return dict(zip([path.name for path in files], read, strict=True))


@pytest.fixture
def binder(db: Session, readings: dict[str, Reading], now: datetime) -> Binder:
    if not readings["HLO-310 Intrathecal Therapy (signed copy, scanned).pdf"].searchable:
        pytest.skip("text recognition is not installed here, and some documents are scans")
    binder = make.binder(db)
    for name, reading in readings.items():
        actions.settle(db, make.received(db, binder, name), reading, key_of(b"copy"), now=now)
    db.flush()
    return binder


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def pages_of(db: Session, binder: Binder, row: Row) -> set[int]:
    """The pages that a row of the tables names: by number, or by the heading that the passage stands under."""
    found: set[int] = set()
    asked = select(Page).join(Version, Version.id == Page.version_id)
    asked = asked.where(Version.binder_id == binder.id, Version.filename == row["file"]).order_by(Page.number)
    for place in row["page_or_heading"].split("; "):
        if place.isdigit():
            found.add(int(place))
            continue
        under = False
        for page in db.scalars(asked):
            for line in page.text.split("\n"):
                if plain(line).startswith(plain(place)):
                    under = True
                elif under and line in page.headings and re.match(r"\d", line):
                    under = False
                if under:
                    found.add(page.number)
    return found


def test_the_named_page_is_among_the_first_three_for_the_sixty_questions(
    db: Session, doors: Doors, binder: Binder
) -> None:
    questions = table("QUERIES.tsv")
    missed = [
        row["query"]
        for row in questions
        if not any(
            hit.version.filename == row["file"] and hit.page in pages_of(db, binder, row)
            for hit in queries.search(db, binder, row["query"], None, doors.indexes, 3)
        )
    ]
    assert len(missed) <= 2, missed


def test_suggestions_name_a_right_page_and_say_what_is_nowhere(db: Session, doors: Doors, binder: Binder) -> None:
    gold: dict[str, set[tuple[str, int]]] = {}
    for row in table("GOLD.tsv"):
        gold.setdefault(row["standard"], set()).update((row["file"], page) for page in pages_of(db, binder, row))
    found = queries.suggest(db, binder, doors.indexes)
    right = {
        idea.row.code for idea in found.ideas if (idea.version.filename, idea.page) in gold.get(idea.row.code, set())
    }
    uncovered = {row.code for row in found.uncovered}
    nowhere = {row["standard"] for row in table("UNCOVERED.tsv")}
    assert len(right) >= 0.85 * len(gold)
    assert len(uncovered & nowhere) >= 0.7 * len(nowhere)
    assert len(uncovered & gold.keys()) <= 0.05 * len(gold)

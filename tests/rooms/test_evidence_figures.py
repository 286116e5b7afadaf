"""How well a whole binder is searched: the demo practice's documents, its sixty questions, its gold passages."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.models import Binder
from app.evidence.reader.child import Reading
from storage.blobs import key_of
from tests.factories import evidence as make
from tests.factories import harbor_light
from tests.factories.harbor_light import pages_of, table


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    """Every document of the practice, read as it would be after an upload."""
    return harbor_light.readings()


@pytest.fixture
def binder(db: Session, readings: dict[str, Reading], now: datetime) -> Binder:
    if not readings["HLO-310 Intrathecal Therapy (signed copy, scanned).pdf"].searchable:
        pytest.skip("text recognition is not installed here, and some documents are scans")
    binder = make.binder(db)
    for name, reading in readings.items():
        actions.settle(db, make.received(db, binder, name), reading, key_of(b"copy"), now=now)
    db.flush()
    return binder


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

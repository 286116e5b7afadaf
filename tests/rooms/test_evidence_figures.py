"""How well a whole binder is searched: the documents, questions and gold passages of two practices.

Harbor Light is the demonstration; Prairie Sky was written by somebody who had not seen the search, in another voice
and with many near misses, and shows how it does on documents that nobody tuned to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.models import Binder
from app.evidence.reader.child import Reading
from storage.blobs import key_of
from tests.factories import evidence as make
from tests.factories import harbor_light, prairie_sky
from tests.factories.harbor_light import Row

PlacesOf = Callable[[Session, Binder, Row], set[tuple[str, int]]]


@dataclass(frozen=True)
class Practice:
    """A practice to measure with, and the least that was reached when this was written."""

    readings: dict[str, Reading]
    table: Callable[[str], list[Row]]
    places_of: PlacesOf
    answered: float
    suggested: float
    uncovered: float


@pytest.fixture(scope="module", params=["harbor-light", "prairie-sky"])
def practice(request: pytest.FixtureRequest) -> Practice:
    """Every document of the practice, read as it would be after an upload."""
    if request.param == "harbor-light":
        return Practice(
            harbor_light.readings(), harbor_light.table, harbor_light.places_of, 58 / 60, 0.95, 0.7
        )  # fmt: skip
    return Practice(prairie_sky.readings(), prairie_sky.table, prairie_sky.places_of, 50 / 60, 0.8, 0.4)


@pytest.fixture
def binder(db: Session, practice: Practice, now: datetime) -> Binder:
    if not all(reading.searchable for reading in practice.readings.values()):
        pytest.skip("text recognition is not installed here, and some documents are scans")
    binder = make.binder(db)
    for name, reading in practice.readings.items():
        actions.settle(db, make.received(db, binder, name), reading, key_of(b"copy"), now=now)
    db.flush()
    return binder


def test_the_named_page_is_among_the_first_three_for_the_sixty_questions(
    db: Session, doors: Doors, practice: Practice, binder: Binder
) -> None:
    questions = practice.table("QUERIES.tsv")
    missed = []
    for row in questions:
        found = queries.search(db, binder, row["query"], row["standard_filter"] or None, doors.indexes, 3)
        if not {(hit.version.filename, hit.page) for hit in found} & practice.places_of(db, binder, row):
            missed.append(row["query"])
    assert len(questions) == 60 and len(missed) <= round(60 * (1 - practice.answered)), missed


def test_suggestions_name_a_right_page_and_say_what_is_nowhere(
    db: Session, doors: Doors, practice: Practice, binder: Binder
) -> None:
    gold: dict[str, set[tuple[str, int]]] = {}
    for row in practice.table("GOLD.tsv"):
        gold.setdefault(row["standard"], set()).update(practice.places_of(db, binder, row))
    found = queries.suggest(db, binder, doors.indexes)
    right = {
        idea.row.code for idea in found.ideas if (idea.version.filename, idea.page) in gold.get(idea.row.code, set())
    }
    uncovered = {row.code for row in found.uncovered}
    nowhere = {row["standard"] for row in practice.table("UNCOVERED.tsv")}
    assert len(right) >= practice.suggested * len(gold)
    assert len(uncovered & nowhere) >= practice.uncovered * len(nowhere)
    assert len(uncovered & gold.keys()) <= 0.05 * len(gold)

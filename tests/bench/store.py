"""A throw-away portal on a real database and real folders, and a binder of as many pages as are asked for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app import create_app
from app.cli.portal import prepare
from app.config import Settings, read
from app.doors import Doors
from app.evidence import actions
from app.evidence.models import Binder
from app.evidence.reader import pdf
from app.evidence.reader.child import Reading
from app.evidence.reader.lines import Page
from app.evidence.reader.opening import open_pdf
from app.kernel import clock, jobs
from app.kernel.db import db
from tests.factories import evidence, harbor_light, people
from tests.factories.round import round_

MANUAL = "HLO-000 Infusion Operations Manual.pdf"
PADDING = 20  # pages to a document that only fills the binder


@dataclass(frozen=True)
class Store:
    """An open portal."""

    settings: Settings
    db: Session
    doors: Doors


def environment(folder: Path) -> dict[str, str]:
    """The settings of a throw-away portal in this folder."""
    return {"QCP_MODE": "demo", "QCP_DATA": str(folder), "QCP_SECRET_KEY": "bench" * 10}


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """A portal with the sample edition, the default settings and the sample round; nobody in it."""
    settings = read(environment(folder))
    app = create_app(settings)
    with app.app_context():
        prepare(app)
        round_(db())
        db().commit()
        try:
            yield Store(settings, db(), app.extensions["qcp.doors"])
        finally:
            db.remove()


def few_readings() -> dict[str, Reading]:
    """The text of the demo practice's longest PDF, read in this process."""
    data = (harbor_light.DEMO / MANUAL).read_bytes()
    return {MANUAL: Reading(pdf.read(open_pdf(data)))}


def binder(store: Store, readings: dict[str, Reading], pages: int = 0) -> Binder:
    """A practice's binder with these documents."""
    made = evidence.binder(store.db, people.practice(store.db))
    fill(store, made, readings, pages)
    return made


def fill(store: Store, binder: Binder, readings: dict[str, Reading], pages: int = 0) -> None:
    """These documents, and up to that many pages of others that use the same words in another order."""
    for name, reading in {**readings, **_padding(readings, pages)}.items():
        key = store.doors.blobs.put(name.encode())
        actions.settle(store.db, evidence.received(store.db, binder, name), reading, key, now=clock.now())
    store.db.commit()
    jobs.drain(store.db, store.doors)


def _padding(readings: dict[str, Reading], pages: int) -> dict[str, Reading]:
    held = [page for reading in readings.values() for page in reading.pages if page.text]
    chance = random.Random(1)
    made = [_shuffled(held[at % len(held)], chance) for at in range(pages - len(held))]
    parts = [made[at : at + PADDING] for at in range(0, len(made), PADDING)]
    return {f"Padding {at}.pdf": Reading([_numbered(page, n) for n, page in enumerate(part, 1)])
            for at, part in enumerate(parts, 1)}  # fmt: skip


def _shuffled(page: Page, chance: random.Random) -> Page:
    """The same words in another order, each with a place of its own."""
    words = page.text.split()
    chance.shuffle(words)
    lines = [" ".join(words[at : at + 12]) for at in range(0, len(words), 12)]
    text = "\n".join(lines)
    return Page(1, text, evidence.places(text), page.headings, width=612, height=792)


def _numbered(page: Page, number: int) -> Page:
    page.number = number
    return page

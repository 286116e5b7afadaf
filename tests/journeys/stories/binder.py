"""A binder with the sample practice's real documents, for stories that begin after it was filled."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions
from app.evidence.models import Binder, Page, Version
from app.people.models import Practice, User
from tests.conftest import NOW
from tests.factories import people

DEMO = Path(__file__).parents[3] / "demo"
FIRST, REVISED = DEMO / "harbor-light", DEMO / "harbor-light-v2"


def practice(db: Session) -> Practice:
    """The sample practice, with two sites."""
    names = {"legal_name": "Harbor Light Oncology, P.C.", "public_name": "Harbor Light Oncology"}
    return people.practice(db, slug="harbor-light", **names)


def add(db: Session, doors: Doors, binder: Binder, by: User, *starts: str, folder: Path = FIRST) -> None:
    """Send in the documents whose names begin so; the worker reads them."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(starts):
            actions.receive(db, binder, filename=path.name, data=path.read_bytes(), by=by, now=NOW, blobs=doors.blobs)


def pin_gold(db: Session, binder_id: str, owner_id: str, *codes: str) -> None:
    """Pin the passages that answer these rows, as the sample says where they stand."""
    with (FIRST / "GOLD.tsv").open(encoding="utf-8", newline="") as lines:
        gold = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    by = db.get_one(User, owner_id)
    for row in gold:
        version = db.query(Version).filter_by(binder_id=binder_id, filename=row["file"]).one_or_none()
        if version is not None and row["standard"] in codes:
            number, quote = _page(db, version, row["quote"]), row["quote"]
            actions.pin(db, version, row["standard"], page=number, quote=quote, by=by, now=NOW)


def _page(db: Session, version: Version, quote: str) -> int:
    """The page of the reading copy on which a passage stands."""
    pages = db.query(Page).filter_by(version_id=version.id).order_by(Page.number)
    return next(page.number for page in pages if quote in " ".join(page.text.split()))

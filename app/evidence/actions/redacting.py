"""A file that names a patient is made anew without that: the places are blackened, and what stood there is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.doors import Doors
from app.evidence import queries
from app.evidence.actions.carrying import speak_for
from app.evidence.actions.intake import Examined, add_version
from app.evidence.actions.moves import move
from app.evidence.actions.purging import drop, purge
from app.evidence.models import Page, Version
from app.evidence.passages import Box
from app.evidence.reader import covering
from app.evidence.reader.covering import Sheet
from app.evidence.rules import Kind, Refused, Source, State
from app.kernel import clock, jobs, ledger
from app.people.models import User

REDACT = "evidence.redact"
MOST_PLACES = 2000
WHOLE = 10_000


def ask_redaction(
    db: Session, version: Version, places: Mapping[int, Sequence[Box]], *, by: User, now: datetime
) -> None:  # fmt: skip
    """Have these places of the pages blackened; the worker makes the new file."""
    if version.state is not State.HELD:
        raise Refused("Somebody else has just changed this document. Look again.")
    refuse_while_made(db, version)
    count = sum(len(boxes) for boxes in places.values())
    if not count:
        raise Refused("Tick a place, or draw a box over what names the patient.")
    if count > MOST_PLACES:
        raise Refused(f"{MOST_PLACES:,} places are the most. Take the file out, and add one without the patients.")
    if not all(1 <= page <= (version.pages or 0) for page in places):
        raise Refused("One of the boxes is on a page that this document does not have.")
    version.trouble = None
    pages = sorted(places)
    ledger.record(db, "redaction asked for", by=by, now=now, about=version, after={"places": count, "pages": pages})
    given = {str(page): [list(box) for box in boxes] for page, boxes in places.items()}
    jobs.enqueue(db, REDACT, version_id=version.id, places=given, by_id=by.id)


def refuse_while_made(db: Session, version: Version) -> None:
    """What one person has marked is not shown, nor marked otherwise, by another meanwhile."""
    if version.id in queries.redacting(db):
        raise Refused("The blackened file is being made. Wait until it is there.")


@jobs.handles(REDACT)
def redact(db: Session, doors: Doors, *, version_id: str, places: dict[str, list[list[int]]], by_id: str) -> None:
    """Make the new file, put it in the place of the held one, and part with the held one for good."""
    version = db.get(Version, version_id)
    if version is None or version.state is not State.HELD or version.copy_key is None:
        return
    key, sheets = version.copy_key, _sheets(db, version, places)
    db.commit()  # others may write while the pages are drawn
    try:
        data = covering.covered(doors.blobs.get(key), sheets)
    except Refused as refused:
        db.expire_all()
        version.trouble = f"The redaction could not be made. {refused.reason}"
        return
    made = doors.blobs.put(data)
    db.expire_all()
    if version.state is State.HELD and queries.newest(version.document) is version:
        _exchange(db, version, Examined(_name(version), Kind.PDF, made, len(data), version.pages), by_id)
        if made not in doors.blobs:
            doors.blobs.put(data)
        return
    drop(db, [made])
    if version.state is State.HELD:
        version.trouble = "It was not blackened, for a newer version of it came in meanwhile."


def _exchange(db: Session, version: Version, file: Examined, by_id: str) -> None:
    now, by = clock.now(), db.get_one(User, by_id)
    move(version, "replace")
    after = add_version(db, version.document, file, by=by, now=now)
    ledger.record(db, "document redacted", by=by, now=now, about=version, after={"by": after.id})
    speak_for(db, version, after)
    purge(db, version, now=now)


def _sheets(db: Session, version: Version, places: Mapping[str, list[list[int]]]) -> list[Sheet]:
    """The pages to be drawn anew: the boxes, and the words that stay. Recognized words are recognized again."""
    numbers = [int(number) for number in places]
    asked = select(Page).where(Page.version_id == version.id, Page.number.in_(numbers)).options(undefer(Page.boxes))
    return [
        Sheet(page.number, [_box(box) for box in places[str(page.number)]],
              _words(page) if page.source is Source.TEXT else [])
        for page in db.scalars(asked.order_by(Page.number))
    ]  # fmt: skip


def _words(page: Page) -> list[tuple[str, Box]]:
    return [(page.text[place[0] : place[1]], _box(place[2:6])) for place in page.boxes]


def _box(edges: Sequence[Any]) -> Box:
    left, top, width, height = (max(0, min(WHOLE, int(edge))) for edge in edges)
    return left, top, width, height


def _name(version: Version) -> str:
    """A Word document is redacted in its reading copy, so the new file is a PDF."""
    return version.filename.rpartition(".")[0] + ".pdf"

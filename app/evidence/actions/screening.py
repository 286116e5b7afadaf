"""Every page is looked through for what seems to be a patient's identity before anybody of the Program sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence import passages
from app.evidence.actions.moves import move
from app.evidence.models import Version
from app.evidence.reader.lines import Page
from app.evidence.rules.identifiers import finds, masked
from app.kernel import ledger
from app.notices import actions as notices
from app.notices.models import Notice
from app.people.models import User

MOST_KEPT = 500
HELD_BACK = "A file of your binder is held back"


def found_in(pages: Iterable[Page]) -> list[dict[str, Any]]:
    """Where it stands: the page, what it is, a masked preview, and the places on the page."""
    every = (
        {"page": page.number, "sign": one.sign, "start": one.start, "end": one.end,
         "shown": masked(one.sign, page.text[one.start : one.end]),
         "boxes": [list(box) for box in passages.boxes(page.words, [(one.start, one.end)])]}
        for page in pages for one in finds(page.text)
    )  # fmt: skip
    return list(islice(every, MOST_KEPT))


def hold(db: Session, version: Version, found: list[dict[str, Any]], *, now: datetime) -> None:
    """Keep the Program from seeing this version until its practice has cleared or redacted it."""
    version.finds = found
    move(version, "hold")
    signs = Counter(one["sign"] for one in found)
    ledger.record(db, "document held back", by=None, now=now, about=version, after={"looks like": dict(signs)})
    _tell(db, version, now=now)


def _tell(db: Session, version: Version, *, now: datetime) -> None:
    """Whoever sent it hears of it, once for all files until they have looked."""
    url = f"/binders/{version.binder_id}"
    said = select(Notice.id).where(Notice.user_id == version.uploaded_by, Notice.url == url, Notice.read_at.is_(None),
                                   Notice.subject == HELD_BACK)  # fmt: skip
    user = db.get(User, version.uploaded_by) if version.uploaded_by else None
    if user is not None and db.scalar(said.limit(1)) is None:
        notices.tell(
            db, [user], subject=HELD_BACK, url=url, practice_id=version.practice_id, now=now,
            body="It seems to name a patient, so nobody of the Program can see it. The list of your documents says what"
                 " was found and what you can do.",
        )  # fmt: skip

"""A file that is held back: its practice says that it names no patient, or takes it out again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.evidence.actions.moves import move
from app.evidence.actions.purging import purge
from app.evidence.actions.reading import show
from app.evidence.actions.redacting import refuse_while_made
from app.evidence.models import Version
from app.evidence.rules import Refused, State
from app.kernel import ledger
from app.people.models import User

LEAST = 10  # letters of a reason


def clear(db: Session, version: Version, *, reason: str, by: User, now: datetime) -> None:
    """Say that nothing in it names a patient, and why; from now on the Program sees it."""
    if len(reason.strip()) < LEAST:
        raise Refused("Say in a few words what the places are, for example: a made-up patient in a training form.")
    refuse_while_made(db, version)
    move(version, "clear")
    version.cleared_by, version.cleared_at, version.cleared_reason = by.id, now, reason.strip()
    ledger.record(db, "document cleared", by=by, now=now, about=version, why=reason.strip())
    show(db, version, now=now)


def take_out(db: Session, version: Version, *, by: User, now: datetime) -> None:
    """Take the file out of the binder; its bytes are deleted for good, and an earlier version stays in force."""
    if version.state is not State.HELD:
        raise Refused("Somebody else has just changed this document. Look again.")
    move(version, "withdraw")
    ledger.record(db, "held file taken out", by=by, now=now, about=version)
    purge(db, version, now=now)
    version.document.binder.revision += 1

"""Bytes that nobody may keep any longer are deleted for good, unless another row relies on the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.documents.models import Paper
from app.doors import Doors
from app.evidence.actions.carrying import let_go
from app.evidence.models import Page, Upload, Version
from app.evidence.rules import UploadState
from app.kernel import jobs

DROP = "evidence.drop"
ON_THE_WAY = (UploadState.RECEIVING, UploadState.SCANNING, UploadState.UNPACKING)


def purge(db: Session, version: Version, *, now: datetime) -> None:
    """Part for good with the bytes, the reading copy, the pages and the finds of a version that is out of use."""
    keys = {version.sha256, version.copy_key} - {None}
    db.execute(delete(Page).where(Page.version_id == version.id))
    let_go(db, version)
    version.copy_key, version.purged_at = None, now
    version.finds = [{"page": one["page"], "sign": one["sign"]} for one in version.finds]
    drop(db, [str(key) for key in keys])


def drop(db: Session, keys: Iterable[str]) -> None:
    """Have objects deleted once this transaction is kept; one that a row relies on stays."""
    if wanted := sorted(set(keys)):
        jobs.enqueue(db, DROP, keys=wanted)


def relied_on(db: Session, key: str) -> bool:
    """Does any row still need this object?"""
    version = select(Version.id).where(or_(Version.sha256 == key, Version.copy_key == key), Version.purged_at.is_(None))
    if db.scalar(version.limit(1)) or db.scalar(select(Paper.id).where(Paper.sha256 == key).limit(1)):
        return True
    held = db.scalars(select(Upload.pieces).where(Upload.state.in_(ON_THE_WAY)))
    return any(key in pieces for pieces in held)


@jobs.handles(DROP)
def drop_objects(db: Session, doors: Doors, *, keys: list[str]) -> None:
    """Nobody can begin to rely on an object meanwhile: who takes one in looks that it is there while holding the lock
    for writing, which is held here."""
    for key in keys:
        if not relied_on(db, key):
            doors.blobs.delete(key)

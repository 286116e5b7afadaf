"""Questions about what is on its way into a binder, and how each file of it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.evidence.models import Binder, Document, Upload, Version
from app.evidence.queries import binders
from app.evidence.rules import CURRENT, State, UploadState
from app.evidence.rules.intake import DAY
from app.kernel.jobs import Job, JobState
from app.people.models import User

PAGE = 40  # documents at a time
FAILED = 20


def upload_of(db: Session, binder: Binder, name: str, size: int, modified: int, by: User) -> Upload | None:
    """The upload of this very file by this person, unless what came of it has left the binder again."""
    found = db.scalars(
        select(Upload)
        .where(Upload.binder_id == binder.id, Upload.by_id == by.id, Upload.filename == name, Upload.size == size,
               Upload.modified == modified, Upload.modified > 0)
        .order_by(Upload.opened_at.desc())
    )  # fmt: skip
    return next((one for one in found if one.state is not UploadState.TAKEN or _still_here(db, one)), None)


def _still_here(db: Session, upload: Upload) -> bool:
    ids = [one["version_id"] for one in upload.results if one["version_id"]]
    asked = select(func.count()).where(Version.id.in_(ids), Version.state.in_(CURRENT))
    return bool(ids) and db.scalar(asked) == len(ids)


def unfinished(db: Session, binder: Binder, by: User) -> Sequence[Upload]:
    """What this person has begun to send into the binder and not finished."""
    asked = select(Upload).where(Upload.binder_id == binder.id, Upload.by_id == by.id)
    return db.scalars(asked.where(Upload.state == UploadState.RECEIVING).order_by(Upload.opened_at)).all()


def begun(db: Session, by: User) -> int:
    """How many uploads this person has begun and not finished."""
    asked = select(func.count()).where(Upload.by_id == by.id, Upload.state == UploadState.RECEIVING)
    return db.scalar(asked) or 0


def sent_today(db: Session, practice_id: str, now: datetime) -> int:
    """How many bytes this practice has sent, or begun to send, within a day."""
    taken = select(func.coalesce(func.sum(Version.size), 0)).where(
        Version.practice_id == practice_id, Version.uploaded_at > now - DAY
    )
    coming = select(func.coalesce(func.sum(Upload.size), 0)).where(
        Upload.practice_id == practice_id, Upload.opened_at > now - DAY, Upload.state != UploadState.TAKEN
    )
    return int(db.scalar(taken) or 0) + int(db.scalar(coming) or 0)


@dataclass(frozen=True)
class Listing:
    """The documents of a binder as its list shows them: those held back first, then a page of the others."""

    words: str
    page: int
    total: int  # that have the words
    every: int
    held: list[Document] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    uploads: Sequence[Upload] = ()
    failed: Sequence[Version] = ()
    redacting: frozenset[str] = frozenset()
    waiting: int = 0

    @property
    def per(self) -> int:
        return PAGE


def listing(db: Session, binder: Binder, documents: list[Document], words: str, page: int, *, fills: bool) -> Listing:
    """One page of these documents, and for those who fill the binder what is on its way or did not get in."""

    def called(*names: str) -> bool:
        return words.casefold() in " ".join(names).casefold()

    counts = binders.newest if fills else binders.shown
    wanted = [one for one in documents if called(one.title, _filename(counts(one)))]
    held = [one for one in wanted if fills and _is_held(one)]
    rest = [one for one in wanted if one not in held]
    page = max(1, min(page, -(-len(rest) // PAGE)))
    if not fills:
        return Listing(words, page, len(rest), len(documents), [], rest[(page - 1) * PAGE : page * PAGE])
    return Listing(
        words, page, len(rest), len(documents), held, rest[(page - 1) * PAGE : page * PAGE],
        uploads=[one for one in _uploads(db, binder) if called(one.filename)],
        failed=[one for one in binders.failed(db, binder) if called(one.filename)], redacting=redacting(db),
        waiting=binders.waiting(db, binder),
    )  # fmt: skip


def _filename(version: Version | None) -> str:
    return version.filename if version else ""


def _is_held(document: Document) -> bool:
    version = binders.newest(document)
    return version is not None and version.state is State.HELD


def _uploads(db: Session, binder: Binder) -> Sequence[Upload]:
    """What is on its way, and what was refused or refused in part, the newest first."""
    told = or_(Upload.state != UploadState.TAKEN, Upload.entries.is_not(None))
    return db.scalars(
        select(Upload).where(Upload.binder_id == binder.id, told).order_by(Upload.opened_at.desc(), Upload.id)
    ).all()


def redacting(db: Session) -> frozenset[str]:
    """The versions of which the worker is about to make a redacted file."""
    asked = select(Job.payload).where(
        Job.name == "evidence.redact", Job.state.in_((JobState.WAITING, JobState.RUNNING))
    )
    return frozenset(str(payload["version_id"]) for payload in db.scalars(asked))

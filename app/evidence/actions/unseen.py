"""Nothing stays unsubmitted in silence: once a day the practice hears which files the Program cannot see yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.actions import telling
from app.evidence.models import Binder, Upload, Version
from app.evidence.rules import State, UploadState
from app.kernel import clock
from app.kernel.words import count
from app.notices.models import Notice

HOUR = 16  # Eastern: late enough to have seen the day, early enough to do something about it
PATIENCE = timedelta(hours=1)  # so long a file may be read
NAMED = 10  # files named in one note

WHY = {State.CHECKING: "is still being read", State.HELD: "is held back: it may name patients"}


def note_unseen(db: Session, *, now: datetime) -> int:
    """Tell each practice of its files that the Program cannot see, once a day; returns how many practices heard."""
    if now.astimezone(clock.PROGRAM_ZONE).hour < HOUR:
        return 0
    waiting: dict[str, list[str]] = {}
    for binder_id, words in [*_waiting(db, now), *_refused(db, now)]:
        waiting.setdefault(binder_id, []).append(words)
    told = 0
    for binder in db.scalars(select(Binder).where(Binder.id.in_(waiting))):
        told += _note(db, binder, waiting[binder.id], now)
    return told


def _since(now: datetime) -> datetime:
    return datetime.combine(clock.day_of(now), time(), clock.PROGRAM_ZONE)


def _waiting(db: Session, now: datetime) -> Iterator[tuple[str, str]]:
    """Files that are held back, or read for too long."""
    found = select(Version).where(
        (Version.state == State.HELD) | ((Version.state == State.CHECKING) & (Version.uploaded_at < now - PATIENCE))
    )
    for version in db.scalars(found.order_by(Version.uploaded_at)):
        yield version.binder_id, f"{version.filename} {WHY[version.state]}"


def _refused(db: Session, now: datetime) -> Iterator[tuple[str, str]]:
    """Files that were not taken today, at the gate or when they were read, and those of which only a part is here."""
    read = select(Version).where(
        Version.trouble.is_not(None), Version.state == State.WITHDRAWN, Version.uploaded_at >= _since(now)
    )
    for version in db.scalars(read.order_by(Version.uploaded_at)):
        yield version.binder_id, f"{version.filename} was not taken: {version.trouble}"
    late = select(Upload).where(Upload.state == UploadState.RECEIVING, Upload.changed_at < now - PATIENCE)
    for upload in db.scalars(late.order_by(Upload.changed_at)):
        yield upload.binder_id, f"{upload.filename} has not arrived whole: choose it again, and the rest is sent"
    sent = select(Upload).where(Upload.state == UploadState.REFUSED, Upload.changed_at >= _since(now))
    for upload in db.scalars(sent.order_by(Upload.changed_at)):
        yield upload.binder_id, f"{upload.filename} was not taken: {upload.reason}"


def _note(db: Session, binder: Binder, files: list[str], now: datetime) -> bool:
    url = f"/binders/{binder.id}"
    known = select(Notice.id).where(
        Notice.practice_id == binder.practice_id, Notice.url == f"{url}#held", Notice.told_at >= _since(now)
    )
    if db.scalar(known.limit(1)):
        return False
    more = len(files) - NAMED
    lines = [f"- {one}" for one in files[:NAMED]] + ([f"- and {more} more"] if more > 0 else [])
    telling.practice(
        db, binder.practice_id, subject=f"The Program cannot see {count(len(files), 'file')} of yours",
        body="These files came in, and the Program cannot see them:\n" + "\n".join(lines)
        + "\nThe binder says what to do about each.",
        url=f"{url}#held", now=now,
    )  # fmt: skip
    return True

"""The worker goes on with uploads: ZIPs are unpacked file by file, and what waits for the virus check asks again."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence.actions.purging import drop
from app.evidence.actions.reading import give_up
from app.evidence.actions.uploads import TAKE_UP, Answer, close, settle_bytes, settle_file, undo
from app.evidence.models import Upload, Version
from app.evidence.reader import scratch
from app.evidence.reader.unpacking import Entry, may_be_bundle, unpacked
from app.evidence.rules import Refusal, Refused, State, UploadState
from app.evidence.rules.intake import ASK_AGAIN, GIVEN_UP, KEPT, MOST_STARTS, Unfit
from app.kernel import clock, jobs
from app.kernel.jobs import Job, JobState
from app.people.models import User

READ = "evidence.read"
TURN_SECONDS = 15.0  # then other work has its turn
WORKED_ON = (UploadState.SCANNING, UploadState.UNPACKING)


@jobs.handles(TAKE_UP)
def take_up(db: Session, doors: Doors, *, upload_id: str) -> None:
    """Go on with an upload. Taken up again after a crash it goes on behind the last file that was taken in."""
    upload = db.get(Upload, upload_id, populate_existing=True)
    if upload is None or upload.state not in WORKED_ON:
        return
    keys = list(upload.pieces)
    db.commit()  # others may write meanwhile
    try:
        if not may_be_bundle(upload.filename, doors.blobs.read(keys[0], 0, 4)) or not _unpack(db, doors, upload, keys):
            _single(db, doors, upload, keys)
    except Refused as refused:
        _close(db, upload_id, Answer("", refused.reason))


def _unpack(db: Session, doors: Doors, upload: Upload, keys: list[str]) -> bool:
    """All files of a ZIP, or as many as a turn allows; False when it is none, but itself a document."""
    until, done = time.monotonic() + TURN_SECONDS, len(upload.results)
    with unpacked(map(doors.blobs.get, keys)) as entries:
        if entries is None:
            return False
        names = _names(entries)
        for at, entry in list(enumerate(entries))[done:]:
            if not _entry(db, doors, upload.id, at, replace(entry, name=names[at]), len(entries)):
                return True
            if time.monotonic() > until and at + 1 < len(entries):
                jobs.enqueue(db, TAKE_UP, upload_id=upload.id)
                return True
    _close(db, upload.id, Answer(upload.filename))
    return True


def _entry(db: Session, doors: Doors, upload_id: str, at: int, entry: Entry, count: int) -> bool:
    """One file of a ZIP, in a transaction of its own; False when this is no longer ours to go on with."""
    upload = db.get(Upload, upload_id, populate_existing=True)
    if upload is None or upload.state not in WORKED_ON:
        db.commit()
        return False
    upload.state, upload.entries = UploadState.UNPACKING, count
    by, binder_id = db.get_one(User, upload.by_id), upload.binder_id
    db.commit()
    answer = Answer(entry.name, entry.refused)
    if not entry.refused:
        answer = settle_bytes(db, doors, binder_id, entry.name, entry.file.read_bytes(), by=by, now=clock.now())
        entry.file.unlink()
    if answer.waits:
        _ask_again(db, upload_id)
        return False
    upload = db.get(Upload, upload_id, populate_existing=True)
    if upload is None or upload.state is not UploadState.UNPACKING or len(upload.results) != at:
        undo(db, answer)  # given up, or another worker was here first
        return False
    result = {"file": entry.name, "refused": answer.refused, "version_id": answer.version_id}
    upload.results, upload.changed_at = [*upload.results, result], clock.now()
    db.commit()
    return True


def _names(entries: list[Entry]) -> list[str]:
    """Folders are left out of the names, but where two files would have the same one."""
    found: list[str] = []
    for entry in entries:
        path = PurePosixPath(entry.name)
        taken = {name.casefold() for name in found}
        name, folders = path.name, list(path.parts[:-1])
        while name.casefold() in taken and folders:
            name = f"{PurePosixPath(name).stem} ({folders.pop()}){path.suffix}"
        found.append(name)
    return found


def _single(db: Session, doors: Doors, upload: Upload, keys: list[str]) -> None:
    by = db.get_one(User, upload.by_id)
    db.commit()
    answer = settle_file(db, doors, upload.binder_id, upload.filename, upload.size, keys, by=by, now=clock.now())
    if answer.waits:
        _ask_again(db, upload.id)
    else:
        _close(db, upload.id, answer)


def _ask_again(db: Session, upload_id: str) -> None:
    """A scanner that does not answer is asked again, for as long as it takes."""
    upload = db.get(Upload, upload_id, populate_existing=True)
    if upload is not None and upload.state in WORKED_ON:
        upload.state = UploadState.SCANNING
        jobs.enqueue(db, TAKE_UP, upload_id=upload_id).due_at = clock.now() + ASK_AGAIN


def _close(db: Session, upload_id: str, answer: Answer) -> None:
    upload = db.get(Upload, upload_id, populate_existing=True)
    if upload is not None and upload.state in WORKED_ON:
        close(db, upload, answer, now=clock.now())
    else:
        undo(db, answer)  # what was taken in just now was taken in by another worker before


def tidy(db: Session, *, now: datetime) -> None:
    """What the calendar does: uploads that were given up go, with what killed processes left on the disk, and work
    that was lost on the way is begun anew."""
    scratch.clear()
    _forget(db, now)
    _restart(db, now)


def _forget(db: Session, now: datetime) -> None:
    for upload in db.scalars(select(Upload).where(Upload.changed_at < now - GIVEN_UP)):
        passed = upload.state is UploadState.RECEIVING or (upload.state is UploadState.TAKEN and not _tells(upload))
        if passed or (upload.state not in WORKED_ON and upload.changed_at < now - KEPT):
            pieces = upload.pieces
            db.delete(upload)
            drop(db, pieces)


def _tells(upload: Upload) -> bool:
    """Is there something in it that its sender should still read?"""
    return any(one["refused"] for one in upload.results)


def _restart(db: Session, now: datetime) -> None:
    """A worker that is killed again and again may take a job down with it; its file is not at fault, so it is tried
    anew, and given up only where that happens every time."""
    versions = db.scalars(select(Version).where(Version.state == State.CHECKING)).all()
    uploads = db.scalars(select(Upload).where(Upload.state.in_(WORKED_ON))).all()
    if not versions and not uploads:
        return
    asked = select(Job).where(Job.name.in_((READ, TAKE_UP)), Job.state != JobState.DONE)
    parked, going = Counter[str](), set[str]()
    for job in db.scalars(asked):
        about = str(job.payload.get("version_id") or job.payload.get("upload_id"))
        parked[about] += job.state is JobState.PARKED
        if job.state is not JobState.PARKED:
            going.add(about)
    for version in (one for one in versions if one.id not in going):
        if parked[version.id] < MOST_STARTS:
            jobs.enqueue(db, READ, version_id=version.id)
        else:
            give_up(db, version, Refusal.CANNOT_BE_READ, now=now)
    for upload in (one for one in uploads if one.id not in going):
        if parked[upload.id] < MOST_STARTS:
            jobs.enqueue(db, TAKE_UP, upload_id=upload.id)
        else:
            close(db, upload, Answer(upload.filename, Unfit.STOPPED), now=now)

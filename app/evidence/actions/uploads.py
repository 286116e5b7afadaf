"""Files on their way in: piece by piece from a browser, one by one out of a ZIP, and on again after any break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import queries
from app.evidence.actions.intake import Examined, Infected, examine, take_in
from app.evidence.actions.purging import ON_THE_WAY, drop
from app.evidence.models import Binder, Upload, Version
from app.evidence.reader.unpacking import may_be_bundle
from app.evidence.rules import Refusal, Refused, UploadState, clean_name, why_not_size
from app.evidence.rules.intake import PIECE, Unfit, why_not_announced, why_not_begin
from app.kernel import jobs, ledger
from app.people.models import User
from storage.blobs import Blobs, key_of
from storage.scanner import ScannerDown

TAKE_UP = "evidence.take_up"


class NotNow(Refused):
    """Nothing is wrong with the file; a pause helps."""


class ElsewhereNow(Refused):
    """What was sent does not follow on what is here; the upload itself says how far it has come."""


@dataclass(frozen=True)
class Answer:
    """What became of one file: taken, refused with a sentence, or still to be looked at by the worker."""

    file: str
    refused: str | None = None
    waits: UploadState | None = None
    version_id: str | None = None


def begin(
    db: Session, binder: Binder, *, filename: str, size: int, modified: int, by: User, now: datetime,
    code: str | None = None,
) -> Upload:  # fmt: skip
    """The upload of this file: the one that was begun before, or a new one. Raises Refused, or NotNow."""
    name = clean_name(filename)
    if begun := queries.upload_of(db, binder, name, size, modified, by):
        if begun.state is not UploadState.REFUSED:
            return begun
        db.delete(begun)  # tried again
    if reason := why_not_announced(name, size):
        raise Refused(reason)
    check_pace(db, binder, size, by, now)
    return _new(db, binder, name, size, UploadState.RECEIVING, by, now, modified=modified, code=code)


def check_pace(db: Session, binder: Binder, size: int, by: User, now: datetime) -> None:
    """Raises NotNow when one person or one practice sends more than it may."""
    begun, sent = queries.begun(db, by), queries.sent_today(db, binder.practice_id, now)
    if reason := why_not_begin(size=size, begun=begun, sent_today=sent):
        raise NotNow(reason)


def fits(upload: Upload, at: int, data: bytes) -> None:
    """Does this piece follow on the others? Raises ElsewhereNow, or Refused; what does not fit is not even stored."""
    if upload.state is not UploadState.RECEIVING or at != upload.received:
        raise ElsewhereNow("This piece does not follow on what has arrived.")
    if not data or len(data) > PIECE or at + len(data) > upload.size:
        raise Refused("This piece is not as large as it was said to be.")


def keep_piece(db: Session, upload: Upload, at: int, data: bytes, blobs: Blobs, *, now: datetime) -> None:
    """Put the next piece behind the others. The bytes are in the store by now; the lock for writing is held here."""
    fits(upload, at, data)
    key = key_of(data)
    if key not in blobs:  # deleted meanwhile as nobody's
        blobs.put(data)
    upload.pieces = [*upload.pieces, key]
    upload.received += len(data)
    upload.changed_at = now


def finish(db: Session, doors: Doors, upload: Upload, *, by: User, now: datetime) -> Answer:
    """Everything has arrived: take the file in now, or leave it to the worker. Between the two no lock is held."""
    upload_id, binder_id, name, keys = upload.id, upload.binder_id, upload.filename, list(upload.pieces)
    db.commit()  # others may write while the file is examined
    if may_be_bundle(name, doors.blobs.read(keys[0], 0, 4)):
        answer = Answer(name, waits=UploadState.UNPACKING)
    else:
        answer = settle_file(db, doors, binder_id, name, upload.size, keys, by=by, now=now)
    again = db.get(Upload, upload_id, populate_existing=True)
    if again is None or again.state is not UploadState.RECEIVING:  # sent twice at once; the first answer holds
        undo(db, answer)
        return stands(name, again)
    if answer.waits:
        return hand_over(db, again, answer.waits, now=now)
    close(db, again, answer, now=now)
    return answer


def undo(db: Session, answer: Answer) -> None:
    """What was taken in just now was not: its bytes are nobody's, unless a row relies on them."""
    version = db.get(Version, answer.version_id) if answer.version_id else None
    key = version.sha256 if version else None
    db.rollback()
    if key:
        drop(db, [key])
        db.commit()


def stands(name: str, upload: Upload | None) -> Answer:
    """What became of an upload by another hand."""
    if upload is None:
        return Answer(name, Unfit.GIVEN_UP)
    return Answer(name, upload.reason, upload.state if upload.state in ON_THE_WAY else None)


def settle_file(
    db: Session, doors: Doors, binder_id: str, name: str, size: int, keys: list[str], *, by: User, now: datetime
) -> Answer:  # fmt: skip
    """One whole file of one or more pieces: examined, then taken in under the lock for writing."""
    if reason := why_not_size(size):
        return Answer(name, reason)
    return settle_bytes(db, doors, binder_id, name, b"".join(map(doors.blobs.get, keys)), by=by, now=now)


def settle_bytes(
    db: Session, doors: Doors, binder_id: str, name: str, data: bytes, *, by: User, now: datetime
) -> Answer:  # fmt: skip
    """The same for bytes that are at hand. Slow before the last lines: no transaction is held until then."""
    try:
        examined = examine(name, data, doors.blobs, doors.scanner)
        return _take(db, doors, binder_id, examined, data, by, now)
    except ScannerDown:
        return Answer(name, waits=UploadState.SCANNING)
    except Infected as infected:
        note_infected(db, binder_id, name, infected, by=by, now=now)
        return Answer(name, infected.reason)
    except Refused as refused:
        return Answer(name, refused.reason)


def note_infected(db: Session, binder_id: str, name: str, infected: Infected, *, by: User, now: datetime) -> None:
    """What the virus check found stands in the ledger and nowhere else."""
    facts, binder = {"file": clean_name(name), "found": infected.found[:200]}, db.get_one(Binder, binder_id)
    ledger.record(db, "file refused by the virus check", by=by, now=now, about=binder, after=facts)


def _take(
    db: Session, doors: Doors, binder_id: str, examined: Examined, data: bytes, by: User, now: datetime
) -> Answer:  # fmt: skip
    version = take_in(db, db.get_one(Binder, binder_id), examined, by=by, now=now)
    if examined.sha256 not in doors.blobs:  # deleted as nobody's between its examination and this line
        doors.blobs.put(data)
    return Answer(examined.filename, version_id=version.id)


def send_in(db: Session, doors: Doors, binder: Binder, name: str, data: bytes, *, by: User, now: datetime) -> Answer:
    """A file that came whole with a form: taken in now, or left to the worker where it is a ZIP or has to wait."""
    check_pace(db, binder, len(data), by, now)
    binder_id, bundle = binder.id, may_be_bundle(name, data[:4])
    db.commit()  # nothing was changed; others may write while the file is examined
    waits = UploadState.UNPACKING if bundle else None
    if not bundle:
        answer = settle_bytes(db, doors, binder_id, name, data, by=by, now=now)
        if not answer.waits:
            return answer
        waits = answer.waits
    if reason := why_not_announced(name, len(data)):
        return Answer(name, reason)
    for start in range(0, len(data), PIECE):
        doors.blobs.put(data[start : start + PIECE])
    upload = _new(db, db.get_one(Binder, binder_id), clean_name(name), len(data), UploadState.RECEIVING, by, now)
    for start in range(0, len(data), PIECE):
        keep_piece(db, upload, start, data[start : start + PIECE], doors.blobs, now=now)
    return hand_over(db, upload, waits or UploadState.SCANNING, now=now)


def hand_over(db: Session, upload: Upload, state: UploadState, *, now: datetime) -> Answer:
    """The worker goes on with it."""
    upload.state, upload.changed_at = state, now
    jobs.enqueue(db, TAKE_UP, upload_id=upload.id)
    return Answer(upload.filename, waits=state)


def close(db: Session, upload: Upload, answer: Answer, *, now: datetime) -> None:
    """Nothing more comes of this upload; its pieces are nobody's."""
    upload.state = UploadState.REFUSED if answer.refused else UploadState.TAKEN
    upload.reason, upload.changed_at = answer.refused, now
    if upload.entries is None:
        upload.results = [{"file": answer.file, "refused": answer.refused, "version_id": answer.version_id}]
    pieces, upload.pieces = upload.pieces, []
    drop(db, pieces)


def dismiss(db: Session, upload: Upload, *, by: User, now: datetime) -> None:
    """Give up a file that is on its way, or put aside what was said of one."""
    if upload.state in ON_THE_WAY:
        ledger.record(db, "upload given up", by=by, now=now, about=upload, after={"file": upload.filename})
    pieces = upload.pieces
    db.delete(upload)
    drop(db, pieces)


def _new(
    db: Session, binder: Binder, name: str, size: int, state: UploadState, by: User, now: datetime, *,
    modified: int = 0, code: str | None = None,
) -> Upload:  # fmt: skip
    upload = Upload(
        binder_id=binder.id, practice_id=binder.practice_id, case_id=binder.case_id, by_id=by.id, filename=name,
        code=code, size=size, modified=modified, received=0, pieces=[], results=[], state=state, opened_at=now,
        changed_at=now,
    )  # fmt: skip
    db.add(upload)
    db.flush()
    return upload


def same(answer: Answer) -> bool:
    """Was the file refused only because it is here already?"""
    return answer.refused == Refusal.ALREADY_HERE

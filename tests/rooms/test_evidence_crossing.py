"""Two things at once in one binder: nothing is lost, doubled, left behind, or said that is not so."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.actions import held as held_actions
from app.evidence.actions import redacting, unseen, uploads
from app.evidence.models import Binder, Version
from app.evidence.reader import child, covering
from app.evidence.rules import Dates, Kind, Refusal, Refused, State, UploadState
from app.evidence.rules.intake import Unfit
from app.kernel import jobs
from app.kernel.ledger import Event
from app.notices.models import Notice
from app.people.models import User
from storage.blobs import Memory
from storage.scanner import Memory as Scanner
from tests.doors.test_covering import document, written
from tests.factories import evidence as make
from tests.factories import files
from tests.rooms.test_evidence_held import NAMES_A_PATIENT, SECRET, sent

As = Callable[[User], FlaskClient]
BOX = {1: [(0, 0, 10_000, 10_000)]}
NEWER = written(document(["Each label carries the expiry and the lot"], ["The other page"], shared=False))


@pytest.fixture
def held(db: Session, doors: Doors, binder: Binder, owner: User, now: datetime) -> Version:
    return sent(db, doors, binder, owner, now, "Labels.pdf", NAMES_A_PATIENT)


def objects(doors: Doors) -> dict[str, bytes]:
    assert isinstance(doors.blobs, Memory)
    return doors.blobs.objects


def test_a_blackened_file_takes_the_place_of_nothing_newer(
    db: Session, doors: Doors, binder: Binder, owner: User, held: Version, now: datetime
) -> None:
    redacting.ask_redaction(db, held, BOX, by=owner, now=now)
    newer = actions.receive(db, binder, filename="Labels.pdf", data=NEWER, by=owner, now=now, blobs=doors.blobs)
    db.commit()
    jobs.drain(db, doors)
    db.expire_all()
    assert newer.document_id == held.document_id
    assert (queries.newest(held.document), queries.shown(held.document)) == (newer, newer)
    assert (held.state, held.purged_at is not None) == (State.REPLACED, True)
    assert len(held.document.versions) == 2, "no older words come back on top of the newer"


def test_a_file_that_is_being_blackened_is_neither_cleared_nor_blackened_otherwise(
    db: Session, doors: Doors, owner: User, held: Version, now: datetime
) -> None:
    redacting.ask_redaction(db, held, BOX, by=owner, now=now)
    with pytest.raises(Refused, match="being made"):
        redacting.ask_redaction(db, held, {2: BOX[1]}, by=owner, now=now)
    with pytest.raises(Refused, match="being made"):
        held_actions.clear(db, held, reason="A made-up patient.", by=owner, now=now)
    db.commit()
    jobs.drain(db, doors)
    assert (held.state, held.cleared_at) == (State.REPLACED, None)


def test_taken_out_while_it_is_blackened_nothing_of_it_is_left(
    db: Session, doors: Doors, owner: User, held: Version, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = covering.covered

    def meanwhile(*given: Any) -> bytes:
        held_actions.take_out(db, held, by=owner, now=now)
        db.commit()
        return before(*given)

    monkeypatch.setattr(covering, "covered", meanwhile)
    redacting.ask_redaction(db, held, BOX, by=owner, now=now)
    db.commit()
    jobs.drain(db, doors)
    assert (held.state, objects(doors)) == (State.WITHDRAWN, {})


def test_withdrawn_while_it_is_read_no_copy_of_it_is_left(
    db: Session, doors: Doors, binder: Binder, owner: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = files.rich(f"MRN {SECRET}")
    version = actions.receive(db, binder, filename="Letter.rtf", data=data, by=owner, now=now, blobs=doors.blobs)
    db.commit()
    before = child.read

    def meanwhile(*given: Any) -> child.Reading:
        read = before(*given)
        actions.withdraw(db, version.document, reason="The wrong file.", by=owner, now=now)
        db.commit()
        return read

    monkeypatch.setattr(child, "read", meanwhile)
    jobs.drain(db, doors)
    assert version.state is State.WITHDRAWN and version.purged_at is not None, "nobody ever looked through it"
    assert objects(doors) == {}


def test_a_reading_copy_made_twice_is_one_object() -> None:
    """So a worker that dies after it kept the copy, and before its row, leaves none behind."""
    copy = child.read(files.rich("Two people check the dose."), Kind.RICH).copy
    assert copy is not None and pypdf.PdfReader(io.BytesIO(copy)).metadata.creation_date == datetime(  # type: ignore[union-attr]
        1970, 1, 1, tzinfo=UTC
    )


def test_versions_two_and_three_before_two_was_read_keep_every_pin(
    db: Session, doors: Doors, binder: Binder, owner: User, now: datetime
) -> None:
    said = "Two nurses check every dose before it is given."
    first = make.document(db, binder, "Doses.pdf", said)
    actions.pin(db, first, "3.9", page=1, quote=said, by=owner, now=now)
    second = make.received(db, binder, "Doses.pdf", b"2")
    third = make.document(db, binder, "Doses.pdf", "Another page", said, data=b"3")
    assert [one.state for one in (first, second, third)] == [State.REPLACED, State.REPLACED, State.READABLE]
    [pin] = queries.pins(db, binder)
    assert (pin.version_id, pin.page, pin.quote) == (third.id, 2, said)


class Late(Scanner):
    """Meanwhile the same upload is finished by another request."""

    def __init__(self, meanwhile: Callable[[], Any]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def scan(self, data: bytes) -> str | None:
        self.meanwhile()
        return None


@pytest.mark.parametrize(
    ("state", "refused", "waits"),
    [("refused", Refusal.DAMAGED_PDF, None), ("scanning", None, UploadState.SCANNING), ("gone", Unfit.GIVEN_UP, None)],
)
def test_of_two_that_finish_an_upload_both_hear_what_became_of_it(
    db: Session, doors: Doors, binder: Binder, owner: User, now: datetime, state: str, refused: str, waits: str
) -> None:
    data = NAMES_A_PATIENT
    upload = uploads.begin(db, binder, filename="Labels.pdf", size=len(data), modified=1, by=owner, now=now)
    for at, piece in ((0, data[:100]), (100, data[100:])):
        uploads.keep_piece(db, upload, at, piece, doors.blobs, now=now)
    db.commit()

    def meanwhile() -> None:
        if state == "gone":
            uploads.dismiss(db, upload, by=owner, now=now)
        elif state == "scanning":
            uploads.hand_over(db, upload, UploadState.SCANNING, now=now)
        else:
            uploads.close(db, upload, uploads.Answer("Labels.pdf", Refusal.DAMAGED_PDF), now=now)
        db.commit()

    answer = uploads.finish(db, replace(doors, scanner=Late(meanwhile)), upload, by=owner, now=now)
    assert (answer.refused, answer.waits) == (refused, waits)
    assert db.scalar(select(func.count()).select_from(Version)) == 0
    jobs.drain(db, doors)
    if state != "scanning":
        assert objects(doors) == {}, "what was examined and not taken in is nobody's"


def test_what_is_out_of_use_is_not_dated_nor_withdrawn_again(
    db: Session, binder: Binder, owner: User, now: datetime
) -> None:
    version = make.document(db, binder)
    actions.withdraw(db, version.document, reason="Superseded.", by=owner, now=now)
    with pytest.raises(Refused, match="withdrawn"):
        actions.withdraw(db, version.document, reason="Again.", by=owner, now=now)
    with pytest.raises(Refused, match="no longer"):
        actions.date_version(db, version, Dates(), by=owner, now=now)
    with pytest.raises(Refused, match="withdrawn"):
        actions.map_to(db, version.document, [], by=owner, now=now)
    assert len(db.scalars(select(Event).where(Event.what == "document withdrawn")).all()) == 1


def test_a_file_that_did_not_arrive_whole_is_told_once_a_day_too(
    db: Session, binder: Binder, owner: User, held: Version, now: datetime
) -> None:
    held.trouble = "The redaction could not be made. Try again."
    uploads.begin(db, binder, filename="Half.pdf", size=10, modified=1, by=owner, now=now)
    assert unseen.note_unseen(db, now=now + timedelta(hours=6)) == 1
    [notice] = db.scalars(select(Notice).where(Notice.subject.startswith("The Program cannot see")))
    assert notice.subject == "The Program cannot see 2 files of yours"
    assert "Half.pdf has not arrived whole" in notice.body and "was not taken" not in notice.body
    assert queries.failed(db, binder) == [], "a held file is in the list already"


def test_what_goes_wrong_in_a_job_does_not_repeat_what_a_file_says(
    db: Session, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(session: Session, _doors: Doors) -> None:
        session.execute(text("INSERT INTO page (id, text) VALUES ('x', :words)"), {"words": f"MRN {SECRET}"})

    monkeypatch.setitem(jobs._handlers, "fails", fails)
    job = jobs.enqueue(db, "fails")
    db.commit()
    jobs.drain(db, doors)
    assert job.error is not None and "IntegrityError" in job.error and SECRET not in job.error

"""What seems to name a patient is held back: only its practice sees it, and clears it, blackens it or takes it out."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.cli.check import walk as check
from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.actions.redacting import REDACT
from app.evidence.models import Binder, Document, Page, Version
from app.evidence.rules import State
from app.kernel import jobs
from app.kernel.ledger import Event
from app.notices.models import Notice
from app.people import actions as people_actions
from app.people.models import Practice, User
from app.people.rules import Capacity, Role
from storage.blobs import BlobLocked, Memory
from tests.doors.test_covering import document, written
from tests.factories import evidence as make
from tests.factories import people
from tests.rooms.conftest import CASE
from tests.walks.walking import routes

As = Callable[[User], FlaskClient]
SECRET = "482913"
NAMES_A_PATIENT = written(
    document([f"Sample label, MRN {SECRET}", "Each label carries the expiry"], ["The other page"], shared=False)
)
DOCX = next((Path(__file__).parents[2] / "demo/harbor-light").glob("HLO-112*"))


@pytest.fixture
def web(as_user: As, owner: User) -> FlaskClient:
    return as_user(owner)


def sent(db: Session, doors: Doors, binder: Binder, by: User, now: datetime, name: str, data: bytes) -> Version:
    version = actions.receive(db, binder, filename=name, data=data, by=by, now=now, blobs=doors.blobs)
    db.commit()
    jobs.drain(db, doors)
    return version


@pytest.fixture
def held(db: Session, doors: Doors, binder: Binder, owner: User, now: datetime) -> Version:
    return sent(db, doors, binder, owner, now, "Labels.pdf", NAMES_A_PATIENT)


def surveyor(db: Session, practice: Practice, now: datetime) -> User:
    user = people.official(db, Role.SURVEYOR)
    people_actions.appoint(
        db, user, practice_id=practice.id, case_id=CASE, capacity=Capacity.SURVEYOR, by=None, now=now
    )
    db.flush()
    db.refresh(user)
    return user


def objects(doors: Doors) -> dict[str, bytes]:
    assert isinstance(doors.blobs, Memory)
    return doors.blobs.objects


def test_a_file_that_seems_to_name_a_patient_is_held_with_its_places_and_its_sender_is_told(
    db: Session, doors: Doors, binder: Binder, owner: User, held: Version
) -> None:
    assert (held.state, held.visible_since) == (State.HELD, None)
    [find] = held.finds
    assert (find["page"], find["sign"], find["shown"]) == (1, "record number", "****13")
    assert len(find["boxes"]) == 1
    [notice] = db.scalars(select(Notice).where(Notice.user_id == owner.id)).all()
    assert SECRET not in notice.body and notice.url == f"/binders/{binder.id}"
    event = db.scalar(select(Event).where(Event.what == "document held back"))
    assert event is not None and event.detail["after"] == {"looks like": {"record number": 1}}
    assert not db.scalars(select(Event).where(Event.what == "document read")).all()


def test_several_held_files_are_one_notice(
    db: Session, doors: Doors, binder: Binder, owner: User, held: Version, now: datetime
) -> None:
    sent(db, doors, binder, owner, now, "Second.pdf", NAMES_A_PATIENT + b"\n")
    assert db.scalar(select(func.count()).where(Notice.user_id == owner.id)) == 1


def test_only_the_practice_sees_it_and_nobody_finds_it(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, held: Version
) -> None:
    page = web.get(f"/binders/{binder.id}").text
    assert "Held back: it may name patients" in page and f"/versions/{held.id}/held" in page
    told = web.get(f"/versions/{held.id}/held").text
    assert "****13" in told and SECRET not in told
    assert len(queries.search(db, binder, "expiry", None, doors.indexes)) == 0


def test_for_the_program_it_does_not_exist_on_any_route(
    portal: Flask, db: Session, as_user: As, practice: Practice, held: Version, now: datetime
) -> None:
    of = {Version: held.id, Document: held.document_id}
    program = [surveyor(db, practice, now), people.official(db, Role.STAFF, Role.ADMIN)]
    tried = 0
    for user in program:
        client = as_user(user)
        for route in routes(portal):
            if route.kind not in of:
                continue
            given = dict.fromkeys(route.names, 1) | {route.names[0]: of[route.kind]}
            for method in route.methods:
                answer = client.open(route.address(given), method=method)
                assert answer.status_code == 404, (method, route.rule.rule, user.name)
                tried += 1
        assert "Labels" not in client.get(f"/binders/{held.binder_id}").text
        assert client.get(f"/binders/{held.binder_id}/search?q=expiry").status_code == 200
    assert tried > 30


def test_cleared_with_a_reason_it_is_visible_and_found_at_once(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, held: Version
) -> None:
    assert web.post(f"/versions/{held.id}/clear", data={"reason": "no"}).status_code == 422
    reason = "A made-up patient in a training label."
    assert web.post(f"/versions/{held.id}/clear", data={"reason": reason}).status_code == 302
    assert (held.state, held.cleared_reason, held.visible_since is not None) == (State.READABLE, reason, True)
    assert len(queries.search(db, binder, "expiry", None, doors.indexes)) == 1
    event = db.scalar(select(Event).where(Event.what == "document cleared"))
    assert event is not None and event.detail["why"] == reason
    assert web.post(f"/versions/{held.id}/clear", data={"reason": reason}).status_code == 422, "once"


def test_until_it_is_cleared_the_version_before_stays_in_force(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, owner: User, now: datetime
) -> None:
    before = make.document(db, binder, "Labels.pdf", "Each label carries the date.", by=owner)
    after = sent(db, doors, binder, owner, now, "Labels.pdf", NAMES_A_PATIENT)
    assert (before.state, after.state, queries.shown(after.document)) == (State.READABLE, State.HELD, before)
    web.post(f"/versions/{after.id}/clear", data={"reason": "A made-up patient for training."})
    assert (before.state, queries.shown(after.document)) == (State.REPLACED, after)


def test_taken_out_it_is_deleted_for_good_and_the_version_before_stays(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, owner: User, now: datetime
) -> None:
    before = make.document(db, binder, "Labels.pdf", "Each label carries the date.", by=owner)
    after = sent(db, doors, binder, owner, now, "Labels.pdf", NAMES_A_PATIENT)
    assert web.post(f"/versions/{after.id}/take-out").status_code == 302
    jobs.drain(db, doors)
    assert (before.state, after.state) == (State.READABLE, State.WITHDRAWN)
    assert after.sha256 not in objects(doors)
    assert db.scalar(select(func.count()).where(Page.version_id == after.id)) == 0


def redact(web: FlaskClient, version: Version, **given: Any) -> Any:
    return web.post(f"/versions/{version.id}/redact", data=given)


def test_blackened_it_is_a_new_file_without_the_number_and_the_old_one_is_gone(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, held: Version
) -> None:
    old = held.sha256
    page = web.get(f"/versions/{held.id}/redact").text
    assert 'name="finds" value="0" checked' in page and SECRET in page, "its own words may be chosen"
    assert redact(web, held, finds="0").status_code == 302
    assert "The blackened file is being made" in web.get(f"/binders/{binder.id}").text
    jobs.drain(db, doors)
    new = queries.newest(held.document)
    assert new is not None and (new.number, new.state, new.kind) == (2, State.READABLE, "pdf")
    assert (held.state, held.copy_key, held.purged_at is not None) == (State.REPLACED, None, True)
    assert old not in objects(doors) and all(SECRET.encode() not in data for data in objects(doors).values())
    texts = [one.text for one in queries.texts(db, new)]
    assert "Sample label, MRN" in texts[0] and SECRET not in texts[0] and texts[1] == "The other page"
    assert len(queries.search(db, binder, "expiry", None, doors.indexes)) == 1
    assert len(queries.search(db, binder, SECRET, None, doors.indexes)) == 0
    assert db.scalar(select(func.count()).where(Page.version_id == held.id)) == 0
    assert SECRET not in repr([event.detail for event in db.scalars(select(Event))])
    assert check(db, doors).faults == []
    for path in ("view", "original", "copy.pdf"):
        assert web.get(f"/versions/{held.id}/{path}").status_code == 404
    assert web.get(f"/versions/{held.id}/held").status_code == 302


def test_words_and_boxes_are_blackened_as_well_as_finds(
    db: Session, doors: Doors, web: FlaskClient, held: Version
) -> None:
    sheet = queries.page(db, held.id, 1)
    assert sheet is not None
    at = next(at for at, one in enumerate(sheet.boxes) if sheet.text[one[0] : one[1]] == "expiry")
    box = {"box_page": "2", "box_left": "0", "box_top": "0", "box_width": "100", "box_height": "100"}
    assert redact(web, held, finds="0", words=f"1:{at}", boxes="[[1,0,0,300,300]]", **box).status_code == 302
    jobs.drain(db, doors)
    new = queries.newest(held.document)
    assert new is not None
    texts = [one.text for one in queries.texts(db, new)]
    assert "expiry" not in texts[0] and "carries" in texts[0] and texts[1].strip() == ""


@pytest.mark.parametrize(
    "given",
    [
        {}, {"finds": "99"}, {"boxes": "not json"}, {"boxes": "[[1,2,3]]"}, {"boxes": '[[1,"a",0,9,9]]'},
        {"boxes": "[[9,0,0,10,10]]"}, {"boxes": "[[1,0,0,0,10]]"}, {"boxes": "[[1,20000,0,10,10]]"},
        {"box_left": "far"}, {"box_page": "1", "box_left": "nan", "box_top": "1", "box_width": "1", "box_height": "1"},
        {"words": ["x", "1:999", ":", "9:1"]},
    ],
)  # fmt: skip
def test_boxes_that_are_none_are_refused_and_nothing_is_lost(
    db: Session, web: FlaskClient, held: Version, given: dict[str, Any]
) -> None:
    assert redact(web, held, **given).status_code == 422
    assert held.state is State.HELD
    assert not db.scalars(select(jobs.Job).where(jobs.Job.name == REDACT)).all()


def test_a_number_that_was_left_uncovered_holds_the_new_file_too(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, owner: User, now: datetime
) -> None:
    data = written(document([f"MRN {SECRET} is one", "MRN 771204 is another"], shared=False))
    version = sent(db, doors, binder, owner, now, "Two.pdf", data)
    assert len(version.finds) == 2
    redact(web, version, finds="0")
    jobs.drain(db, doors)
    new = queries.newest(version.document)
    assert new is not None and (new.state, [one["shown"] for one in new.finds]) == (State.HELD, ["****04"])


def test_a_word_file_is_blackened_in_its_reading_copy_and_becomes_a_pdf(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, owner: User, now: datetime
) -> None:
    import docx

    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph(f"Sample label, MRN {SECRET}")
    made.save(out)
    version = sent(db, doors, binder, owner, now, "Labels.docx", out.getvalue())
    assert version.state is State.HELD
    assert "The new file is a PDF" in web.get(f"/versions/{version.id}/held").text
    redact(web, version, finds="0")
    jobs.drain(db, doors)
    new = queries.newest(version.document)
    assert new is not None and (new.filename, new.kind) == ("Labels.pdf", "pdf")
    assert SECRET not in pypdf.PdfReader(io.BytesIO(doors.blobs.get(new.sha256))).pages[0].extract_text()
    assert {version.sha256, version.copy_key} & set(objects(doors)) == set()


def test_bytes_that_another_practice_relies_on_stay_and_are_not_shown_here_any_more(
    db: Session, doors: Doors, web: FlaskClient, held: Version, now: datetime
) -> None:
    other = make.binder(db)
    twin = actions.receive(db, other, filename="L.pdf", data=NAMES_A_PATIENT, by=None, now=now, blobs=doors.blobs)
    web.post(f"/versions/{held.id}/take-out")
    jobs.drain(db, doors)
    assert twin.sha256 in objects(doors)
    assert web.get(f"/versions/{held.id}/original").status_code == 404
    assert check(db, doors).faults == []


def test_a_store_that_does_not_let_go_is_told_by_the_check(
    db: Session, doors: Doors, web: FlaskClient, held: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_key: str) -> None:
        raise BlobLocked("kept for seven years")

    monkeypatch.setattr(doors.blobs, "delete", locked)
    web.post(f"/versions/{held.id}/take-out")
    assert check(db, doors).faults == [], "it is about to go"
    for _ in range(3):
        for job in db.scalars(select(jobs.Job).where(jobs.Job.state == jobs.JobState.WAITING)):
            job.due_at = job.queued_at
        db.commit()
        jobs.drain(db, doors)
    [fault] = check(db, doors).faults
    assert "still there" in fault.why
    [parked] = db.scalars(select(jobs.Job).where(jobs.Job.state == jobs.JobState.PARKED)).all()
    assert "kept for seven years" in str(parked.error)


def test_a_new_file_of_the_same_name_takes_the_place_of_a_held_one_which_is_deleted(
    db: Session, doors: Doors, binder: Binder, owner: User, held: Version, now: datetime
) -> None:
    clean = written(document(["Sample label without a patient, and words enough"], shared=False))
    new = sent(db, doors, binder, owner, now, "Labels.pdf", clean)
    jobs.drain(db, doors)
    assert (held.state, held.purged_at is not None, new.state) == (State.REPLACED, True, State.READABLE)
    assert held.sha256 not in objects(doors)


def test_withdrawing_the_document_deletes_a_held_file(
    db: Session, doors: Doors, owner: User, held: Version, now: datetime
) -> None:
    actions.withdraw(db, held.document, reason="An old draft.", by=owner, now=now)
    jobs.drain(db, doors)
    assert (held.state, held.sha256 in objects(doors)) == (State.WITHDRAWN, False)


def test_what_is_deleted_from_the_database_is_overwritten_in_its_file(db: Session) -> None:
    assert db.execute(text("PRAGMA secure_delete")).scalar() == 1

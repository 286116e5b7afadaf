"""The binder's pages: who sees what, what comes back as bytes, what a browser is told about them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.models import Binder, Version
from app.kernel import jobs
from app.people import actions as people_actions
from app.people.models import Practice, User
from app.people.rules import Capacity, Role
from tests.factories import people
from tests.rooms.conftest import CASE

As = Callable[[User], FlaskClient]
LABELS = next((Path(__file__).parents[2] / "demo/harbor-light").glob("HLO-307*"))


@pytest.fixture
def labels(db: Session, doors: Doors, binder: Binder, now: datetime) -> Version:
    version = actions.receive(
        db, binder, filename=LABELS.name, data=LABELS.read_bytes(), by=None, now=now, blobs=doors.blobs
    )
    db.commit()
    jobs.drain(db, doors)
    return version


def surveyor(db: Session, practice: Practice, now: datetime, case_id: str = CASE) -> User:
    user = people.official(db, Role.SURVEYOR)
    people_actions.appoint(
        db, user, practice_id=practice.id, case_id=case_id, capacity=Capacity.SURVEYOR, by=None, now=now
    )
    db.flush()
    db.refresh(user)
    return user


def test_files_are_added_several_at_once_and_a_refused_one_stops_none(
    db: Session, doors: Doors, as_user: As, owner: User, binder: Binder
) -> None:
    files = [(io.BytesIO(LABELS.read_bytes()), LABELS.name), (io.BytesIO(b"no document"), "notes.pdf")]
    answer = as_user(owner).post(
        f"/binders/{binder.id}/documents", data={"files": files}, headers={"Accept": "application/json"}
    )
    assert [bool(one["refused"]) for one in answer.get_json()] == [False, True]
    jobs.drain(db, doors)
    page = as_user(owner).get(f"/binders/{binder.id}").get_data(as_text=True)
    assert "HLO-307 Labeling and Dispensing" in page and "Visible since" in page and "Sample edition" in page


def test_without_a_script_the_form_comes_back_to_the_binder(as_user: As, owner: User, binder: Binder) -> None:
    client = as_user(owner)
    answer = client.post(f"/binders/{binder.id}/documents", data={"files": [(io.BytesIO(b""), "x.pdf")]})
    assert answer.status_code == 302
    assert "This file is empty" in client.get(f"/binders/{binder.id}").get_data(as_text=True)


def test_the_surveyor_of_the_case_reads_but_does_not_fill_it(
    db: Session, as_user: As, practice: Practice, binder: Binder, labels: Version, now: datetime
) -> None:
    client = as_user(surveyor(db, practice, now))
    assert client.get(f"/binders/{binder.id}").status_code == 200
    assert client.get(f"/versions/{labels.id}/view?page=1&q=label").status_code == 200
    assert client.post(f"/binders/{binder.id}/documents", data={}).status_code == 403


def test_who_has_nothing_to_do_with_the_case_hears_what_a_missing_one_would_say(
    db: Session, as_user: As, practice: Practice, binder: Binder, labels: Version, now: datetime
) -> None:
    strangers = [
        people.member(db, people.practice(db)), people.official(db, Role.SURVEYOR), people.official(db, Role.REVIEWER),
        surveyor(db, practice, now, case_id="d" * 32),
    ]  # fmt: skip
    for stranger in strangers:
        client = as_user(stranger)
        for path in (
            f"/binders/{binder.id}", f"/binders/{binder.id}/search?q=label", f"/binders/{binder.id}/slots/3.9",
            f"/documents/{labels.document_id}", f"/versions/{labels.id}/view", f"/versions/{labels.id}/copy.pdf",
            f"/versions/{labels.id}/original", f"/versions/{labels.id}/pages/1.png",
        ):  # fmt: skip
            assert client.get(path).status_code == 404, path


def test_a_file_that_is_still_being_read_is_hidden_from_the_program(
    db: Session, doors: Doors, as_user: As, practice: Practice, binder: Binder, owner: User, now: datetime
) -> None:
    version = actions.receive(
        db, binder, filename=LABELS.name, data=LABELS.read_bytes(), by=owner, now=now, blobs=doors.blobs
    )
    client = as_user(surveyor(db, practice, now))
    assert client.get(f"/versions/{version.id}/original").status_code == 404
    assert client.get(f"/documents/{version.document_id}").status_code == 404
    assert as_user(owner).get(f"/versions/{version.id}/original").status_code == 200


def test_a_file_is_given_whole_in_parts_or_not_at_all(as_user: As, owner: User, labels: Version) -> None:
    client, data, path = as_user(owner), LABELS.read_bytes(), f"/versions/{labels.id}/copy.pdf"
    whole = client.get(path)
    assert (whole.status_code, whole.data, whole.headers["Accept-Ranges"]) == (200, data, "bytes")
    part = client.get(path, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(data)}"
    assert client.get(path, headers={"Range": "bytes=-50"}).data == data[-50:]
    assert client.get(path, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
    assert client.get(path, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304


def test_what_strangers_uploaded_is_never_a_page_of_ours(as_user: As, owner: User, labels: Version) -> None:
    for name in ("copy.pdf", "original", "pages/1.png"):
        headers = as_user(owner).get(f"/versions/{labels.id}/{name}").headers
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert as_user(owner).get(f"/versions/{labels.id}/original").headers["Content-Disposition"].startswith("attachment")


def test_a_page_is_a_picture_of_bounded_size(as_user: As, owner: User, labels: Version) -> None:
    client = as_user(owner)
    answer = client.get(f"/versions/{labels.id}/pages/2.png?w=99999")
    assert answer.data.startswith(b"\x89PNG") and int.from_bytes(answer.data[16:20], "big") <= 1801
    assert client.get(f"/versions/{labels.id}/pages/3.png").status_code == 404


def test_the_page_opens_with_its_words_lit_and_as_text(as_user: As, owner: User, labels: Version) -> None:
    client = as_user(owner)
    page = client.get(f"/versions/{labels.id}/view?page=1&q=handwritten+labels").get_data(as_text=True)
    assert "<rect " in page and "<mark>" in page and "style=" not in page
    text = client.get(f"/versions/{labels.id}/view?page=1&q=handwritten&as=text").get_data(as_text=True)
    assert "<mark>Handwritten</mark>" in text


def test_a_name_with_quotes_and_marks_comes_back_as_it_is(
    db: Session, doors: Doors, as_user: As, owner: User, binder: Binder, now: datetime
) -> None:
    name = 'Étiquette "A"\r\nX-Evil: 1.pdf'
    version = actions.receive(db, binder, filename=name, data=LABELS.read_bytes(), by=owner, now=now, blobs=doors.blobs)
    headers = as_user(owner).get(f"/versions/{version.id}/original").headers
    assert "X-Evil" not in headers and "%C3%89tiquette" in headers["Content-Disposition"]


def test_a_suggestion_is_pinned_when_a_person_confirms_it(
    db: Session, as_user: As, owner: User, binder: Binder, labels: Version
) -> None:
    client = as_user(owner)
    assert 'value="3.9@1"' in client.get(f"/documents/{labels.document_id}").get_data(as_text=True)
    client.post(f"/documents/{labels.document_id}/suggestions", data={"chosen": ["3.9@1"]})
    pin = queries.pins(db, binder, "3.9")[0]
    assert (pin.page, pin.suggested, bool(pin.quote)) == (1, True, True)
    slot = client.get(f"/binders/{binder.id}/slots/3.9").get_data(as_text=True)
    assert "HLO-307" in slot
    client.post(f"/pins/{pin.id}/remove")
    assert queries.pins(db, binder, "3.9") == []


def test_a_passage_is_pinned_by_hand_and_a_document_as_a_whole(
    db: Session, as_user: As, owner: User, binder: Binder, labels: Version
) -> None:
    client = as_user(owner)
    pinned = client.post(f"/versions/{labels.id}/pins", data={"code": "3.9", "page": "1", "quote": "applied at once"})
    assert pinned.location.startswith(f"/versions/{labels.id}/view")
    client.post(f"/documents/{labels.document_id}/standards", data={"codes": ["3.10"]})
    assert [(pin.code, pin.page) for pin in queries.pins(db, binder)] == [("3.9", 1), ("3.10", None)]


def test_who_pins_on_the_page_of_a_row_stays_there(as_user: As, owner: User, binder: Binder, labels: Version) -> None:
    data = {"code": "3.9", "page": "1", "slot": "1"}
    pinned = as_user(owner).post(f"/versions/{labels.id}/pins", data=data, follow_redirects=True)
    assert pinned.request.path == f"/binders/{binder.id}/slots/3.9"
    assert "Pinned to 3.9." in pinned.get_data(as_text=True)


def test_a_row_is_claimed_with_a_reason_and_asked_again_without_one(
    db: Session, as_user: As, owner: User, binder: Binder
) -> None:
    client = as_user(owner)
    short = client.post(f"/binders/{binder.id}/slots/3.19/claim", data={"reason": "no"})
    assert short.status_code == 422 and "20 letters" in short.get_data(as_text=True)
    client.post(f"/binders/{binder.id}/slots/3.19/claim", data={"reason": "All our sites prepare their own drugs."})
    claim = queries.claim(db, binder, "3.19")
    assert claim is not None
    client.post(f"/na-claims/{claim.id}/drop")
    assert queries.claim(db, binder, "3.19") is None


def test_a_document_is_withdrawn_only_with_a_reason(
    db: Session, as_user: As, owner: User, binder: Binder, labels: Version
) -> None:
    client = as_user(owner)
    assert client.post(f"/documents/{labels.document_id}/withdraw", data={"reason": " "}).status_code == 422
    client.post(f"/documents/{labels.document_id}/withdraw", data={"reason": "An old draft."})
    assert queries.documents(db, binder) == []


def test_the_practice_is_led_to_its_current_binder(
    as_user: As, owner: User, practice: Practice, binder: Binder
) -> None:
    assert as_user(owner).get(f"/practices/{practice.id}/binder").location.endswith(f"/binders/{binder.id}")

"""Files come in piece by piece: a break loses nothing, a ZIP is taken in file by file, and limits are said plainly."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence.actions import unpacking
from app.evidence.models import Binder, Upload, Version
from app.evidence.rules import Refusal, State, UploadState, intake
from app.evidence.rules.intake import PIECE, Unfit
from app.kernel import clock, jobs
from app.kernel.ledger import Event
from app.people.models import Practice, User
from app.people.rules import Role
from storage.blobs import Memory, StoreDown, key_of
from storage.scanner import Memory as Scanner
from tests.factories import evidence as make
from tests.factories import people

As = Callable[[User], FlaskClient]
DEMO = Path(__file__).parents[2] / "demo/harbor-light"
LABELS = next(DEMO.glob("HLO-307*")).read_bytes()
TRIAGE = next(DEMO.glob("HLO-120*")).read_bytes()
WORD = next(DEMO.glob("HLO-112*")).read_bytes()
JSON = {"Accept": "application/json"}
SMALL_PIECE = 20_000


@pytest.fixture
def practice(db: Session) -> Practice:
    return people.practice(db)


@pytest.fixture
def binder(db: Session, practice: Practice) -> Binder:
    return make.binder(db, practice)


@pytest.fixture
def owner(db: Session, practice: Practice) -> User:
    return people.member(db, practice, Role.OWNER)


@pytest.fixture
def web(as_user: As, owner: User) -> FlaskClient:
    return as_user(owner)


def begin(web: FlaskClient, binder: Binder, name: str, data: bytes, modified: int = 1_780_000_000_000) -> Any:
    given = {"name": name, "size": len(data), "modified": modified}
    return web.post(f"/binders/{binder.id}/uploads", data=given, headers=JSON)


def piece(web: FlaskClient, upload_id: str, at: int, data: bytes) -> Any:
    kind = "application/octet-stream"
    return web.post(f"/uploads/{upload_id}/pieces?at={at}", data=data, content_type=kind, headers=JSON)


def send(web: FlaskClient, binder: Binder, name: str, data: bytes, size: int = SMALL_PIECE) -> Any:
    """All pieces of a file, from where it stands."""
    stands = begin(web, binder, name, data).get_json()
    for _ in range(len(data) // size + 1):
        if stands.get("state") != "receiving":
            break
        at = stands["received"]
        stands = piece(web, stands["id"], at, data[at : at + size]).get_json()
    return stands


def bundle(files: dict[str, bytes], **over: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **over) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def objects(doors: Doors) -> dict[str, bytes]:
    assert isinstance(doors.blobs, Memory)
    return doors.blobs.objects


def names(db: Session, binder: Binder) -> list[str]:
    return sorted(db.scalars(select(Version.filename).where(Version.binder_id == binder.id)))


def test_a_file_arrives_in_pieces_and_is_the_same_file(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder
) -> None:
    said = send(web, binder, "Labels.pdf", LABELS)
    assert (said["refused"], said["words"]) == (None, "Received. It is being read now.")
    jobs.drain(db, doors)
    [version] = db.scalars(select(Version)).all()
    assert (version.state, doors.blobs.get(version.sha256)) == (State.READABLE, LABELS)
    assert set(objects(doors)) == {version.sha256}, "its pieces are gone"


def test_after_a_break_only_the_rest_is_sent(db: Session, web: FlaskClient, binder: Binder) -> None:
    begun = begin(web, binder, "Labels.pdf", LABELS).get_json()
    piece(web, begun["id"], 0, LABELS[:SMALL_PIECE])
    again = begin(web, binder, "Labels.pdf", LABELS).get_json()
    assert (again["id"], again["received"]) == (begun["id"], SMALL_PIECE)
    [listed] = web.get(f"/binders/{binder.id}/uploads").get_json()
    assert (listed["name"], listed["received"]) == ("Labels.pdf", SMALL_PIECE)
    assert "did not arrive whole" in web.get(f"/binders/{binder.id}").text
    assert send(web, binder, "Labels.pdf", LABELS)["refused"] is None
    assert names(db, binder) == ["Labels.pdf"]


def test_a_piece_that_was_sent_twice_or_out_of_turn_is_told_where_to_go_on(web: FlaskClient, binder: Binder) -> None:
    begun = begin(web, binder, "Labels.pdf", LABELS).get_json()
    piece(web, begun["id"], 0, LABELS[:SMALL_PIECE])
    for at in (0, 3 * SMALL_PIECE, -1):
        answer = piece(web, begun["id"], at, LABELS[:SMALL_PIECE])
        assert (answer.status_code, answer.get_json()["received"]) == (409, SMALL_PIECE)


def test_a_last_answer_that_was_lost_is_given_again_and_nothing_doubled(
    db: Session, web: FlaskClient, binder: Binder
) -> None:
    begun = begin(web, binder, "Labels.pdf", LABELS).get_json()
    send(web, binder, "Labels.pdf", LABELS)
    late = piece(web, begun["id"], 0, LABELS[:100])
    assert (late.status_code, late.get_json()["state"]) == (409, "taken")
    again = begin(web, binder, "Labels.pdf", LABELS).get_json()
    assert (again["state"], again["same"], again["words"]) == ("taken", True, "It is in the binder already.")
    assert names(db, binder) == ["Labels.pdf"]


def test_all_pieces_here_and_the_process_gone_is_finished_by_an_empty_piece(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, owner: User
) -> None:
    begun = begin(web, binder, "Labels.pdf", LABELS).get_json()
    upload = db.get_one(Upload, begun["id"])
    upload.pieces, upload.received = [doors.blobs.put(LABELS)], len(LABELS)
    answer = piece(web, begun["id"], len(LABELS), b"")
    assert answer.get_json()["words"] == "Received. It is being read now."
    assert names(db, binder) == ["Labels.pdf"]


def test_what_is_too_large_or_empty_is_refused_before_a_byte_is_sent(web: FlaskClient, binder: Binder) -> None:
    large = begin(web, binder, "large.pdf", bytes(51 * 1024**2)).get_json()
    assert large["refused"].startswith("This file has 51.0 MB")
    assert begin(web, binder, "empty.pdf", b"").get_json()["refused"] == Refusal.EMPTY


def test_a_refused_file_says_why_and_stays_in_the_list_until_it_is_dismissed(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder
) -> None:
    said = send(web, binder, "notes.pdf", b"MZ\x90\0 no document" * 100)
    assert said["refused"] == Refusal.NEITHER
    assert Refusal.NEITHER in web.get(f"/binders/{binder.id}").text
    [upload] = db.scalars(select(Upload)).all()
    assert web.post(f"/uploads/{upload.id}/dismiss").status_code == 302
    assert Refusal.NEITHER not in web.get(f"/binders/{binder.id}").text
    jobs.drain(db, doors)
    assert objects(doors) == {}


@pytest.mark.parametrize("given", [{}, {"name": "x.pdf"}, {"name": "", "size": 1}, {"name": "x.pdf", "size": "many"},
                                   {"name": "x.pdf", "size": -1}, {"name": "x.pdf", "size": 10**20}])  # fmt: skip
def test_nonsense_about_a_file_is_no_fault(web: FlaskClient, binder: Binder, given: dict[str, Any]) -> None:
    assert web.post(f"/binders/{binder.id}/uploads", data=given, headers=JSON).status_code == 422


def test_a_piece_larger_than_pieces_are_and_one_that_goes_over_the_end_are_refused(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder
) -> None:
    begun = begin(web, binder, "x.pdf", bytes(PIECE + 10)).get_json()
    assert piece(web, begun["id"], 0, bytes(PIECE + 1)).status_code == 413
    small = begin(web, binder, "y.pdf", bytes(10)).get_json()
    assert piece(web, small["id"], 0, bytes(11)).status_code == 422
    assert piece(web, small["id"], 0, b"").status_code == 422


def test_an_upload_is_nobodys_business_but_its_practices(
    db: Session, as_user: As, web: FlaskClient, binder: Binder, practice: Practice
) -> None:
    begun = begin(web, binder, "Labels.pdf", LABELS).get_json()
    strangers = [people.member(db, people.practice(db)), people.official(db, Role.STAFF, Role.ADMIN)]
    for stranger in strangers:
        client = as_user(stranger)
        assert client.get(f"/uploads/{begun['id']}").status_code == 404
        assert piece(client, begun["id"], 0, LABELS).status_code == 404
        assert client.post(f"/uploads/{begun['id']}/dismiss").status_code == 404
    colleague = as_user(people.member(db, practice, Role.CONTRIBUTOR))
    assert colleague.get(f"/uploads/{begun['id']}").status_code == 200
    assert as_user(people.member(db, practice, Role.SIGNER)).get(f"/uploads/{begun['id']}").status_code == 403


def test_too_many_open_uploads_and_too_many_bytes_are_told_to_wait(
    web: FlaskClient, binder: Binder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_OPEN", 2)
    for name in ("a.pdf", "b.pdf"):
        assert begin(web, binder, name, LABELS).status_code == 200
    answer = begin(web, binder, "c.pdf", LABELS)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert "on their way" in answer.get_json()["refused"]
    monkeypatch.setattr(intake, "MOST_OPEN", 100)
    monkeypatch.setattr(intake, "MOST_A_DAY", 2 * len(LABELS))
    assert "Go on tomorrow" in begin(web, binder, "c.pdf", LABELS).get_json()["refused"]
    form = {"files": [(io.BytesIO(TRIAGE), "Triage.pdf")]}
    [said] = web.post(f"/binders/{binder.id}/documents", data=form, headers=JSON).get_json()
    assert "Go on tomorrow" in said["refused"]


def test_a_store_that_is_down_is_503_with_a_time_to_try_again_and_nothing_is_half_kept(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(web, binder, "Labels.pdf", LABELS).get_json()

    def down(_data: bytes) -> str:
        raise StoreDown("no answer")

    with monkeypatch.context() as broken:
        broken.setattr(doors.blobs, "put", down)
        answer = piece(web, begun["id"], 0, LABELS[:SMALL_PIECE])
        form = web.post(f"/binders/{binder.id}/documents", data={"files": [(io.BytesIO(LABELS), "L.pdf")]})
    assert (answer.status_code, answer.headers["Retry-After"], form.status_code) == (503, "20", 503)
    assert web.get(f"/uploads/{begun['id']}").get_json()["received"] == 0
    assert names(db, binder) == []
    assert send(web, binder, "Labels.pdf", LABELS)["refused"] is None


def test_given_up_uploads_go_after_a_day_with_their_pieces_and_what_others_need_stays(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, owner: User
) -> None:
    send(web, binder, "Labels.pdf", LABELS, size=len(LABELS))
    begun = begin(web, binder, "Other.pdf", LABELS + b"more").get_json()
    piece(web, begun["id"], 0, LABELS)  # the very bytes of the document
    unpacking.tidy(db, now=clock.now())
    assert db.get(Upload, begun["id"]) is not None
    unpacking.tidy(db, now=clock.now() + timedelta(days=1, minutes=1))
    jobs.drain(db, doors)
    assert db.scalar(select(func.count()).select_from(Upload)) == 0
    assert set(objects(doors)) == {key_of(LABELS)}


# A ZIP ----------------------------------------------------------------------------------------------------------------

MIXED = {
    "Policies/Labels.pdf": LABELS, "Policies/Triage.pdf": TRIAGE, "Policies/notes.pdf": b"MZ\x90\0" * 100,
    "Policies/old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Policies/empty.pdf": b"",
    "Policies/more.zip": bundle({"x.pdf": LABELS}), "North/Labels.pdf": LABELS + b"\n%north\n",
    "../outside.pdf": LABELS + b"\n", "__MACOSX/._Labels.pdf": b"x", "Policies/.DS_Store": b"x", "Thumbs.db": b"x",
    "Policies/~$Labels.docx": b"x", "Screening.docx": WORD, "Again.pdf": TRIAGE,
}  # fmt: skip


def test_a_zip_is_taken_in_file_by_file_and_a_bad_one_stops_no_other(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder
) -> None:
    said = send(web, binder, "Everything.zip", bundle(MIXED))
    assert said["words"] == "Received. Its files are being taken in."
    assert "About to be unpacked" in web.get(f"/binders/{binder.id}/documents").text
    jobs.drain(db, doors)
    assert names(db, binder) == ["Labels (North).pdf", "Labels.pdf", "Screening.docx", "Triage.pdf"]
    [upload] = db.scalars(select(Upload)).all()
    refused = {one["file"]: one["refused"] for one in upload.results if one["refused"]}
    assert refused == {
        "notes.pdf": Refusal.NEITHER, "old.doc": Refusal.OLD_WORD, "empty.pdf": Refusal.EMPTY,
        "more.zip": Unfit.NESTED, "outside.pdf": Unfit.LEADS_OUTSIDE, "Again.pdf": Refusal.ALREADY_HERE,
    }  # fmt: skip
    assert (upload.state, upload.entries, upload.pieces) == (UploadState.TAKEN, 10, [])
    page = web.get(f"/binders/{binder.id}").text
    assert "4 files taken in, 6 not." in page and Refusal.OLD_WORD in page
    kept = {version.sha256 for version in db.scalars(select(Version))}
    kept |= {str(version.copy_key) for version in db.scalars(select(Version))}
    assert set(objects(doors)) == kept, "of the ZIP itself nothing stays"


def test_a_zip_is_known_by_its_bytes_and_a_word_file_is_none(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder
) -> None:
    form = [(io.BytesIO(bundle({"Labels.pdf": LABELS})), "policies.pdf"), (io.BytesIO(WORD), "Screening.zip")]
    web.post(f"/binders/{binder.id}/documents", data={"files": form}, headers=JSON)
    jobs.drain(db, doors)
    assert names(db, binder) == ["Labels.pdf"]
    assert "does not end in .docx" in web.get(f"/binders/{binder.id}").text


def bomb() -> bytes:
    return bundle({"zeros.txt": bytes(3 * 1024**2)})


def twice() -> bytes:
    """Two entries of the directory that share the bytes of one file."""
    data = bundle({"aa.txt": b"words", "bb.txt": b"words"})
    first, second = (data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02"))
    return data[: second + 42] + data[first + 42 : first + 46] + data[second + 46 :]


def locked() -> bytes:
    """As if the file in it needed a password."""
    data = bytearray(bundle({"a.pdf": LABELS}))
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(head) + at] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bundle({}), Unfit.NO_FILES), (bundle({"folder/": b"", ".DS_Store": b"x"}), Unfit.NO_FILES),
        (bundle({"a.pdf": LABELS})[:-30], Unfit.DAMAGED), (b"PK\x03\x04" + bytes(90), Unfit.DAMAGED),
        (bomb(), Unfit.BOMB), (twice(), Unfit.UNSAFE), (bundle({f"{n}.txt": b"x" for n in range(501)}), Unfit.TOO_MANY),
        (bundle({"a.pdf": LABELS}).replace(b"a.pdf", b"b.pdf", 1), Unfit.UNSAFE),
    ],
)  # fmt: skip
def test_a_zip_that_is_none_or_built_to_harm_is_refused_whole(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, data: bytes, reason: str
) -> None:
    send(web, binder, "Policies.zip", data)
    jobs.drain(db, doors)
    [upload] = db.scalars(select(Upload)).all()
    if upload.reason is None:  # an entry alone was at fault
        assert [one["refused"] for one in upload.results] == [reason]
    else:
        assert (upload.state, upload.reason) == (UploadState.REFUSED, reason)
    assert names(db, binder) == []
    jobs.drain(db, doors)
    assert objects(doors) == {}


def test_a_file_of_a_zip_that_needs_a_password_is_refused_alone(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder
) -> None:
    send(web, binder, "Policies.zip", locked())
    jobs.drain(db, doors)
    assert Unfit.LOCKED in web.get(f"/binders/{binder.id}").text


def test_a_worker_takes_turns_and_goes_on_behind_the_last_file(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "TURN_SECONDS", 0.0)
    send(web, binder, "Two.zip", bundle({"Labels.pdf": LABELS, "Triage.pdf": TRIAGE}))
    job = jobs.take(db)
    assert job is not None
    jobs.run(db, doors, job)
    [upload] = db.scalars(select(Upload)).all()
    assert (len(upload.results), upload.entries) == (1, 2)
    assert "1 of 2 taken in" in web.get(f"/binders/{binder.id}/documents").text
    jobs.drain(db, doors)
    assert (upload.state, names(db, binder)) == (UploadState.TAKEN, ["Labels.pdf", "Triage.pdf"])
    received = db.scalar(select(func.count()).where(Event.what == "document received"))
    assert received == 2


def test_work_that_went_down_with_its_worker_is_begun_anew_and_given_up_only_at_last(
    db: Session, doors: Doors, binder: Binder
) -> None:
    version = make.received(db, binder, "A.pdf", b"a")
    for _ in range(intake.MOST_STARTS):
        [job] = db.scalars(select(jobs.Job).where(jobs.Job.state == jobs.JobState.WAITING)).all()
        job.state, job.error = jobs.JobState.PARKED, "the worker died"
        db.flush()
        unpacking.tidy(db, now=clock.now())
    assert (version.state, version.trouble) == (State.WITHDRAWN, Refusal.CANNOT_BE_READ)


# The virus check ------------------------------------------------------------------------------------------------------


@pytest.fixture
def scanner(app: Any, doors: Doors) -> Scanner:
    made = Scanner([b"EICAR"])
    app.extensions["qcp.doors"] = replace(doors, scanner=made)
    return made


@pytest.mark.parametrize("way", ["pieces", "form"])
def test_what_the_virus_check_finds_is_refused_and_its_name_is_in_the_ledger_only(
    db: Session, doors: Doors, web: FlaskClient, binder: Binder, scanner: Scanner, way: str
) -> None:
    data = LABELS + b"EICAR"
    if way == "pieces":
        said = send(web, binder, "Labels.pdf", data)
    else:
        form = {"files": [(io.BytesIO(data), "Labels.pdf")]}
        [said] = web.post(f"/binders/{binder.id}/documents", data=form, headers=JSON).get_json()
    assert said["refused"] == Unfit.INFECTED
    event = db.scalar(select(Event).where(Event.what == "file refused by the virus check"))
    assert event is not None and event.detail["after"] == {"file": "Labels.pdf", "found": "Test.EICAR"}
    assert "Test.EICAR" not in web.get(f"/binders/{binder.id}").text
    jobs.drain(db, doors)
    assert (names(db, binder), objects(doors)) == ([], {})


@pytest.mark.parametrize("way", ["pieces", "form"])
def test_while_the_virus_check_is_down_a_file_waits_unopened_and_is_tried_until_it_answers(
    db: Session, app: Any, web: FlaskClient, binder: Binder, scanner: Scanner, way: str
) -> None:
    scanner.down = True
    if way == "pieces":
        said = send(web, binder, "Labels.pdf", LABELS)
    else:
        form = {"files": [(io.BytesIO(LABELS), "Labels.pdf")]}
        [said] = web.post(f"/binders/{binder.id}/documents", data=form, headers=JSON).get_json()
    assert (said["refused"], said["words"]) == (None, "Received. It waits for the virus check.")
    assert "Waiting for the virus check" in web.get(f"/binders/{binder.id}").text
    own = app.extensions["qcp.doors"]
    now = clock.now()
    for turn in range(6):  # far more often than a job that fails is tried
        with clock.at(now + turn * timedelta(minutes=1)):
            jobs.drain(db, own)
    assert names(db, binder) == []
    assert db.scalar(select(func.count()).where(jobs.Job.state == jobs.JobState.PARKED)) == 0
    scanner.down = False
    with clock.at(now + timedelta(hours=1)):
        jobs.drain(db, own)
    [version] = db.scalars(select(Version)).all()
    assert (version.filename, version.state) == ("Labels.pdf", State.READABLE)


def test_each_file_of_a_zip_is_checked_and_one_that_waits_holds_up_only_those_behind_it(
    db: Session, app: Any, web: FlaskClient, binder: Binder, scanner: Scanner
) -> None:
    send(web, binder, "Two.zip", bundle({"Bad.pdf": TRIAGE + b"EICAR", "Labels.pdf": LABELS}))
    own = app.extensions["qcp.doors"]
    scanner.down = True
    jobs.drain(db, own)
    [upload] = db.scalars(select(Upload)).all()
    assert (upload.state, upload.results) == (UploadState.SCANNING, [])
    scanner.down = False
    with clock.at(clock.now() + timedelta(hours=1)):
        jobs.drain(db, own)
    assert [one["refused"] for one in upload.results] == [Unfit.INFECTED, None]
    assert names(db, binder) == ["Labels.pdf"]


# The list -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 1), (40, 40), (400, 40)])
def test_the_list_copes_with_any_number_of_files(
    db: Session, web: FlaskClient, binder: Binder, count: int, shown: int
) -> None:
    for number in range(count):
        make.received(db, binder, f"Policy {number:03}.pdf", str(number).encode())
    page = web.get(f"/binders/{binder.id}/documents").text
    assert page.count("Reading it now") == shown
    assert ("Pages of files" in page) == (count > 40)
    assert ("Find a file by its name" in page) == (count > 10)
    if count == 400:
        assert "41 to 80 of 400" in web.get(f"/binders/{binder.id}/documents?files=2").text
        found = web.get(f"/binders/{binder.id}/documents?find=policy 39").text
        assert found.count("Reading it now") == 10 and "Policy 399" in found
        assert "No file is called" in web.get(f"/binders/{binder.id}/documents?find=nothing").text

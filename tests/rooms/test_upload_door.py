"""The door through which files come in: each is judged on its own, and a refused one says why."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.models import Binder, Version
from app.evidence.rules import Refusal
from app.kernel.ledger import Event
from app.people.models import Practice, User
from app.people.rules import Role
from tests.factories import evidence as make
from tests.factories import people

As = Callable[[User], FlaskClient]
DEMO = Path(__file__).parents[2] / "demo/harbor-light"
LABELS = next(DEMO.glob("HLO-307*")).read_bytes()
WORD = next(DEMO.glob("*.docx")).read_bytes()
MB = 1024 * 1024


@pytest.fixture
def practice(db: Session) -> Practice:
    return people.practice(db)


@pytest.fixture
def binder(db: Session, practice: Practice) -> Binder:
    return make.binder(db, practice)


@pytest.fixture
def web(db: Session, practice: Practice, as_user: As) -> FlaskClient:
    return as_user(people.member(db, practice, Role.OWNER))


def locked() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def package(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, "x")
    return out.getvalue()


BATCH: list[tuple[str, bytes, str | None]] = [
    ("Labels.pdf", LABELS, None),
    ("empty.pdf", b"", Refusal.EMPTY),
    ("notes.pdf", b"only words", Refusal.NEITHER),
    ("program.pdf", b"MZ\x90\0" + b"\0" * 200, Refusal.NEITHER),
    ("picture.docx", b"\x89PNG\r\n\x1a\n" + b"\0" * 200, Refusal.NEITHER),
    ("archive.docx", package("readme.txt"), Refusal.NEITHER),
    ("half.pdf", LABELS[:4000], Refusal.DAMAGED_PDF),
    ("half.docx", WORD[:4000], Refusal.DAMAGED_WORD),
    ("locked.pdf", locked(), Refusal.PASSWORD),
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Refusal.OLD_WORD),
    ("Labels renamed.docx", LABELS + b"\n", "This file is a PDF, but its name does not end in .pdf."),
    ("The same again.pdf", LABELS, Refusal.ALREADY_HERE),
    ("Consent.docx", WORD, None),
]  # fmt: skip


def send(client: FlaskClient, binder: Binder, *files: tuple[str, bytes], accept: str = "application/json") -> Any:
    head = '--cut\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n'
    body = b"".join((head % name).encode() + data + b"\r\n" for name, data in files) + b"--cut--\r\n"
    kind = "multipart/form-data; boundary=cut"
    return client.post(f"/binders/{binder.id}/documents", data=body, content_type=kind, headers={"Accept": accept})


def names(db: Session, binder: Binder) -> list[str]:
    return sorted(db.scalars(select(Version.filename).where(Version.binder_id == binder.id)))


def test_of_a_mixed_batch_the_sound_files_come_in_and_each_other_is_refused_with_its_reason(
    db: Session, web: FlaskClient, binder: Binder
) -> None:
    answer = send(web, binder, *((name, data) for name, data, _ in BATCH))
    said = {one["file"]: one["refused"] for one in answer.get_json()}
    for name, _, reason in BATCH:
        assert (said[name] is None) == (reason is None), (name, said[name])
        assert reason is None or said[name].startswith(reason), (name, said[name])
    assert names(db, binder) == ["Consent.docx", "Labels.pdf"]
    assert len(db.scalars(select(Event).where(Event.what == "document received")).all()) == 2


def test_a_file_that_is_in_the_binder_is_refused_under_any_name(db: Session, web: FlaskClient, binder: Binder) -> None:
    send(web, binder, ("Labels.pdf", LABELS))
    answer = send(web, binder, ("Other name.pdf", LABELS))
    assert [one["refused"] for one in answer.get_json()] == [Refusal.ALREADY_HERE]
    assert names(db, binder) == ["Labels.pdf"]


NAMES = {
    "../../etc/Labels.pdf": "Labels.pdf",
    "La\x01be\x1bls\x7f.pdf": "Labels.pdf",
    "Labels\u202efdp.exe.pdf": "Labelsfdp.exe.pdf",
    "L" * 300 + ".pdf": "L" * 176 + ".pdf",
    "<img src=x onerror=alert(1)>.pdf": "<img src=x onerror=alert(1)>.pdf",
    "   Labels   of  drugs .pdf": "Labels of drugs .pdf",
    "\u00c9tiquettes \u85ac.pdf": "\u00c9tiquettes \u85ac.pdf",
    "..": "This file is a PDF, but its name does not end in .pdf. Rename it and add it again.",
}


@pytest.mark.parametrize(("given", "kept"), NAMES.items())
def test_a_name_is_only_a_name(db: Session, web: FlaskClient, binder: Binder, given: str, kept: str) -> None:
    answer = send(web, binder, (given, LABELS))
    [said] = answer.get_json()
    if said["refused"]:
        assert said["refused"] == kept
        return
    assert names(db, binder) == [kept]
    page = web.get(f"/binders/{binder.id}").get_data(as_text=True)
    assert "<img src=x" not in page and "\u202e" not in page and "\x1b" not in page


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_nothing_chosen_or_a_file_without_a_name_is_no_fault(web: FlaskClient, binder: Binder, accept: str) -> None:
    for answer in (send(web, binder, accept=accept), send(web, binder, ("", LABELS), accept=accept)):
        assert answer.status_code in (200, 302)
    if accept == "text/html":
        assert "Choose one or more files first" in web.get(f"/binders/{binder.id}").text


def test_a_file_over_50_mb_is_refused_with_its_size_and_the_others_go_on(
    db: Session, web: FlaskClient, binder: Binder
) -> None:
    large = b"%PDF-1.7\n" + b"0" * (50 * MB)
    answer = send(web, binder, ("large.pdf", large), ("Labels.pdf", LABELS))
    assert [one["refused"] for one in answer.get_json()] == [
        "This file has 50.1 MB; 50 MB is the most. Split it, or save it with smaller pictures.", None,
    ]  # fmt: skip
    assert names(db, binder) == ["Labels.pdf"]


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_batch_that_is_larger_than_a_request_may_be_says_what_to_do(
    web: FlaskClient, binder: Binder, accept: str
) -> None:
    files = [(f"{n}.pdf", b"%PDF-1.7\n" + b"0" * (20 * MB)) for n in range(3)]
    answer = send(web, binder, *files, accept=accept)
    assert answer.status_code == 413
    if accept == "application/json":
        [said] = answer.get_json()
        assert "50 MB" in said["refused"]
    else:
        page = answer.get_data(as_text=True)
        assert "50 MB" in page and "Nothing was kept" in page

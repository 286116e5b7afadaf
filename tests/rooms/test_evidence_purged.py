"""What was blackened or taken out is gone from everywhere: rows, objects, indexes and what is beside them, scratch."""

from __future__ import annotations

import io
import os
import re
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.cli.check import held as relied_on
from app.cli.check import walk as check
from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.actions import intake, unpacking
from app.evidence.models import Binder, Version
from app.evidence.reader import scratch
from app.evidence.rules import State
from app.kernel import jobs
from app.people.models import User
from storage.blobs import Folder
from storage.fulltext import WhooshIndexes
from tests.doors.test_covering import document, written
from tests.factories import evidence as make
from tests.factories import files, people

As = Callable[[User], FlaskClient]
NAME, NUMBER = "Quillfeather", "48291377"
LINES = ["Sample label of the pharmacy", f"Patient: Rosalind {NAME}  MRN {NUMBER}", "Each label carries the expiry"]
PAPER = written(document(LINES, ["The other page"], shared=False))
LETTER = files.rich(f"Patient: Rosalind {NAME}  MRN {NUMBER}")


@pytest.fixture
def disk(app: Flask, doors: Doors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """Doors as they are in use: everything on a disk."""
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    made = replace(doors, blobs=Folder(tmp_path / "objects"), indexes=WhooshIndexes(tmp_path / "index"))
    app.extensions["qcp.doors"] = made
    return made


def sent(client: FlaskClient, binder: Binder, name: str, data: bytes) -> None:
    """In two pieces, as a browser sends it."""
    begun = client.post(f"/binders/{binder.id}/uploads", data={"name": name, "size": len(data), "modified": 7})
    upload, half = begun.get_json()["id"], len(data) // 2
    for at, piece in ((0, data[:half]), (half, data[half:])):
        assert client.post(f"/uploads/{upload}/pieces?at={at}", data=piece).status_code == 200


def zipped(name: str, data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr(name, data)
    return made.getvalue()


def traces(db: Session, folder: Path) -> Iterator[str]:
    """Where a name or a number still stands."""
    for (table,) in db.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all():
        for row in db.execute(text(f'SELECT * FROM "{table}"')):
            if any(word in str(row) for word in (NAME, NUMBER, NAME.casefold())):
                yield f"table {table}: {str(row)[:200]}"
    for path in folder.rglob("*"):
        if path.is_file() and _holds(path.read_bytes()):
            yield str(path.relative_to(folder))


def _holds(data: bytes) -> bool:
    return any(word.encode() in data for word in (NAME, NUMBER, NAME.casefold()))


WAYS = ["blackened", "taken out", "withdrawn", "replaced"]


@pytest.mark.parametrize("form", ["Labels.pdf", "Letter.rtf", "Folder.zip"])
@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_a_patient_is_left_anywhere(
    db: Session, disk: Doors, as_user: As, binder: Binder, owner: User, tmp_path: Path, now: datetime, way: str,
    form: str,
) -> None:  # fmt: skip
    client = as_user(owner)
    make.document(db, binder, "Other.pdf", "The expiry of another document.")
    data = {"Labels.pdf": PAPER, "Letter.rtf": LETTER, "Folder.zip": zipped("in/Labels.pdf", PAPER)}[form]
    sent(client, binder, form, data)
    jobs.drain(db, disk)
    [held] = db.scalars(select(Version).where(Version.state == State.HELD)).all()
    for path in (f"/versions/{held.id}/held", f"/versions/{held.id}/redact", f"/versions/{held.id}/view"):
        assert client.get(path).status_code == 200
    queries.search(db, binder, f"expiry {NAME}", None, disk.indexes)
    assert any(traces(db, tmp_path)), "it is there before"
    if way == "blackened":
        places = {"finds": [str(at) for at in range(len(held.finds))]}
        assert client.post(f"/versions/{held.id}/redact", data=places).status_code == 302
    elif way == "taken out":
        client.post(f"/versions/{held.id}/take-out")
    elif way == "withdrawn":
        client.post(f"/documents/{held.document_id}/withdraw", data={"reason": "It names a patient."})
    else:
        newer = intake.add_version(
            db, held.document, actions.examine("Labels.pdf", written(document(["Anew"])), disk.blobs), by=owner, now=now
        )
        db.commit()
    jobs.drain(db, disk)
    db.expire_all()
    assert held.state in (State.REPLACED, State.WITHDRAWN) and held.purged_at is not None
    if way == "replaced":
        assert newer.state is State.READABLE
    queries.search(db, binder, "expiry", None, disk.indexes)
    assert list(traces(db, tmp_path)) == []
    assert set(disk.blobs.keys()) <= {one.key for one in relied_on(db)}, "nor a piece, nor a copy that nobody knows of"
    assert list((tmp_path / "scratch").iterdir()) == []
    kinds = {fault.kind for fault in check(db, disk).faults}
    assert "index" not in kinds and not any("was to be deleted" in str(one) for one in check(db, disk).faults)


def test_bytes_on_their_way_into_another_practice_are_not_taken_from_it(
    db: Session, disk: Doors, as_user: As, binder: Binder, owner: User
) -> None:
    """The same file: taken out here while its piece has just arrived there."""
    other = people.practice(db)
    theirs, colleague = make.binder(db, other, case_id="d" * 32), people.member(db, other)
    sent(as_user(owner), binder, "Labels.pdf", PAPER)
    jobs.drain(db, disk)
    [held] = db.scalars(select(Version)).all()
    client = as_user(colleague)
    about = {"name": "Labels.pdf", "size": len(PAPER) + 1, "modified": 7}
    upload = client.post(f"/binders/{theirs.id}/uploads", data=about).get_json()["id"]
    client.post(f"/uploads/{upload}/pieces?at=0", data=PAPER)
    as_user(owner).post(f"/versions/{held.id}/take-out")
    jobs.drain(db, disk)
    assert held.purged_at is not None and held.sha256 in disk.blobs, "a piece of the other practice's upload"
    as_user(colleague).post(f"/uploads/{upload}/pieces?at={len(PAPER)}", data=b"\n")
    jobs.drain(db, disk)
    assert [one.state for one in db.scalars(select(Version).where(Version.binder_id == theirs.id))] == [State.HELD]


@pytest.mark.parametrize("at", [5, 0])
def test_a_piece_that_is_not_kept_is_not_in_the_store_either(
    disk: Doors, as_user: As, binder: Binder, owner: User, at: int
) -> None:
    client = as_user(owner)
    about = {"name": "Labels.pdf", "size": len(PAPER) - 1, "modified": 7}
    upload = client.post(f"/binders/{binder.id}/uploads", data=about).get_json()["id"]
    assert client.post(f"/uploads/{upload}/pieces?at={at}", data=PAPER).status_code in (409, 422)
    assert list(disk.blobs.keys()) == []


def test_what_a_killed_worker_left_on_the_disk_goes_and_what_is_worked_on_stays(
    db: Session, disk: Doors, tmp_path: Path, now: datetime
) -> None:
    long_ago = time.time() - 2 * scratch.LONGEST
    for name in ("qcp-read-left", "qcp-zip-left", "qcp-read-busy", "other-left"):
        (tmp_path / "scratch" / name).mkdir()
        (tmp_path / "scratch" / name / "in").write_bytes(PAPER)
        if name.endswith("left"):
            os.utime(tmp_path / "scratch" / name, (long_ago, long_ago))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "scratch/qcp-show-link").symlink_to(tmp_path / "elsewhere")
    os.utime(tmp_path / "elsewhere", (long_ago, long_ago))
    unpacking.tidy(db, now=now)
    left = sorted(path.name for path in (tmp_path / "scratch").iterdir())
    assert left == ["other-left", "qcp-read-busy", "qcp-show-link"] and (tmp_path / "elsewhere").is_dir()


def test_every_scratch_folder_is_one_that_is_cleared() -> None:
    """Whoever adds a kind of work adds its folder."""
    sources = [path.read_text() for path in (Path(__file__).parents[2] / "app/evidence").rglob("*.py")]
    made = {kind for source in sources for kind in re.findall(r'prefix="qcp-(\w+)-"', source)}
    assert made == set(scratch.KINDS)

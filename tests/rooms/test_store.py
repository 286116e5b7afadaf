"""The check of the whole store finds what was changed behind the portal's back; a backup brings it all back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click import ClickException
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cli import backup
from app.cli.check import walk
from app.documents import actions as documents
from app.documents.models import Paper
from app.documents.rules import PaperKind
from app.doors import Doors
from app.evidence import actions as evidence
from app.evidence import queries
from app.evidence.models import Binder, Document, Page, Version
from app.evidence.rules import Kind, Source, State
from app.kernel import clock, jobs, ledger
from app.kernel.db import Base
from app.kernel.ledger import Event
from app.people.models import Practice
from app.people.rules import Role
from app.standards import queries as standards
from storage import blobs, memory
from tests.factories import people

LETTER = {
    "ref": [["Case", "2026-0117"]], "to": ["Medical Director"], "subject": "News", "salutation": "Dear colleagues:",
    "paragraphs": ["It is so."], "closing": "With regards,", "enclosures": [],
    "signatories": [{"name": "B. Placeholder, RN", "title": "Program Director"}],
}  # fmt: skip


@pytest.fixture
def held(db: Session) -> Practice:
    return people.practice(db)


@pytest.fixture
def paper(db: Session, doors: Doors, held: Practice, now: datetime) -> Paper:
    with clock.at(now):
        made = documents.order(
            db, kind=PaperKind.LETTER, data=LETTER, practice_id=held.id, number="LTR-1", version=1, title="Letter",
            by=None, now=now,
        )  # fmt: skip
        db.commit()
        jobs.drain(db, doors)
    return made


@pytest.fixture
def version(db: Session, doors: Doors, held: Practice, now: datetime) -> Version:
    """A policy of two pages that has been read."""
    binder = evidence.open_binder(db, held, standards.current_edition(db).id, now=now)
    document = Document(binder_id=binder.id, practice_id=held.id, title="Labels", since=now)
    db.add(document)
    db.flush()
    made = Version(
        document_id=document.id, binder_id=binder.id, practice_id=held.id, number=1, filename="labels.pdf",
        kind=Kind.PDF, sha256=doors.blobs.put(b"the file"), size=8, state=State.READABLE, pages=2, uploaded_at=now,
        visible_since=now, copy_key=doors.blobs.put(b"the copy"), uploaded_by=people.member(db, held, Role.OWNER).id,
    )  # fmt: skip
    db.add(made)
    db.flush()
    for number, words in ((1, "Labels name the drug and the dose"), (2, "Two nurses check each vincristine bag")):
        db.add(Page(version_id=made.id, number=number, text=words, headings=[], source=Source.TEXT, boxes=[]))
    db.flush()
    return made


def faults(db: Session, doors: Doors) -> list[str]:
    return [f"{fault.kind}: {fault.why}" for fault in walk(db, doors).faults]


def objects(doors: Doors) -> dict[str, bytes]:
    assert isinstance(doors.blobs, blobs.Memory)
    return doors.blobs.objects


def test_a_store_as_it_was_written_is_intact(db: Session, doors: Doors, paper: Paper, version: Version) -> None:
    done = walk(db, doors)
    assert done.faults == []
    assert (done.checked["objects"], done.checked["signatures"], done.checked["indexes"]) == (3, 1, 1)
    assert done.checked["ledger entries"] >= 3


def test_an_object_with_a_changed_byte_is_found(db: Session, doors: Doors, version: Version) -> None:
    objects(doors)[version.sha256] = b"the fire"
    assert faults(db, doors) == [f"object: object {version.sha256} does not hash to its key (8 bytes)"]


def test_a_missing_reading_copy_is_found(db: Session, doors: Doors, version: Version) -> None:
    del objects(doors)[str(version.copy_key)]
    assert faults(db, doors) == [f"object: {version.copy_key} is missing"]


def test_a_missing_paper_is_found_once(db: Session, doors: Doors, paper: Paper) -> None:
    del objects(doors)[str(paper.sha256)]
    assert faults(db, doors) == [f"object: {paper.sha256} is missing"]


def test_a_size_that_does_not_agree_is_found(db: Session, doors: Doors, version: Version) -> None:
    version.size = 9
    assert faults(db, doors) == ["object: has 8 bytes where 9 were noted"]


def test_a_paper_that_was_exchanged_together_with_its_row_is_found(db: Session, doors: Doors, paper: Paper) -> None:
    forged = objects(doors)[str(paper.sha256)].replace(b"/Title", b"/Titel")
    paper.sha256, paper.size = doors.blobs.put(forged), len(forged)
    db.flush()
    [said] = faults(db, doors)
    assert said.startswith("signature: ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE event SET what = 'nothing happened' WHERE number = :n", "was changed"),
        ("UPDATE event SET actor_name = 'Somebody else' WHERE number = :n", "was changed"),
        ("DELETE FROM event WHERE number = :n", "are missing"),
    ],
)
def test_a_changed_or_missing_ledger_entry_is_found(
    db: Session, doors: Doors, version: Version, now: datetime, change: str, said: str
) -> None:
    ledger.record(db, "something else happened", by=None, now=now, about=version)
    number = db.query(Event.number).order_by(Event.number.desc()).offset(1).limit(1).scalar()
    for verb in ("update", "delete"):
        db.execute(text(f"DROP TRIGGER event_no_{verb}"))
    db.execute(text(change), {"n": number})
    db.expire_all()
    found = faults(db, doors)
    assert found and all(fault.startswith("ledger: ") for fault in found)
    assert any(said in fault for fault in found)


def test_a_document_that_lost_a_page_of_its_text_is_found(db: Session, doors: Doors, version: Version) -> None:
    queries.index(db, version.document.binder, doors.indexes)
    db.delete(db.query(Page).filter_by(version_id=version.id, number=2).one())
    db.flush()
    assert faults(db, doors) == [
        "document: has 2 pages and the text of 1", "index: does not hold the words of the binder's pages",
    ]  # fmt: skip


def test_an_index_that_says_something_else_than_the_pages_is_found(db: Session, doors: Doors, version: Version) -> None:
    queries.index(db, version.document.binder, doors.indexes)
    assert isinstance(doors.indexes, memory.Memory)
    [(name, (stamp, _))] = doors.indexes.open_ones.items()
    doors.indexes.open_ones[name] = (stamp, memory.MemoryIndex({}))
    assert faults(db, doors) == ["index: does not hold the words of the binder's pages"]


def test_a_binder_whose_index_was_never_made_is_fine(db: Session, doors: Doors, version: Version) -> None:
    assert isinstance(db.get(Binder, version.binder_id), Binder)
    assert faults(db, doors) == []


def test_every_column_that_names_bytes_or_seals_words_is_looked_at() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if "sha256" in column.name or column.name.endswith("_key")
    }
    objects = {"version.sha256", "version.copy_key", "paper.sha256"}
    seals = {"score_report.sha256", "application_snapshot.sha256", "enrolment_agreement.sha256"}
    kept_in_the_ledger = {"signature.text_sha256"}
    assert named == objects | seals | kept_in_the_ledger


# The commands, on a real folder -------------------------------------------------------------------------------------

SEED = """
from app.cli.portal import opened
from app.documents import actions
from app.documents.rules import PaperKind
from app.kernel import clock, jobs
from app.kernel.db import db
from tests.factories import people
from tests.rooms.test_store import LETTER
with opened() as (_, doors):
    held = people.practice(db())
    actions.order(db(), kind=PaperKind.LETTER, data=LETTER, practice_id=held.id, number="LTR-1", version=1,
                  title="Letter", by=None, now=clock.now())
    db().commit()
    jobs.drain(db(), doors)
"""


def python(folder: Path, code: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QCP_")}
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.run(command, env=kept | {"QCP_DATA": str(folder)}, capture_output=True, text=True, check=False)


def qcp(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return python(folder, "from app.cli import main; main()", *words)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "data"
    done = python(folder, SEED)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def archive(seeded: Path) -> Path:
    file = seeded.parent / "archive.tar"
    done = qcp(seeded, "backup", file)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return file


@pytest.fixture
def store(seeded: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return shutil.copytree(seeded, tmp_path / "data")


def checked(folder: Path) -> tuple[int, dict[str, Any]]:
    done = qcp(folder, "check", "--json")
    return done.returncode, json.loads(done.stdout)


def test_a_backup_is_restored_whole(archive: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    done = qcp(fresh, "restore", archive)
    assert (done.returncode, "and 1 objects" in done.stderr) == (0, True), done.stderr
    code, answer = checked(fresh)
    assert (code, answer["faults"], answer["checked"]["signatures"]) == (0, [], 1)
    assert (archive.stat().st_mode & 0o777, (fresh / "qcp.sqlite").stat().st_mode & 0o777) == (0o600, 0o600)


def test_a_changed_object_and_a_changed_ledger_are_both_in_the_list(store: Path) -> None:
    [held] = (store / "objects").glob("??/*")
    held.chmod(0o600)
    held.write_bytes(held.read_bytes()[:-1] + b"?")
    with closing(sqlite3.connect(store / "qcp.sqlite")) as database:
        database.execute("DROP TRIGGER event_no_update")
        database.execute("UPDATE event SET what = 'nothing happened' WHERE number = 2")
        database.commit()
    code, answer = checked(store)
    assert (code, answer["intact"]) == (1, False)
    assert {fault["kind"] for fault in answer["faults"]} == {"object", "ledger"}


def test_a_backup_of_a_damaged_store_says_what_is_not_in_it(store: Path, tmp_path: Path) -> None:
    [held] = (store / "objects").glob("??/*")
    held.unlink()
    done = qcp(store, "backup", tmp_path / "archive.tar")
    assert (done.returncode, held.name in done.stderr) == (1, True)
    assert (tmp_path / "archive.tar").exists()


def restored(monkeypatch: pytest.MonkeyPatch, folder: Path, file: Path) -> None:
    """The command in this process, which is quicker; it needs no running portal."""
    monkeypatch.setenv("QCP_DATA", str(folder))
    backup.restore.main([str(file)], standalone_mode=False)


def test_what_is_there_is_never_overwritten(store: Path, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = archive.read_bytes()
    monkeypatch.setenv("QCP_DATA", str(store))
    with pytest.raises(ClickException, match="never overwritten"):
        backup.backup.main([str(archive)], standalone_mode=False)
    with pytest.raises(ClickException, match="not empty"):
        restored(monkeypatch, store, archive)
    assert archive.read_bytes() == before


def test_no_store_is_made_by_looking_for_one(tmp_path: Path) -> None:
    done = qcp(tmp_path / "nothing", "check")
    assert (done.returncode, "There is no store" in done.stderr) == (2, True)
    assert not (tmp_path / "nothing" / "qcp.sqlite").exists()


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flip(data: bytes) -> bytes:
    at = data.index(b"SQLite format 3") + 5000
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("damage", [_cut, _flip, lambda data: b"", lambda data: b"no archive" * 100])
def test_a_damaged_archive_is_refused_and_leaves_nothing(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Any
) -> None:
    broken, fresh = tmp_path / "broken.tar", tmp_path / "fresh"
    broken.write_bytes(damage(archive.read_bytes()))
    with pytest.raises(ClickException, match="cannot be restored"):
        restored(monkeypatch, fresh, broken)
    assert not (fresh / "qcp.sqlite").exists()
    assert not list(fresh.glob("objects/??/*"))


def test_an_archive_that_reaches_outside_is_refused(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sly = tmp_path / "sly.tar"
    shutil.copy(archive, sly)
    with tarfile.open(sly, "a") as file:
        file.add(__file__, "../escaped")
    with pytest.raises(ClickException, match="does not name"):
        restored(monkeypatch, tmp_path / "fresh", sly)
    assert not (tmp_path / "escaped").exists()

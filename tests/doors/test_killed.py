"""Killed in the middle, for real: the work is taken up again and done once, and nothing is lost or half kept."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pypdf
import pytest

from storage.fulltext import WhooshIndexes
from storage.index import Clause, PageText, Query, Term
from storage.words import stems

ROOT = Path(__file__).parents[2]
LABELS = next((ROOT / "demo/harbor-light").glob("HLO-307*"))
SMALL = next((ROOT / "demo/harbor-light").glob("HLO-312*"))
PATIENCE = 120
BIG, COPIES = "big.pdf", 60  # of a paper of two pages

SEED = """
import sys
from pathlib import Path
from app.cli.portal import opened
from app.evidence import actions
from app.kernel import clock
from app.kernel.db import db
from app.standards import queries as standards
from tests.factories import people
with opened() as (_, doors):
    own = people.practice(db(), slug="killed")
    owner = people.member(db(), own)
    binder = actions.open_binder(db(), own, standards.current_edition(db()).id, now=clock.now())
    for name in sys.argv[1:]:
        file = Path(name)
        actions.receive(db(), binder, filename=file.name, data=file.read_bytes(), by=owner, now=clock.now(),
                        blobs=doors.blobs)
    db().commit()
"""

# A page is asked for a file as a browser would do it; the process dies at the moment that is named.
UPLOAD = """
import io, os, signal, sys
from pathlib import Path
from app.cli.portal import opened
from app.evidence.actions import uploads
from app.evidence.models import Binder
from app.kernel import jobs
from app.kernel.db import db
from app.people.models import User
from storage import blobs
def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
module, _, name = sys.argv[1].partition(":")
if module:
    setattr({"uploads": uploads, "jobs": jobs, "blobs": blobs.os}[module], name, die)
with opened() as (app, _):
    app.config.update(WTF_CSRF_ENABLED=False)
    owner = db().query(User).one().fs_uniquifier
    binder = db().query(Binder).one().id
    client = app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": owner, "_fresh": True, "identity": owner})
    db.remove()
    file = Path(sys.argv[2])
    said = client.post(f"/binders/{binder}/documents", data={"files": (io.BytesIO(file.read_bytes()), file.name)},
                       headers={"Accept": "application/json"})
    print(said.get_data(as_text=True))
"""

MAIL = """
import os, signal, sys
from app.cli.portal import opened
from app.kernel import clock, jobs
from app.kernel.db import db
from app.notices import actions
from app.notices.post import Folder
from app.people.models import User
send = Folder.send
def send_and_die(self, mail):
    send(self, mail)
    os.kill(os.getpid(), signal.SIGKILL)
with opened() as (_, doors):
    if sys.argv[1] == "die":
        actions.tell(db(), [db().query(User).one()], subject="News", body="It is so.", url="/work", now=clock.now())
        db().commit()
        Folder.send = send_and_die
    jobs.release_orphans(db())
    jobs.drain(db(), doors)
"""


def command(folder: Path, *words: str | Path) -> dict[str, Any]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QCP_")}
    return {"args": [sys.executable, "-c", *map(str, words)], "env": kept | {"QCP_DATA": str(folder)}, "cwd": ROOT}


def run(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(**command(folder, *words), capture_output=True, text=True, check=False)


def qcp(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "from app.cli import main; main()", *words)


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as `qcp worker` starts it."""
    process = subprocess.Popen(**command(folder, "from app.cli import main; main()", "worker"),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(holds: Callable[[], Any]) -> None:
    """Look again and again, for as long as a busy machine may need."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def rows(folder: Path, sql: str, *given: Any) -> list[Any]:
    with closing(sqlite3.connect(folder / "qcp.sqlite", timeout=30)) as database:
        return database.execute(sql, given).fetchall()


def job_of(folder: Path, name: str) -> tuple[str, int, str | None]:
    [job] = rows(folder, "SELECT job.state, tries, worker FROM job, version WHERE filename = ? AND"
                 " json_extract(payload, '$.version_id') = version.id", name)  # fmt: skip
    return tuple(job)


def reader_of(process: subprocess.Popen[bytes]) -> int | None:
    """The process in which the worker reads a file, if it reads one now: a fork of the one that forks for it."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words, said = stat.read_text().rpartition(")")[2].split(), (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if b"app.evidence.reader" in said:
            parents[int(stat.parent.name)] = int(words[1])
    readers = [pid for pid, parent in parents.items() if parents.get(parent) == process.pid]
    return readers[0] if readers else None


def states(folder: Path) -> dict[str, str]:
    return dict(rows(folder, "SELECT filename, state FROM version"))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A document that takes long to read, and one that does not."""
    folder = tmp_path_factory.mktemp("files")
    writer = pypdf.PdfWriter()
    for _ in range(COPIES):
        writer.append(LABELS)
    writer.write(folder / BIG)
    return [folder / BIG, SMALL]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, files: list[Path]) -> Path:
    """A store in which both wait to be read."""
    folder = tmp_path_factory.mktemp("killed") / "data"
    done = run(folder, SEED, *files)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def store(seeded: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(seeded, tmp_path / "data")


def kept(folder: Path) -> list[Any]:
    """How much of everything that an upload writes there is."""
    tables = ("event", "document", "version", "job")
    return [rows(folder, f"SELECT count(*) FROM {table}") for table in tables]


def objects(folder: Path) -> set[str]:
    return {path.name for path in (folder / "objects").glob("??/*") if not path.name.startswith(".")}


def caught(process: subprocess.Popen[bytes]) -> int:
    """The process in which the worker reads, stopped in the middle for as long as the others need."""
    held: list[int] = []

    def stop() -> bool:
        reading = reader_of(process)
        if reading is not None:
            with suppress(ProcessLookupError):  # it was faster
                os.kill(reading, signal.SIGSTOP)
                held.append(reading)
        return bool(held)

    until(stop)
    return held[0]


def test_a_worker_killed_while_it_reads_is_followed_by_one_that_reads_it_once(store: Path) -> None:
    """Three workers: the first dies in the middle, the second lives and waits, the third takes the work up at once."""
    with worker(store) as first:
        reading = caught(first)
        _, tries, name = job_of(store, BIG)
        with worker(store):
            until(lambda: states(store)[SMALL.name] == "readable")  # so the second one is past its start
            assert job_of(store, BIG) == ("running", tries, name), "a living worker keeps its work"
            first.kill()
            first.wait()
            until(lambda: not Path(f"/proc/{reading}").exists())  # nobody reads on for a worker that is gone
            assert states(store)[BIG] == "checking", "it was killed in the middle"
            with worker(store):
                until(lambda: states(store)[BIG] == "readable")
                until(lambda: not rows(store, "SELECT 1 FROM job WHERE state IN ('waiting', 'running')"))
    assert rows(store, "SELECT count(*), count(DISTINCT page.number) FROM page, version"
                " WHERE version_id = version.id AND filename = ?", BIG) == [(2 * COPIES, 2 * COPIES)]  # fmt: skip
    assert rows(store, "SELECT what, count(*) FROM event WHERE about_kind = 'version' GROUP BY what") == [
        ("document read", 2), ("document received", 2),
    ]  # fmt: skip
    assert sorted(rows(store, "SELECT tries FROM job WHERE name = 'evidence.read'")) == [(1,), (2,)]
    done = qcp(store, "check")
    assert (done.returncode, done.stdout.startswith("Everything is intact")) == (0, True), done.stdout


def test_a_web_process_killed_in_the_middle_of_an_upload_leaves_nothing_but_bytes_that_nobody_names(
    store: Path,
) -> None:
    before, there = kept(store), objects(store)
    assert run(store, UPLOAD, "blobs:fsync", LABELS).returncode == -signal.SIGKILL
    assert (kept(store), objects(store)) == (before, there), "half an object is none"
    for moment in ("uploads:take_in", "jobs:enqueue"):
        assert run(store, UPLOAD, moment, LABELS).returncode == -signal.SIGKILL
        assert kept(store) == before
        assert len(objects(store) - there) == 1
    assert qcp(store, "check").returncode == 0
    again = run(store, UPLOAD, "", LABELS)
    assert '"refused":null' in again.stdout, again.stderr
    assert states(store)[LABELS.name] == "checking"
    assert len(objects(store) - there) == 1


def test_a_letter_sent_by_a_worker_that_dies_before_it_can_say_so_replaces_itself(store: Path) -> None:
    """With a mail server it may come twice then, under the same Message-ID, and never not at all."""
    with closing(sqlite3.connect(store / "qcp.sqlite")) as database:
        database.execute("UPDATE job SET state = 'done'")
        database.commit()
    assert run(store, MAIL, "die").returncode == -signal.SIGKILL
    [letter] = (store / "mail").glob("*.eml")
    assert rows(store, "SELECT mailed_at FROM notice") == [(None,)]
    assert run(store, MAIL, "live").returncode == 0
    assert list((store / "mail").iterdir()) == [letter]
    assert rows(store, "SELECT mailed_at IS NOT NULL FROM notice") == [(1,)]


INDEX = """
import os, signal, sys
from pathlib import Path
from storage import fulltext
from storage.index import PageText
def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
def pages(*names):
    return {name: (lambda name=name: [PageText(1, "", "", f"spill kit {name} " * 50)]) for name in names}
indexes = fulltext.WhooshIndexes(Path(sys.argv[1]))
indexes.open("binder1", "1", lambda: pages("a"))
setattr(fulltext, sys.argv[2], die)
indexes.open("binder1", "2", lambda: pages("a", "b"))
"""


@pytest.mark.parametrize("moment", ["add", "_sums", "_stamp", "flush_folder"])
def test_an_index_whose_writer_was_killed_heals_itself(tmp_path: Path, moment: str) -> None:
    killed = run(tmp_path, INDEX, tmp_path, moment)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    pages = {name: (lambda name=name: [PageText(1, "", "", f"spill kit {name} " * 50)]) for name in ("a", "b")}
    index = WhooshIndexes(tmp_path).open("binder1", "2", lambda: pages)
    found = index.search(Query((Clause((Term(stems("spill")),), False),)))
    assert sorted(hit.part for hit in found.found) == ["a", "b"]


# Several files and a ZIP wait for the worker; nothing tells the moments of its deaths from one another.
INGEST = """
import sys
from pathlib import Path
from app.cli.portal import opened
from app.evidence import actions
from app.evidence.actions import uploads
from app.kernel import clock
from app.kernel.db import db
from app.standards import queries as standards
from tests.factories import people
with opened() as (_, doors):
    own = people.practice(db(), slug="killed")
    owner = people.member(db(), own)
    binder = actions.open_binder(db(), own, standards.current_edition(db()).id, now=clock.now())
    db().commit()
    for name in sys.argv[1:]:
        file = Path(name)
        answer = uploads.send_in(db(), doors, binder, file.name, file.read_bytes(), by=owner, now=clock.now())
        assert answer.refused is None, answer
        db().commit()
"""
KILLS = 50 if os.environ.get("QCP_WHOLE_CORPORA") else 12
ALONE, PACKED = 6, 8


@pytest.fixture(scope="module")
def ingest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which some files wait to be read, and a ZIP to be unpacked."""
    folder = tmp_path_factory.mktemp("ingest")
    data = LABELS.read_bytes()
    for number in range(ALONE):
        (folder / f"Alone {number}.pdf").write_bytes(data + b"\n%% %d\n" % number)
    with zipfile.ZipFile(folder / "Packed.zip", "w") as bundle:
        for number in range(PACKED):
            bundle.writestr(f"Packed {number}.pdf", data + b"\n%% packed %d\n" % number)
        bundle.writestr("bad.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    done = run(folder / "data", INGEST, *sorted(folder.glob("*.*")))
    assert done.returncode == 0, done.stderr
    return folder / "data"


def open_jobs(folder: Path) -> int:
    [(count,)] = rows(folder, "SELECT count(*) FROM job WHERE state IN ('waiting', 'running')")
    return int(count)


def pass_by(seconds: float) -> None:
    """Any moment of a worker's life."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end)


def test_a_worker_killed_at_any_moments_loses_doubles_and_forgets_nothing(ingest: Path, tmp_path: Path) -> None:
    store = shutil.copytree(ingest, tmp_path / "data")
    seed = random.randrange(10**6)
    sys.stdout.write(f"seed {seed}\n")
    chance = random.Random(seed)
    for _ in range(KILLS):
        with worker(store):
            until(lambda: rows(store, "SELECT 1 FROM job WHERE state = 'running'") or not open_jobs(store))
            pass_by(chance.uniform(0, 0.35))
    with worker(store):
        until(lambda: not open_jobs(store) and "checking" not in states(store).values())
        until(lambda: rows(store, "SELECT state FROM upload") == [("taken",)])
    assert len(states(store)) == ALONE + PACKED and set(states(store).values()) == {"readable"}
    assert rows(store, "SELECT what, count(*) FROM event WHERE about_kind = 'version' GROUP BY what") == [
        ("document read", ALONE + PACKED), ("document received", ALONE + PACKED),
    ]  # fmt: skip
    assert rows(store, "SELECT count(*), count(DISTINCT version_id || number) FROM page") == [
        (2 * (ALONE + PACKED), 2 * (ALONE + PACKED))
    ]
    [(results,)] = rows(store, "SELECT results FROM upload")
    assert [one["file"] for one in json.loads(results) if one["refused"]] == ["bad.doc"]
    assert len(json.loads(results)) == PACKED + 1
    until(lambda: not open_jobs(store))
    done = qcp(store, "check")
    assert (done.returncode, done.stdout.startswith("Everything is intact")) == (0, True), done.stdout
    assert len(objects(store)) == ALONE + PACKED, "no piece is left behind"
    assert not list((store / "tmp").glob("*/*"))

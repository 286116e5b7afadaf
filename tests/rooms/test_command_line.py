"""The operator's commands given bad input: 0 done, 1 the answer is no, 2 one plain line; never a traceback."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.cli import main
from tests.rooms.test_store import python

MAIN = "from app.cli import main; main()"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with nothing in it but what every store has."""
    folder = tmp_path_factory.mktemp("commands") / "data"
    done = python(folder, MAIN, "migrate")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def store(seeded: Path, tmp_path: Path) -> Path:
    return shutil.copytree(seeded, tmp_path / "data")


def refused(done: subprocess.CompletedProcess[str], *words: str, code: int = 2) -> None:
    """It left with its code, said why in one plain line, and nothing on standard output."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line and not line.startswith(("Usage:", "Try "))]
    assert len(lines) == 1, done.stderr
    assert all(word in lines[0] for word in words), lines
    assert done.stdout == ""


WRONG = [
    (["no-such-command"], "no-such-command"),
    (["evidence", "add", "--practice", "nobody", "no-such-file.pdf"], "no-such-file.pdf"),
    (["evidence", "add", "--practice", "nobody", "app"], "is a directory"),
    (["charts", "import", "--practice", "nobody", "--round", "2026-R1", "no-such-file.csv"], "no-such-file.csv"),
    (["charts", "score", "no-such-file.csv"], "no-such-file.csv"),
    (["charts", "score", "app"], "Is a directory"),
    (["text", "no-such-file.pdf"], "no-such-file.pdf"),
    (["text", "app"], "is a directory"),
    (["text", "README.md"], "neither a PDF nor a Word, OpenDocument"),
    (["verify", "no-such-file.pdf"], "no-such-file.pdf"),
    (["check"], "There is no store"),
    (["backup", "file.tar"], "There is no store"),
    (["restore", "no-such-file.tar"], "cannot be restored"),
]


@pytest.mark.parametrize(("words", "told"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_what_cannot_be_used_is_one_plain_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("QCP_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "argv", ["qcp", *words])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    lines = [line for line in said.err.splitlines() if line and not line.startswith(("Usage:", "Try "))]
    assert (left.value.code, said.out, len(lines)) == (2, "", 1), said
    assert told in lines[0]
    assert not (tmp_path / "data" / "qcp.sqlite").exists()


def test_every_fault_of_the_settings_is_said_at_once(tmp_path: Path) -> None:
    code = "import os; os.environ.update(QCP_MODE='production', QCP_IDLE_MINUTES='-1', QCP_S3_BUCKET='b'); " + MAIN
    done = python(tmp_path / "data", code, "migrate")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    names = ("QCP_SECRET_KEY", "QCP_IDLE_MINUTES", "QCP_S3_ENDPOINT", "QCP_SIGNING_P12", "QCP_SMTP_URL", "QCP_BASE_URL")
    assert all(name in done.stderr for name in names), done.stderr


def test_a_database_of_a_newer_version_is_left_alone(store: Path) -> None:
    with closing(sqlite3.connect(store / "qcp.sqlite")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    refused(python(store, MAIN, "migrate"), "newer")


@pytest.mark.parametrize("bytes_", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_file_that_is_no_database_is_said_to_be_none(store: Path, bytes_: bytes) -> None:
    for path in store.glob("qcp.sqlite*"):
        path.unlink()
    (store / "qcp.sqlite").write_bytes(bytes_)
    refused(python(store, MAIN, "migrate"), "database")


def test_a_data_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    refused(python(tmp_path / "file" / "data", MAIN, "migrate"), str(tmp_path / "file"))


def test_nobody_listening_any_more_is_no_fault_worth_a_traceback(tmp_path: Path) -> None:
    """`qcp text FILE | head -1`."""
    big = next((ROOT / "demo/harbor-light").glob("HLO-307*"))
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-c", MAIN, "text", str(big)], stdout=writing, stderr=subprocess.PIPE,
                          text=True, check=False, cwd=ROOT, env=os.environ | {"QCP_DATA": str(tmp_path)})  # fmt: skip
    os.close(writing)
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr, done.stderr
    assert done.returncode == 1

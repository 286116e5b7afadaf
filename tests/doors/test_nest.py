"""The process from which readers are forked: nothing of ours in it, nothing left of it, no file pays for its death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.evidence.reader import child
from app.evidence.reader.nest import NEST, Nest
from app.evidence.rules import Kind, Refused
from tests.factories import files

ROOT = Path(__file__).parents[2]
PATIENCE = 30
TEXT = b"POLICY ON-12\nTwo pairs of gloves.\n"
READS = """
import sys, time
from app.evidence.reader import child
from app.evidence.rules import Kind
child.check(b"words", "x.txt")
from app.evidence.reader.nest import NEST
print(NEST._process.pid, flush=True)
{then}
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks at processes as Linux shows them")


def until(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def forks_of(pid: int) -> list[int]:
    said = Path(f"/proc/{pid}/task/{pid}/children")
    return list(map(int, said.read_text().split())) if said.exists() else []


def now() -> int:
    """The process that is kept now."""
    child.check(TEXT, "x.txt")
    assert NEST._process is not None
    return NEST._process.pid


@contextmanager
def another(then: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process of the portal that has read one file, and the number of the one it keeps for that."""
    code = READS.format(then=then)
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "QCP_SECRET_KEY": "not to be seen"})  # fmt: skip
    assert process.stdout is not None
    try:
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_one_process_serves_every_file_and_each_file_has_its_own() -> None:
    first = now()
    assert [now() for _ in range(3)] == [first] * 3
    with ThreadPoolExecutor(4) as pool:
        texts = [f"Policy ON-{number}\n".encode() * 5 for number in range(8)]
        readings = list(pool.map(lambda text: child.read(text, Kind.TEXT), texts))
    assert [reading.pages[0].text.split()[1] for reading in readings] == [f"ON-{number}" for number in range(8)]
    until(lambda: not forks_of(first))


def test_when_it_is_killed_the_next_file_starts_another() -> None:
    before = now()
    os.kill(before, signal.SIGKILL)
    assert now() != before and not lives(before)


def test_a_file_that_is_being_read_when_it_is_killed_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"line of words\n" * 60_000)
    with closing(Nest()) as nest, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(nest.ask, "read-txt", tmp_path, (), 60.0)
        until(lambda: nest._process is not None and forks_of(nest._process.pid))
        assert nest._process is not None
        before = nest._process.pid
        os.kill(before, signal.SIGKILL)
        assert b'"pages"' in answer.result(PATIENCE * 4)
        assert nest._process.pid != before


@pytest.mark.parametrize("then", ["sys.stdin.read(); time.sleep(600)", "pass", "sys.exit(3)", "1 / 0"])
def test_it_ends_with_the_process_that_keeps_it_however_that_ends(then: str) -> None:
    with another(then.replace("sys.stdin.read(); ", "")) as (process, kept):
        if "sleep" in then:
            assert lives(kept)
            process.kill()
        process.wait()
        until(lambda: not lives(kept))


def test_what_it_is_reading_ends_with_the_process_that_keeps_it() -> None:
    reads = 'child.read(b"line of words\\n" * 300_000, Kind.TEXT)'
    with another(reads) as (process, kept):
        until(lambda: forks_of(kept))
        forks = forks_of(kept)
        process.kill()
        process.wait()
        until(lambda: not lives(kept) and not any(map(lives, forks)))


def test_it_and_what_it_forks_see_no_secret_and_no_file_of_ours() -> None:
    with another("time.sleep(600)") as (_, kept):
        assert b"not to be seen" not in Path(f"/proc/{kept}/environ").read_bytes()
        shown = {str(handle.readlink()) for handle in Path(f"/proc/{kept}/fd").iterdir()}
        assert all(name.startswith(("/dev/null", "socket:", "pipe:", "anon_inode:")) for name in shown), shown
        assert len(list(Path(f"/proc/{kept}/task").iterdir())) == 1, "a process with threads must not be forked"


def test_a_fork_of_ours_starts_its_own() -> None:
    before = now()
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(tell, f"{now()} {os.getpid()}".encode())
            NEST.close()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    other = int(os.read(told, 100).split()[0])
    for end in (told, tell):
        os.close(end)
    assert other != before and now() == before
    until(lambda: not lives(other))


def test_a_file_that_takes_too_long_ends_with_all_that_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "READ_SECONDS", 0.3)
    kept = now()
    data = files.rich(r"\par Words " * 200_000)
    with pytest.raises(Refused):
        child.read(data, Kind.RICH)
    until(lambda: not forks_of(kept))
    assert not [one for one in Path("/proc").glob("[0-9]*/cmdline") if b"in.rtf" in said(one)]
    assert now() == kept


def said(words: Path) -> bytes:
    try:
        return words.read_bytes()
    except OSError:
        return b""

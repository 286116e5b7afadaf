"""How long it takes until a fresh data folder answers its first page."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.row import Row, alone, row
from tests.bench.serving import GUNICORN, running

SERVE = (str(Path(sys.executable).with_name("qcp")), "serve")
ROUNDS = 3


def rows() -> Iterator[Row]:
    """`qcp serve` without and with the demonstration; the floor is the same server with one line of Flask."""
    mine, again, theirs = [], [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="qcp-bench-") as folder:
            mine.append(_seconds(Path(folder), *SERVE, "--no-demo"))
            again.append(_seconds(Path(folder), *SERVE, "--no-demo"))
            theirs.append(_seconds(Path(folder), *GUNICORN, "tests.bench.hello:app"))
    peer = "the same server, one line of Flask"
    yield row("first page of a fresh data folder", "s", mine, theirs, peer)
    yield row("first page of a data folder that is there", "s", again, theirs, peer)
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as folder:
        yield alone("first page of a fresh data folder, demonstration included", "s", [_seconds(Path(folder), *SERVE)])


def _seconds(folder: Path, *command: str) -> float:
    with running(folder, *command) as (_port, seconds):
        return seconds

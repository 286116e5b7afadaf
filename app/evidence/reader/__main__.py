"""The process from which those that open strangers' files are forked: `python -m app.evidence.reader SOCKET`.

It is started without anything of ours, loads the readers once, and runs no threads. Over the socket it is given
orders: what to do, the folder that holds `in`, and a channel to answer on. For each it forks a process of its own that
limits itself, does the one piece of work and answers with one line of JSON. When that process ends, or the other end of
its channel is closed, its whole group (pandoc, tesseract) is killed. When the socket closes, everything ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import logging
import os
import resource
import selectors
import signal
import socket
import sys
import warnings
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from app.evidence.rules import Refusal, Refused

MEMORY = 2 * 1024**3
CPU_SECONDS = 60
LARGEST_FILE = 256 * 1024**2
OPEN_FILES = 256
LONGEST_ORDER = 65536
DIES_WITH_ITS_PARENT = 1  # Linux: PR_SET_PDEATHSIG

# Each piece of work is the function `work` of one module.
WORK = {
    "check": "gate", "read-pdf": "pdf", "read-docx": "word", "read-odt": "opendoc", "read-rtf": "rich",
    "read-txt": "typed", "recognize": "ocr", "show": "picture", "unpack": "archive", "cover": "cover",
    "mark": "marking",
}  # fmt: skip
LOADED = [*sorted(set(WORK.values())), "package", "whole", "locked", "plain"]


def limit() -> None:
    """No more memory, time, files or disk than a document needs; no traces of a crash on disk."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def do(work: str, folder: str, *rest: str) -> dict[str, Any]:
    """One piece of work, in a process of its own."""
    try:
        answer: dict[str, Any] = import_module(f"app.evidence.reader.{WORK[work]}").work(Path(folder), *rest)
    except Refused as refused:
        return {"refused": refused.reason}
    except (MemoryError, RecursionError):
        return {"refused": Refusal.CANNOT_BE_READ}
    return answer


class Brood:
    """The processes that read, each with the channel on which it answers."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.selector = selectors.DefaultSelector()
        self.selector.register(control, selectors.EVENT_READ, self._take)
        self.bell, bell = os.pipe()
        os.set_blocking(self.bell, False)
        os.set_blocking(bell, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(bell, warn_on_full_buffer=False)
        self.selector.register(self.bell, selectors.EVENT_READ, self._look)
        self.channels: dict[int, socket.socket] = {}
        self.over = False

    def serve(self) -> None:
        """Until the other end of the socket is closed."""
        while not self.over:
            for key, _ in self.selector.select():
                key.data()
        for pid in list(self.channels):
            self._end(pid)

    def _look(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self.bell, 4096)
        for pid in [pid for pid in self.channels if _has_ended(pid)]:
            self._end(pid)

    def _take(self) -> None:
        said, handles, _, _ = socket.recv_fds(self.control, LONGEST_ORDER, 1)
        if not said or not handles:
            self.over = True
            return
        channel = socket.socket(fileno=handles[0])
        pid = os.fork()
        if pid == 0:
            _be_read(channel, json.loads(said))
        self.channels[pid] = channel
        self.selector.register(channel, selectors.EVENT_READ, partial(self._end, pid))  # closed at the other end
        self.control.send(b"!")

    def _end(self, pid: int) -> None:
        """Kill what is left of its group, while its number is still its own; say that it is over."""
        if pid not in self.channels:
            return
        for kill in (os.kill, os.killpg):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        channel = self.channels.pop(pid)
        self.selector.unregister(channel)
        with contextlib.suppress(OSError):
            channel.send(b"\0")
        channel.close()


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _be_read(channel: socket.socket, order: list[str]) -> None:
    """The life of a process that reads: it shares nothing with the others, and never returns."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(DIES_WITH_ITS_PARENT, signal.SIGKILL)
        os.dup2(channel.fileno(), 3)
        os.closerange(4, 4096)
        os.environ.update(HOME=order[1], TMPDIR=order[1])
        gc.set_threshold(100_000)
        limit()
        os.write(3, (json.dumps(do(*order)) + "\n").encode())
    finally:
        os._exit(0)


def load() -> None:
    """Everything that reads, once for all files."""
    for name in LOADED:
        import_module(f"app.evidence.reader.{name}")


def main(handle: str) -> None:
    """Load what reads, then serve."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    load()
    gc.freeze()
    Brood(socket.socket(fileno=int(handle))).serve()


if __name__ == "__main__":
    main(sys.argv[1])

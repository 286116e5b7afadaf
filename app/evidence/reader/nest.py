"""Keeps the process from which readers are forked: started with the first file, anew when it died, gone with us."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).parents[3]
START_SECONDS = 60
KILL_SECONDS = 10
LONGEST_ANSWER = 1024 * 1024
KEPT = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX")  # where programs and letters are found; no keys, no addresses
ALONE = {"PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}  # who is forked has no threads


class Nest:
    """One process for all threads of this one; a fork of ours starts its own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def ask(self, work: str, folder: Path, rest: tuple[str, ...], seconds: float) -> bytes:
        """What the process for this one piece of work says; nothing when it dies or takes too long."""
        said, over = b"", False
        for _ in range(2):  # when the process of all readers was killed, that says nothing about the file
            with self._order([work, str(folder), *rest]) as channel:
                said, over = _listen(channel, seconds)
            if over:
                break
        return said if over else b""

    def _order(self, order: list[str]) -> socket.socket:
        """Our end of the channel on which the answer comes."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            for _ in range(3):
                try:
                    control = self._open()
                    socket.send_fds(control, [json.dumps(order).encode()], [theirs.fileno()])
                    if control.recv(1):
                        return ours
                except OSError:
                    pass
                self.close()
        ours.close()
        raise OSError("The process that reads files cannot be started.")

    def _open(self) -> socket.socket:
        if self._control is not None:
            return self._control
        self._control, theirs = socket.socketpair()
        self._control.settimeout(START_SECONDS)
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.evidence.reader", str(theirs.fileno())], cwd=ROOT, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
                start_new_session=True, env={**kept, **ALONE, "HOME": "/"},
            )  # fmt: skip
        return self._control

    def close(self) -> None:
        """It ends when its socket does, with all that it forked."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(KILL_SECONDS)
            self._process.kill()
            self._process.wait()
        self._control = self._process = None

    def leave(self) -> None:
        """In a fork of ours: what the other one started is not ours to end."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.returncode = 0
        self.__init__()  # type: ignore[misc]


def _listen(channel: socket.socket, seconds: float) -> tuple[bytes, bool]:
    """What was said within the time, and whether its process is known to be over; its last byte says so."""
    said = b""
    deadline = time.monotonic() + seconds
    while len(said) < LONGEST_ANSWER:
        channel.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            part = channel.recv(65536)
        except TimeoutError:
            break
        if not part:
            return said[:-1], said.endswith(b"\0")
        said += part
    with contextlib.suppress(OSError):  # whoever waits no longer closes the channel, and the process is killed
        channel.shutdown(socket.SHUT_WR)
        channel.settimeout(KILL_SECONDS)
        while channel.recv(65536):
            pass
    return b"", True


NEST = Nest()
atexit.register(NEST.close)
os.register_at_fork(after_in_child=NEST.leave)

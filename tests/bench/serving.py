"""The portal as `qcp serve` runs it, started on a free port of this machine and always stopped again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.store import environment

HOST = "127.0.0.1"
START_SECONDS = 400  # the demonstration is taken from chart to plaque first
ANSWER_SECONDS = 60
LOG = "server.log"
PORT = "PORT"  # stands for the port in a command
GUNICORN = (sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "8", "--timeout", "120",
            "--no-control-socket", "--bind", f"{HOST}:{PORT}")  # fmt: skip
LISTING = (*GUNICORN, "tests.bench.listing:web()")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Client:
    """One browser: keeps its connection and its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[int, bytes]:
        """The status of the answer, and all of its bytes."""
        return self._ask("GET", path)

    def sign_in(self, email: str, password: str) -> None:
        """Through the form, as everybody does."""
        _, page = self.get("/sign-in")
        found = TOKEN.search(page.decode())
        form = {"email": email, "password": password, "csrf_token": found[1] if found else ""}
        status, _ = self._ask("POST", "/sign-in", urlencode(form))
        if status != 302:
            raise AssertionError(f"signing in was answered with {status}")

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except ConnectionError:  # the server hangs up on who is silent for two seconds; a browser calls again
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read()


@contextmanager
def running(folder: Path, *command: str) -> Iterator[tuple[int, float]]:
    """The port on which the command serves, once its first page has been answered, and after how many seconds."""
    port = _free_port()
    env = {**os.environ, **environment(folder), "PORT": str(port)}
    given = [word.replace(PORT, str(port)) for word in command]
    start = time.perf_counter()
    with (folder / LOG).open("w") as said:
        process = subprocess.Popen(given, env=env, stdout=said, stderr=said, start_new_session=True)
    try:
        _first_page(process, port, folder, start + START_SECONDS)
        yield port, time.perf_counter() - start
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def _first_page(process: subprocess.Popen[bytes], port: int, folder: Path, deadline: float) -> None:
    while True:
        try:
            status, _ = Client(port).get("/")
        except (OSError, HTTPException):
            status = 0
        if status == 200:
            return
        if process.poll() is not None or time.perf_counter() > deadline:
            said = (folder / LOG).read_text(encoding="utf-8", errors="replace")
            raise AssertionError(f"the server did not answer its first page; it said:\n{said[-2000:]}")
        time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """The command and all that it started are one group, and go together."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

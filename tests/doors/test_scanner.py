"""The virus check, against a server that speaks clamd's own protocol on a real socket."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from storage.scanner import CHUNK, Clamd, Memory, ScannerDown

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
Answer = Callable[[bytes], bytes | None]


def whole(connection: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        part = connection.recv(count - len(got))
        if not part:
            raise ConnectionError
        got += part
    return got


def stream(connection: socket.socket) -> tuple[bytes, list[int]]:
    """The bytes of one INSTREAM, and in which chunks they came."""
    assert whole(connection, 10) == b"zINSTREAM\0"
    data, chunks = b"", list[int]()
    while length := struct.unpack("!I", whole(connection, 4))[0]:
        data += whole(connection, length)
        chunks.append(length)
    return data, chunks


class Server:
    """Answers each stream as it is told; an answer of nothing leaves the line open and silent."""

    def __init__(self, listening: socket.socket) -> None:
        self.listening, self.seen = listening, list[tuple[bytes, list[int]]]()
        self.answer: Answer = lambda data: b"stream: Eicar-Test FOUND\0" if EICAR in data else b"stream: OK\0"
        self.silent: list[socket.socket] = []
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listening.accept()
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        with suppress(ConnectionError):
            data, chunks = stream(connection)
            self.seen.append((data, chunks))
            said = self.answer(data)
            if said is None:
                self.silent.append(connection)
                return
            connection.sendall(said)
        connection.close()

    def stop(self) -> None:
        for connection in self.silent:
            connection.close()
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join()


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, Clamd]]:
    if request.param == "tcp":
        listening = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{listening.getsockname()[1]}"
    else:
        address = str(tmp_path / "clamd.sock")
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(address)
        listening.listen()
    server = Server(listening)
    yield server, Clamd(address, seconds=0.5)
    server.stop()


def test_clean_bytes_are_clean_and_arrive_whole(clamd: tuple[Server, Clamd]) -> None:
    server, scanner = clamd
    data = bytes(range(256)) * 3000
    assert scanner.scan(data) is None
    assert scanner.scan(b"") is None
    [(seen, chunks), (nothing, _)] = server.seen
    assert (seen == data, nothing, max(chunks) <= CHUNK, len(chunks)) == (True, b"", True, 3)


def test_what_is_found_is_named(clamd: tuple[Server, Clamd]) -> None:
    _, scanner = clamd
    assert scanner.scan(b"a policy, and in it " + EICAR) == "Eicar-Test"
    assert scanner.scan(b"a policy") is None


@pytest.mark.parametrize(
    "said", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"OKAY\0", b"", b"\xff" * 9000]
)  # fmt: skip
def test_an_answer_that_is_none_is_no_leave_to_come_in(clamd: tuple[Server, Clamd], said: bytes) -> None:
    server, scanner = clamd
    server.answer = lambda _data: said
    with pytest.raises(ScannerDown):
        scanner.scan(b"a policy")


def test_a_server_that_hangs_is_waited_for_no_longer_than_said(clamd: tuple[Server, Clamd]) -> None:
    server, scanner = clamd
    server.answer = lambda _data: None
    with pytest.raises(ScannerDown):
        scanner.scan(b"a policy")


def test_a_server_that_is_not_there_is_down(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    for address in (f"127.0.0.1:{port}", str(tmp_path / "none.sock")):
        with pytest.raises(ScannerDown):
            Clamd(address, seconds=0.5).scan(b"a policy")


def test_the_twin_keeps_the_same_promises() -> None:
    scanner = Memory([b"EICAR"])
    assert (scanner.scan(b"a policy"), scanner.scan(EICAR)) == (None, "Test.EICAR")
    scanner.down = True
    with pytest.raises(ScannerDown):
        scanner.scan(b"a policy")

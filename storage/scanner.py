"""The virus check: a file is handed over, and what was found in it comes back. One small door, two drivers."""

import socket
import struct
import time
from collections.abc import Iterable
from typing import Protocol

CHUNK = 256 * 1024
SECONDS = 30.0
MOST_SAID = 4096


class ScannerDown(Exception):
    """The scanner cannot be reached, does not answer in time, or says what nobody understands; it is asked again."""


class Scanner(Protocol):
    """Looks into bytes that nobody has opened yet."""

    def scan(self, data: bytes) -> str | None:
        """The name of what was found; nothing when the bytes are clean. Raises ScannerDown."""
        ...


class Clamd:
    """clamd by its INSTREAM command, at "host:port" or at the path of a Unix socket."""

    def __init__(self, address: str, *, seconds: float = SECONDS) -> None:
        self.address, self.seconds = address, seconds

    def scan(self, data: bytes) -> str | None:
        try:
            with self._connect() as connection:
                return _verdict(_ask(connection, data))
        except OSError as error:
            raise ScannerDown(f"the virus check cannot be reached: {type(error).__name__}") from error

    def _connect(self) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self.seconds)
            try:
                connection.connect(self.address)
            except OSError:
                connection.close()
                raise
            return connection
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), self.seconds)


def _ask(connection: socket.socket, data: bytes) -> str:
    """Each chunk goes with its length before it; a length of zero ends the stream."""
    try:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), CHUNK):
            chunk = data[start : start + CHUNK]
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it closed early, and has usually said why
    said, deadline = b"", time.monotonic() + (connection.gettimeout() or SECONDS)
    while not said.endswith(b"\0") and len(said) < MOST_SAID:
        connection.settimeout(max(0.01, deadline - time.monotonic()))  # one that drips is one that hangs
        part = connection.recv(MOST_SAID)
        if not part:
            break
        said += part
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(said: str) -> str | None:
    """ "stream: OK", "stream: NAME FOUND"; everything else is no answer to the question."""
    words = said.partition(": ")[2] or said
    if words == "OK":
        return None
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND")
    raise ScannerDown(f"the virus check said: {said[:200] or 'nothing'}")


class Memory:
    """The twin for tests: finds the words it was told to find, and is down when it is told to be."""

    def __init__(self, harmful: Iterable[bytes] = ()) -> None:
        self.harmful, self.down, self.asked = tuple(harmful), False, 0

    def scan(self, data: bytes) -> str | None:
        self.asked += 1
        if self.down:
            raise ScannerDown("the virus check is switched off")
        return next((f"Test.{word.decode()}" for word in self.harmful if word in data), None)

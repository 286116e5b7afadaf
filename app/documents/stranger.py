"""A file that anybody may send is judged in a process of its own, which may be killed.

    python -m app.documents.stranger FILE CERTIFICATES

CERTIFICATES is PEM: first the certificate that signs for the Program, then the roots it is known by.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from asn1crypto import pem
from asn1crypto.x509 import Certificate

from app.documents.sealing import Seal, examine

SECONDS_OF_WORK = 20
SECONDS_IN_ALL = 30
SECONDS_OF_PATIENCE = 10
BYTES_OF_MEMORY = 1536 * 1024 * 1024
SEATS = threading.BoundedSemaphore(2)  # so many strangers at once; their work must not crowd out everybody else's
TOO_MUCH = Seal(why=["It takes too much time or memory to read; a paper of the Program does not"])


class Busy(Exception):
    """Others are being judged; asking again in a minute helps."""


def judge(pdf: bytes, roots: Sequence[Certificate], subject: Certificate) -> Seal:
    """The seal of a file that may be hostile: bounded time and memory, and always an answer (or Busy)."""
    if not SEATS.acquire(timeout=SECONDS_OF_PATIENCE):
        raise Busy
    try:
        return _judge(pdf, b"".join(pem.armor("CERTIFICATE", c.dump()) for c in (subject, *roots)))
    finally:
        SEATS.release()


def _judge(pdf: bytes, certificates: bytes) -> Seal:
    with tempfile.TemporaryDirectory(prefix="verify-") as name:
        file, trusted = Path(name) / "file", Path(name) / "trusted.pem"
        file.write_bytes(pdf)
        trusted.write_bytes(certificates)
        command = [sys.executable, "-m", "app.documents.stranger", str(file), str(trusted)]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=SECONDS_IN_ALL, check=True, cwd=Path(__file__).parents[2]
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return TOO_MUCH
    return _seal(json.loads(done.stdout))


def _seal(said: dict[str, object]) -> Seal:
    at = said.pop("signed_at")
    return Seal(**said, signed_at=datetime.fromisoformat(str(at)) if at else None)  # type: ignore[arg-type]


def _main(file: str, trusted: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_OF_WORK, SECONDS_OF_WORK))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES_OF_MEMORY, BYTES_OF_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    subject, *roots = (Certificate.load(der) for _, _, der in pem.unarmor(Path(trusted).read_bytes(), multiple=True))
    seal = asdict(examine(Path(file).read_bytes(), roots, subject))
    seal["signed_at"] = seal["signed_at"].isoformat() if seal["signed_at"] else None
    sys.stdout.write(json.dumps(seal))


if __name__ == "__main__":
    _main(*sys.argv[1:])

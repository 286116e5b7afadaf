"""Asks for a ZIP to be unpacked into a scratch folder, which is gone when its files have been taken in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.evidence.reader import child
from app.evidence.reader.archive import ZIPS

SECONDS = 120
OFFICE = ("doc", "dot", "xls", "xlt", "ppt", "pot", "pps", "odt", "ods", "odp", "odg", "ott", "ots", "otp", "rtf")


@dataclass(frozen=True)
class Entry:
    """One file of a ZIP: its name with its folders, its bytes on disk, or why it could not be taken out."""

    name: str
    file: Path
    refused: str | None


def may_be_bundle(name: str, head: bytes) -> bool:
    """Is this a ZIP that does not go by the name of an office file, which is a ZIP too?"""
    return head.startswith(ZIPS) and not name.rpartition(".")[2].casefold().startswith(OFFICE)


@contextmanager
def unpacked(pieces: Iterable[bytes]) -> Iterator[list[Entry] | None]:
    """The files of a ZIP in its order, nothing when it is itself one document; raises Refused."""
    with tempfile.TemporaryDirectory(prefix="qcp-zip-") as name:
        folder = Path(name)
        with (folder / "in").open("wb") as file:
            file.writelines(pieces)
        found = child.run("unpack", folder, None, seconds=SECONDS)["entries"]
        yield found and [Entry(one["name"], folder / str(at), one["refused"]) for at, one in enumerate(found)]

"""A ZIP of files: looked into, and unpacked into the scratch folder of its own process under names of ours."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from app.evidence.reader.zips import BROKEN, HEAD, odd, swells
from app.evidence.rules import Refused, why_not_size
from app.evidence.rules.intake import (
    MOST_ENTRIES,
    MOST_UNPACKED,
    Unfit,
    leads_outside,
    passed_over,
)

ZIPS = (HEAD, b"PK\x05\x06")
DOCUMENTS = {"[content_types].xml", "mimetype"}  # of which Word and Open Document files have one at their top


def work(folder: Path) -> dict[str, Any]:
    """The files of `in`, each beside it under its number; nothing when it is itself one document."""
    try:
        with (folder / "in").open("rb") as file, ZipFile(file) as bundle:
            entries = bundle.infolist()
            if any(entry.filename.casefold() in DOCUMENTS for entry in entries):
                return {"entries": None}
            wanted = [entry for entry in entries if not entry.is_dir() and not passed_over(entry.filename)]
            _check(file, entries, wanted)
            return {"entries": [_take_out(bundle, entry, folder / str(at)) for at, entry in enumerate(wanted)]}
    except BROKEN:
        raise Refused(Unfit.DAMAGED) from None


def _check(file: IO[bytes], entries: list[ZipInfo], wanted: list[ZipInfo]) -> None:
    if not wanted:
        raise Refused(Unfit.NO_FILES)
    if len(wanted) > MOST_ENTRIES or len(entries) > 4 * MOST_ENTRIES:
        raise Refused(Unfit.TOO_MANY)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refused(Unfit.TOO_LARGE)
    if swells(entries):
        raise Refused(Unfit.BOMB)
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise Refused(Unfit.UNSAFE)
    if odd(file, entries):
        raise Refused(Unfit.UNSAFE)


def _take_out(bundle: ZipFile, entry: ZipInfo, to: Path) -> dict[str, Any]:
    """One file, or why it stays in: the others are taken out all the same."""
    reason = _why_not(entry)
    if reason is None:
        try:
            with bundle.open(entry) as part, to.open("wb") as file:
                shutil.copyfileobj(part, file)
            with to.open("rb") as file:
                head = file.read(4)
            if to.stat().st_size != entry.file_size:
                reason = Unfit.DAMAGED
            elif head in ZIPS and entry.filename.casefold().endswith(".zip"):
                reason = Unfit.NESTED
        except BROKEN:
            reason = Unfit.DAMAGED
    if reason is not None:
        to.unlink(missing_ok=True)
    return {"name": entry.filename.replace("\\", "/"), "refused": reason}


def _why_not(entry: ZipInfo) -> str | None:
    if leads_outside(entry.filename):
        return Unfit.LEADS_OUTSIDE
    if entry.flag_bits & 1:
        return Unfit.LOCKED
    return why_not_size(entry.file_size)

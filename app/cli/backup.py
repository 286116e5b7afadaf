"""One archive of everything that cannot be made again: the database and the objects.

An archive is a tar file: `manifest.json` first, then `database.sqlite`, then `objects/<key>`, and outside
production the demo key and the session secret, so that a restored demonstration still signs in and verifies.
Indexes are made anew. In production the signing key and the secret are kept by whoever runs the portal.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

import click
from sqlalchemy.engine import make_url

from app.cli.check import held, refuse_no_store
from app.cli.portal import only_reading, opened
from app.config import VERSION, Settings, read
from app.doors import open_blobs
from app.kernel import clock
from app.kernel.db import db
from storage.blobs import BlobDamaged, BlobMissing, Blobs

FORMAT = 1
MANIFEST, DATABASE, OBJECTS, KEYS = "manifest.json", "database.sqlite", "objects/", "keys/"
KEPT_KEYS = ("secret", "demo.p12")
MANIFEST_MOST = 200 * 1024 * 1024
CHUNK = 1024 * 1024


class BadArchive(Exception):
    """This file cannot be restored; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One file of an archive, as its manifest says it must be."""

    name: str
    size: int
    sha256: str


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def backup(context: click.Context, file: Path) -> None:
    """Write one consistent archive of database and objects to FILE, while the portal runs.

    Exit 0: done. Exit 1: written, but objects are missing or damaged and are not in it. Exit 2: not written.
    """
    settings = read(os.environ)
    refuse_no_store(settings)
    source = _database_of(settings)
    if file.exists():
        raise click.ClickException(f"{file} is there already; an archive is never overwritten.")
    with opened(settings) as (_, doors), only_reading(), tempfile.TemporaryDirectory(dir=_folder_of(file)) as folder:
        copy = Path(folder) / DATABASE
        _copy_database(source, copy)
        wanted = {one.key for one in held(db())} | set(doors.blobs.keys())
        lost = _write(file, copy, doors.blobs, sorted(wanted), settings)
    for key in lost:
        click.echo(f"qcp: object {key} is missing or damaged and is not in the archive", err=True)
    click.echo(f"{file}: the database and {len(wanted) - len(lost)} objects.", err=True)
    context.exit(1 if lost else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(file: Path) -> None:
    """Put an archive into an empty data folder. Nothing is written unless the whole archive is sound."""
    settings = read(os.environ)
    target = _database_of(settings)
    _refuse_full(settings, target)
    try:
        entries = list(_verified(file))
    except (BadArchive, tarfile.TarError, OSError, EOFError) as error:
        raise click.ClickException(f"{file} cannot be restored: {error}") from error
    _unpack(file, settings, target)
    count = sum(one.name.startswith(OBJECTS) for one in entries)
    click.echo(f"{settings.data}: the database and {count} objects. Now run: qcp check", err=True)


def _database_of(settings: Settings) -> Path:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise click.ClickException("This archives the embedded database; use pg_dump and the S3 server's own tools.")
    return Path(url.database)


def _folder_of(file: Path) -> Path:
    folder = file.resolve().parent
    if not folder.is_dir():
        raise click.ClickException(f"The folder {folder} is not there.")
    return folder


def _copy_database(source: Path, copy: Path) -> None:
    """SQLite's own copy, which is of one moment whatever is being written meanwhile."""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy)) as still:
        live.backup(still)
        still.execute("PRAGMA journal_mode=DELETE")


def _write(file: Path, copy: Path, blobs: Blobs, keys: list[str], settings: Settings) -> list[str]:
    """The archive, whole or not at all; returns the objects that could not be read."""
    part = file.with_name(file.name + ".part")
    part.touch(mode=0o600)
    sound, lost = _sizes(blobs, keys)
    kept = {KEYS + name: path.read_bytes() for name, path in _own_keys(settings)}
    entries = [Entry(DATABASE, copy.stat().st_size, _sha256(copy))]
    entries += [Entry(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in kept.items()]
    entries += [Entry(OBJECTS + key, size, key) for key, size in sound.items()]
    about = {"format": FORMAT, "version": VERSION, "made_at": clock.now().isoformat()}
    with tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as archive:
        _put(archive, MANIFEST, json.dumps(about | {"files": [vars(entry) for entry in entries]}).encode())
        archive.add(copy, DATABASE, filter=_plain)
        for name, data in kept.items():
            _put(archive, name, data)
        for key in sound:
            _put(archive, OBJECTS + key, blobs.get(key))
    part.replace(file)
    return lost


def _sizes(blobs: Blobs, keys: list[str]) -> tuple[dict[str, int], list[str]]:
    sound, lost = {}, []
    for key in keys:
        try:
            sound[key] = len(blobs.get(key))
        except (BlobMissing, BlobDamaged):
            lost.append(key)
    return sound, lost


def _own_keys(settings: Settings) -> Iterator[tuple[str, Path]]:
    folder = settings.data / "keys"
    if not settings.production:
        yield from ((name, folder / name) for name in KEPT_KEYS if (folder / name).is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing of this machine goes into an archive: no owner, no mode but the owner's."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def _put(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = _plain(tarfile.TarInfo(name))
    info.size, info.mtime = len(data), int(clock.now().timestamp())
    archive.addfile(info, io.BytesIO(data))


def _refuse_full(settings: Settings, target: Path) -> None:
    """Only the session secret, which reading the settings makes, may be in the folder."""
    there = [path for path in settings.data.rglob("*") if path.is_file() and path.name not in KEPT_KEYS]
    if there or target.exists() or next(open_blobs(settings).keys(), None):
        raise click.ClickException(f"{settings.data} is not empty; an archive goes into an empty data folder only.")


def _verified(file: Path) -> Iterator[Entry]:
    """Every file of the archive, each proven to be what the manifest says, none missing and none besides."""
    with tarfile.open(file, "r:") as archive:
        wanted = _manifest(archive)
        for member in islice(archive, 1, None):
            entry = wanted.pop(member.name, None)
            if entry is None or not member.isreg():
                raise BadArchive(f"it holds {member.name}, which its manifest does not name")
            if member.size != entry.size or _sum(archive.extractfile(member)) != entry.sha256:
                raise BadArchive(f"{member.name} is damaged")
            yield entry
    if wanted:
        raise BadArchive(f"{next(iter(wanted))} is missing in it")


def _manifest(archive: tarfile.TarFile) -> dict[str, Entry]:
    first = archive.next()
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > MANIFEST_MOST:
        raise BadArchive("it is no archive of this portal")
    try:
        said: dict[str, Any] = json.load(_open(archive, first))
        entries = [Entry(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in said["files"]]
        form = said["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadArchive("its manifest cannot be read") from error
    if form != FORMAT:
        raise BadArchive(f"it is of format {form}; this version restores format {FORMAT}")
    if strange := [one.name for one in entries if not _known(one)]:
        raise BadArchive(f"it names {strange[0]}, which is no part of a store")
    return {one.name: one for one in entries}


def _known(entry: Entry) -> bool:
    if entry.name.startswith(OBJECTS):
        return entry.name == OBJECTS + entry.sha256
    return entry.name == DATABASE or entry.name in {KEYS + name for name in KEPT_KEYS}


def _open(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(member)
    if file is None:
        raise BadArchive(f"{member.name} cannot be read")
    return file


def _sum(file: IO[bytes] | None) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest() if file else ""  # type: ignore[arg-type]  # it reads as one


def _unpack(file: Path, settings: Settings, target: Path) -> None:
    """Objects first, the database last: until it is there, the folder is still no store."""
    blobs, fresh = open_blobs(settings), target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tarfile.open(file, "r:") as archive:
        for member in islice(archive, 1, None):
            if member.name.startswith(OBJECTS):
                blobs.put(_open(archive, member).read())
            elif member.name == DATABASE:
                _save(_open(archive, member), fresh)
            elif not settings.production:
                _save(_open(archive, member), settings.data / member.name)
    fresh.replace(target)


def _save(source: IO[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    with path.open("wb") as file:
        while chunk := source.read(CHUNK):
            file.write(chunk)

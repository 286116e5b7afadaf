"""Indexes in folders, by Whoosh, which nothing outside this folder imports."""

import fcntl
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any
from zlib import crc32

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile

from storage.blobs import flush_folder
from storage.index import Index, Parts
from storage.memory import MemoryIndex
from storage.opened import KEPT, SCHEMA, Reading, WhooshIndex, add, schema

log = logging.getLogger(__name__)
OPEN_AT_ONCE = 32
OURS = {"lock", "stamp", "stamp.new"}


class WhooshIndexes:
    """A folder per index; one writer at a time, any number of readers, in any number of processes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.held: dict[str, tuple[str, Index]] = {}
        self.lock = Lock()
        root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def open(self, name: str, stamp: str, parts: Callable[[], Parts]) -> Index:
        full = f"{SCHEMA}/{stamp}"
        held, index = self.held.get(name, ("", None))
        if index is None or held != full:
            if not (isinstance(index, WhooshIndex) and index.parts() == set(parts())):
                index = self._open(name, full, parts)  # else only what is not indexed has changed
            with self.lock:
                self.held.pop(name, None)
                self.held[name] = (full, index)
                while len(self.held) > OPEN_AT_ONCE:
                    self.held.pop(next(iter(self.held)))
        if isinstance(index, WhooshIndex):  # should it break, it is healed by whoever asks now, not by who opened it
            return WhooshIndex(index.inside, self._anew(name, full, parts), index.folder)
        return index

    def forget(self, name: str) -> None:
        with self.lock:
            self.held.pop(name, None)
        shutil.rmtree(self._folder(name), ignore_errors=True)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.root.iterdir() if path.is_dir())

    def _folder(self, name: str) -> Path:
        if not name or not name.isalnum():
            raise ValueError("an index is named by letters and digits")
        return self.root / name

    def _open(self, name: str, stamp: str, parts: Callable[[], Parts]) -> Index:
        """Open what is there, else put it right, else make it anew, else answer from memory: never fail."""
        for attempt in (self._current, self._renewed, self._remade):
            try:
                inside = attempt(name, stamp, parts)
                if inside is not None:
                    return WhooshIndex(inside, self._anew(name, stamp, parts), self._folder(name))
            except Exception:
                log.warning("index %s: %s did not work", name, attempt.__name__, exc_info=True)
        return MemoryIndex(parts())

    def _anew(self, name: str, stamp: str, parts: Callable[[], Parts]) -> Callable[[], Index]:
        def anew() -> Index:
            """Once; what still cannot be read then is answered from memory."""
            self.forget(name)
            index = self._open(name, stamp, parts)
            if isinstance(index, WhooshIndex):
                index.heal = lambda: MemoryIndex(parts())
            return index

        return anew

    def _current(self, name: str, stamp: str, _parts: Callable[[], Parts]) -> Reading | None:
        folder = self._folder(name)
        if not (folder / "lock").exists():
            return None
        with _alone(folder, fcntl.LOCK_SH):  # else what is read could be what somebody writes just now
            return Reading(_storage(folder).open_index()) if _stamp_of(folder) == stamp else None

    def _renewed(self, name: str, stamp: str, parts: Callable[[], Parts]) -> Reading | None:
        """Add what is new and drop what is gone; only where the schema is still the same."""
        folder = self._folder(name)
        if _stamp_of(folder).split("/")[0] != SCHEMA:
            return None
        with _alone(folder):
            index = _storage(folder).open_index()
            self._write(index, parts())
            _stamp(folder, stamp)
            return Reading(_storage(folder).open_index())

    def _remade(self, name: str, stamp: str, parts: Callable[[], Parts]) -> Reading | None:
        folder = self._folder(name)
        folder.mkdir(mode=0o700, exist_ok=True)
        with _alone(folder):
            if _stamp_of(folder) != stamp:  # nobody else did it while we waited
                for path in folder.iterdir():
                    if path.name != "lock":
                        path.unlink()
                self._write(_storage(folder).create_index(schema()), parts())
                _stamp(folder, stamp)
            return Reading(_storage(folder).open_index())

    @staticmethod
    def _write(index: Any, parts: Parts) -> None:
        with index.reader() as reader:
            there = {text.decode() for text in reader.lexicon("part")}
        if there == set(parts):
            return
        writer = index.writer(limitmb=64)
        try:
            for part in there - set(parts):
                writer.delete_by_term("part", part)
            for part in parts:
                if part not in there:
                    add(writer, part, parts[part]())
            writer.commit(optimize=bool(there - set(parts)))  # what is gone is gone from the files too
        except BaseException:
            writer.cancel()
            raise


def _storage(folder: Path) -> Any:
    """Files are read whole when they are opened: one that is cut short later neither ends the process, as one that is
    mapped would, nor changes what is answered."""
    untyped: Any = FileStorage
    storage = untyped(str(folder), supports_mmap=False)

    def open_file(name: str, **_options: Any) -> Any:
        buffer: Any = BufferFile
        return buffer((folder / name).read_bytes(), name=name)

    storage.open_file = open_file
    return storage


@contextmanager
def _alone(folder: Path, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    """One writer at a time over all processes, and nobody who opens the index meanwhile; the lock goes with the
    process that held it."""
    with (folder / "lock").open("r" if how == fcntl.LOCK_SH else "a") as file:
        fcntl.flock(file, how)
        yield


def _stamp_of(folder: Path) -> str:
    """The stamp of an index whose files are all there, whole; else nothing."""
    try:
        seal = json.loads((folder / "stamp").read_bytes())
        return str(seal["stamp"]) if seal["files"] == _sums(folder) else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _sums(folder: Path) -> dict[str, int]:
    return {path.name: crc32(path.read_bytes()) for path in folder.iterdir()
            if path.name not in OURS and KEPT not in path.name}  # fmt: skip


def _stamp(folder: Path, stamp: str) -> None:
    """The stamp is last: an index without it, or with other files than it names, is not trusted."""
    fresh = folder / "stamp.new"
    fresh.write_text(json.dumps({"stamp": stamp, "files": _sums(folder)}))
    fresh.replace(folder / "stamp")
    flush_folder(folder)

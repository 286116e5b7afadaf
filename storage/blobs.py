"""Where the bytes are kept: content-addressed, write-once, checked. One small door, several drivers."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

KEY = re.compile(r"[0-9a-f]{64}")


class BlobMissing(LookupError):
    """The store holds nothing under this key."""


class BlobDamaged(Exception):
    """What the store holds is not what was put: its hash or its size differs."""


class BlobLocked(Exception):
    """The store will not let go of an object, by a lock or a rule of its own."""


class StoreDown(Exception):
    """The store cannot be reached or does not answer; trying again later may help."""


class Blobs(Protocol):
    """A key is the SHA-256 of the bytes, in hex; the same bytes put twice are one object."""

    def put(self, data: bytes) -> str:
        """Keep the bytes, prove that they are kept, and give their key."""
        ...

    def get(self, key: str) -> bytes:
        """All bytes under the key, proven to be the ones that were put."""
        ...

    def read(self, key: str, start: int, length: int) -> bytes:
        """Up to `length` bytes from `start`; fewer at the end of the object."""
        ...

    def size(self, key: str) -> int:
        """Bytes under the key."""
        ...

    def keys(self) -> Iterator[str]:
        """Every key in the store, in no order; for checks and archives."""
        ...

    def delete(self, key: str) -> None:
        """Let the bytes go for good, with every older copy; nothing happens when there are none. Raises BlobLocked."""
        ...

    def __contains__(self, key: object) -> bool: ...


def key_of(data: bytes) -> str:
    """The key under which these bytes are kept."""
    return hashlib.sha256(data).hexdigest()


def is_key(key: object) -> bool:
    """Whether this can be a key at all: no path, no name, only a hash."""
    return isinstance(key, str) and KEY.fullmatch(key) is not None


def proven(key: str, data: bytes) -> bytes:
    """The same bytes, or BlobDamaged when they do not hash to their key."""
    if key_of(data) != key:
        raise BlobDamaged(f"object {key} does not hash to its key ({len(data)} bytes)")
    return data


class Folder:
    """Objects as files in a folder tree; atomic, flushed to disk, readable by nobody else."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._make(root)

    def put(self, data: bytes) -> str:
        key = key_of(data)
        path = self._path(key)
        if path.exists() and path.stat().st_size == len(data) and key_of(path.read_bytes()) == key:
            return key
        self._make(path.parent)
        self._write(path, data)
        proven(key, path.read_bytes())
        return key

    def get(self, key: str) -> bytes:
        return proven(key, self._file(key).read_bytes())

    def read(self, key: str, start: int, length: int) -> bytes:
        with self._file(key).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def size(self, key: str) -> int:
        return self._file(key).stat().st_size

    def keys(self) -> Iterator[str]:
        return (path.name for path in self.root.glob("??/*") if is_key(path.name))

    def delete(self, key: str) -> None:
        if not is_key(key):
            return
        try:
            self._path(key).unlink(missing_ok=True)
        except PermissionError as error:
            raise BlobLocked(f"object {key} may not be deleted") from error
        if self._path(key).parent.is_dir():
            flush_folder(self._path(key).parent)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and is_key(key) and self._path(key).is_file()

    def _path(self, key: str) -> Path:
        return self.root / key[:2] / key

    def _file(self, key: str) -> Path:
        if key not in self:
            raise BlobMissing(key)
        return self._path(key)

    @staticmethod
    def _make(folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        """A crash at any point leaves either no file or the whole file under its name."""
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o400)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make a rename in this folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Memory:
    """The twin for tests: same promises, no disk."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        key = key_of(data)
        self.objects[key] = bytes(data)
        return key

    def get(self, key: str) -> bytes:
        return proven(key, self._object(key))

    def read(self, key: str, start: int, length: int) -> bytes:
        return self._object(key)[start : start + length]

    def size(self, key: str) -> int:
        return len(self._object(key))

    def keys(self) -> Iterator[str]:
        return iter(list(self.objects))

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self.objects

    def _object(self, key: str) -> bytes:
        try:
            return self.objects[key]
        except KeyError:
            raise BlobMissing(key) from None

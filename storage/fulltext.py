"""Indexes in folders, by Whoosh, which nothing outside this folder imports.

A document of Whoosh is a whole part; the value of a posting says where the word stands on the part's line of words.
So a word is read at one stroke, and the ranking works on numbers.
"""

import fcntl
import json
import logging
import shutil
from array import array
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from zlib import crc32

import numpy as np
from whoosh import columns, fields
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Format
from whoosh.reading import TermNotFound

from storage.blobs import flush_folder
from storage.index import Answer, Index, PageText, Parts, Place, Query, Words
from storage.laying import lay
from storage.meaning import Vectors, packed, unpacked, vectors
from storage.memory import MemoryIndex
from storage.ranking import Keys, Part, Ranking

log = logging.getLogger(__name__)
T = TypeVar("T")
SCHEMA = "2"  # raise it when pages would be indexed differently
OPEN_AT_ONCE = 32
OURS = {"lock", "stamp", "stamp.new"}


class Kept(Format):
    """Postings that carry bytes of our own."""

    posting_size = -1  # of any length


class Placed(fields.FieldType):
    """Takes words with the bytes of their postings, as they are laid already."""

    def __init__(self) -> None:
        none: Any = None  # the words come as they are
        super().__init__(Kept(), none)

    def index(self, value: Any, **_rest: Any) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        return ((word.encode(), 1, 1.0, data) for word, data in value.items())


def schema() -> fields.Schema:
    """The fields of an index."""
    vague: Any = columns.VarBytesColumn
    return fields.Schema(
        part=fields.ID(stored=True), pages=fields.STORED, text=Placed(), plain=Placed(), meaning=fields.COLUMN(vague()),
        passages=fields.COLUMN(vague()),
    )  # fmt: skip


class Reading(Ranking):
    """What stands in one open index of Whoosh."""

    def __init__(self, index: Any) -> None:
        self.reader = index.reader()
        stored = [(number, self.reader.stored_fields(number)) for number in self.reader.all_doc_ids()]
        parts = [Part(one["part"], *one["pages"]) for _, one in stored]
        super().__init__(parts)
        self.documents = {number: self.bases[part.name] for (number, _), part in zip(stored, parts, strict=True)}
        self.meant: tuple[Vectors, Keys, Keys] | None = None
        self.turn = Lock()  # a file has one place at which it is read

    def read(self, word: str) -> Keys:
        with self.turn:
            postings = list(self._postings("text", word))
        found = [np.frombuffer(data, np.uint32).astype(np.int64) + self.documents[at] for at, data in postings]
        return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)

    def passages(self) -> tuple[Vectors, Keys, Keys]:
        with self.turn:
            if self.meant is None:
                self.meant = self._passages()
            return self.meant

    def _passages(self) -> tuple[Vectors, Keys, Keys]:
        known, places = self.reader.column_reader("meaning"), self.reader.column_reader("passages")
        first = {number: int(np.searchsorted(self.starts, base)) // 3 for number, base in self.documents.items()}
        where = {number: np.frombuffer(places[number], np.uint32).reshape(-1, 2).astype(np.int64)
                 for number in self.documents}  # fmt: skip
        rows = np.concatenate([unpacked(known[number]) for number in where] or [unpacked(b"")])
        page = np.concatenate([first[number] + one[:, 0] for number, one in where.items()] or [np.zeros(0, np.int64)])
        word = np.concatenate([one[:, 1] for one in where.values()] or [np.zeros(0, np.int64)])
        return rows, page, word

    def knows(self, word: str) -> bool:
        return len(self._keys(word)) > 0

    def words(self, beginning: str) -> list[str]:
        with self.turn:
            return [text.decode() for text in self.reader.expand_prefix("plain", beginning.encode())]

    def frequency(self, word: str) -> int:
        with self.turn:
            return sum(int.from_bytes(data, "little") for _, data in self._postings("plain", word))

    def parts(self) -> set[str]:
        return set(self.names)

    def _postings(self, name: str, word: str) -> Iterator[tuple[int, bytes]]:
        try:
            matcher = self.reader.postings(name, word.encode())
        except TermNotFound:
            return
        while matcher.is_active():
            yield matcher.id(), matcher.value()
            matcher.next()


class WhooshIndex:
    """One open index; what it cannot answer any more, `heal` answers with a fresh one."""

    def __init__(self, index: Any, heal: Callable[[], Index]) -> None:
        self.inside = Reading(index)
        self.heal = heal

    def search(self, query: Query, most: int = 50, within: Collection[str] | None = None) -> Answer:
        return self._or_healed(
            lambda: self.inside.search(query, most, within), lambda index: index.search(query, most, within)
        )

    def weigh(self, query: Query) -> Mapping[Place, float]:
        return self._or_healed(lambda: self.inside.weigh(query), lambda index: index.weigh(query))

    def prominent(self, terms: Mapping[Words, float]) -> Mapping[Place, float]:
        return self._or_healed(lambda: self.inside.prominent(terms), lambda index: index.prominent(terms))

    def alike(self, text: str) -> Mapping[Place, float]:
        return self._or_healed(lambda: self.inside.alike(text), lambda index: index.alike(text))

    def knows(self, word: str) -> bool:
        return self._or_healed(lambda: self.inside.knows(word), lambda index: index.knows(word))

    def words(self, beginning: str = "") -> Iterable[str]:
        return self._or_healed(lambda: self.inside.words(beginning), lambda index: index.words(beginning))

    def frequency(self, word: str) -> int:
        return self._or_healed(lambda: self.inside.frequency(word), lambda index: index.frequency(word))

    def pages(self) -> int:
        return self.inside.pages()

    def parts(self) -> set[str]:
        return self.inside.parts()

    def _or_healed(self, ask: Callable[[], T], again: Callable[[Index], T]) -> T:
        """Whatever is torn inside, the pages are kept elsewhere."""
        try:
            return ask()
        except Exception:
            log.warning("an index could not be read and is made anew", exc_info=True)
            return again(self.heal())


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

        def anew() -> Index:
            """Once; what still cannot be read then is answered from memory."""
            self.forget(name)
            index = self._open(name, stamp, parts)
            if isinstance(index, WhooshIndex):
                index.heal = lambda: MemoryIndex(parts())
            return index

        for attempt in (self._current, self._renewed, self._remade):
            try:
                index = attempt(name, stamp, parts)
                if index is not None:
                    return WhooshIndex(index, anew)
            except Exception:
                log.warning("index %s: %s did not work", name, attempt.__name__, exc_info=True)
        return MemoryIndex(parts())

    def _current(self, name: str, stamp: str, _parts: Callable[[], Parts]) -> Any:
        folder = self._folder(name)
        if _stamp_of(folder) != stamp:
            return None
        return _storage(folder).open_index()

    def _renewed(self, name: str, stamp: str, parts: Callable[[], Parts]) -> Any:
        """Add what is new and drop what is gone; only where the schema is still the same."""
        folder = self._folder(name)
        if _stamp_of(folder).split("/")[0] != SCHEMA:
            return None
        with _writing(folder):
            index = _storage(folder).open_index()
            self._write(index, parts())
            _stamp(folder, stamp)
            return _storage(folder).open_index()

    def _remade(self, name: str, stamp: str, parts: Callable[[], Parts]) -> Any:
        folder = self._folder(name)
        folder.mkdir(mode=0o700, exist_ok=True)
        with _writing(folder):
            if _stamp_of(folder) != stamp:  # nobody else did it while we waited
                for path in folder.iterdir():
                    if path.name != "lock":
                        path.unlink()
                self._write(_storage(folder).create_index(schema()), parts())
                _stamp(folder, stamp)
            return _storage(folder).open_index()

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
                    _add(writer, part, parts[part]())
            writer.commit(optimize=bool(there - set(parts)))  # what is gone is gone from the files too
        except BaseException:
            writer.cancel()
            raise


def _add(writer: Any, part: str, pages: Iterable[PageText]) -> None:
    laid = lay(pages)
    passages = array("I", [number for page, first, _ in laid.passages for number in (page, first)])
    writer.add_document(
        part=part,
        pages=(laid.pages, laid.lengths),
        text={word: places.tobytes() for word, places in laid.places.items()},
        plain={word: count.to_bytes(4, "little") for word, count in laid.plain.items()},
        meaning=packed(vectors([text for _, _, text in laid.passages])),
        passages=passages.tobytes(),
    )


def _storage(folder: Path) -> Any:
    untyped: Any = FileStorage
    return untyped(str(folder))


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """One writer at a time over all processes; the lock goes with the process that held it."""
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _stamp_of(folder: Path) -> str:
    """The stamp of an index whose files are all there, whole; else nothing."""
    try:
        seal = json.loads((folder / "stamp").read_bytes())
        return str(seal["stamp"]) if seal["files"] == _sums(folder) else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _sums(folder: Path) -> dict[str, int]:
    return {path.name: crc32(path.read_bytes()) for path in folder.iterdir() if path.name not in OURS}


def _stamp(folder: Path, stamp: str) -> None:
    """The stamp is last: an index without it, or with other files than it names, is not trusted."""
    fresh = folder / "stamp.new"
    fresh.write_text(json.dumps({"stamp": stamp, "files": _sums(folder)}))
    fresh.replace(folder / "stamp")
    flush_folder(folder)

"""Indexes in folders, by Whoosh, which nothing outside this folder imports."""

import fcntl
import json
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from zlib import crc32

from whoosh import fields
from whoosh.analysis.acore import Token
from whoosh.analysis.tokenizers import Tokenizer
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Existence
from whoosh.reading import TermNotFound

from storage.blobs import flush_folder
from storage.index import (
    FIELDS,
    SCHEMA,
    Counts,
    Found,
    Index,
    MemoryIndex,
    PageText,
    Parts,
    Place,
    Query,
    adjacent,
    holding,
    rank,
)
from storage.words import plain_words, split

log = logging.getLogger(__name__)
T = TypeVar("T")
OPEN_AT_ONCE = 32
OURS = {"lock", "stamp", "stamp.new"}


class Forms(Tokenizer):
    """Feeds Whoosh our own words, every form at its place."""

    def __call__(self, value: str, positions: bool = False, **_rest: Any) -> Iterator[Token]:
        token = Token(positions)
        token.boost = 1.0
        for word in split(value):
            for form in word.forms:
                token.text, token.pos = form, word.at
                yield token


class Plain(Tokenizer):
    """Every different word as written, in small letters."""

    def __call__(self, value: str, **_rest: Any) -> Iterator[Token]:
        token = Token()
        token.boost = 1.0
        for word in sorted(set(plain_words(value))):
            token.text = word
            yield token


def schema() -> fields.Schema:
    """The fields of an index."""
    field: Any = fields.FieldType  # declared for composed analyzers only
    plain = field(analyzer=Plain(), format=Existence())
    texts = {name: fields.TEXT(analyzer=Forms(), phrase=True) for name in FIELDS}
    return fields.Schema(part=fields.ID(stored=True), number=fields.STORED, plain=plain, **texts)


class WhooshIndex:
    """One open index; what it cannot answer any more, `heal` answers with a fresh one."""

    def __init__(self, index: Any, heal: Callable[[], Index]) -> None:
        self.reader = index.reader()
        self.heal = heal
        self.known: dict[int, Place] = {}
        self.words: dict[str, int] | None = None
        self.averages: dict[str, float] = {
            name: self.reader.field_length(name) / max(1, self.pages()) for name in FIELDS
        }

    def search(self, query: Query) -> list[Found]:
        return self._or_healed(lambda: rank(self, query), lambda index: index.search(query))

    def holding(self, words: tuple[str, ...]) -> Mapping[Place, float]:
        return self._or_healed(lambda: holding(self, words), lambda index: index.holding(words))

    def knows(self, word: str) -> bool:
        return self._or_healed(lambda: ("body", word.encode()) in self.reader, lambda index: index.knows(word))

    def vocabulary(self) -> Mapping[str, int]:
        return self._or_healed(self._vocabulary, lambda index: index.vocabulary())

    def _vocabulary(self) -> dict[str, int]:
        if self.words is None:
            lexicon = self.reader.lexicon("plain")
            self.words = {text.decode(): int(self.reader.doc_frequency("plain", text)) for text in lexicon}
        return self.words

    def _or_healed(self, ask: Callable[[], T], again: Callable[[Index], T]) -> T:
        """Whatever is torn inside, the pages are kept elsewhere."""
        try:
            return ask()
        except Exception:
            log.warning("an index could not be read and is made anew", exc_info=True)
            return again(self.heal())

    def parts(self) -> set[str]:
        return self._or_healed(lambda: {text.decode() for text in self.reader.lexicon("part")}, lambda _index: set())

    def pages(self) -> int:
        return int(self.reader.doc_count())

    def place(self, page: int) -> Place:
        if page not in self.known:
            stored = self.reader.stored_fields(page)
            self.known[page] = (str(stored["part"]), int(stored["number"]))
        return self.known[page]

    def counts(self, name: str, words: tuple[str, ...]) -> Counts:
        if len(words) == 1:
            return {page: int(weight) for page, weight in self._postings(name, words[0], "weight")}
        return adjacent([dict(self._postings(name, word, "positions")) for word in words])

    def length(self, name: str, page: int) -> int:
        return int(self.reader.doc_field_length(page, name))

    def average(self, name: str) -> float:
        return self.averages[name]

    def _postings(self, name: str, word: str, what: str) -> Iterator[tuple[int, Any]]:
        try:
            matcher = self.reader.postings(name, word.encode())
        except TermNotFound:
            return
        while matcher.is_active():
            yield matcher.id(), matcher.weight() if what == "weight" else matcher.value_as(what)
            matcher.next()


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
            self.forget(name)
            return self._open(name, stamp, parts)

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
            writer.commit()
        except BaseException:
            writer.cancel()
            raise


def _add(writer: Any, part: str, pages: Iterable[PageText]) -> None:
    for page in pages:
        writer.add_document(
            part=part, number=page.number, plain=page.body, **{name: page.part(name) for name in FIELDS}
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

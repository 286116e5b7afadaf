"""One index of Whoosh: what is written into it, and how it answers.

A document of Whoosh is a whole part; the value of a posting says where the word stands on the part's line of words.
So a word is read at one stroke, and the ranking works on numbers.
"""

import json
import logging
import os
from array import array
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from zlib import crc32

import numpy as np
from whoosh import columns, fields
from whoosh.formats import Format
from whoosh.reading import TermNotFound

from storage.index import Answer, Index, PageText, Place, Query, Words
from storage.laying import lay
from storage.meaning import Vectors, packed, unpacked, vectors
from storage.ranking import Keys, Part, Ranking

log = logging.getLogger(__name__)
T = TypeVar("T")
SCHEMA = "2"  # raise it when pages would be indexed differently
KEPT = "kept-"


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
        if not self.documents:  # an index without any document has no columns
            return unpacked(b""), np.zeros(0, np.int64), np.zeros(0, np.int64)
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

    def __init__(self, inside: Reading, heal: Callable[[], Index], folder: Path) -> None:
        self.inside = inside
        self.heal = heal
        self.folder = folder

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

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """Beside the index, so that what one process made is there for the others."""
        return self.inside.kept(name, lambda: self._kept_on_disk(name, make))

    def _kept_on_disk(self, name: str, make: Callable[[], Any]) -> Any:
        """A line that says of which parts it was made and how its bytes add up, and the bytes."""
        path, parts = self.folder / f"{KEPT}{name}", sorted(self.inside.names)
        with suppress(OSError, ValueError):
            head, _, body = path.read_bytes().partition(b"\n")
            if json.loads(head) == [parts, crc32(body)]:
                return json.loads(body)
        made = make()
        with suppress(OSError):  # a full disk only makes the next one wait again
            body = json.dumps(made).encode()
            fresh = path.with_name(f".{KEPT}{os.getpid()}.{name}")
            fresh.write_bytes(json.dumps([parts, crc32(body)]).encode() + b"\n" + body)
            fresh.replace(path)
        return made

    def _or_healed(self, ask: Callable[[], T], again: Callable[[Index], T]) -> T:
        """Whatever is torn inside, the pages are kept elsewhere."""
        try:
            return ask()
        except Exception:
            log.warning("an index could not be read and is made anew", exc_info=True)
            return again(self.heal())


def add(writer: Any, part: str, pages: Iterable[PageText]) -> None:
    """Write a part with all its pages."""
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

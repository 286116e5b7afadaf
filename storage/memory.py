"""The twin of the indexes for tests and for a disk that is full: the same answers from dictionaries."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from storage.index import Index, Parts
from storage.laying import lay
from storage.meaning import Vectors, vectors
from storage.ranking import Keys, Part, Ranking


class MemoryIndex(Ranking):
    """One index that nothing outlives."""

    def __init__(self, parts: Parts) -> None:
        laid = {name: lay(pages()) for name, pages in parts.items()}
        super().__init__([Part(name, one.pages, one.lengths) for name, one in laid.items()])
        self.standing: dict[str, list[int]] = defaultdict(list)
        self.plain: Counter[str] = Counter()
        self.texts: list[str] = []
        self.where: list[tuple[int, int]] = []
        self.meant: tuple[Vectors, Keys, Keys] | None = None
        first = 0
        for name, one in laid.items():
            for word, places in one.places.items():
                self.standing[word] += [self.bases[name] + place for place in places]
            self.plain.update(one.plain)
            self.texts += [text for _, _, text in one.passages]
            self.where += [(first + page, word) for page, word, _ in one.passages]
            first += len(one.pages)

    def read(self, word: str) -> Keys:
        return np.array(sorted(self.standing.get(word, ())), np.int64)

    def passages(self) -> tuple[Vectors, Keys, Keys]:
        if self.meant is None:
            where = np.array(self.where, np.int64).reshape(-1, 2)
            self.meant = vectors(self.texts), where[:, 0], where[:, 1]
        return self.meant

    def knows(self, word: str) -> bool:
        return word in self.standing

    def words(self, beginning: str = "") -> Iterable[str]:
        return sorted(word for word in self.plain if word.startswith(beginning))

    def frequency(self, word: str) -> int:
        return self.plain[word]


class Memory:
    """All indexes of a store that forgets."""

    def __init__(self) -> None:
        self.open_ones: dict[str, tuple[str, MemoryIndex]] = {}

    def open(self, name: str, stamp: str, parts: Callable[[], Parts]) -> Index:
        held, index = self.open_ones.get(name, ("", MemoryIndex({})))
        if held != stamp:
            index = MemoryIndex(parts())
            self.open_ones[name] = (stamp, index)
        return index

    def forget(self, name: str) -> None:
        self.open_ones.pop(name, None)

    def names(self) -> list[str]:
        return sorted(self.open_ones)

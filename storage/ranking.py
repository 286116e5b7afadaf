"""The ranking that all drivers share: BM25 over text, headings and title, nearness of the words, and meaning."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storage.index import Answer, Clause, Found, Place, Query, Term, Words
from storage.laying import GAP
from storage.meaning import Vectors, vectors

Keys = NDArray[np.int64]  # places on the line of words, in order
Scores = NDArray[np.float32]  # one for each page

WEIGHTS = np.array([1.0, 1.6, 0.6], np.float32)  # of text, headings, title
DILUTION = np.array([0.6, 0.3, 0.0], np.float32)  # how much a long one of them weakens each word
K1 = 1.2
CLOSE = 34  # words within which a question's words help one another
EARLY = 40  # the larger, the less the first ranks count against the later ones
SAID, MEANT = 1.5, 1.0  # what the rank by words and the rank by meaning weigh
NEAR = 0.32  # in meaning; below it a passage is about something else
MOST_KEPT = 5000  # words, at a few kilobytes each
MOST_MEANT = 10  # pages that nothing but their meaning brings


@dataclass(frozen=True)
class Part:
    """A part as it was laid: its pages, and the words in text, headings and title of each."""

    name: str
    pages: Sequence[int]
    lengths: Sequence[int]


@dataclass(frozen=True)
class Hits:
    """Where the words of a term stand, how much each is worth, and how many words it has."""

    keys: Keys
    worth: float
    width: int


class Ranking:
    """Pages in order of a question. A driver says where words stand and what its passages mean."""

    def __init__(self, parts: Sequence[Part]) -> None:
        lengths = np.array([n for part in parts for n in part.lengths], np.int64).reshape(-1, 3)
        self.places: list[Place] = [(part.name, number) for part in parts for number in part.pages]
        self.part_of = np.repeat(np.arange(len(parts)), [len(part.pages) for part in parts])
        self.names = [part.name for part in parts]
        ends = np.cumsum(lengths.ravel() + GAP)
        self.starts: Keys = np.concatenate([[0], ends])[: lengths.size]
        firsts = np.searchsorted(self.part_of, np.arange(len(parts))) * 3
        self.bases = {part.name: int(self.starts[at]) if part.pages else 0
                      for part, at in zip(parts, firsts, strict=True)}  # fmt: skip
        self.long = 1 - DILUTION + DILUTION * lengths / np.maximum(lengths.mean(axis=0) if len(lengths) else 1, 1e-9)
        self.known: dict[str, Keys] = {}
        self.scored: dict[Words, Scores] = {}
        self.prominence: dict[Words, Scores] = {}
        self.made: dict[str, Any] = {}

    # What a driver knows

    def read(self, word: str) -> Keys:
        """Where the word stands."""
        raise NotImplementedError

    def passages(self) -> tuple[Vectors, Keys, Keys]:
        """The meaning of every passage, its page (a whole number, in order) and the number of its first word."""
        raise NotImplementedError

    # What is made of it

    def search(self, query: Query, most: int = 50, within: Collection[str] | None = None) -> Answer:
        scores, full, allowed, at, hits = self._weighed(query, within)
        order, meant = self._order(scores, full, query, allowed)
        found = [self._found(page, float(scores[page]), at, hits, meant) for page in order[:most]]
        return Answer(found, len(order))

    def weigh(self, query: Query) -> Mapping[Place, float]:
        scores = self._weighed(query, None)[0]
        return {self.places[page]: float(scores[page]) for page in np.flatnonzero(scores)}

    def prominent(self, terms: Mapping[Words, float]) -> Mapping[Place, float]:
        total = np.zeros(len(self.places), np.float32)
        for words, weight in terms.items():
            held = self._prominence(words)
            pages = np.count_nonzero(held)
            if pages:
                total += weight * np.log(1 + len(held) / pages) / np.log(1 + len(held)) * held / (held + 1)
        return {self.places[page]: float(total[page]) for page in np.flatnonzero(total)}

    def alike(self, text: str) -> Mapping[Place, float]:
        near, _ = self._meaning(text)
        return {self.places[page]: float(near[page]) for page in np.flatnonzero(near > -1)}

    def pages(self) -> int:
        return len(self.places)

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    # Words

    def _keys(self, word: str) -> Keys:
        keys = self.known.get(word)
        if keys is None:
            keys = self.read(word)
            if len(keys):  # what is nowhere could be anything, and would fill the memory
                _keep(self.known, word, keys)
        return keys

    def _standing(self, words: Words) -> Keys:
        """Where the words begin to stand next to one another."""
        keys = self._keys(words[0])
        for offset, word in enumerate(words[1:], 1):
            keys = keys[_among(keys + offset, self._keys(word))]
        return keys

    def _counts(self, keys: Keys) -> NDArray[np.int64]:
        """How often in text, headings and title, by page."""
        stretch = np.searchsorted(self.starts, keys, "right") - 1
        return np.bincount(stretch, minlength=len(self.starts)).reshape(-1, 3)

    def _score(self, term: Term) -> Scores:
        scores = self.scored.get(term.words)
        if scores is None:
            keys = self._standing(term.words)
            if not len(keys):
                return np.zeros(len(self.places), np.float32)
            counts = self._counts(keys)
            rarity = 1 + np.log(len(self.places) / ((counts > 0).sum(axis=0) + 1) + 1)
            scores = (((K1 + 1) * counts / (counts + K1 * self.long)) @ (WEIGHTS * rarity)).astype(np.float32)
            _keep(self.scored, term.words, scores)
        return term.weight * scores

    def _prominence(self, words: Words) -> Scores:
        found = self.prominence.get(words)
        if found is None:
            counts = self._counts(self._standing(words))
            found = (((1 + np.log(np.maximum(counts, 1))) * (counts > 0)) @ WEIGHTS).astype(np.float32)
            _keep(self.prominence, words, found)
        return found

    def _weighed(
        self, query: Query, within: Collection[str] | None
    ) -> tuple[Scores, NDArray[np.bool_], NDArray[np.bool_], Keys, list[Hits]]:
        """By page: how well its words answer, whether all of them stand there, whether it may be shown, where they
        stand closest; and all their places."""
        clauses = [self._best(clause) for clause in query.clauses]
        held = np.array([scores > 0 for scores in clauses]).reshape(len(clauses), len(self.places))
        allowed = self._allowed(query, held, within)
        rare = np.array([_rarity(len(self.places), row) for row in held], np.float32)
        near, at, hits = self._nearness(query, rare)
        coverage = (rare @ held) / max(float(rare.sum()), 1e-9)
        scores = np.where(allowed, np.sum([*clauses, near * 0], axis=0) * coverage * (1 + near), 0).astype(np.float32)
        full = (held.sum(axis=0) >= held.any(axis=1).sum()) & (scores > 0)
        return scores, full, allowed, at, hits

    def _best(self, clause: Clause) -> Scores:
        """Within a clause the best term counts."""
        best = np.zeros(len(self.places), np.float32)
        for term in clause.terms:
            np.maximum(best, self._score(term), out=best)
        return best

    def _allowed(self, query: Query, held: NDArray[np.bool_], within: Collection[str] | None) -> NDArray[np.bool_]:
        allowed = np.ones(len(self.places), bool)
        for clause, row in zip(query.clauses, held, strict=True):
            if clause.must:
                allowed &= row
        for term in query.without:
            allowed &= self._score(term) == 0
        if within is not None:
            allowed &= np.isin(self.part_of, [at for at, name in enumerate(self.names) if name in within])
        return allowed

    # Nearness

    def _nearness(self, query: Query, rare: Scores) -> tuple[Scores, Keys, list[Hits]]:
        """How much of the question stands close together on each page (0 to 1), and where that begins."""
        near, at = np.zeros(len(self.places), np.float32), np.zeros(len(self.places), np.int64)
        hits = [self._hits(clause) for clause in query.clauses]
        everything = np.unique(
            np.concatenate([hit.keys for clause in hits for hit in clause] or [np.zeros(0, np.int64)])
        )
        stretch = np.searchsorted(self.starts, everything, "right") - 1
        everything, page = everything[stretch % 3 == 0], stretch[stretch % 3 == 0] // 3
        worth = np.zeros(len(everything), np.float32)
        for clause, weight in zip(hits, rare, strict=True):
            worth += weight * _soon(clause, everything)
        if len(everything):
            best = np.lexsort((-worth, page))
            first = best[np.searchsorted(page[best], np.unique(page))]
            near[page[first]] = worth[first] / max(float(rare.sum()), 1e-9)
            at[page[first]] = everything[first]
        return near, at, [hit for clause in hits for hit in clause]

    def _hits(self, clause: Clause) -> list[Hits]:
        found = (Hits(self._standing(term.words), min(1.0, term.weight), len(term.words)) for term in clause.terms)
        return [hits for hits in found if len(hits.keys)]

    def _found(self, page: int, score: float, at: Keys, hits: Iterable[Hits], meant: Mapping[int, int]) -> Found:
        start = int(self.starts[page * 3])
        end = int(self.starts[page * 3 + 1])
        runs = set()
        for hit in hits:
            left, right = hit.keys.searchsorted((start, end))
            runs |= {(key - start, key - start + hit.width - 1) for key in hit.keys[left:right].tolist()}
        part, number = self.places[page]
        if page in meant:
            return Found(part, number, round(score, 4), tuple(sorted(runs)), meant[page], meant=True)
        return Found(part, number, round(score, 4), tuple(sorted(runs)), max(0, int(at[page]) - start))

    # Meaning

    def _meaning(self, text: str) -> tuple[Scores, Keys]:
        """How near the nearest passage of each page is, and the number of its first word."""
        known, page, first = self.passages()
        near, at = np.full(len(self.places), -1, np.float32), np.zeros(len(self.places), np.int64)
        if not len(known):
            return near, at
        alike = known @ vectors([text])[0]
        best = np.lexsort((-alike, page))
        top = best[np.searchsorted(page[best], np.unique(page))]
        near[page[top]], at[page[top]] = alike[top], first[top]
        return near, at

    def _order(
        self, scores: Scores, full: NDArray[np.bool_], query: Query, allowed: NDArray[np.bool_]
    ) -> tuple[list[int], dict[int, int]]:
        """Pages with all the words first, then the best of the rest; words and meaning joined by their ranks."""
        said = _ranks(scores, scores > 0)
        total, meant = said, {}
        if query.meaning:
            near, at = self._meaning(query.meaning)
            close = _ranks(near, (near >= NEAR) & allowed)
            alone = (close > 0) & (scores == 0)
            alone &= close >= 1 / (EARLY + MOST_MEANT)
            total = (SAID * said + MEANT * np.where(alone | (scores > 0), close, 0)).astype(np.float32)
            meant = {int(page): int(at[page]) for page in np.flatnonzero(alone)}
        pages = np.flatnonzero(total)
        order = np.lexsort((pages, -total[pages], ~full[pages]))
        return [int(page) for page in pages[order]], meant


def _keep(cache: dict[Any, Any], key: Any, value: Any) -> None:
    """For the next question; a cache that has grown large begins anew."""
    if len(cache) >= MOST_KEPT:
        cache.clear()
    cache[key] = value


def _among(keys: Keys, others: Keys) -> NDArray[np.bool_]:
    """Which of the keys are among the others, both in order."""
    if not len(others):
        return np.zeros(len(keys), bool)
    at = np.minimum(np.searchsorted(others, keys), len(others) - 1)
    return np.asarray(others[at] == keys)


def _soon(clause: Sequence[Hits], keys: Keys) -> Scores:
    """For each key, what the clause is worth within the words that follow."""
    best = np.zeros(len(keys), np.float32)
    for hit in clause:
        at = np.minimum(np.searchsorted(hit.keys, keys), len(hit.keys) - 1)
        gap = hit.keys[at] - keys
        np.maximum(best, np.where((gap >= 0) & (gap <= CLOSE), hit.worth, 0), out=best)
    return best


def _rarity(pages: int, held: NDArray[np.bool_]) -> float:
    """What few pages hold tells more than what many do."""
    count = int(held.sum())
    return float(1 + np.log(1 + pages / (1 + count))) if count else 0.0


def _ranks(scores: Scores, counted: NDArray[np.bool_]) -> Scores:
    """One over the rank for those that count, best first; zero for the others."""
    worth = np.zeros(len(scores), np.float32)
    pages = np.flatnonzero(counted)
    pages = pages[np.lexsort((pages, -scores[pages]))]
    worth[pages] = 1 / (EARLY + 1 + np.arange(len(pages)))
    return worth

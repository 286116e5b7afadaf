"""Searching a binder of 300 pages with the demo practice's questions, as the page does, beside bare Whoosh with a
plain parser; and how often each of them has the right page among the first three."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from whoosh.index import open_dir
from whoosh.qparser import MultifieldParser, OrGroup, QueryParser

from app.evidence import queries
from app.evidence.models import Binder
from app.evidence.search import asking
from app.standards import queries as standards
from storage.fulltext import WhooshIndexes
from storage.index import Indexes
from tests.bench.indexing import make_bare, texts
from tests.bench.row import PROCESSOR, Row, milliseconds, percentile, row
from tests.bench.store import Store
from tests.factories.harbor_light import pages_of, table

RESULTS = 12  # as many as the page shows
PLAIN = "bare Whoosh, plain parser, same index"
PEER = "bare Whoosh, its own stemming, any word"
DOOR_MS = 1.6  # stack.md: "one small index per binder answers in 1.3-1.6 ms, opening included"
ASKED_RIGHT = 58 / 60  # what the test of the figures holds us to
GOLD_RIGHT = 0.85  # the same

Question = tuple[str, str | None]
Ask = Callable[[Question], Any]


def rows(store: Store, binder: Binder, *, quick: bool) -> Iterator[Row]:
    """The index opened for every question as by a process that has just begun, then held open as a worker holds it."""
    root = store.settings.data / "index"
    queries.index(store.db, binder, WhooshIndexes(root))
    folder = root / binder.id
    asked = [(one["query"], one["standard_filter"] or None) for one in table("QUERIES.tsv")][: 10 if quick else None]
    held, held_bare = WhooshIndexes(root), open_dir(str(folder))

    def cold(question: Question) -> None:
        _as_the_page(store, binder, question, WhooshIndexes(root))

    def warm(question: Question) -> None:
        _as_the_page(store, binder, question, held)

    def bare_cold(question: Question) -> None:
        _plainly(open_dir(str(folder)), question)

    rounds = 1 if quick else 3
    yield from _pair("a question, index opened for it", cold, bare_cold, asked, rounds)
    yield from _pair("a question, index held open", warm, lambda one: _plainly(held_bare, one), asked, rounds)
    if not quick:
        yield from _door(store, binder, root, asked)


def _as_the_page(store: Store, binder: Binder, question: Question, indexes: Indexes) -> None:
    store.db.expire_all()
    queries.search(store.db, binder, *question, indexes, RESULTS)


def _plainly(index: Any, question: Question) -> None:
    with index.searcher() as searcher:
        for hit in searcher.search(_parsed(index, question[0]), limit=RESULTS):
            hit["number"]


def _parsed(index: Any, words: str) -> Any:
    """Without the quotes: for a phrase the parser wants places in the typed line, which our words do not carry."""
    return QueryParser("body", index.schema).parse(words.replace('"', ""))


def _pair(name: str, ours: Ask, floor: Ask, asked: list[Question], rounds: int, **facts: Any) -> Iterator[Row]:
    """The middle and the slow end of all questions."""
    halves: dict[float, tuple[list[float], list[float]]] = {0.5: ([], []), 0.95: ([], [])}
    for turn in range(rounds + 1):
        mine, theirs = [], []
        gc.collect()
        for one in asked:
            mine.append(milliseconds(lambda one=one: ours(one), PROCESSOR))
            theirs.append(milliseconds(lambda one=one: floor(one), PROCESSOR))
        for share, (a, b) in halves.items() if turn else ():  # the first turn only warms up
            a.append(percentile(mine, share))
            b.append(percentile(theirs, share))
    for share, (a, b) in halves.items():
        yield row(f"{name}, p{share * 100:.0f}", "ms", a, b, PLAIN, **(facts if share == 0.5 else {}))


def _door(store: Store, binder: Binder, root: Path, asked: list[Question]) -> Iterator[Row]:
    """The index alone: opened, and one word looked up in it."""
    stamp = str(binder.revision)

    def ours(question: Question) -> None:
        index = WhooshIndexes(root).open(binder.id, stamp, dict)
        index.search(asking.question(asking.read(question[0]), index.vocabulary, index.knows).query)

    def bare(question: Question) -> None:
        _plainly(open_dir(str(root / binder.id)), question)

    yield from _pair("the index alone, opened and asked", ours, bare, asked, 3, target=DOOR_MS)


def right(store: Store, binder: Binder) -> Iterator[Row]:
    """How often the named page is among the first three, on the demo practice's documents."""
    index = make_bare(store.settings.data / "index-peer", texts(store, binder))
    parser = MultifieldParser(["body", "headings", "title"], index.schema, group=OrGroup)

    def peer(words: str) -> list[tuple[str, int]]:
        with index.searcher() as searcher:
            return [(hit["file"], hit["number"]) for hit in searcher.search(parser.parse(words), limit=3)]

    def ours(words: str) -> list[tuple[str, int]]:
        found = queries.search(store.db, binder, words, None, store.doors.indexes, 3)
        return [(hit.version.filename, hit.page) for hit in found]

    questions = [(one["query"], _places(store, binder, [one])) for one in table("QUERIES.tsv")]
    yield _right("sixty questions", *(_share(questions, ask) for ask in (ours, peer)), ASKED_RIGHT)
    yield _right("the rows' gold pages, suggested", *_gold(store, binder, peer), GOLD_RIGHT)


def _gold(store: Store, binder: Binder, peer: Callable[[str], list[tuple[str, int]]]) -> tuple[float, float]:
    named: dict[str, list[dict[str, str]]] = {}
    for one in table("GOLD.tsv"):
        named.setdefault(one["standard"], []).append(one)
    ideas: dict[str, list[tuple[str, int]]] = {}
    for idea in queries.suggest(store.db, binder, store.doors.indexes).ideas:
        ideas.setdefault(idea.row.code, []).append((idea.version.filename, idea.page))
    texts_of = {one.code: f"{one.title} {one.requirement}" for one in standards.rows(store.db, binder.edition_id)}
    wanted = [(code, _places(store, binder, listed)) for code, listed in named.items()]
    return _share(wanted, lambda code: ideas.get(code, [])), _share(wanted, lambda code: peer(texts_of[code]))


def _places(store: Store, binder: Binder, listed: list[dict[str, str]]) -> set[tuple[str, int]]:
    return {(one["file"], page) for one in listed for page in pages_of(store.db, binder, one)}


def _share(
    wanted: list[tuple[str, set[tuple[str, int]]]], answer: Callable[[str], list[tuple[str, int]]]
) -> float:  # fmt: skip
    return sum(bool(places & set(answer(words)[:3])) for words, places in wanted) / len(wanted)


def _right(what: str, mine: float, theirs: float, target: float) -> Row:
    name = f"right page in the first three: {what}"
    return row(name, "share", [mine], [theirs], PEER, more_is_better=True, target=target)

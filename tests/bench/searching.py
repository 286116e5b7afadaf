"""Searching a binder of 300 pages with the demo practice's questions, as the page does, beside bare Whoosh on the same
pages; what meaning adds; and how often each has the right page among the first three, on two practices' documents."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from whoosh.index import open_dir
from whoosh.qparser import MultifieldParser, OrGroup

from app.evidence import queries
from app.evidence.models import Binder
from app.evidence.search import asking
from app.standards import queries as standards
from storage.fulltext import WhooshIndexes
from storage.index import Indexes
from tests.bench.indexing import make_bare, texts
from tests.bench.row import PROCESSOR, Row, alone, milliseconds, percentile, row
from tests.bench.store import Store
from tests.factories import harbor_light, prairie_sky
from tests.factories.harbor_light import table

RESULTS = 12  # as many as the page shows
PEER = "bare Whoosh, its own stemming, any word"
WARM_MS, COLD_MS, MEANING_MS = 2.0, 4.0, 1.0
RIGHT = {"sixty questions": 58 / 60, "the rows' gold pages, suggested": 0.85}

Question = tuple[str, str | None]
Ask = Callable[[Question], Any]


def questions(few: bool = False) -> list[Question]:
    """What the demo practice's surveyors ask, with the standard that some of them name."""
    return [(one["query"], one["standard_filter"] or None) for one in table("QUERIES.tsv")][: 10 if few else None]


def rows(store: Store, binder: Binder, *, quick: bool) -> Iterator[Row]:
    """The index opened for every question as by a process that has just begun, then held open as a worker holds it."""
    root = store.settings.data / "index"
    queries.index(store.db, binder, WhooshIndexes(root))
    bare = make_bare(store.settings.data / "index-bare-asked", texts(store, binder))
    asked, held, rounds = questions(few=quick), WhooshIndexes(root), 1 if quick else 3

    def by_words(question: Question) -> None:
        as_the_page(store, binder, question, held, exact=True)

    def cold(question: Question) -> None:
        as_the_page(store, binder, question, WhooshIndexes(root), exact=True)

    def bare_cold(question: Question) -> None:
        plainly(open_dir(str(store.settings.data / "index-bare-asked")), question)

    def bare_warm(question: Question) -> None:
        plainly(bare, question)

    yield from _pair("a question by words, index held open", by_words, bare_warm, asked, rounds, WARM_MS)
    yield from _pair("a question by words, index opened for it", cold, bare_cold, asked, rounds, COLD_MS)
    if not quick:
        yield _meaning(store, binder, held, asked, rounds)
        yield from _alone(store, binder, root, asked)


def as_the_page(store: Store, binder: Binder, question: Question, indexes: Indexes, *, exact: bool) -> None:
    """The whole of a search: the index, the pages' text from the database, the lines around the answers."""
    store.db.expire_all()
    queries.search(store.db, binder, *question, indexes, RESULTS, exact=exact)


def plainly(index: Any, question: Question) -> None:
    """What bare Whoosh does for the same line of words, without lines around the answers."""
    parser = MultifieldParser(["body", "headings", "title"], index.schema, group=OrGroup)
    with index.searcher() as searcher:
        for hit in searcher.search(parser.parse(question[0]), limit=RESULTS):
            hit["number"]


def _pair(name: str, ours: Ask, floor: Ask, asked: list[Question], rounds: int, target: float) -> Iterator[Row]:
    """The middle and the slow end of all questions."""
    halves: dict[float, tuple[list[float], list[float]]] = {0.5: ([], []), 0.95: ([], [])}
    for turn in range(rounds + 1):
        gc.collect()  # each in a row of its own: the other's memory would push ours out of the processor's
        mine = [milliseconds(partial(ours, one), PROCESSOR) for one in asked]
        theirs = [milliseconds(partial(floor, one), PROCESSOR) for one in asked]
        for share, (a, b) in halves.items() if turn else ():  # the first turn only warms up
            a.append(percentile(mine, share))
            b.append(percentile(theirs, share))
    for share, (a, b) in halves.items():
        yield row(f"{name}, p{share * 100:.0f}", "ms", a, b, PEER, target=target if share == 0.95 else None)


def _meaning(store: Store, binder: Binder, held: Indexes, asked: list[Question], rounds: int) -> Row:
    """What the meaning of the question costs beside its words, at the slow end."""
    added = []
    for turn in range(rounds + 1):
        both = [milliseconds(partial(as_the_page, store, binder, one, held, exact=False), PROCESSOR)
                for one in asked]  # fmt: skip
        words = [milliseconds(partial(as_the_page, store, binder, one, held, exact=True), PROCESSOR)
                 for one in asked]  # fmt: skip
        if turn:
            added.append(percentile(both, 0.95) - percentile(words, 0.95))
    return alone("what meaning adds to a question, p95", "ms", added, target=MEANING_MS)


def _alone(store: Store, binder: Binder, root: Path, asked: list[Question]) -> Iterator[Row]:
    """The index alone, without the database: opened, and asked."""
    stamp, bare = str(binder.revision), str(store.settings.data / "index-bare-asked")

    def ours(question: Question) -> None:
        index = WhooshIndexes(root).open(binder.id, stamp, dict)
        index.search(asking.question(asking.read(question[0]), index).query, RESULTS)

    def theirs(question: Question) -> None:
        plainly(open_dir(bare), question)

    yield from _pair("the index alone, opened and asked, meaning too", ours, theirs, asked, 3, COLD_MS)


def right(store: Store, binder: Binder, other: Binder) -> Iterator[Row]:
    """How often the named page is among the first three: of the demo practice, and of one that nobody tuned to."""
    yield from _right(store, binder, "", harbor_light.table, harbor_light.places_of)
    yield from _right(store, other, ", another practice", prairie_sky.table, prairie_sky.places_of)


def _right(store: Store, binder: Binder, whose: str, table_of: Any, places_of: Any) -> Iterator[Row]:
    index = make_bare(store.settings.data / "index-peer", texts(store, binder))
    parser = MultifieldParser(["body", "headings", "title"], index.schema, group=OrGroup)

    def peer(words: str) -> list[tuple[str, int]]:
        with index.searcher() as searcher:
            return [(hit["file"], hit["number"]) for hit in searcher.search(parser.parse(words), limit=3)]

    def ours(question: Question) -> list[tuple[str, int]]:
        found = queries.search(store.db, binder, *question, store.doors.indexes, 3)
        return [(hit.version.filename, hit.page) for hit in found]

    asked = table_of("QUERIES.tsv")
    wanted = [places_of(store.db, binder, one) for one in asked]
    mine = [ours((one["query"], one["standard_filter"] or None)) for one in asked]
    yield _share(f"sixty questions{whose}", wanted, mine, [peer(one["query"]) for one in asked], not whose)
    named: dict[str, set[tuple[str, int]]] = {}
    for one in table_of("GOLD.tsv"):
        named.setdefault(one["standard"], set()).update(places_of(store.db, binder, one))
    texts_of = {one.code: f"{one.title} {one.requirement}" for one in standards.rows(store.db, binder.edition_id)}
    ideas: dict[str, list[tuple[str, int]]] = {}
    found = queries.suggest(store.db, binder, store.doors.indexes)
    for idea in found.ideas:
        ideas.setdefault(idea.row.code, []).append((idea.version.filename, idea.page))
    yield _share(
        f"the rows' gold pages, suggested{whose}", list(named.values()), [ideas.get(code, []) for code in named],
        [peer(texts_of[code]) for code in named], not whose,
    )  # fmt: skip
    nowhere, said = {one["standard"] for one in table_of("UNCOVERED.tsv")}, {one.code for one in found.uncovered}
    yield alone(
        f"rows without evidence that are called so{whose}", "share", [len(said & nowhere) / len(nowhere)],
        more_is_better=True, target=None if whose else 0.7,
    )  # fmt: skip
    yield alone(f"rows with evidence that are called without{whose}", "share", [len(said & named.keys()) / len(named)],
                target=0.05)  # fmt: skip


def _share(
    what: str, wanted: list[set[tuple[str, int]]], mine: list[list[tuple[str, int]]],
    theirs: list[list[tuple[str, int]]], bound: bool,
) -> Row:  # fmt: skip
    shares = [sum(bool(places & set(found[:3])) for places, found in zip(wanted, one, strict=True)) / len(wanted)
              for one in (mine, theirs)]  # fmt: skip
    return row(f"right page in the first three: {what}", "share", [shares[0]], [shares[1]], PEER,
               more_is_better=True, target=RIGHT[what] if bound else None)  # fmt: skip

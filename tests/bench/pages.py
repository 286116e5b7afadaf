"""The five most used pages with twenty clients at once, signed in, on a server like that of `qcp serve`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from urllib.parse import quote

from flask_security import hash_password

from app.evidence.reader.child import Reading
from tests.bench import store as stores
from tests.bench.listing import FROM_MEMORY
from tests.bench.row import Row, percentile, row
from tests.bench.serving import LISTING, Client, running
from tests.bench.store import Store
from tests.factories import survey
from tests.factories.harbor_light import table
from tests.factories.survey import Cast

CLIENTS = 20
EACH = 3  # requests of each client for a page, one after the other
ROUNDS = 3
PAGES = 300
PASSWORD = "bench-password-of-nobody"
FLOOR = "/healthz"
LISTED = "the list of a search from memory"
MOST = 1.5  # times what the list costs when nobody has to search
HELPERS = 5  # signed in once more as the surveyor; more sign-ins in a minute are refused


@dataclass(frozen=True)
class Place:
    """A page, its address, and whether the surveyor looks at it rather than the practice."""

    name: str
    path: str
    surveyor: bool = False


def populate(store: Store, readings: dict[str, Reading]) -> Cast:
    """A survey under way with a full binder, among other practices."""
    for _ in range(5):
        survey.scheduled(store.db)
    cast = survey.under_way(store.db)
    stores.fill(store, cast.application.binder, readings, PAGES)
    for user in (cast.owner, cast.signer, cast.surveyor):
        user.password = hash_password(PASSWORD)
    store.db.commit()
    return cast


def rows(store: Store, cast: Cast) -> Iterator[Row]:
    """Page by page, the floor after each round of them, so that noise meets all alike."""
    emails = [cast.owner.email, cast.signer.email], cast.surveyor.email
    places = _places(cast)
    mine: dict[str, list[float]] = {place.name: [] for place in places}
    theirs: list[float] = []
    store.db.commit()  # the server writes when it starts, and waits for whoever holds the database
    with running(store.settings.data, *LISTING) as (port, _):
        practice = [_signed_in(port, emails[0][at % 2]) for at in range(CLIENTS)]
        surveyors = [_signed_in(port, emails[1]) for _ in range(HELPERS)]
        visitors = [_as(port, surveyors[at % HELPERS]) for at in range(CLIENTS)]
        for turn in range(ROUNDS + 1):
            slow = {place.name: _slow_end(visitors if place.surveyor else practice, place.path) for place in places}
            floor = _slow_end(practice, FLOOR)
            if turn:  # the first only warms up
                theirs.append(floor)
                for name, figure in slow.items():
                    mine[name].append(figure)
    listed = mine.pop(LISTED)
    yield row(f"a search, {CLIENTS} clients at once, p95", "ms", mine["a search"], listed,
              "the same page, its list from memory, p95", target=MOST * median(listed))  # fmt: skip
    for name, figures in mine.items():
        yield row(f"{name}, {CLIENTS} clients at once, p95", "ms", figures, theirs, f"{FLOOR} of the same server, p95")


def _places(cast: Cast) -> list[Place]:
    question = quote(table("QUERIES.tsv")[0]["query"])
    binder = cast.application.binder_id
    return [
        Place("my work", "/work"),
        Place("the road", f"/practices/{cast.practice.id}/road"),
        Place("the binder", f"/binders/{binder}"),
        Place("a search", f"/binders/{binder}/search?q={question}"),
        Place(LISTED, f"/binders/{binder}/search?q={question}&{FROM_MEMORY}=1"),
        Place("the worksheet", f"/surveys/{cast.survey.id}/worksheet?row=4.1.1", surveyor=True),
    ]


def _signed_in(port: int, email: str) -> Client:
    client = Client(port)
    client.sign_in(email, PASSWORD)
    return client


def _as(port: int, other: Client) -> Client:
    """A connection of its own with the other's cookies."""
    client = Client(port)
    client.cookies = dict(other.cookies)
    return client


def _slow_end(clients: list[Client], path: str) -> float:
    """All at once, each several times; the time that one answer in twenty exceeds."""
    with ThreadPoolExecutor(len(clients)) as crowd:
        times = [one for each in crowd.map(lambda client: _times(client, path), clients) for one in each]
    return percentile(times, 0.95)


def _times(client: Client, path: str) -> list[float]:
    found = []
    for _ in range(EACH):
        start = time.perf_counter()
        status, _ = client.get(path)
        found.append((time.perf_counter() - start) * 1000)
        if status != 200:
            raise AssertionError(f"{path} was answered with {status}")
    return found

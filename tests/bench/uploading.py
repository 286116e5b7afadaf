"""A PDF of a hundred pages from its bytes until a search finds it, by a worker that has nothing else to do."""

from __future__ import annotations

import io
from collections.abc import Iterator
from statistics import median

import pypdf
from pypdfium2 import PdfDocument

from app.evidence import actions
from app.evidence.models import Binder
from app.evidence.reader import child
from app.evidence.rules import Kind
from app.kernel import clock, jobs
from tests.bench import indexing
from tests.bench.row import Row, in_turns, row
from tests.bench.store import MANUAL, Store
from tests.factories import evidence, harbor_light, people

PAGES = 100
ROUNDS = 5
MOST = 1.3  # times what bare pypdfium2 and bare Whoosh take


def rows(store: Store) -> Iterator[Row]:
    """Up to the pages in the database, beside bare text; and up to the index, beside bare text and bare Whoosh."""
    data, folder = manual(PAGES), store.settings.data / "index-bare-upload"
    binders = iter([evidence.binder(store.db, people.practice(store.db)) for _ in range(2 * ROUNDS + 2)])
    store.db.commit()
    mine, theirs = in_turns(lambda: keep(store, next(binders), data), lambda: texts(data), ROUNDS)
    yield row(
        f"a PDF of {PAGES} pages, from its bytes to its pages in the database", "ms", mine, theirs, "bare pypdfium2"
    )
    bare = [{"file": MANUAL, "number": number, "title": "Manual", "headings": "", "body": text}
            for number, text in enumerate(texts(data), 1)]  # fmt: skip

    def floor() -> None:
        texts(data)
        indexing.make_bare(folder, bare)

    mine, theirs = in_turns(lambda: upload(store, next(binders), data), floor, ROUNDS)
    yield row(f"a PDF of {PAGES} pages, from its upload until it is found", "ms", mine, theirs,
              "bare pypdfium2 and bare Whoosh", target=MOST * median(theirs))  # fmt: skip


def manual(pages: int) -> bytes:
    """So many pages of the demo practice's longest paper."""
    reader, writer = pypdf.PdfReader(harbor_light.DEMO / MANUAL), pypdf.PdfWriter()
    for number in range(pages):
        writer.add_page(reader.pages[number % len(reader.pages)])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def texts(data: bytes) -> list[str]:
    """What anybody would write first."""
    document = PdfDocument(data)
    found = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return found


def keep(store: Store, binder: Binder, data: bytes) -> None:
    """Read it, and keep its pages."""
    child.check(data, MANUAL)
    reading = child.read(data, Kind.PDF)
    actions.settle(store.db, evidence.received(store.db, binder, MANUAL), reading, "0" * 64, now=clock.now())
    store.db.commit()


def upload(store: Store, binder: Binder, data: bytes) -> None:
    """As a page and a worker do it."""
    actions.receive(store.db, binder, filename=MANUAL, data=data, by=None, now=clock.now(), blobs=store.doors.blobs)
    store.db.commit()
    jobs.drain(store.db, store.doors)

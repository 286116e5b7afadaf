"""What is lit on the pages of a document: the answers of a search, a quoted passage, the pins, each at its places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer

from app.evidence import passages
from app.evidence.models import Page, Pin, Version
from app.evidence.passages import Box, Span
from app.evidence.queries import suggesting
from app.evidence.queries.finding import lit
from app.evidence.rules import Source
from app.evidence.search import asking, snippets
from app.standards.models import StandardRow
from storage.index import Index

Word = tuple[str, int, int, int, int]  # and its place

MOST_PAGES = 12  # in one answer: turning pages stays light


@dataclass(frozen=True)
class Asked:
    """What led somebody to the document: words, a row, or a passage."""

    words: str = ""
    quote: str = ""
    row: StandardRow | None = None
    meant: frozenset[int] = frozenset()  # pages that were found by their meaning, not by a word


@dataclass(frozen=True)
class Pinned:
    """A pin on a page: its row, and the boxes of its passage (none for the page as a whole)."""

    id: str
    code: str
    quote: str
    boxes: list[Box]


@dataclass(frozen=True)
class LitPage:
    """One page: where its words come from, each answer as the boxes of its lines, and its pins."""

    page: int
    source: str
    confidence: int | None
    hits: list[list[Box]]
    pins: list[Pinned]
    words: list[Word]  # of a scan, so that its words can be selected


def lit_pages(db: Session, version: Version, index: Index, asked: Asked, first: int, last: int) -> list[LitPage]:
    """The pages from first to last, at most MOST_PAGES of them, in ten-thousandths of each page."""
    last = min(last, first + MOST_PAGES - 1)
    wanted = select(Page).where(Page.version_id == version.id, Page.number.between(first, last))
    pages = db.scalars(wanted.order_by(Page.number).options(undefer(Page.boxes))).all()
    pins = _pins(db, version, first, last)
    return [_lit_page(page, index, asked, [pin for pin in pins if pin.page == page.number]) for page in pages]


def spans(page: Page, index: Index, asked: Asked) -> list[Span]:
    """What to light in the text of a page: the quote, or the words that answer; a passage by its meaning only where
    the search found the page so, for on every page some passage comes nearest."""
    if asked.quote and (span := passages.locate(page.text, asked.quote)):
        return [span]
    if page.number in asked.meant:
        return lit(page, index, words=asked.words, row=asked.row)
    if asked.words:
        query = asking.question(asking.read(asked.words), index).query
    elif asked.row is not None:
        query = suggesting.telling(asked.row)
    else:
        return []
    return snippets.merged(hit.span for hit in snippets.hits(query, snippets.words_of(page.text)))


def _pins(db: Session, version: Version, first: int, last: int) -> Sequence[Pin]:
    wanted = select(Pin).where(Pin.version_id == version.id, Pin.page.between(first, last))
    return db.scalars(wanted.order_by(Pin.at, Pin.id).options(selectinload(Pin.version))).all()


def _lit_page(page: Page, index: Index, asked: Asked, pins: list[Pin]) -> LitPage:
    hits = [passages.lines(passages.boxes(page.boxes, [span])) for span in spans(page, index, asked)]
    return LitPage(
        page.number, page.source.value, page.confidence, [boxes for boxes in hits if boxes],
        [Pinned(pin.id, pin.code, pin.quote or "", _places(page, pin)) for pin in pins],
        _words(page) if page.source is Source.OCR else [],
    )  # fmt: skip


def _words(page: Page) -> list[Word]:
    return [(page.text[start:end], left, top, wide, high) for start, end, left, top, wide, high in page.boxes]


def _places(page: Page, pin: Pin) -> list[Box]:
    """Where a pin stands: as it was kept, else where its words are found."""
    if pin.boxes:
        return [(left, top, width, height) for left, top, width, height in pin.boxes]
    span = passages.locate(page.text, pin.quote or "")
    return passages.lines(passages.boxes(page.boxes, [span])) if span else []

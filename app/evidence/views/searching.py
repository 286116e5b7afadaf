"""What is asked of a binder: words, a row, and to what the search is narrowed; the same on every page that searches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from app.doors import doors
from app.evidence import queries
from app.evidence.models import Binder, Document
from app.evidence.queries import Answer, Hit
from app.evidence.queries.narrowing import Only
from app.evidence.rules import State
from app.kernel.db import db
from app.people.access import Can, allowed
from app.standards.rules import Method

RESULTS, MORE = 12, 100

METHOD_WORDS = {
    Method.POLICY: "Policies and forms",
    Method.RECORDS: "Charts, personnel files and logs",
    Method.INTERVIEW: "Interviews",
    Method.OBSERVATION: "What is seen on site",
}


@dataclass(frozen=True)
class Search:
    """One question to the binder, as it stands in the address."""

    words: str
    code: str
    only: Only
    exact: bool
    every: bool

    @property
    def asks(self) -> bool:
        return bool(self.words or self.code)

    @property
    def narrowed(self) -> bool:
        return self.only != Only()

    @property
    def kept(self) -> dict[str, Any]:
        """What links to pages and other searches carry along."""
        only = self.only
        return {
            "q": self.words or None, "standard": self.code or None, "document": only.document_id, "method": only.method,
            "site": only.site_id, "since": only.since, "until": only.until, "exact": 1 if self.exact else None,
        }  # fmt: skip


def asked() -> Search:
    """The search that the address asks for; what cannot be read is as if it were not there."""
    said = request.values.get
    method = said("method", "")
    only = Only(
        document_id=said("document", "")[:32] or None, method=method if method in set(Method) else None,
        site_id=said("site", "")[:32] or None, since=_day(said("since", "")), until=_day(said("until", "")),
    )  # fmt: skip
    every, exact = bool(request.args.get("all")), bool(said("exact"))
    return Search(said("q", "").strip()[:400], said("standard", "").strip()[:16], only, exact, every)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def answered(binder: Binder, search: Search) -> Answer:
    """The pages that answer."""
    if not search.asks:
        return Answer([])
    only = search.only if search.narrowed else None
    most = MORE if search.every else RESULTS
    return queries.search(db(), binder, search.words, search.code or None, doors().indexes, most, only, search.exact)


def within(binder: Binder, search: Search, version_id: str, document_id: str) -> list[Hit]:
    """The pages of one document that answer, for the viewer that shows it."""
    if not search.asks:
        return []
    only = Only(document_id=document_id)
    found = queries.search(db(), binder, search.words, search.code or None, doors().indexes, MORE, only, search.exact)
    return [hit for hit in found.hits if hit.version.id == version_id]


def by_document(hits: Iterable[Hit]) -> list[tuple[str, list[Hit]]]:
    """Hits under the title of their document, the documents in the order of their best page."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.document.id, []).append(hit)
    return [(pages[0].document.title, pages) for pages in groups.values()]


def shelf(binder: Binder) -> dict[str, list[Document]]:
    """The documents that can be looked at, and those among them that no search finds."""
    found = queries.documents(db(), binder)
    if not allowed(Can.FILL_BINDER, binder):
        found = [one for one in found if queries.shown(one)]
    deaf = [one for one in found if (version := queries.shown(one)) and version.state is State.UNREADABLE]
    return {"documents": found, "unsearchable": deaf}

"""Where a finding points: the clause as it was then, and as it is in the newest version."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.models import Page, Version
from app.report.models import Requirement
from app.report.queries.plans import VISIBLE
from app.report.rules.clauses import Piece, closest, compared, sentences


@dataclass(frozen=True)
class Clause:
    """One clause in two versions of a document."""

    title: str
    old: Version
    old_page: int
    was: list[Piece]
    new: Version
    new_page: int
    now: list[Piece]


def clauses(db: Session, requirement: Requirement) -> list[Clause]:
    """Every quoted clause of the finding whose document has a newer version now."""
    quoted = [noted for noted in requirement.seen if noted["quote"] and noted.get("version")]
    found = [_clause(db, noted["text"], noted["version"], noted["page"] or 1) for noted in quoted]
    return [one for one in found if one]


def _clause(db: Session, quote: str, version_id: str, page: int) -> Clause | None:
    old = db.get(Version, version_id)
    if old is None:
        return None
    newer = select(Version).where(
        Version.document_id == old.document_id, Version.number > old.number, Version.state.in_(VISIBLE)
    )
    new = db.scalar(newer.order_by(Version.number.desc()).limit(1))
    hit = _find(db, new, quote) if new else None
    if new is None or hit is None:
        return None
    sentence, new_page = hit
    was, now = compared(quote, sentence.rstrip("."))
    return Clause(old.document.title, old, page, was, new, new_page, now)


def _find(db: Session, version: Version, quote: str) -> tuple[str, int] | None:
    """The sentence of this version that is most like the quote, and its page."""
    pages = db.scalars(select(Page).where(Page.version_id == version.id).order_by(Page.number))
    where = {sentence: page.number for page in pages for sentence in sentences(page.text)}
    best = closest(quote, list(where))
    return (best, where[best]) if best else None

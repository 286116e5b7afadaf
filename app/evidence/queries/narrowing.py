"""Narrowing a search: to a document, a method of the survey, a site, the days on which files came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.evidence.models import Binder, Document, Pin, Version, document_site
from app.evidence.queries import suggesting
from app.evidence.rules import SEEN
from app.standards import queries as standards
from storage.index import Index


@dataclass(frozen=True)
class Only:
    """What a search is narrowed to; the days are those of UTC, both counted."""

    document_id: str | None = None
    method: str | None = None
    site_id: str | None = None
    since: date | None = None
    until: date | None = None


def versions(db: Session, binder: Binder, only: Only, index: Index) -> set[str]:
    """The versions of the binder that are looked at."""
    asked = select(Version.id).where(Version.binder_id == binder.id, Version.state.in_(SEEN))
    if only.document_id:
        asked = asked.where(Version.document_id == only.document_id)
    if only.since:
        asked = asked.where(Version.uploaded_at >= datetime.combine(only.since, time.min, UTC))
    if only.until:
        asked = asked.where(Version.uploaded_at <= datetime.combine(only.until, time.max, UTC))
    if only.site_id:
        named = select(document_site.c.document_id)
        here = named.where(document_site.c.site_id == only.site_id)
        in_force = or_(Document.id.in_(here), Document.id.not_in(named))  # without a site: at every site
        asked = asked.join(Document, Document.id == Version.document_id).where(in_force)
    found = set(db.scalars(asked))
    return found & _by_method(db, binder, only.method, index) if only.method else found


def _by_method(db: Session, binder: Binder, method: str, index: Index) -> set[str]:
    """The versions tied to rows that are surveyed in this way, and those that seem to answer one of them."""
    rows = standards.rows(db, binder.edition_id)
    codes = {row.code for row in rows if row.rated and method in row.methods}
    pins = db.execute(select(Pin.version_id, Pin.code).where(Pin.binder_id == binder.id))
    tied = {version_id for version_id, code in pins if code in codes}
    return tied | {idea.part for idea in suggesting.ideas(db, binder, index) if idea.code in codes}

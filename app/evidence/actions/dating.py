"""The dates of a document and the sites where it is in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence import queries
from app.evidence.models import Binder, Document, Page, Version
from app.evidence.rules import CURRENT, Dates, Refused, said_in, why_not_dates
from app.kernel import clock, ledger
from app.kernel.ledger import Actor
from app.people.models import Site


def note_dates(db: Session, version: Version) -> None:
    """What a document says of its dates when it has been read; a person confirms or corrects it."""
    text = db.scalar(select(Page.text).where(Page.version_id == version.id).order_by(Page.number).limit(1))
    said = said_in(text or "", clock.day_of(version.uploaded_at))
    _set(version, said)


def _set(version: Version, dates: Dates) -> None:
    version.effective_on, version.reviewed_on = dates.effective_on, dates.reviewed_on
    version.review_due_on = dates.review_due_on


def date_version(db: Session, version: Version, dates: Dates, *, by: Actor, now: datetime) -> None:
    """Stand for the dates of a version, as the document says them or otherwise."""
    if version.state not in CURRENT:
        raise Refused("This version is no longer in use. Date the one in force.")
    if reasons := why_not_dates(dates, clock.day_of(now)):
        raise Refused(reasons[0])
    before = _said(version)
    _set(version, dates)
    version.dated_by, version.dated_at = by.id, now
    ledger.record(db, "document dated", by=by, now=now, about=version, before=before, after=_said(version))


def confirm_dates(db: Session, binder: Binder, *, by: Actor, now: datetime) -> int:
    """Stand for all dates that the documents say of themselves; returns for how many documents."""
    confirmed = []
    for document in queries.documents(db, binder):
        version = queries.newest(document)
        if version is not None and version.dated_at is None and queries.dates_of(version):
            version.dated_by, version.dated_at = by.id, now
            confirmed.append(document.title)
    ledger.record(db, "dates confirmed", by=by, now=now, about=binder, after={"documents": confirmed})
    return len(confirmed)


def _said(version: Version) -> dict[str, str | None]:
    names = ("effective_on", "reviewed_on", "review_due_on")
    return {name: day.isoformat() if (day := getattr(version, name)) else None for name in names}


def set_sites(db: Session, document: Document, sites: Iterable[Site] | None, *, by: Actor, now: datetime) -> None:
    """Say at which sites a document is in force; None is at every site, also at those to come."""
    chosen = None if sites is None else list(sites)
    if chosen is not None and not chosen:
        raise Refused("Choose the sites where it is in force, or every site.")
    before = [site.code for site in document.sites]
    document.sites = chosen or []
    document.binder.revision += 1
    after = {"sites": [site.code for site in document.sites]}
    ledger.record(db, "sites of a document set", by=by, now=now, about=document, before={"sites": before}, after=after)

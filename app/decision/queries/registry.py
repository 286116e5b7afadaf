"""The public list of certified practices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.decision import rules
from app.decision.models import Certification, CertifiedSite
from app.decision.states import code_of

PAGE = 50


@dataclass(frozen=True)
class Listing:
    """One page of the public registry."""

    rows: Sequence[Certification]
    total: int


def registry(db: Session, today: date, *, words: str = "", region: str = "", page: int | None = 1) -> Listing:
    """Certified practices by name, with a search by name or town and by state; `page` None gives all of them."""
    listed = select(Certification).where(Certification.state.in_(rules.LISTED))
    listed = listed.where(or_(Certification.state != rules.CertificationState.ACTIVE,
                              Certification.valid_through >= today))  # fmt: skip
    if words.strip():
        listed = listed.where(_found(words))
    if region:
        there = select(CertifiedSite.certification_id).where(CertifiedSite.region == region)
        listed = listed.where(Certification.id.in_(there))
    total = db.scalar(select(func.count()).select_from(listed.subquery())) or 0
    rows = listed.order_by(Certification.public_name, Certification.number).options(selectinload(Certification.sites))
    if page is not None:
        rows = rows.limit(PAGE).offset((max(page, 1) - 1) * PAGE)
    return Listing(db.scalars(rows).all(), total)


def _found(words: str) -> ColumnElement[bool]:
    """Every word in the name, a site's name or its town; or the words name a state in which a site lies."""
    in_state = select(CertifiedSite.certification_id).where(CertifiedSite.region == code_of(words.strip()))
    each = [
        or_(
            Certification.public_name.icontains(word, autoescape=True),
            Certification.number.icontains(word, autoescape=True),
            Certification.id.in_(
                select(CertifiedSite.certification_id).where(
                    or_(
                        CertifiedSite.city.icontains(word, autoescape=True),
                        CertifiedSite.name.icontains(word, autoescape=True),
                        CertifiedSite.region == code_of(word),
                    )
                )
            ),
        )
        for word in words.split()[:8]
    ]
    return or_(Certification.id.in_(in_state), and_(*each))


def regions(db: Session) -> list[str]:
    """The states in which a listed site lies."""
    listed = select(Certification.id).where(Certification.state.in_(rules.LISTED))
    found = select(CertifiedSite.region).where(CertifiedSite.certification_id.in_(listed), CertifiedSite.region != "")
    return list(db.scalars(found.distinct().order_by(CertifiedSite.region)))

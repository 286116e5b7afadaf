"""The dates of documents, and what is wrong with them on a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session, object_session

from app.evidence.models import Version
from app.evidence.rules import Dates, why_out_of_date
from app.program import queries as program

REVIEW_MONTHS = "review.months"


def dates_of(version: Version) -> Dates:
    """When it takes effect, was reviewed last and is due for review."""
    return Dates(version.effective_on, version.reviewed_on, version.review_due_on)


def review_months(db: Session, today: date) -> int:
    """How many months the Program lets pass between two reviews of a policy."""
    return program.whole(db, REVIEW_MONTHS, today)


def dates_trouble(version: Version, today: date, months: int | None = None) -> list[str]:
    """Everything that is wrong with a version's dates today, as sentences. Whoever asks for many gives `months`."""
    if months is None:
        db = object_session(version)
        months = review_months(db, today) if db else 0
    return why_out_of_date(dates_of(version), today, months)

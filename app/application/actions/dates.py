"""Offering days for the survey."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.application.actions.steps import begin, settle
from app.application.models import Application, OfferedDate
from app.application.queries.dates import window
from app.application.rules.case import Refused
from app.application.rules.dates import why_not_day
from app.application.rules.steps import Slug
from app.kernel import clock, ledger
from app.people.models import User


def offer(db: Session, application: Application, days: Iterable[date], *, by: User, now: datetime) -> None:
    """Say anew on which days the practice can be visited; days offered before and kept need not fit again."""
    begin(db, application, Slug.DATES, now=now)
    wanted, before = set(days), {one.on_day for one in application.dates}
    limits = window(db, application, clock.day_of(now))
    if reasons := [reason for day in sorted(wanted - before) for reason in why_not_day(day, limits)]:
        raise Refused(reasons)
    kept = [one for one in application.dates if one.on_day in wanted]
    added = [OfferedDate(on_day=day, offered_at=now, offered_by=by.id) for day in sorted(wanted - before)]
    application.dates = [*kept, *added]
    ledger.record(
        db, "dates offered", by=by, now=now, about=application, before={"dates": sorted(d.isoformat() for d in before)},
        after={"dates": sorted(d.isoformat() for d in wanted)},
    )  # fmt: skip
    settle(db, application, now=now)

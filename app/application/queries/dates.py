"""The days that a practice offers, and what limits them."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.application.models import Application
from app.application.queries import questionnaire
from app.application.rules.dates import WEEKDAYS, Window, why_not_enough
from app.program import queries as program
from app.program.rules.days import Direction, days, move


def offered(db: Session, application: Application, today: date) -> list[date]:
    """The offered days that are still to come."""
    return [one.on_day for one in application.dates if one.on_day > today]


def window(db: Session, application: Application, today: date) -> Window:
    """What limits the choice today, from the dated settings and the main site's treatment days."""
    calendar = program.calendar(db)
    ahead = [program.span(db, f"dates.ahead_{end}", today) for end in ("from", "to")]
    earliest, latest = (move(today, span, Direction.FORWARD, calendar) for span in ahead)
    main = questionnaire.main_site(questionnaire.sites(db, application, today))
    return Window(
        earliest=earliest,
        latest=latest,
        treatment_days=frozenset(main["site_treats"] or []) if main else frozenset(),
        closed=frozenset(day for day in days(earliest, latest) if not calendar.works(day)),
        at_least=program.whole(db, "dates.least", today),
        weeks=program.whole(db, "dates.weeks", today),
    )


def open_days(limits: Window) -> list[date]:
    """Every day that can be chosen."""
    return [
        day
        for day in days(limits.earliest, limits.latest)
        if WEEKDAYS[day.weekday()] in limits.treatment_days and day not in limits.closed
    ]


def missing(db: Session, application: Application, today: date) -> list[str]:
    """Every reason why step 6 is not complete."""
    return why_not_enough([one.on_day for one in application.dates], window(db, application, today), today=today)

"""The days a practice offers for its survey."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from app.application.rules.opening import spoken

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Window:
    """What limits the choice; the numbers come from the dated settings."""

    earliest: date
    latest: date
    treatment_days: Collection[str]
    closed: Collection[date] = field(default_factory=frozenset)
    at_least: int = 5
    weeks: int = 2


def why_not_day(day: date, window: Window) -> list[str]:
    """Every reason why this one day cannot be offered."""
    reasons = []
    if not window.earliest <= day <= window.latest:
        reasons.append(f"{spoken(day)} is not between {spoken(window.earliest)} and {spoken(window.latest)}.")
    if WEEKDAYS[day.weekday()] not in window.treatment_days:
        reasons.append(f"{spoken(day)}: no drugs are given at the main site on that weekday.")
    if day in window.closed:
        reasons.append(f"{spoken(day)} is a holiday, or a day on which the Program does not visit.")
    return reasons


def why_not_enough(days: Iterable[date], window: Window, *, today: date) -> list[str]:
    """Every reason why these days together do not complete the step; past days do not count."""
    coming = sorted({day for day in days if day > today and not _shut(day, window)})
    weeks = {day.isocalendar()[:2] for day in coming}
    reasons = []
    if len(coming) < window.at_least:
        reasons.append(f"{_so_many(len(coming))} offered; at least {window.at_least} are needed.")
    if len(weeks) < window.weeks:
        reasons.append(f"The days lie in {_weeks(len(weeks))}; at least {window.weeks} are needed.")
    return reasons


def _shut(day: date, window: Window) -> bool:
    return WEEKDAYS[day.weekday()] not in window.treatment_days or day in window.closed


def _weeks(count: int) -> str:
    return "1 calendar week" if count == 1 else f"{count} calendar weeks"


def _so_many(count: int) -> str:
    return "1 day is" if count == 1 else f"{count} days are"

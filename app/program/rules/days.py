"""Spans of time and the days on which the Program works."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

PROGRAM_ZONE = ZoneInfo("America/New_York")
DAY = timedelta(days=1)
WEEKEND = "weekend"


class Unit(StrEnum):
    """What a span is counted in."""

    BUSINESS_DAY = "business day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Direction(StrEnum):
    """Forward from an event, or back from one to come."""

    FORWARD = "forward"
    BACK = "back"

    @property
    def sign(self) -> int:
        return 1 if self is Direction.FORWARD else -1


ROLLING = frozenset({Unit.DAY, Unit.WEEK})
SPAN = re.compile(r"(\d{1,4}) (business day|day|week|month|year)s?")


class BadSpan(ValueError):
    """This text is no span of time."""


@dataclass(frozen=True)
class Span:
    """A length of time, such as 10 business days."""

    count: int
    unit: Unit

    @classmethod
    def read(cls, text: str) -> Span:
        """The span that a text such as "10 business days" or "1 year" names."""
        found = SPAN.fullmatch(" ".join(text.lower().split()))
        if not found or int(found[1]) == 0:
            raise BadSpan(f'"{text}" must be a number and a unit, such as 10 business days, 6 weeks or 1 year')
        return cls(int(found[1]), Unit(found[2]))

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


@dataclass(frozen=True)
class Calendar:
    """Knows which days the Program does not work; `holiday` names a holiday or answers None."""

    holiday: Callable[[date], str | None]

    def why_off(self, day: date) -> str | None:
        """None on a business day, otherwise the reason: weekend, or a holiday's name."""
        return WEEKEND if day.weekday() >= 5 else self.holiday(day)

    def works(self, day: date) -> bool:
        """Is it a business day?"""
        return self.why_off(day) is None

    def roll(self, day: date, direction: Direction = Direction.FORWARD) -> date:
        """The day itself, or the nearest business day after (or before) it."""
        while not self.works(day):
            day += DAY * direction.sign
        return day

    def count_on(self, start: date, count: int, direction: Direction = Direction.FORWARD) -> date:
        """The business day that lies `count` business days away; the start is day 0."""
        day = start
        while count > 0:
            day += DAY * direction.sign
            count -= self.works(day)
        return day

    def between(self, after: date, until: date) -> int:
        """Business days after one day up to and with another."""
        return sum(self.works(day) for day in days(after + DAY, until))


def days(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + DAY * n for n in range((last - first).days + 1)]


def add_months(start: date, count: int) -> date:
    """The same day, months later (or earlier); a day that month lacks becomes its last."""
    years, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(years, month + 1, min(start.day, calendar.monthrange(years, month + 1)[1]))


def move(start: date, span: Span, direction: Direction, off: Calendar) -> date:
    """The day a span away from an event, before any rolling."""
    match span.unit:
        case Unit.BUSINESS_DAY:
            return off.count_on(start, span.count, direction)
        case Unit.DAY:
            return start + DAY * span.count * direction.sign
        case Unit.WEEK:
            return start + DAY * 7 * span.count * direction.sign
        case Unit.MONTH:
            return add_months(start, span.count * direction.sign)
        case Unit.YEAR:
            return add_months(start, 12 * span.count * direction.sign)


def last_moment(day: date) -> datetime:
    """The end of a due day: 23:59:59 where the Program is."""
    return datetime.combine(day, time(23, 59, 59), PROGRAM_ZONE).astimezone(UTC)

"""The one place that asks what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PROGRAM_ZONE = ZoneInfo("America/New_York")

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """This moment, in UTC."""
    return _held.get() or datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day of a moment where the Program is."""
    return moment.astimezone(PROGRAM_ZONE).date()


def today() -> date:
    """The day where the Program is; clocks and deadlines count by it."""
    return day_of(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment`, for demonstrations and tests."""
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)

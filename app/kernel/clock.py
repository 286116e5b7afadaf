"""The one place that asks what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

PROGRAM_ZONE = ZoneInfo("America/New_York")

# A demonstration may turn its calendar on; the file holds by how many seconds. Elsewhere nobody follows one.
_calendar: Path | None = None

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """This moment, in UTC."""
    return _held.get() or datetime.now(UTC) + ahead()


def follow(calendar: Path | None) -> None:
    """From now on the clock goes ahead by what this file says."""
    global _calendar
    _calendar = calendar


def ahead() -> timedelta:
    """By how much the clock goes ahead of the machine's."""
    if _calendar is None:
        return timedelta(0)
    try:
        return timedelta(seconds=int(_calendar.read_text()))
    except (OSError, ValueError):
        return timedelta(0)


def turn_to(moment: datetime) -> None:
    """Turn the followed calendar on to a moment; time goes on from there."""
    if _calendar is None:
        raise LookupError("no calendar is followed here")
    part = _calendar.with_suffix(".part")
    part.write_text(str(int((moment - datetime.now(UTC)).total_seconds())))
    part.replace(_calendar)  # whole or not at all


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

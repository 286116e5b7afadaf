"""How dates, times and sizes are written on every page: pure functions, used as template filters."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
STEPS = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))


def local(moment: datetime, zone: ZoneInfo = EASTERN) -> datetime:
    """The same moment on the clock of the given zone; a moment without a zone is taken as already local."""
    return moment.astimezone(zone) if moment.tzinfo else moment


def day(value: date | datetime | None) -> str:
    """Fri 16 Oct 2026"""
    if value is None:
        return ""
    on = local(value) if isinstance(value, datetime) else value
    return f"{on:%a} {on.day} {on:%b} {on.year}"


def short_day(value: date | datetime | None) -> str:
    """16 Oct 2026: where the weekday has been said or does not matter."""
    return day(value).split(" ", 1)[-1]


def clock_time(value: datetime | None) -> str:
    """4:04 pm ET"""
    if value is None:
        return ""
    at = local(value)
    return f"{at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'} ET"


def daytime(value: datetime | None) -> str:
    """Fri 16 Oct 2026, 4:04 pm ET"""
    return f"{day(value)}, {clock_time(value)}" if value else ""


def size(count: int | None) -> str:
    """17 bytes, 3.5 KB, 41.0 MB"""
    if count is None:
        return ""
    for step, unit in STEPS:
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return f"{count} byte{'' if count == 1 else 's'}"


def count(number: int, one: str, many: str | None = None) -> str:
    """1 chart, 2 charts; give the plural where it is not made with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def left(on: date, today: date) -> str:
    """How far a date is: 25 days left, due today, 5 days late."""
    days = (on - today).days
    if days == 0:
        return "due today"
    return f"{count(days, 'day')} left" if days > 0 else f"{count(-days, 'day')} late"


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def spreadsheet(rows: Iterable[Sequence[str]]) -> str:
    """Rows as a CSV file; a cell that begins like a formula stays a text when a spreadsheet opens it."""
    out = io.StringIO()
    csv.writer(out).writerows([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in row] for row in rows)
    return out.getvalue()


def whole(text: str | None, default: int) -> int:
    """A number as it stands in an address or a hidden field; anything else is the default."""
    return int(text) if text and len(text) <= 9 and text.isascii() and text.isdigit() else default


FILTERS = {
    "day": day,
    "short_day": short_day,
    "clock_time": clock_time,
    "daytime": daytime,
    "bytes": size,
    "count": count,
    "left": left,
}

"""The federal holidays of the United States."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays

_years = holidays.country_holidays("US")


@cache
def holiday(day: date) -> str | None:
    """The name of the federal holiday that is kept on this day, if one is."""
    name = _years.get(day)
    return None if name is None else str(name)

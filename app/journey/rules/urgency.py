"""In which order work is shown, and what makes a case one to watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FAR = date.max
CLOSE_DAYS = 60
WATCH_DAYS = 3


@dataclass(frozen=True)
class Risk:
    """On time, to watch, or at risk, with the reason."""

    level: str
    reason: str = ""


ON_TIME = Risk("on time")


def urgency(due_on: date | None, yours: bool = True) -> tuple[bool, date]:
    """The sort key of a piece of work: your own first, the earliest date first, no date last."""
    return (not yours, due_on or FAR)


def risk(today: date, *, next_due: date | None, limit_on: date | None, score_until: date | None, done: bool) -> Risk:
    """A late clock or a limit that comes near with work still open is a risk; a date within days is to watch."""
    if done:
        return ON_TIME
    reasons = []
    if next_due and next_due < today:
        reasons.append(f"{_days((today - next_due).days)} late")
    for on, words in ((limit_on, "outer limit"), (score_until, "score ends")):
        if on and (on - today).days <= CLOSE_DAYS:
            reasons.append(f"{words} {_ahead(on, today)}")
    if reasons:
        return Risk("at risk", "; ".join(reasons))
    if next_due and (next_due - today).days <= WATCH_DAYS:
        return Risk("watch", f"due {_ahead(next_due, today)}")
    return ON_TIME


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def _ahead(on: date, today: date) -> str:
    left = (on - today).days
    return "today" if left == 0 else f"in {_days(left)}" if left > 0 else f"passed {_days(-left)} ago"

"""The visit: which sites, which days, which hours, and when it may begin and end."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class SurveyKind(StrEnum):
    """A first survey sees every row; a re-survey only those it was ordered for."""

    FIRST = "first"
    RESURVEY = "resurvey"


ALL_SITES_UP_TO = 3


@dataclass(frozen=True)
class Place:
    """A site, as the draw sees it."""

    id: str
    always: bool  # never left out


def sites_to_visit(places: Sequence[Place], *, all_up_to: int, seed: int) -> list[str]:
    """All sites of a small practice; else ceil(sqrt(n)) + 1, never without those that must be seen."""
    if len(places) <= all_up_to:
        return [place.id for place in places]
    chosen = {place.id for place in places if place.always}
    wanted = min(max(math.ceil(math.sqrt(len(places))) + 1, len(chosen)), len(places))
    rest = sorted(place.id for place in places if not place.always)
    chosen |= set(random.Random(seed).sample(rest, wanted - len(chosen)))  # noqa: S311  # a draw to repeat, no secret
    return [place.id for place in places if place.id in chosen]


def visit_days(first: date, sites: int, works: Callable[[date], bool]) -> list[date]:
    """One day, half a day more per further site; days on which nobody works are stepped over."""
    days, day = [first], first
    while len(days) < math.ceil((1 + sites) / 2):
        day += timedelta(days=1)
        if works(day):
            days.append(day)
    return days


@dataclass(frozen=True)
class Item:
    """One line of the agenda."""

    start: time
    minutes: int
    what: str

    @property
    def end(self) -> time:
        return (datetime.combine(date.min, self.start) + timedelta(minutes=self.minutes)).time()


AGENDA = (
    (30, "Opening meeting"),
    (45, "Questions on policies"),
    (60, "Preparation and pharmacy"),
    (120, "Tracers at the chair"),
    (45, "Lunch, notes"),
    (90, "Charts"),
    (45, "Personnel files"),
    (60, "Interviews"),
    (30, "Emergency and spill equipment"),
    (30, "Surveyor alone"),
    (30, "Exit meeting, no decision"),
)
DAY_BEGINS = time(7, 30)


def agenda() -> list[Item]:
    """The default day, from the opening to the exit meeting."""
    items, at = [], datetime.combine(date.min, DAY_BEGINS)
    for minutes, what in AGENDA:
        items.append(Item(at.time(), minutes, what))
        at += timedelta(minutes=minutes)
    return items


def day_ends() -> time:
    """When the last line of the agenda is over."""
    return agenda()[-1].end


@dataclass(frozen=True)
class Wish:
    """The date somebody wants to set, and what is known about it."""

    day: date
    today: date
    offered: frozenset[date]
    business_day: bool
    agreed_in_writing: str = ""
    surveyor_busy_with: str | None = None


def why_not_schedule(wish: Wish) -> list[str]:
    """Offered, or agreed in writing; a business day ahead of us; the surveyor free."""
    reasons = []
    if wish.day not in wish.offered and not wish.agreed_in_writing.strip():
        reasons.append("The practice has not offered this day. Choose an offered one, or note where it agreed.")
    if not wish.business_day:
        reasons.append("This is not a business day of the Program.")
    if wish.day < wish.today:
        reasons.append("This day has passed.")
    if wish.surveyor_busy_with:
        reasons.append(f"The surveyor is on another survey that day ({wish.surveyor_busy_with}).")
    return reasons


def why_not_start(visit_on: date | None, today: date) -> list[str]:
    """A visit starts on its day or after it."""
    if visit_on is None:
        return ["The visit has no date yet."]
    if today < visit_on:
        return [f"The visit is on {visit_on:%A, %B %-d, %Y}; it can be started from that day on."]
    return []


def why_not_end(exit_notes: Mapping[str, str]) -> list[str]:
    """The exit meeting is noted for each site, by the site's name."""
    return [
        f"Note the exit meeting at {site}: when it was, and which roles were there."
        for site, noted in exit_notes.items()
        if not noted.strip()
    ]

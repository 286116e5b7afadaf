"""The introduction that everybody hears before applying: live, or recorded and ticked."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WATCHED_SHARE = 90  # percent of the minutes that must have been played


class Kind(StrEnum):
    """How the introduction was heard."""

    LIVE = "live"
    RECORDED = "recorded"


@dataclass(frozen=True)
class Chapter:
    """One part of the recorded introduction."""

    number: int
    title: str
    minutes: int
    points: tuple[str, ...]


def minutes_played(chapters: list[Chapter], played: list[int]) -> int:
    """How many minutes the chapters played so far add up to."""
    return sum(chapter.minutes for chapter in chapters if chapter.number in played)


def why_not_counted(chapters: list[Chapter], played: list[int], *, ticked: bool) -> list[str]:
    """Every reason why watching does not count yet; empty means it does."""
    whole, seen = sum(chapter.minutes for chapter in chapters), minutes_played(chapters, played)
    reasons = []
    if seen * 100 < whole * WATCHED_SHARE:
        reasons.append(f"{seen} of {whole} minutes were played; {WATCHED_SHARE} % are needed.")
    if not ticked:
        reasons.append("Tick that you have watched the introduction.")
    return reasons


def last_day(attended_on: date, valid_days: int) -> date:
    """The last day on which this attendance opens an application."""
    return attended_on + timedelta(days=valid_days)

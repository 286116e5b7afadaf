"""What a practice must say when it shows that a requirement is met, and when a re-survey may be ordered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Ground(StrEnum):
    """Why only a second visit can settle a requirement."""

    DISAGREE = "disagree"
    OBSERVE = "observe"
    NEW_PLACE = "new_place"


GROUND_WORDS = {
    Ground.DISAGREE: "Records and practice disagree",
    Ground.OBSERVE: "Only observation can show it",
    Ground.NEW_PLACE: "A new site, or a new person who prepares drugs",
}


@dataclass(frozen=True)
class Shown:
    """What one line says about its evidence."""

    done_on: date | None
    pins: int
    still_open: str = ""


def why_not_shown(shown: Shown, *, today: date) -> list[str]:
    """A line is done on a day with evidence pinned, or still open with the reason; nothing in between."""
    if shown.still_open.strip():
        both = shown.done_on is not None
        return ["Either it is done or it is still open; leave one of the two empty."] if both else []
    reasons = []
    if shown.done_on is None:
        reasons.append("Give the day it was done, or say why it is still open.")
    elif shown.done_on > today:
        reasons.append("The day it was done lies in the future.")
    if not shown.pins:
        reasons.append("Pin the page that shows it.")
    return reasons


def why_not_send_evidence(gaps: Mapping[str, Sequence[str]], sent: int) -> list[str]:
    """Every gap by its row; and at least one line must show something."""
    reasons = [f"{code}: {gap}" for code, found in gaps.items() for gap in found]
    return reasons or ([] if sent else ["Every line is still open, so there is nothing to send yet."])


def why_not_resurvey(reason: str, rows: Sequence[str], sites: Sequence[str]) -> list[str]:
    """A re-survey names its rows, its sites and a written reason."""
    faults = []
    if len(reason.strip()) < 10:
        faults.append("Write the reason; the practice reads it.")
    if not rows:
        faults.append("Choose the requirements that must be seen.")
    if not sites:
        faults.append("Choose the sites.")
    return faults

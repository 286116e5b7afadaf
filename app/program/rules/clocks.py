"""Working a date out, step by step, so that the steps can be kept and shown.

A sum is a list of plain steps that JSON can hold; the last step's "to" is the due date. Pauses and
extensions add steps, and nothing that was counted is ever counted anew: a holiday that is added later
touches only clocks that start later.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from app.program.rules.days import DAY, ROLLING, Calendar, Direction, Span, Unit, days, move

Step = dict[str, Any]
REMINDERS = (30, 14, 7, 1, 0)


class Basis(StrEnum):
    """How well a value is founded."""

    PAGE = "P"
    OLDER = "O"
    COMPARABLE = "C"
    OURS = "U"


BASIS_WORDS = {
    Basis.PAGE: "said by the Program's page",
    Basis.OLDER: "from an older page of the Program",
    Basis.COMPARABLE: "as a comparable accreditor has it",
    Basis.OURS: "chosen for this portal",
}


class DueState(StrEnum):
    """Where a running date stands."""

    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    ENDED = "ended"


DUE_MOVES: dict[str, tuple[frozenset[DueState], DueState]] = {
    "meet": (frozenset({DueState.RUNNING, DueState.MISSED}), DueState.MET),
    "miss": (frozenset({DueState.RUNNING}), DueState.MISSED),
    "end": (frozenset({DueState.RUNNING, DueState.MISSED}), DueState.ENDED),
    "extend": (frozenset({DueState.RUNNING, DueState.MISSED}), DueState.RUNNING),
}


# Rights that may be used until a day, and what is true once it has passed: nobody is late with them.
WINDOWS = {
    "score.valid": "the score can no longer open an application",
    "score.waiver_request": "the right to ask for a waiver has ended",
    "webinar.valid": "the webinar has to be attended again",
    "survey.late_evidence": "the window has shut; what is missing goes to the plan",
    "ccr.clarify": "the finding stands",
    "decision.appeal": "the decision is final",
}


def work_out(
    start: date, span: Span, direction: Direction, off: Calendar, *, limit: date | None = None, limit_is: str = ""
) -> list[Step]:
    """The steps from an event to its due date; day 0 is the day of the event."""
    counted = move(start, span, direction, off)
    step: Step = {"step": "count", "from": start.isoformat(), "to": counted.isoformat(), "span": str(span),
                  "direction": str(direction)}  # fmt: skip
    if span.unit is Unit.BUSINESS_DAY:
        low, high = sorted((start, counted))
        step["off"] = [[day.isoformat(), why] for day in days(low + DAY, high - DAY) if (why := off.why_off(day))]
    steps = [step]
    if span.unit in ROLLING:
        _roll(steps, direction, off)
    return cap(steps, limit, limit_is)


def due(steps: list[Step]) -> date:
    """The date that the steps arrive at."""
    return date.fromisoformat(steps[-1]["to"])


def cap(steps: list[Step], limit: date | None, limit_is: str) -> list[Step]:
    """Never past the limit."""
    if limit is not None and due(steps) > limit:
        steps.append({"step": "cap", "to": limit.isoformat(), "why": limit_is})
    return steps


def pause(steps: list[Step], began: date, ended: date, why: str, off: Calendar) -> list[Step]:
    """Move the date by a pause: by its business days where those are counted, else by its days."""
    span, direction = _span(steps), _direction(steps)
    if span.unit is Unit.BUSINESS_DAY:
        length = off.between(began, ended)
        to, counted = off.count_on(due(steps), length), Span(length, Unit.BUSINESS_DAY)
    else:
        counted = Span((ended - began).days, Unit.DAY)
        to = due(steps) + DAY * counted.count
    more = [*steps, {"step": "pause", "from": began.isoformat(), "until": ended.isoformat(), "to": to.isoformat(),
                     "span": str(counted), "why": why}]  # fmt: skip
    if span.unit in ROLLING:
        _roll(more, direction, off)
    return more


def extend(steps: list[Step], to: date, why: str) -> list[Step]:
    """A new date, granted for a reason."""
    return [*steps, {"step": "extend", "to": to.isoformat(), "why": why}]


def why_not_extend(due_on: date, to: date, *, today: date, granted: int, most: int, limit: date | None) -> list[str]:
    """Every reason against a longer date; `most` extensions can be granted by staff, more by an administrator."""
    reasons = []
    if to <= due_on:
        reasons.append("The new date must be later than the present one.")
    if due_on < today:
        reasons.append("The date has passed; more time is asked for before it does.")
    if granted >= most:
        reasons.append("This date was extended before; only an administrator can extend it again.")
    if limit is not None and to > limit:
        reasons.append("The new date lies past the outer limit of the case.")
    return reasons


def reminds(due_on: date, starts_on: date, today: date) -> bool:
    """Is a reminder due today: 30, 14, 7, 1 days before, as far as they fit, on the day, then weekly."""
    left = (due_on - today).days
    if left >= 0:
        return left in REMINDERS and today > starts_on
    return left % 7 == 0


def _span(steps: list[Step]) -> Span:
    return Span.read(steps[0]["span"])


def _direction(steps: list[Step]) -> Direction:
    return Direction(steps[0]["direction"])


def _roll(steps: list[Step], direction: Direction, off: Calendar) -> None:
    day = due(steps)
    if why := off.why_off(day):
        to = off.roll(day, direction)
        steps.append({"step": "roll", "from": day.isoformat(), "to": to.isoformat(), "why": why})

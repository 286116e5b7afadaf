"""How a date was worked out, in finished sentences and as a strip of counted days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.kernel.words import count as counted
from app.kernel.words import day as said
from app.program.rules.clocks import Step, due
from app.program.rules.days import WEEKEND, Direction, Span, Unit, days

STRIP_MOST = 31
PAUSED = "paused"
SHORT = {WEEKEND: "\u2013", PAUSED: PAUSED}


@dataclass(frozen=True)
class Day:
    """One day of the strip: its label under it, and whether it is counted (""), "off" or the "end"."""

    on: date
    label: str
    kind: str

    @property
    def weekday(self) -> str:
        return f"{self.on:%a}"


@dataclass(frozen=True)
class Derivation:
    """The lines under "How this date was worked out", and the strip where it is short enough to show."""

    rule: str
    starts: str
    not_counted: str
    pauses: str
    due: str
    days: list[Day]

    @property
    def first_column(self) -> int:
        """The weekday on which the strip begins, Monday being 1."""
        return self.days[0].on.isoweekday() if self.days else 1

    @property
    def strip_label(self) -> str:
        """What the strip is, for those who hear it."""
        return f"Days counted from {said(self.days[0].on)} to {said(self.days[-1].on)}" if self.days else ""

    @property
    def sentences(self) -> list[str]:
        """The same as a list, for mails and papers."""
        return [
            f"Rule: {self.rule}.", f"Starts: {self.starts}", f"Not counted: {self.not_counted}.",
            f"Pauses, extensions: {self.pauses}.", f"Due: {self.due}.",
        ]  # fmt: skip


def derive(*, rule: str, key: str, version: int, event: str, steps: list[Step]) -> Derivation:
    """The explanation of a kept sum. `rule` holds {span} where the length of time is said."""
    first = steps[0]
    back = first["direction"] == Direction.BACK
    way = "The day itself is day 0; the days are counted back." if back else "The day itself is day 0."
    return Derivation(
        rule=f"{rule.format(span=first['span'])} ({key}, version {version})",
        starts=f"{_said(first['from'])}, {event}. {way}",
        not_counted=_not_counted(steps),
        pauses=_pauses(steps),
        due=f"{said(due(steps))}, 11:59 pm Eastern",
        days=_strip(steps),
    )


def _said(iso: str) -> str:
    return said(date.fromisoformat(iso))


def _not_counted(steps: list[Step]) -> str:
    unit = Span.read(steps[0]["span"]).unit
    if unit is Unit.BUSINESS_DAY:
        return _days_off(steps[0]["off"]) or "nothing; no weekend or holiday lies between"
    if unit in (Unit.MONTH, Unit.YEAR):
        return "nothing; months and years keep the day of the month and do not roll"
    return "; ".join(["nothing; every day counts", *(_rolled(step) for step in steps if step["step"] == "roll")])


def _days_off(off: list[list[str]]) -> str:
    named = [(date.fromisoformat(day), why) for day, why in off]
    weekends = {day.isocalendar()[:2] for day, why in named if why == WEEKEND}
    parts = [counted(len(weekends), "weekend")] if weekends else []
    return "; ".join(parts + [f"{said(day)}, {why}" for day, why in named if why != WEEKEND])


def _rolled(step: Step) -> str:
    why = "on a weekend" if step["why"] == WEEKEND else f"on a holiday, {step['why']}"
    return f"{_said(step['from'])} lies {why}, so it moves to {_said(step['to'])}"


def _pauses(steps: list[Step]) -> str:
    return "; ".join(_moved(step) for step in steps if step["step"] in ("pause", "extend", "cap")) or "none"


def _moved(step: Step) -> str:
    if step["step"] == "pause":
        between = f"{_said(step['from'])} to {_said(step['until'])}"
        return f"paused {between} ({step['span']}: {step['why']}), so {_said(step['to'])}"
    if step["step"] == "extend":
        return f"extended to {_said(step['to'])} ({step['why']})"
    return f"never past {_said(step['to'])}, {step['why']}"


def _strip(steps: list[Step]) -> list[Day]:
    """The days between event and date, while they are few; longer sums are told in words only."""
    first, span = steps[0], Span.read(steps[0]["span"])
    start, counted_to, end = (date.fromisoformat(day) for day in (first["from"], first["to"], steps[-1]["to"]))
    low, high = min(start, end), max(start, end, counted_to)
    if (high - low).days >= STRIP_MOST or span.unit in (Unit.MONTH, Unit.YEAR):
        return []
    off = {date.fromisoformat(day): why for day, why in first.get("off", [])} | _added_off(steps)
    walk = days(low, high)
    number, strip = 0, []
    for on in walk if start <= end else reversed(walk):
        kind = "end" if on == end else "off" if on in off else ""
        number += 0 if on == start or on in off else 1
        strip.append(Day(on, SHORT.get(off[on], "holiday") if kind == "off" else f"day {number}", kind))
    return sorted(strip, key=lambda day: day.on)


def _added_off(steps: list[Step]) -> dict[date, str]:
    """Days that later steps took out of the count."""
    found: dict[date, str] = {}
    for step in steps[1:]:
        if step["step"] == "roll":
            found[date.fromisoformat(step["from"])] = step["why"]
        elif step["step"] == "pause":
            began, ended = date.fromisoformat(step["from"]), date.fromisoformat(step["until"])
            found |= dict.fromkeys(days(began, ended)[1:], PAUSED)
    return found

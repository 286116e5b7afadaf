"""One line of the table, and the loop that measures ours and the floor in turns."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Work = Callable[[], Any]
Clock = Callable[[], float]
PROCESSOR = time.process_time  # for work in this process that waits for nothing: neighbors disturb it least


@dataclass(frozen=True)
class Row:
    """One figure of ours beside the floor's; `ratio` is how many times the floor's cost ours is."""

    name: str
    ours: float
    floor: float | None
    unit: str
    against: str = ""  # what the floor is
    ratio: float | None = None
    target: float | None = None  # of `ours`, where the project's design states one
    more_is_better: bool = False
    rounds: int = 1
    spread: tuple[float, float] | None = None  # of ours over the rounds, lowest and highest
    floor_spread: tuple[float, float] | None = None
    missed: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "missed", self.target is not None and self._falls_short(self.target))

    def _falls_short(self, target: float) -> bool:
        return self.ours < target if self.more_is_better else self.ours > target


def row(name: str, unit: str, ours: Sequence[float], floor: Sequence[float], against: str, **facts: Any) -> Row:
    """A line from what the rounds gave; the ratio is the median of the rounds' own ratios."""
    more = facts.get("more_is_better", False)
    pairs = [(b / a if more else a / b) for a, b in zip(ours, floor, strict=True) if a and b]
    return Row(
        name, median(ours), median(floor), unit, against, median(pairs) if pairs else None, rounds=len(ours),
        spread=(min(ours), max(ours)), floor_spread=(min(floor), max(floor)), **facts,
    )  # fmt: skip


def alone(name: str, unit: str, ours: Sequence[float], **facts: Any) -> Row:
    """A line without a floor."""
    return Row(name, median(ours), None, unit, rounds=len(ours), spread=(min(ours), max(ours)), **facts)


def milliseconds(work: Work, clock: Clock = time.perf_counter) -> float:
    """How long it takes, with the garbage collector resting."""
    gc.disable()
    try:
        start = clock()
        work()
        return (clock() - start) * 1000
    finally:
        gc.enable()


def in_turns(
    ours: Work, floor: Work, rounds: int, clock: Clock = time.perf_counter
) -> tuple[list[float], list[float]]:  # fmt: skip
    """Both by turns, each going first as often as the other; one unmeasured turn warms them up."""
    ours(), floor()
    mine, theirs = [], []
    for turn in range(rounds):
        gc.collect()
        if turn % 2:
            theirs.append(milliseconds(floor, clock))
            mine.append(milliseconds(ours, clock))
        else:
            mine.append(milliseconds(ours, clock))
            theirs.append(milliseconds(floor, clock))
    return mine, theirs


def percentile(figures: Sequence[float], share: float) -> float:
    """The figure that this share of all does not exceed."""
    return sorted(figures)[math.ceil(share * len(figures)) - 1]

"""The application itself: its states, its moves, its number, and why something cannot be done."""

import re
from enum import StrEnum


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    READY = "ready"
    RETURNED = "returned"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a closed application ended."""

    CERTIFIED = "certified"
    NOT_CERTIFIED = "not_certified"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


# move: (from, to)
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "submit": (frozenset({State.DRAFT}), State.READY),
    "return": (frozenset({State.READY}), State.RETURNED),
    "resubmit": (frozenset({State.RETURNED}), State.READY),
    "lapse": (frozenset({State.DRAFT, State.READY, State.RETURNED}), State.CLOSED),
    "withdraw": (frozenset({State.DRAFT, State.READY, State.RETURNED}), State.CLOSED),
    "end": (frozenset({State.READY}), State.CLOSED),
    "reinstate": (frozenset({State.CLOSED}), State.READY),
}

STATE_WORDS = {
    State.DRAFT: "being filled in",
    State.READY: "ready for survey",
    State.RETURNED: "returned for changes",
    State.CLOSED: "closed",
}


class Refused(Exception):
    """An action is not possible now; `reasons` says why, in whole sentences."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def why_not_move(move: str, state: State) -> list[str]:
    """Why an application in this state cannot make this move; empty when it can."""
    allowed, _ = MOVES[move]
    if state in allowed:
        return []
    return [f"The application is {STATE_WORDS[state]}; that can only be done while it is {_either(allowed)}."]


def _either(states: frozenset[State]) -> str:
    return " or ".join(STATE_WORDS[state] for state in State if state in states)


NUMBER = re.compile(r"(\d{4})-(\d{4,})")


def next_number(year: int, taken: list[str]) -> str:
    """The case number after those taken this year: 2026-0001, 2026-0002 ..."""
    counts = [int(match[2]) for number in taken if (match := NUMBER.fullmatch(number)) and int(match[1]) == year]
    return f"{year}-{max(counts, default=0) + 1:04d}"

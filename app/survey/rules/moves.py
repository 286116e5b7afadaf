"""The lives of an assignment, a survey and a review: every move, from where, to where."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias, TypeVar

State = TypeVar("State", bound=StrEnum)


class Refused(Exception):
    """A guard said no; `reasons` holds every reason at once, as sentences."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


class AssignmentState(StrEnum):
    """Where one surveyor stands with one survey."""

    PROPOSED = "proposed"
    CLEAR = "clear"
    DECLINED = "declined"
    OBJECTED = "objected"
    CONFIRMED = "confirmed"
    ENDED = "ended"


class SurveyState(StrEnum):
    """Where a survey stands."""

    AWAITING_SURVEYOR = "awaiting surveyor"
    AWAITING_DATE = "awaiting date"
    SCHEDULED = "scheduled"
    UNDER_WAY = "under way"
    VISIT_ENDED = "visit ended"
    SUBMITTED = "submitted"
    IN_COMMITTEE = "in committee"
    DETERMINED = "determined"
    CANCELLED = "cancelled"


class ReviewState(StrEnum):
    """Where one reviewer's review of one survey stands."""

    ASSIGNED = "assigned"
    READING = "reading"
    COMPARING = "comparing"
    ASKING = "asking"
    DETERMINED = "determined"
    ENDED = "ended"


A: TypeAlias = AssignmentState
S: TypeAlias = SurveyState
R: TypeAlias = ReviewState

ASSIGNMENT_MOVES: Mapping[str, tuple[frozenset[A], A]] = {
    "declare_clear": (frozenset({A.PROPOSED}), A.CLEAR),
    "decline": (frozenset({A.PROPOSED}), A.DECLINED),
    "confirm": (frozenset({A.CLEAR}), A.CONFIRMED),
    "object": (frozenset({A.CLEAR}), A.OBJECTED),
    "uphold": (frozenset({A.OBJECTED}), A.ENDED),
    "overrule": (frozenset({A.OBJECTED}), A.CONFIRMED),
    "release": (frozenset({A.PROPOSED, A.CLEAR, A.CONFIRMED}), A.ENDED),
}

BEFORE_VISIT = frozenset({S.AWAITING_SURVEYOR, S.AWAITING_DATE, S.SCHEDULED})
OPEN_SURVEY = frozenset(S) - {S.DETERMINED, S.CANCELLED}

SURVEY_MOVES: Mapping[str, tuple[frozenset[S], S]] = {
    "confirm_surveyor": (frozenset({S.AWAITING_SURVEYOR}), S.AWAITING_DATE),
    "release_surveyor": (frozenset({S.AWAITING_DATE, S.SCHEDULED}), S.AWAITING_SURVEYOR),
    "schedule": (frozenset({S.AWAITING_DATE}), S.SCHEDULED),
    "move": (frozenset({S.SCHEDULED}), S.AWAITING_DATE),
    "start": (frozenset({S.SCHEDULED}), S.UNDER_WAY),
    "end_visit": (frozenset({S.UNDER_WAY}), S.VISIT_ENDED),
    "submit": (frozenset({S.VISIT_ENDED}), S.SUBMITTED),
    "ask": (frozenset({S.SUBMITTED}), S.VISIT_ENDED),
    "pass": (frozenset({S.SUBMITTED}), S.IN_COMMITTEE),
    "determine": (frozenset({S.IN_COMMITTEE}), S.DETERMINED),
    "cancel": (OPEN_SURVEY, S.CANCELLED),
}

REVIEW_MOVES: Mapping[str, tuple[frozenset[R], R]] = {
    "clear": (frozenset({R.ASSIGNED}), R.READING),
    "recuse": (frozenset({R.ASSIGNED}), R.ENDED),
    "release": (frozenset({R.ASSIGNED, R.READING}), R.ENDED),
    "show_surveyor": (frozenset({R.READING}), R.COMPARING),
    "ask": (frozenset({R.READING, R.COMPARING, R.ASKING}), R.ASKING),
    "answer": (frozenset({R.ASKING}), R.COMPARING),
    "answer_while_reading": (frozenset({R.ASKING}), R.READING),
    "determine": (frozenset({R.COMPARING}), R.DETERMINED),
}


def may_move(moves: Mapping[str, tuple[frozenset[State], State]], move: str, state: State) -> bool:
    """Is this move open from this state?"""
    return state in moves[move][0]


def moved(moves: Mapping[str, tuple[frozenset[State], State]], move: str, state: State, thing: str) -> State:
    """The state after the move; refused, with the reason, where the table does not know it."""
    sources, target = moves[move]
    if state not in sources:
        expected = " or ".join(sorted(source.value for source in sources))
        raise Refused(f"This {thing} is {state.value}; this can be done only while it is {expected}.")
    return target

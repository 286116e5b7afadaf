"""The words, moves and reasons of the Certification Compliance Report and its requirements."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)
Moves = Mapping[str, tuple[frozenset[State], State]]


class NotNow(Exception):
    """Something cannot be done as things stand; `reasons` says everything that is in the way."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


class ReportState(StrEnum):
    """Where a compliance report stands."""

    DRAFTED = "drafted"
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    CLOSED = "closed"


REPORT_MOVES: Moves[ReportState] = {
    "issue": (frozenset({ReportState.DRAFTED}), ReportState.ISSUED),
    "close": (frozenset({ReportState.ISSUED}), ReportState.CLOSED),
}


class Result(StrEnum):
    """What the committee's determination comes to."""

    ALL_MET = "all_met"
    REQUIREMENTS = "requirements"


class RequirementState(StrEnum):
    """How far one requirement is."""

    OPEN = "open"
    PLANNED = "planned"
    PLAN_ACCEPTED = "plan_accepted"
    EVIDENCE_SENT = "evidence_sent"
    TO_RESURVEY = "to_resurvey"
    MET = "met"


REQUIREMENT_MOVES: Moves[RequirementState] = {
    "plan": (frozenset({RequirementState.OPEN}), RequirementState.PLANNED),
    "return": (frozenset({RequirementState.PLANNED}), RequirementState.OPEN),
    "accept": (frozenset({RequirementState.PLANNED}), RequirementState.PLAN_ACCEPTED),
    # An open requirement under an accepted plan is one that a re-survey did not find met: it is shown again.
    "send_evidence": (
        frozenset({RequirementState.PLAN_ACCEPTED, RequirementState.OPEN}),
        RequirementState.EVIDENCE_SENT,
    ),
    "ask_more": (frozenset({RequirementState.EVIDENCE_SENT}), RequirementState.PLAN_ACCEPTED),
    "order_resurvey": (
        frozenset({RequirementState.PLAN_ACCEPTED, RequirementState.EVIDENCE_SENT, RequirementState.OPEN}),
        RequirementState.TO_RESURVEY,
    ),
    "leave_open": (frozenset({RequirementState.TO_RESURVEY}), RequirementState.OPEN),
    "meet": (frozenset({RequirementState.EVIDENCE_SENT, RequirementState.TO_RESURVEY}), RequirementState.MET),
}

REQUIREMENT_WORDS = {
    RequirementState.OPEN: "Open",
    RequirementState.PLANNED: "Plan sent",
    RequirementState.PLAN_ACCEPTED: "Plan accepted",
    RequirementState.EVIDENCE_SENT: "Evidence sent",
    RequirementState.TO_RESURVEY: "To be seen at the re-survey",
    RequirementState.MET: "Met",
}


def after(moves: Moves[State], move: str, state: State) -> State:
    """The state after a move; raises NotNow when the move does not start here."""
    starts, to = moves[move]
    if state not in starts:
        here, wanted = state.replace("_", " "), " or ".join(sorted(one.replace("_", " ") for one in starts))
        raise NotNow([f"This is {here}; to {move.replace('_', ' ')} it must be {wanted}."])
    return to


class Show(StrEnum):
    """The kinds of things by which a practice shows that a requirement is met."""

    POLICY = "Policy"
    FORM = "Form"
    TRAINING = "Training"
    AUDIT = "Audit"
    LOG = "Log"
    PHOTO = "Photo"
    LABEL = "Label"
    OTHER = "Other"


# What each kind of evidence of the edition is usually shown by (a suggestion that staff edit).
SUGGESTED: dict[str, tuple[Show, str]] = {
    "POL": (Show.POLICY, "the written policy, revised so that it says this in full"),
    "FRM": (Show.FORM, "the form or template as it is used now, blank"),
    "CHT": (Show.AUDIT, "10 charts from each site over 6 weeks, as counts only; in each it is recorded"),
    "PER": (Show.TRAINING, "a record that everybody concerned has been trained, by role"),
    "LOG": (Show.LOG, "the log or minutes of eight weeks from each site"),
    "EQP": (Show.PHOTO, "a photograph from each site, without people or patient details"),
    "OBS": (Show.AUDIT, "10 direct observations at each site over 4 weeks, as counts only"),
    "INT": (Show.TRAINING, "a record that the staff concerned can say what is done, by role"),
}


_TELLING = (
    (Show.POLICY, "polic"),
    (Show.LABEL, "label"),
    (Show.FORM, "form"),
    (Show.TRAINING, "train"),
    (Show.AUDIT, "audit"),
    (Show.AUDIT, "chart"),
    (Show.LOG, "log"),
    (Show.PHOTO, "photo"),
)


def kind_of(text: str) -> Show:
    """Which kind of thing a free wording asks for first."""
    lowered = text.lower()
    found = [(lowered.index(word), show) for show, word in _TELLING if word in lowered]
    return min(found)[1] if found else Show.OTHER


def suggested_showing(evidence_kinds: Sequence[str]) -> list[dict[str, str]]:
    """What must be shown, as a first wording from the row's kinds of evidence; one entry a kind."""
    found: dict[Show, str] = {}
    for kind in evidence_kinds:
        if kind in SUGGESTED:
            show, what = SUGGESTED[kind]
            found.setdefault(show, what)
    found.pop(Show.TRAINING, None) if len(found) > 3 else None
    return [{"kind": show.value, "what": what} for show, what in found.items()] or [
        {"kind": Show.POLICY.value, "what": SUGGESTED["POL"][1]}
    ]


def why_not_issue(
    showing: Mapping[str, Sequence[Mapping[str, str]]], wording: Mapping[str, Sequence[str]]
) -> list[str]:
    """Every reason why the report cannot be issued yet: by row, what is not said and what names somebody."""
    reasons = [
        f"{code}: say what must be shown." for code, shown in showing.items() if not any(one["what"] for one in shown)
    ]
    return reasons + [f"{place}: {fault}" for place, faults in wording.items() for fault in faults]


def why_not_close(states: Sequence[RequirementState]) -> list[str]:
    """A report is closed when every one of its requirements is met."""
    left = sum(state is not RequirementState.MET for state in states)
    return [f"{left} of {len(states)} requirements are not met yet."] if left else []

"""The words, moves and reasons of the Compliance Action Plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.report.rules.ccr import Moves


class PlanState(StrEnum):
    """Where an action plan stands."""

    DRAFTING = "drafting"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    EVIDENCE_SENT = "evidence_sent"
    RESURVEY = "resurvey"
    MET = "met"


PLAN_MOVES: Moves[PlanState] = {
    "submit": (frozenset({PlanState.DRAFTING, PlanState.RETURNED}), PlanState.SUBMITTED),
    "accept": (frozenset({PlanState.SUBMITTED}), PlanState.ACCEPTED),
    "return": (frozenset({PlanState.SUBMITTED}), PlanState.RETURNED),
    "send_evidence": (frozenset({PlanState.ACCEPTED}), PlanState.EVIDENCE_SENT),
    "ask_more": (frozenset({PlanState.EVIDENCE_SENT, PlanState.RESURVEY}), PlanState.ACCEPTED),
    "order_resurvey": (frozenset({PlanState.ACCEPTED, PlanState.EVIDENCE_SENT}), PlanState.RESURVEY),
    "meet": (frozenset({PlanState.EVIDENCE_SENT, PlanState.RESURVEY}), PlanState.MET),
}

PLAN_WORDS = {
    PlanState.DRAFTING: "Being written",
    PlanState.SUBMITTED: "With the Program",
    PlanState.RETURNED: "Returned",
    PlanState.ACCEPTED: "Accepted; evidence to come",
    PlanState.EVIDENCE_SENT: "Evidence with the Program",
    PlanState.RESURVEY: "Re-survey ordered",
    PlanState.MET: "Every requirement met",
}

EDITABLE = (PlanState.DRAFTING, PlanState.RETURNED)


class Verdict(StrEnum):
    """What the Program says about one line; the last two are about its evidence."""

    ACCEPT = "accept"
    RETURN = "return"
    MEET = "meet"
    ASK_MORE = "ask_more"


VERDICT_VERBS = {
    Verdict.ACCEPT: "Accept",
    Verdict.RETURN: "Return",
    Verdict.MEET: "Met",
    Verdict.ASK_MORE: "Ask for more",
}
NEEDS_COMMENT = (Verdict.RETURN, Verdict.ASK_MORE)


class Stage(StrEnum):
    """What was sent: the plan itself, or the evidence for it."""

    PLAN = "plan"
    EVIDENCE = "evidence"


LEAST_WORDS = 30  # characters in cause and in action, unless the setting says otherwise


@dataclass(frozen=True)
class PlanText:
    """What the practice writes in one line."""

    root_cause: str = ""
    action: str = ""
    person: str = ""
    title: str = ""
    target: date | None = None
    measure: str = ""
    how_often: str = ""
    goal: str = ""
    evidence_to_come: str = ""


def why_not_complete(line: PlanText, *, evidence_by: date | None, least: int = LEAST_WORDS) -> list[str]:
    """Everything that a line still lacks; none means it can be sent."""
    reasons = _too_short(line, least)
    if not (line.person.strip() and line.title.strip()):
        reasons.append("Name the person responsible, with their title.")
    reasons += _target(line.target, evidence_by)
    if not (line.measure.strip() and line.how_often.strip() and line.goal.strip()):
        reasons.append("Say how it will be kept up: what is measured, how often, and the goal.")
    if not line.evidence_to_come.strip():
        reasons.append("Say what evidence will come.")
    return reasons


def _too_short(line: PlanText, least: int) -> list[str]:
    reasons = []
    for text, about in ((line.root_cause, "why it happened"), (line.action, "what you will do")):
        have = len(text.strip())
        if have < least:
            reasons.append(f"Say {about} in at least {least} characters; there are {have}.")
    return reasons


def _target(target: date | None, evidence_by: date | None) -> list[str]:
    if target is None:
        return ["Give the date by which it will be done."]
    if evidence_by and target >= evidence_by:
        on = f"{evidence_by:%a} {evidence_by.day} {evidence_by:%b %Y}"
        return [f"The date must lie before the evidence is due, {on}."]
    return []


def checks(
    line: PlanText, *, evidence_by: date | None, least: int, returned: bool, changed: bool
) -> list[tuple[bool, str]]:
    """The short list beside the line: what is done and what is not."""
    filled = all((line.root_cause, line.action, line.person, line.title, line.target, line.measure, line.how_often,
                  line.goal, line.evidence_to_come))  # fmt: skip
    listed = [
        (bool(filled), "All six parts filled"),
        (not _too_short(line, least), f"Cause and action in {least} characters or more"),
        (not _target(line.target, evidence_by), "Date lies before the evidence date"),
    ]
    return [*listed, (changed, "Changed since it was returned")] if returned else listed


def why_not_submit(gaps: Mapping[str, Sequence[str]], unchanged: Sequence[str]) -> list[str]:
    """Every gap of every line by its row, and every returned line that is still as it was."""
    reasons = [f"{code}: {gap}" for code, found in gaps.items() for gap in found]
    return reasons + [f"{code}: this line was returned; change it before it is sent again." for code in unchanged]


def why_not_verdict(verdict: Verdict, comment: str) -> list[str]:
    """A line goes back only with a comment that says what is missing."""
    if verdict in NEEDS_COMMENT and len(comment.strip()) < 10:
        return ["Say what is missing, so that the practice can put it right."]
    return []


def why_not_answer(verdicts: Mapping[str, Verdict | None], *, wanted: Verdict | None) -> list[str]:
    """Every line needs a verdict; to accept, none may go back; to return, at least one must. None: either way."""
    reasons = [f"{code}: give a verdict." for code, verdict in verdicts.items() if verdict is None]
    back = [code for code, verdict in verdicts.items() if verdict in NEEDS_COMMENT]
    if wanted is Verdict.RETURN and not back and not reasons:
        reasons.append("No line goes back, so there is nothing to return.")
    if wanted is Verdict.ACCEPT:
        reasons += [f"{code}: this line goes back." for code in back]
    return reasons

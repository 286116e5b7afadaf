"""How documents are tied to rows: pins that outlive versions, claims that a row does not apply, messages."""

from __future__ import annotations

from enum import StrEnum

MOST_PINS = 9  # to a slot


class Carried(StrEnum):
    """What became of a pin when its document was replaced by a new version."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    LOST = "lost"


class Side(StrEnum):
    """Who speaks in a thread: the practice never learns which person of the Program it was."""

    PRACTICE = "practice"
    PROGRAM = "program"


class ClaimState(StrEnum):
    """Where a claim that a row does not apply stands; surveyors accept or refuse it on their worksheet."""

    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


def reason_for_claim(reason: str) -> list[str]:
    """Why this is not yet a reason for "does not apply to us"."""
    return [] if len(reason.strip()) >= 20 else ["Say in a sentence of 20 letters or more why it does not apply."]

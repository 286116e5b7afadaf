"""How documents are tied to rows: pins that outlive versions, what covers a row, claims that a row does not apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_PINS = 9  # to a slot
MOST_WORDS = 2000  # letters of a message
LEAST_WORD = 20  # letters of a reason or an answer


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
    """Where a claim that a row does not apply stands: the Program's office accepts or refuses it."""

    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


STANDING = frozenset({ClaimState.CLAIMED, ClaimState.ACCEPTED})


class CoverState(StrEnum):
    """How well a row (or a row at a site) is covered; the worst that is true of it."""

    PINNED = "pinned"
    WHOLE = "whole"
    PARTIAL = "partial"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"
    CHANGED = "changed"
    SUGGESTED = "suggested"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    EMPTY = "empty"


COVER_WORDS = {
    CoverState.PINNED: "Pinned",
    CoverState.WHOLE: "No passage yet",
    CoverState.PARTIAL: "A site is left out",
    CoverState.EXPIRED: "Dates not in order",
    CoverState.UNREADABLE: "Cannot be searched",
    CoverState.CHANGED: "Passage to check",
    CoverState.SUGGESTED: "To confirm",
    CoverState.CLAIMED: "Claimed not applicable",
    CoverState.ACCEPTED: "Not applicable",
    CoverState.EMPTY: "Nothing yet",
}
DONE = frozenset({CoverState.PINNED, CoverState.ACCEPTED, CoverState.CLAIMED})


@dataclass(frozen=True)
class Held:
    """What a pin gives a row: a passage or a whole document, how it stands, and where it is in force."""

    title: str
    passage: bool = True
    to_check: bool = False
    lost: bool = False
    unseen: str = ""  # why the document cannot be searched
    expired: str = ""  # what is wrong with its dates
    sites: frozenset[str] | None = None  # names; None is everywhere

    @property
    def good(self) -> bool:
        return not (self.lost or self.unseen or self.expired)


@dataclass(frozen=True)
class Cover:
    """How a row is covered, why, and what cures it."""

    state: CoverState
    why: str = ""
    do: str = ""

    @property
    def words(self) -> str:
        return COVER_WORDS[self.state]

    @property
    def done(self) -> bool:
        return self.state in DONE


def cover(
    held: Sequence[Held], sites: Sequence[str], *, claim: ClaimState | None = None, suggested: bool = False,
    answer: str = "",
) -> Cover:  # fmt: skip
    """How well these pins cover a row at these sites; a standing claim needs none."""
    if claim in STANDING:
        return _claimed(claim)
    if not held:
        return _open(claim, suggested, answer)
    changed = [one for one in held if one.to_check]
    if changed:
        return Cover(
            CoverState.CHANGED, f"The words of a passage in {_titles(changed)} changed with a new version.",
            "Check that it still answers, or pin another.",
        )  # fmt: skip
    return _of_pins([one for one in held if not one.lost], sites)


def _claimed(claim: ClaimState | None) -> Cover:
    if claim is ClaimState.ACCEPTED:
        return Cover(CoverState.ACCEPTED, "The Program accepted that it does not apply.")
    return Cover(CoverState.CLAIMED, "It is claimed that it does not apply.", "The Program has not answered yet.")


def _open(claim: ClaimState | None, suggested: bool, answer: str) -> Cover:
    refused = f"The Program did not accept that it does not apply: {answer}" if claim is ClaimState.REFUSED else ""
    if suggested:
        return Cover(CoverState.SUGGESTED, refused or "A document seems to answer it.", "Confirm a passage.")
    why = refused or "Nothing is pinned, and no document seems to answer it."
    return Cover(CoverState.EMPTY, why, "Add a document, or say why it does not apply.")


def _of_pins(held: Sequence[Held], sites: Sequence[str]) -> Cover:
    seen = [one for one in held if not one.unseen]
    if not seen:
        return Cover(CoverState.UNREADABLE, f"{_titles(held)} {held[0].unseen}", "Add it as a file with text.")
    good = [one for one in seen if one.good]
    if not good:
        why = f"{seen[0].title}: {seen[0].expired[0].lower()}{seen[0].expired[1:]}"
        return Cover(CoverState.EXPIRED, why, "Add the version in force, or correct its dates.")
    left_out = [site for site in sites if not any(one.sites is None or site in one.sites for one in good)]
    if left_out:
        return Cover(
            CoverState.PARTIAL, f"No document here is in force at {_and(left_out)}.",
            "Add one for there, or say at which sites yours hold.",
        )  # fmt: skip
    if not any(one.passage for one in good):
        return Cover(CoverState.WHOLE, f"{_titles(good)} as a whole.", "Pin the passage, so that nobody has to look.")
    return Cover(CoverState.PINNED)


def _titles(held: Sequence[Held]) -> str:
    return _and(list(dict.fromkeys(one.title for one in held)))


def _and(names: Sequence[str]) -> str:
    """One; one and two; one, two and 3 more."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


def reason_for_claim(reason: str) -> list[str]:
    """Why this is not yet a reason for "does not apply to us"."""
    few = len(reason.strip()) < LEAST_WORD
    return ["Say in a sentence of 20 letters or more why it does not apply."] if few else []


def why_not_answer(answer: str) -> list[str]:
    """Why this is not yet the Program's word on a claim."""
    few = len(answer.strip()) < LEAST_WORD
    return ["Say in a sentence of 20 letters or more why it is accepted or refused."] if few else []

"""The words, numbers, moves and reasons of a certification and its plaque."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)


class CertificationState(StrEnum):
    """Where a certification stands."""

    ACTIVE = "active"
    PENDING_RENEWAL = "pending renewal"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Standing(StrEnum):
    """The public word about a certificate or a paper."""

    VALID = "valid"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


# A grant has no "from": it is the birth of a certification. Renewal, suspension and the like are rows to add here.
CERTIFICATION_MOVES: dict[str, tuple[frozenset[CertificationState], CertificationState]] = {
    "grant": (frozenset(), CertificationState.ACTIVE),
    "expire": (
        frozenset({CertificationState.ACTIVE, CertificationState.PENDING_RENEWAL, CertificationState.SUSPENDED}),
        CertificationState.EXPIRED,
    ),
}

IN_FORCE = frozenset({CertificationState.ACTIVE, CertificationState.PENDING_RENEWAL, CertificationState.SUSPENDED})
LISTED = IN_FORCE

PUBLIC_WORDS = {
    CertificationState.ACTIVE: Standing.VALID,
    CertificationState.PENDING_RENEWAL: Standing.VALID,
    CertificationState.SUSPENDED: Standing.SUSPENDED,
    CertificationState.EXPIRED: Standing.EXPIRED,
    CertificationState.REVOKED: Standing.REVOKED,
    CertificationState.WITHDRAWN: Standing.EXPIRED,
    CertificationState.SUPERSEDED: Standing.SUPERSEDED,
}

STANDING_MEANS = {
    Standing.VALID: "Certified today. Also while a renewal is in progress.",
    Standing.SUSPENDED: "Stopped for now. The mark may not be used.",
    Standing.EXPIRED: "The term ended without renewal.",
    Standing.REVOKED: "Ended by the Program.",
    Standing.SUPERSEDED: "Replaced by a newer version or term.",
    Standing.UNKNOWN: "Never issued by the Program.",
}


def standing(state: CertificationState, valid_through: date, today: date) -> Standing:
    """The public word today; a term that has run out is expired whether or not a clock has noticed yet."""
    if state is CertificationState.ACTIVE and today > valid_through:
        return Standing.EXPIRED
    return PUBLIC_WORDS[state]


class VersionState(StrEnum):
    """Is this paper the one that speaks for the certification?"""

    CURRENT = "current"
    SUPERSEDED = "superseded"


# 23 letters without I, O and U. 23 is prime and shares nothing with 10, so one wrong digit or two
# neighbors swapped always ask for another letter.
CHECK_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
NUMBER = re.compile(r"QCP-?(\d{4})-?(\d{4,6})-?([A-Z])")


def certificate_number(year: int, count: int) -> str:
    """QCP-2026-0042-K: year, count within the year, check letter."""
    digits = f"{year:04d}{count:04d}"
    return f"QCP-{year:04d}-{count:04d}-{CHECK_LETTERS[int(digits) % len(CHECK_LETTERS)]}"


def read_number(typed: str) -> str | None:
    """The number that somebody meant, spaces and small letters forgiven; None when it cannot be one."""
    found = NUMBER.fullmatch(re.sub(r"[\s_–—]+", "-", typed.strip().upper()).replace("--", "-"))
    if found is None:
        return None
    number = certificate_number(int(found[1]), int(found[2]))
    return number if number.endswith(found[3]) else None


@dataclass(frozen=True)
class CaseFacts:
    """What an award rests on."""

    report_issued: bool
    everything_met: bool
    newest_report: bool
    open_requirements: int
    unpaid: Sequence[str]
    any_invoice: bool
    application_ready: bool
    application_is: str
    certified_as: str | None


def award_checks(facts: CaseFacts) -> list[tuple[str, list[str]]]:
    """Each thing an award needs, with every reason why it is not there; no reason means that it is."""
    met = []
    if not facts.report_issued:
        met.append("The compliance report has not been issued.")
    elif not facts.everything_met:
        met.append("The last compliance report does not find every standard met at every site.")
    if not facts.newest_report:
        met.append("A newer compliance report exists; decide on that one.")
    if facts.open_requirements:
        many = facts.open_requirements
        met.append(f"{many} {'requirement is' if many == 1 else 'requirements are'} still open.")
    fees = [f"Invoice {number} is not confirmed." for number in facts.unpaid]
    if not facts.any_invoice:
        fees.append("No invoice was issued for this application.")
    ready = [] if facts.application_ready else [f"The application is {facts.application_is}, not ready."]
    free = [f"The practice is certified as {facts.certified_as} for this case."] if facts.certified_as else []
    return [
        ("Every standard is met at every site", met),
        ("Fees are confirmed", fees),
        ("The application is ready", ready),
        ("Not yet decided", free),
    ]


def why_not_award(facts: CaseFacts) -> list[str]:
    """Every reason against an award; none means that it can be given."""
    return [reason for _, reasons in award_checks(facts) for reason in reasons]


class PlaqueState(StrEnum):
    """Where the plaque stands."""

    OFFERED = "offered"
    DETAILS_GIVEN = "details given"
    PROOF_SENT = "proof sent"
    APPROVED = "approved"
    IN_PRODUCTION = "in production"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


PLAQUE_MOVES: dict[str, tuple[frozenset[PlaqueState], PlaqueState]] = {
    "confirm_details": (frozenset({PlaqueState.OFFERED, PlaqueState.DETAILS_GIVEN}), PlaqueState.DETAILS_GIVEN),
    "draw": (frozenset({PlaqueState.DETAILS_GIVEN}), PlaqueState.PROOF_SENT),
    "approve": (frozenset({PlaqueState.PROOF_SENT}), PlaqueState.APPROVED),
    "ask_change": (frozenset({PlaqueState.PROOF_SENT}), PlaqueState.DETAILS_GIVEN),
    "order": (frozenset({PlaqueState.APPROVED}), PlaqueState.IN_PRODUCTION),
    "ship": (frozenset({PlaqueState.IN_PRODUCTION}), PlaqueState.SHIPPED),
    "receive": (frozenset({PlaqueState.SHIPPED}), PlaqueState.DELIVERED),
    "report_fault": (frozenset({PlaqueState.SHIPPED, PlaqueState.DELIVERED}), PlaqueState.DETAILS_GIVEN),
    "cancel": (
        frozenset({PlaqueState.OFFERED, PlaqueState.DETAILS_GIVEN, PlaqueState.PROOF_SENT, PlaqueState.APPROVED}),
        PlaqueState.CANCELLED,
    ),
}

# The way a plaque goes when nothing comes between; the page shows it as steps.
PLAQUE_ROAD = (
    PlaqueState.OFFERED, PlaqueState.DETAILS_GIVEN, PlaqueState.PROOF_SENT, PlaqueState.APPROVED,
    PlaqueState.IN_PRODUCTION, PlaqueState.SHIPPED, PlaqueState.DELIVERED,
)  # fmt: skip

PLAQUE_NEXT = {
    PlaqueState.OFFERED: "The owner confirms the line to be engraved and the address.",
    PlaqueState.DETAILS_GIVEN: "The Program draws the proof.",
    PlaqueState.PROOF_SENT: "The owner approves the proof or asks for a change.",
    PlaqueState.APPROVED: "The Program orders the plaque.",
    PlaqueState.IN_PRODUCTION: "The maker engraves and ships it.",
    PlaqueState.SHIPPED: "The practice says when it has arrived.",
    PlaqueState.DELIVERED: "The plaque has arrived. If something is wrong with it, say so: it is made again for free.",
    PlaqueState.CANCELLED: "No plaque is made.",
}
PLAQUE_WAITS_FOR_PRACTICE = frozenset({PlaqueState.OFFERED, PlaqueState.PROOF_SENT, PlaqueState.SHIPPED})


def why_not_move(move: str, state: PlaqueState) -> list[str]:
    """Why a plaque in this state cannot make this move; none means it can."""
    starts, _ = PLAQUE_MOVES[move]
    if state in starts:
        return []
    wanted = " or ".join(one for one in PlaqueState if one in starts)
    return [f"The plaque is {state} now; this is done while it is {wanted}."]


def why_not_details(line: str, ship_to: Sequence[str], most: int) -> list[str]:
    """Why these details cannot be engraved or shipped to."""
    reasons = []
    if not line.strip():
        reasons.append("Say which name is to be engraved.")
    if len(line) > most:
        reasons.append(f"The line has {len(line)} characters; {most} fit on the plate.")
    if len([part for part in ship_to if part.strip()]) < 3:
        reasons.append("Give a name, a street and a town to send it to.")
    return reasons

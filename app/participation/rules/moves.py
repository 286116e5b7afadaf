"""The lives of a round, an enrolment and a chart, each as a table of moves."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from app.participation.rules.windows import RoundDates


class RoundState(StrEnum):
    """Where a round stands."""

    PLANNED = "planned"
    REGISTERING = "registering"
    OPEN = "open"
    CLOSED = "closed"
    RELEASED = "released"
    CANCELLED = "cancelled"


class EnrolmentState(StrEnum):
    """Where a practice stands in a round."""

    ENROLLED = "enrolled"
    ABSTRACTING = "abstracting"
    FROZEN = "frozen"
    REPORTED = "reported"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class ChartState(StrEnum):
    """A draft may have errors and counts nowhere; a locked chart is read-only."""

    DRAFT = "draft"
    ENTERED = "entered"
    LOCKED = "locked"


class Track(StrEnum):
    """The measures chosen at enrolment; certification needs the QCP Track."""

    QCP = "qcp"


class Statement(StrEnum):
    """What the owner ticks when enrolling."""

    MAY_REVIEW = "may_review"
    HAS_EMAIL = "has_email"
    TWO_ROUNDS = "two_rounds"
    FOLLOWS_METHOD = "follows_method"
    BEARS_COST = "bears_cost"
    SHARES_INSIDE = "shares_inside"
    NO_AGGREGATE = "no_aggregate"
    ACCEPTS_AUDIT = "accepts_audit"


STATEMENTS = {
    Statement.MAY_REVIEW: "We may review the charts of our patients for this purpose.",
    Statement.HAS_EMAIL: "The people who take part have e-mail.",
    Statement.TWO_ROUNDS: "We take part in two rounds.",
    Statement.FOLLOWS_METHOD: "We follow the method: which charts to choose, and how to read them.",
    Statement.BEARS_COST: "We bear our own cost of reading the charts.",
    Statement.SHARES_INSIDE: "We share the results inside the practice.",
    Statement.NO_AGGREGATE: "We do not publish figures about other practices.",
    Statement.ACCEPTS_AUDIT: "We accept that the Program may check a random sample of charts.",
}


class Agreement(StrEnum):
    """What is accepted before any chart is entered."""

    PARTICIPATION = "participation"
    BAA = "baa"


AGREEMENTS = {
    Agreement.PARTICIPATION: (
        "Participation agreement",
        "The practice takes part in the measuring program, gives truthful data about its own patients, accepts random "
        "checks of charts against its records, and bears its own cost.",
    ),
    Agreement.BAA: (
        "Business associate agreement",
        "A chart is a limited data set: the Program protects it, uses it for this purpose only, tells the practice of "
        "any breach, and returns or destroys it when the agreement ends.",
    ),
}

ROUND_MOVES: dict[str, tuple[set[RoundState], RoundState]] = {
    "open_registration": ({RoundState.PLANNED}, RoundState.REGISTERING),
    "open": ({RoundState.REGISTERING}, RoundState.OPEN),
    "extend": ({RoundState.OPEN}, RoundState.OPEN),
    "close": ({RoundState.OPEN}, RoundState.CLOSED),
    "release": ({RoundState.CLOSED}, RoundState.RELEASED),
    "cancel": ({RoundState.PLANNED, RoundState.REGISTERING}, RoundState.CANCELLED),
}

ENROLMENT_MOVES: dict[str, tuple[set[EnrolmentState], EnrolmentState]] = {
    "begin": ({EnrolmentState.ENROLLED}, EnrolmentState.ABSTRACTING),
    "freeze": ({EnrolmentState.ABSTRACTING}, EnrolmentState.FROZEN),
    "reopen": ({EnrolmentState.FROZEN}, EnrolmentState.ABSTRACTING),
    "close": ({EnrolmentState.ABSTRACTING}, EnrolmentState.FROZEN),
    "lapse": ({EnrolmentState.ENROLLED, EnrolmentState.ABSTRACTING}, EnrolmentState.LAPSED),
    "report": ({EnrolmentState.FROZEN}, EnrolmentState.REPORTED),
    "withdraw": ({EnrolmentState.ENROLLED, EnrolmentState.ABSTRACTING}, EnrolmentState.WITHDRAWN),
}

CHART_MOVES: dict[str, tuple[set[ChartState], ChartState]] = {
    "enter": ({ChartState.DRAFT}, ChartState.ENTERED),
    "lock": ({ChartState.ENTERED}, ChartState.LOCKED),
    "unlock": ({ChartState.LOCKED}, ChartState.ENTERED),
}

# Data entry ends with the round, but charts of a practice that is only enrolled are its first.
ENTERING = {EnrolmentState.ENROLLED, EnrolmentState.ABSTRACTING}
REGISTRATION = {RoundState.REGISTERING, RoundState.OPEN}


def why_not_move(what: str, state: StrEnum, starts: Iterable[StrEnum]) -> list[str]:
    """The reason why a move does not start from a state; none means it does."""
    allowed = sorted(start.value for start in starts)
    if state.value in allowed:
        return []
    return [f"The {what} is {state.value}; this can only be done while it is {' or '.join(allowed)}."]


def why_not_dates(dates: RoundDates, registers_from: date, registers_until: date) -> list[str]:
    """Every reason why the dates of a round do not follow each other."""
    found = []
    if registers_from > dates.opens_on:
        found.append("Registration must open no later than the round itself.")
    if not dates.opens_on < registers_until <= dates.closes_on:
        found.append("Registration must end after the round opens and no later than it closes.")
    if dates.visits_from > dates.visits_to or dates.deaths_from > dates.deaths_to:
        found.append("A window must begin before it ends.")
    return found


def why_not_extend(closes_on: date, new: date, today: date) -> list[str]:
    """Every reason why a round cannot close on a new day."""
    found = []
    if new <= closes_on:
        found.append("The new last day must be later than the one before.")
    if new <= today:
        found.append("The new last day must lie in the future.")
    return found


def why_not_enroll(
    *, round_state: RoundState, fte: str | None, statements: Iterable[str], agreements: Iterable[str], today: date,
    registers_until: date,
) -> list[str]:  # fmt: skip
    """Every reason why a practice cannot enrol; none means it can."""
    found = []
    if round_state not in REGISTRATION or today > registers_until:
        found.append("Registration for this round is not open.")
    if fte is None:
        found.append("Enter the full-time equivalents of your oncologists as a number above 0, such as 2.5.")
    if missing := len(set(Statement) - set(statements)):
        found.append(f"{missing} of the {len(Statement)} statements are not ticked.")
    found += [f"The {AGREEMENTS[key][0].lower()} is not accepted." for key in Agreement if key not in set(agreements)]
    return found

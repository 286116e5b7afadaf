"""What is known of one practice's road: plain values, read from every room in a few queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Step:
    """One of the six steps: is it done, and whose hands does it need?"""

    number: int
    title: str
    slug: str
    done: bool
    role: str = "owner"
    returned: bool = False


@dataclass(frozen=True)
class Facts:
    """Each room's states, as words; empty or None means that the practice has not come so far."""

    name: str
    practice_state: str = "active"
    sites: int = 1
    # participation
    round_name: str = ""
    round_state: str = ""
    enrolment: str = ""
    enrolled_on: date | None = None
    charts: int = 0
    charts_wanted: int = 0
    score: str = ""
    score_charts: int = 0
    score_on: date | None = None
    qualified: bool = False
    valid_until: date | None = None
    # application
    application: str = ""
    number: str = ""
    steps: tuple[Step, ...] = ()
    ready_on: date | None = None
    to_look: bool = False
    invoice: str = ""
    invoice_number: str = ""
    claims: int = 0  # that a row does not apply, without an answer
    questions: int = 0  # for a file, without one
    # survey
    survey: str = ""
    resurvey: bool = False
    assignment: str = ""
    surveyor_id: str | None = None
    visit_on: date | None = None
    visit_until: date | None = None
    review: str = ""
    reviewer_id: str | None = None
    determined_on: date | None = None
    # report
    report: str = ""
    all_met: bool = False
    issued_on: date | None = None
    requirements: int = 0
    met: int = 0
    plan: str = ""
    plan_round: int = 0
    plan_returned: int = 0
    # decision
    certificate: str = ""
    certification: str = ""
    awarded_on: date | None = None
    ends_on: date | None = None
    plaque: str = ""
    # the ids of what the facts speak of, by the names that addresses use
    ids: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def certified(self) -> bool:
        return bool(self.certificate)

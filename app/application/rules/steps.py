"""The six steps of an application, as data, and how their states follow from the facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.application.rules.case import STATE_WORDS, State


class Slug(StrEnum):
    """The address of a step."""

    ELIGIBILITY = "eligibility"
    AGREEMENTS = "agreements"
    QUESTIONNAIRE = "questionnaire"
    PAYMENT = "payment"
    POLICIES = "policies"
    DATES = "dates"


class StepState(StrEnum):
    """Where a step stands."""

    LOCKED = "opens later"
    TO_DO = "to do"
    STARTED = "started"
    COMPLETE = "complete"
    ATTENTION = "needs attention"


@dataclass(frozen=True)
class Step:
    """What the Program asks in one step, who may do it, and when it is done."""

    slug: Slug
    number: int
    title: str
    about: str
    who: str
    needs: tuple[Slug, ...]
    complete_when: str
    sections: str = ""  # letters of the questionnaire that must be complete before this step opens


@dataclass(frozen=True)
class Gap:
    """One thing missing, and the place where it is put right (an endpoint and its arguments)."""

    says: str
    endpoint: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)


STEPS: tuple[Step, ...] = (
    Step(
        Slug.ELIGIBILITY, 1, "Eligibility",
        "The Program works out whether your practice may apply. You confirm your sites and your oncologists.",
        "owner or contributor", (),
        "no reason stands against applying, policies are affirmed, sites and FTE are confirmed",
    ),
    Step(
        Slug.AGREEMENTS, 2, "Agreements",
        "Three agreements between your practice and the Program, signed here by somebody who may bind the practice.",
        "signer", (Slug.ELIGIBILITY,), "the version in force of each agreement is signed",
    ),
    Step(
        Slug.QUESTIONNAIRE, 3, "Practice questionnaire",
        "Ten sections about your practice, its sites and its people. Saved as you go.",
        "owner or contributor", (Slug.ELIGIBILITY,),
        "every required answer is given and valid, and the statement of truth is made",
    ),
    Step(
        Slug.PAYMENT, 4, "Payment",
        "The fee follows from your oncologists and the sites that give drugs. Its confirmation fixes your edition.",
        "owner", (Slug.AGREEMENTS,), "the Program has confirmed the payment, or waived it", sections="ADE",
    ),
    Step(
        Slug.POLICIES, 5, "Policies",
        "A passage of your own documents for each row that asks for one, or the reason why it does not apply.",
        "owner or contributor", (Slug.AGREEMENTS,),
        "every slot has a passage in a readable document, or a reason why it does not apply",
    ),
    Step(
        Slug.DATES, 6, "Dates for the survey",
        "Days on which a surveyor can see your main site at work.",
        "owner or contributor", (Slug.ELIGIBILITY,),
        "at least five days in two or more weeks are offered", sections="D",
    ),
)  # fmt: skip

BY_SLUG: dict[Slug, Step] = {step.slug: step for step in STEPS}


def state_of(*, open_: bool, begun: bool, gaps: bool, was_complete: bool) -> StepState:
    """The state that follows from the facts of one step."""
    if not open_:
        return StepState.ATTENTION if was_complete else StepState.LOCKED
    if not gaps:
        return StepState.COMPLETE
    if was_complete:
        return StepState.ATTENTION
    return StepState.STARTED if begun else StepState.TO_DO


def waits_for(step: Step, complete: set[Slug], sections: set[str]) -> list[str]:
    """What must be done before this step opens, in words."""
    steps = [BY_SLUG[slug] for slug in step.needs if slug not in complete]
    letters = [letter for letter in step.sections if letter not in sections]
    said = [f"step {needed.number}, {needed.title.lower()}" for needed in steps]
    if letters:
        several, last = ", ".join(letters[:-1]), letters[-1]
        named = f"sections {several} and {last}" if several else f"section {last}"
        said.append(f"{named} of the questionnaire")
    return said


def why_shut(state: State, slug: Slug, returned: set[Slug]) -> list[str]:
    """Why nothing can be changed in a step now; while an application is returned only named steps open."""
    if state is State.DRAFT or (state is State.RETURNED and slug in returned):
        return []
    if state is State.RETURNED:
        return [f"Step {BY_SLUG[slug].number} was not returned to you, so it stays as it was submitted."]
    return [f"The application is {STATE_WORDS[state]}; what was submitted cannot be changed."]

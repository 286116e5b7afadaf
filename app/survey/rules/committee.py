"""The committee: how ratings roll up, who may judge, when a standard is settled and a survey determined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.survey.rules.worksheet import BELOW_MET, Rating, standard_of


class Result(StrEnum):
    """What a determination says."""

    ALL_MET = "all met"
    REQUIREMENTS = "requirements"


# The worst comes first. An open row hides the result: nothing is said before everything is known.
WORST_FIRST = (Rating.NOT_ASSESSED, Rating.NOT_MET, Rating.PARTIALLY, Rating.MET)


def worst(ratings: Iterable[Rating]) -> Rating:
    """Not met < partially met < met. Not applicable is ignored; if all are, that is the result."""
    found = set(ratings)
    if not found:
        return Rating.NOT_ASSESSED
    return next((rating for rating in WORST_FIRST if rating in found), Rating.NOT_APPLICABLE)


def roll_up(lines: Mapping[str, Iterable[Rating]]) -> dict[str, Rating]:
    """Per standard: the worst of its own line and all below it, over all sites. `lines`: row code -> its ratings."""
    gathered: dict[str, list[Rating]] = {}
    for code, ratings in lines.items():
        gathered.setdefault(standard_of(code), []).extend(ratings)
    return {standard: worst(ratings) for standard, ratings in gathered.items()}


def result_of(ratings: Iterable[Rating]) -> Result:
    """All met only if no row is below met at any site."""
    return Result.REQUIREMENTS if any(rating in BELOW_MET for rating in ratings) else Result.ALL_MET


@dataclass(frozen=True)
class Judged:
    """One standard as the reviewer wants to settle it; keys are (row code, site id)."""

    surveyor: Mapping[tuple[str, str], Rating]
    committee: Mapping[tuple[str, str], Rating]
    na_allowed: Mapping[str, bool]
    reason: str
    must_show: str


def overruled(judged: Judged) -> dict[tuple[str, str], Rating]:
    """The lines where the committee differs from the surveyor."""
    return {key: rating for key, rating in judged.committee.items() if judged.surveyor[key] is not rating}


def why_not_settle(judged: Judged) -> list[str]:
    """Every line has a rating; a difference has its reason; a finding says what must be shown."""
    reasons = []
    if any(rating is Rating.NOT_ASSESSED for rating in judged.committee.values()):
        reasons.append("Every line needs a rating.")
    for code in sorted({code for code, _ in overruled(judged)}):
        refused = [judged.committee[key] for key in overruled(judged) if key[0] == code]
        if Rating.NOT_APPLICABLE in refused and not judged.na_allowed[code]:
            reasons.append(f"The edition does not allow “not applicable” for {code}.")
    if overruled(judged) and not judged.reason.strip():
        reasons.append("Write why your rating differs from the surveyor’s.")
    if any(rating in BELOW_MET for rating in judged.committee.values()) and not judged.must_show.strip():
        reasons.append("Write what must be shown; the practice reads it in its report.")
    return reasons


def why_not_determine(unsettled: Iterable[str], open_questions: Iterable[str]) -> list[str]:
    """Every standard settled, every question answered."""
    reasons = [f"{code} is not settled." for code in unsettled]
    return reasons + [f"Your question on {code} has no answer yet." for code in open_questions]

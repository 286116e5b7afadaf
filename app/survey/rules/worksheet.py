"""The worksheet: ratings, methods and sources, when an entry may be saved and when the sheet may be sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.standards.rules import Kind, Method


class Rating(StrEnum):
    """How one row is met at one site. Words and roll-up are the Program's defaults."""

    MET = "met"
    PARTIALLY = "partially met"
    NOT_MET = "not met"
    NOT_APPLICABLE = "not applicable"
    NOT_ASSESSED = "not assessed"


RATING_KEYS = {
    Rating.MET: "1", Rating.PARTIALLY: "2", Rating.NOT_MET: "3", Rating.NOT_APPLICABLE: "4", Rating.NOT_ASSESSED: "0",
}  # fmt: skip
BELOW_MET = frozenset({Rating.PARTIALLY, Rating.NOT_MET})
GIVEN = tuple(rating for rating in Rating if rating is not Rating.NOT_ASSESSED)


class SourceKind(StrEnum):
    """What an observation rests on: numbers, roles and places, never names."""

    DOCUMENT = "document"
    CHART = "chart"
    FILE = "file"
    ROLE = "role"
    PLACE = "place"


SOURCE_WORDS = {
    SourceKind.DOCUMENT: "Document and page",
    SourceKind.CHART: "Chart number",
    SourceKind.FILE: "Personnel file number",
    SourceKind.ROLE: "Role interviewed",
    SourceKind.PLACE: "Place",
}


class Harm(StrEnum):
    """How likely a finding is to harm a patient."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Spread(StrEnum):
    """How widely a finding was seen."""

    ISOLATED = "isolated"
    PATTERN = "pattern"
    WIDESPREAD = "widespread"


ROW_KINDS = frozenset({Kind.STANDARD.value, Kind.ELEMENT.value})  # domains have no rating, only counts


def row_codes(rows: Iterable[tuple[str, str]], scope: Iterable[str] | None) -> list[str]:
    """The codes that get a line, from (code, kind), in the order given; a scope narrows them."""
    wanted = None if scope is None else set(scope)
    return [code for code, kind in rows if kind in ROW_KINDS and (wanted is None or code in wanted)]


def standard_of(code: str) -> str:
    """The standard a row belongs to: its first two numbers."""
    return ".".join(code.split(".")[:2])


@dataclass(frozen=True)
class Line:
    """One entry, as the guards see it."""

    entry_id: str
    code: str
    site: str
    rating: Rating
    na_reason: str = ""
    sourced: int = 0  # observations that stand and name their source


@dataclass(frozen=True)
class Missing:
    """One thing without which the worksheet is not whole."""

    entry_id: str
    code: str
    site: str
    reason: str

    def __str__(self) -> str:
        return f"{self.code} at {self.site}: {self.reason}"


def what_is_missing(lines: Iterable[Line]) -> list[Missing]:
    """Everything at once: rows not rated, findings without a sourced observation, not applicable without a reason."""
    found = []
    for line in lines:
        if line.rating is Rating.NOT_ASSESSED:
            reason = "not assessed."
        elif line.rating in BELOW_MET and not line.sourced:
            reason = f"{line.rating} needs at least one observation with its source."
        elif line.rating is Rating.NOT_APPLICABLE and not line.na_reason.strip():
            reason = "not applicable needs a reason."
        else:
            continue
        found.append(Missing(line.entry_id, line.code, line.site, reason))
    return found


def why_not_rate(rating: Rating, *, na_allowed: bool, methods: Iterable[str]) -> list[str]:
    """Only what the edition allows to be not applicable may be; methods come from the list."""
    reasons = []
    if rating is Rating.NOT_APPLICABLE and not na_allowed:
        reasons.append("The edition does not allow “not applicable” for this row. Rate it.")
    unknown = sorted(set(methods) - {method.value for method in Method})
    if unknown:
        reasons.append(f"Unknown method: {', '.join(unknown)}.")
    return reasons


def why_not_observe(text: str, source: str, page: int | None, pages: int | None) -> list[str]:
    """One fact, and where it was found."""
    reasons = []
    if not text.strip():
        reasons.append("Write what was seen, heard or read.")
    if not source.strip():
        reasons.append("Name the source: document and page, chart or file number, role or place.")
    if page is not None and (page < 1 or (pages is not None and page > pages)):
        reasons.append(f"The document has no page {page}.")
    return reasons


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """The fields that differ, with what they were."""
    return {key: before[key] for key in after if before.get(key) != after[key]}

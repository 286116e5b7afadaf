"""Rolling ratings up, counting them, and reading the words for what a report must not hold."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Mark(StrEnum):
    """A rating as the papers write it, worst last among those that count."""

    NA = "na"
    MET = "met"
    PARTIAL = "partial"
    NOT_MET = "notmet"


MARK_WORDS = {
    Mark.MET: "Met",
    Mark.PARTIAL: "Partially met",
    Mark.NOT_MET: "Not met",
    Mark.NA: "Not applicable",
}
_WEIGHT = {mark: weight for weight, mark in enumerate(Mark)}
BELOW = (Mark.PARTIAL, Mark.NOT_MET)


def worst(marks: Iterable[Mark]) -> Mark:
    """Not met outweighs partially met outweighs met; what does not apply is ignored, and all of it is NA."""
    return max(marks, key=_WEIGHT.__getitem__, default=Mark.NA)


@dataclass
class Line:
    """One row of the edition with its own ratings by site and, after `rolled_up`, those of all below it."""

    code: str
    parent: str | None
    domain: str
    kind: str
    title: str
    own: dict[str, Mark]
    noted: bool = False
    ratings: dict[str, Mark] = field(default_factory=dict)

    @property
    def overall(self) -> Mark:
        return worst(self.ratings.values())

    @property
    def depth(self) -> int:
        """0 for a standard (3.7), 1 for its elements (3.7.1), and so on."""
        return max(0, self.code.count(".") - 1)


def below(code: str, other: str) -> bool:
    """Is `other` somewhere under `code`?"""
    return other.startswith(f"{code}.")


def rolled_up(lines: Sequence[Line]) -> list[Line]:
    """Each line's ratings become the worst of its own and of all lines below it, site by site."""
    for line in lines:
        family = [other for other in lines if other is line or below(line.code, other.code)]
        sites = dict.fromkeys(site for other in family for site in other.own)
        line.ratings = {site: worst(other.own[site] for other in family if site in other.own) for site in sites}
    return list(lines)


def asks_something(line: Line, lines: Sequence[Line]) -> bool:
    """Does this line make a finding and a requirement of its own?

    A line that is below met only because of elements under it does not: the elements ask.
    """
    if worst(line.own.values()) not in BELOW:
        return False
    elements_ask = any(below(line.code, other.code) and worst(other.own.values()) in BELOW for other in lines)
    return line.noted or not elements_ask


def counted(lines: Iterable[Line]) -> dict[str, int]:
    """How many of these lines are met, partially met, not met, not applicable, and all together."""
    counts = {Mark.MET.value: 0, Mark.PARTIAL.value: 0, Mark.NOT_MET.value: 0, Mark.NA.value: 0}
    for line in lines:
        counts[line.overall.value] += 1
    return counts | {"total": sum(counts.values())}


def sites_below(line: Line, visited: Sequence[str]) -> list[str]:
    """The visited sites at which this line is below met, in the given order."""
    return [site for site in visited if line.own.get(site) in BELOW]


# Forms of words that may point to a person. A hit asks for a second look; it is not proof.
_SUSPECT: tuple[tuple[str, str], ...] = (
    (r"\b\d{3}-\d{2}-\d{4}\b", "looks like a social security number"),
    (r"\b(?:MRN|medical record(?: number)?|record (?:no\.?|number))\s*[:#]?\s*\d{3,}", "looks like a record number"),
    (r"\b(?:DOB|date of birth|born on|born)\b\W{0,3}\w{0,9}\W{0,2}\d", "looks like a date of birth"),
    (r"\b(?:Mr|Mrs|Ms|Miss|Dr|Doctor|Nurse)\.?\s+[A-Z][a-z]+", "names a person"),
    (r"\b[A-Z][a-z]+ [A-Z][\w'-]+,? (?:RN|MD|DO|NP|PA-C|PharmD|BSN|PhD|OCN)\b", "names a person"),
    (r"\b[Pp]atient (?:named |called )?[A-Z][a-z]+ [A-Z][a-z]+", "names a patient"),
    (r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b", "is an e-mail address"),
    (r"(?<!\d)(?:\(\d{3}\)\s*|\d{3}[-. ])\d{3}[-. ]\d{4}(?!\d)", "is a telephone number"),
)


def suspect_wording(text: str) -> list[str]:
    """What in this text may point to a patient or a member of staff, each with the words themselves."""
    hits = [(match.start(), match.group(0).strip(), why) for form, why in _SUSPECT for match in re.finditer(form, text)]
    return list(dict.fromkeys(f"“{words}” {why}." for _, words, why in sorted(hits)))


def named_people(text: str, names: Iterable[str]) -> list[str]:
    """Which of these people the text names in full."""
    bare = {name.split(",")[0].strip() for name in names}
    found = [name for name in sorted(bare) if " " in name and re.search(rf"\b{re.escape(name)}\b", text, re.I)]
    return [f"“{name}” is a person's name; the report names nobody." for name in found]


def wording_faults(texts: Mapping[str, str], names: Iterable[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """By place: people named for certain, and words that need a second look."""
    people = list(names)
    certain = {place: found for place, text in texts.items() if (found := named_people(text, people))}
    suspect = {place: found for place, text in texts.items() if (found := suspect_wording(text))}
    return certain, suspect


def in_plain_words(totals: Mapping[str, int]) -> str:
    """The one sentence at the head of the report: how many of the standards that apply are met."""
    apply = totals["total"] - totals["na"]
    if totals["met"] == apply:
        return f"Your practice meets all {apply} standards that apply to it."
    return f"Your practice meets {totals['met']} of the {apply} standards that apply to it."

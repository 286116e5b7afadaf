"""The practice questionnaire read as a whole: clean values, and every problem with its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.application.rules.fields import Answers, Field, Group, Kind, Problem, Reading, Section, Wrong, read
from app.application.rules.sections.care import CARE, CLOSING, SAFETY, SYSTEMS, VOLUMES
from app.application.rules.sections.practice import CONTACTS, IDENTITY, STRUCTURE
from app.application.rules.sections.sites import SITES
from app.application.rules.sections.staff import STAFF
from app.application.rules.words import Day

SECTIONS: tuple[Section, ...] = (
    IDENTITY, STRUCTURE, CONTACTS, SITES, STAFF, VOLUMES, SYSTEMS, CARE, SAFETY, CLOSING,
)  # fmt: skip
BY_LETTER: dict[str, Section] = {section.letter: section for section in SECTIONS}


@dataclass(frozen=True)
class Examined:
    """One section: its clean values, what is wrong or missing, and how much of it is answered."""

    section: Section
    values: Answers
    problems: list[Problem]
    answered: int
    asked: int

    @property
    def complete(self) -> bool:
        return not self.problems

    @property
    def wrong(self) -> list[Problem]:
        """Answers that were given and cannot stand; unlike the missing ones."""
        return [problem for problem in self.problems if not problem.missing]


def examine(typed: Mapping[str, Answers], facts: Mapping[str, Any]) -> dict[str, Examined]:
    """Read all ten sections; `typed` holds what people typed, by letter; `facts` what other steps know."""
    first = {section.letter: _read_section(section, typed.get(section.letter, {})) for section in SECTIONS}
    whole = {letter: found.values for letter, found in first.items()}
    return {letter: _checked(found, whole, facts) for letter, found in first.items()}


def _checked(found: Examined, whole: Mapping[str, Answers], facts: Mapping[str, Any]) -> Examined:
    if found.section.check is None:
        return found
    more = found.section.check(Reading(found.values, whole, facts))
    known = {problem.path for problem in found.problems}
    problems = [*found.problems, *(problem for problem in more if problem.path not in known)]
    return Examined(found.section, found.values, problems, found.answered, found.asked)


def _read_section(section: Section, typed: Answers) -> Examined:
    problems: list[Problem] = []
    values: dict[str, Any] = _read_fields(section.fields, typed, "", "", problems)
    answered, asked = _count(section.fields, values)
    if section.group is not None:
        entries = list(typed.get(section.group.name) or [])
        values[section.group.name] = [_read_entry(section.group, entry, n, problems) for n, entry in enumerate(entries)]
        problems += _how_many(section.group, len(entries))
        counts = [_count(section.group.fields, entry) for entry in values[section.group.name]]
        answered, asked = answered + sum(c[0] for c in counts), asked + sum(c[1] for c in counts)
        asked = asked or len(section.group.fields) * section.group.least
    return Examined(section, values, problems, answered, asked)


def _read_entry(group: Group, entry: Answers, n: int, problems: list[Problem]) -> dict[str, Any]:
    return _read_fields(group.fields, entry, f"{group.name}-{n}-", called(group, entry, n), problems)


def called(group: Group, entry: Answers, n: int) -> str:
    """What an entry is called on the page: its own name, or its place in the list."""
    name = str(entry.get(group.fields[0].name) or "").strip()
    words = group.fields[0].words
    if words is not None and name in set(words):
        name = words(name).label
    return name or f"{group.one.capitalize()} {n + 1}"


def in_short(entry: Answers) -> str:
    """A site in one line, for the folded entry: code, chairs, days on which drugs are given."""
    if "site_code" not in entry:
        return ""
    days = ", ".join(Day(day).label for day in entry.get("site_treats") or [] if day in set(Day))
    parts = [
        f"Code {entry['site_code']}" if entry["site_code"] else "",
        f"{entry.get('site_chairs') or 0} chairs",
        days,
    ]
    return ", ".join(part for part in parts if part)


def _read_fields(
    fields: tuple[Field, ...], typed: Answers, prefix: str, where: str, problems: list[Problem]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields:
        path = prefix + field.name
        try:
            values[field.name] = read(field, typed.get(field.name))
        except Wrong as wrong:
            values[field.name] = None
            problems.append(Problem(path, str(wrong), where))
            continue
        if field.required and not _given(values[field.name]):
            problems.append(Problem(path, _ask_for(field), where, missing=True))
    return values


def _ask_for(field: Field) -> str:
    if field.kind is Kind.TRUTH:
        return "Tick this statement."
    verb = "Choose" if field.kind in (Kind.ONE, Kind.MANY) else "Give"
    return f"{verb} an answer: {field.label.rstrip('?').lower() if field.label[1:2].islower() else field.label}."


def _how_many(group: Group, count: int) -> list[Problem]:
    if count < group.least:
        return [Problem(group.name, f"Add at least {group.least} {group.one}.", missing=True)]
    if count > group.most:
        return [Problem(group.name, f"At most {group.most} can be listed; there are {count}.")]
    return []


def _count(fields: tuple[Field, ...], values: Answers) -> tuple[int, int]:
    asked = [field for field in fields if field.required or _given(values.get(field.name))]
    return sum(_given(values.get(field.name)) for field in asked), len(asked)


def _given(value: Any) -> bool:
    """0 is an answer; an unticked box is none."""
    return value is not None and value is not False


def differences(section: Section, mine: Answers, theirs: Answers) -> list[tuple[str, str, str, str]]:
    """Where two versions of one section differ: path, label, mine and theirs in words."""
    found = [
        (field.name, field.label, spoken(field, mine.get(field.name)), spoken(field, theirs.get(field.name)))
        for field in section.fields
    ]
    if section.group is not None:
        found += _group_differences(section.group, mine, theirs)
    return [row for row in found if row[2] != row[3]]


def _group_differences(group: Group, mine: Answers, theirs: Answers) -> list[tuple[str, str, str, str]]:
    left, right = list(mine.get(group.name) or []), list(theirs.get(group.name) or [])
    found = []
    for n in range(max(len(left), len(right))):
        a, b = (left[n] if n < len(left) else {}), (right[n] if n < len(right) else {})
        name = called(group, a or b, n)
        found += [
            (f"{group.name}-{n}-{f.name}", f"{name}: {f.label}", spoken(f, a.get(f.name)), spoken(f, b.get(f.name)))
            for f in group.fields
        ]
    return found


def spoken(field: Field, typed: Any) -> str:
    """An answer as people read it; empty when there is none."""
    if isinstance(typed, Mapping):
        return ", ".join(f"{_label(field, key)} {text}" for key, text in typed.items() if str(text).strip())
    if isinstance(typed, list | tuple):
        return ", ".join(_label(field, item) for item in typed)
    if field.kind is Kind.TRUTH:
        return "yes" if typed else ""
    return _label(field, str(typed)) if typed not in (None, "") else ""


def _label(field: Field, word: str) -> str:
    if field.words is not None and word in set(field.words):
        return field.words(word).label
    return word.capitalize() if field.kind in (Kind.HOURS, Kind.COUNTS) else word


def masked(text: str) -> str:
    """A number of which others than the owner see the last four characters."""
    return "ends in " + text[-4:] if len(text) > 4 else text

"""What looks like the identity of a patient: a number, a date or a name in a place where only a patient's stands.

A policy speaks of record numbers and birth dates without saying any, and a form leaves blanks for them. So a label
alone is nothing, and so is a number alone, except the one shape that is nobody else's: a Social Security number.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

BETWEEN = r"[\s:#=.|()\[\]\u2013\u2014-]{0,8}(?:is\s{1,3}|of\s{1,3}|no\.?\s{1,3})?"
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
YEAR = r"(?:(?:19|20)\d\d)"
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
DATE = (
    rf"(?:(?:0?[1-9]|1[0-2])[/.-]{DAY}[/.-](?:{YEAR}|\d\d)|{YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    rf"|{MONTH}\s{{1,3}}{DAY}(?:st|nd|rd|th)?,?\s{{1,3}}{YEAR}|{DAY}[ -]{MONTH},?[ -]{YEAR})(?!\d)"
)
WORD = r"[A-Z][A-Za-z'\u2019-]{1,30}"
PERSON = rf"{WORD}(?:,[ ]{{0,2}}|[ ]{{1,2}})(?:[A-Z]\.?[ ]{{1,2}})?{WORD}"
PHONE = r"(?:\(?\d{3}\)?[-. ]{1,2})?\d{3}[-.]\d{4}(?!\d)"
MAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}"


class Sign(StrEnum):
    """What a find looks like, in words."""

    SSN = "Social Security number"
    RECORD = "record number"
    BIRTH = "date of birth"
    MEMBER = "insurance number"
    NAME = "patient's name"
    CONTACT = "patient's telephone or e-mail"


@dataclass(frozen=True, order=True)
class Find:
    """One of them: where it stands in the text of its page."""

    start: int
    end: int
    sign: Sign


SSN = re.compile(
    r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- \u2010\u2011.])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])"
    r"|(?:\bSSN|\bsocial security (?:number|no\.?|#))[\s:#.]{0,6}(?P<bare>(?!000|666|9)\d{9})(?!\d)",
    re.IGNORECASE,
)
RECORD = re.compile(
    r"\b(?P<label>MRN|M\.R\.N\.|MR ?#|med(?:ical)?\.? rec(?:ord)?\.? ?(?:number|num\.?|no\.?|#|id)?"
    r"|(?:patient|pt\.?|chart|account|acct\.?|encounter|visit|hospital) ?(?:number|num\.?|no\.?|#|id)"
    r"|acct\.?:|account:)"
    + BETWEEN + r"(?P<value>[A-Z]{0,3}-?\d[\d-]{3,14})(?![\d/])",
    re.IGNORECASE,
)  # fmt: skip
BIRTH = re.compile(
    r"\b(?P<label>D\.?O\.?B\.?|date[ -]of[ -]birth|birth ?date|birthday|born(?: on)?)"
    + BETWEEN + rf"(?P<value>{DATE})",
    re.IGNORECASE,
)  # fmt: skip
MEMBER = re.compile(
    r"\b(?:(?:member|subscriber|beneficiary|insured|insurance|medicare|medicaid)(?:'s)? ?(?:number|num\.?|no\.?|#|id)"
    r"(?: (?:number|no\.?|#))?|MBI|HICN)" + BETWEEN + r"(?P<value>(?=[A-Z\d-]{0,14}\d{2})[A-Z\d][A-Z\d-]{5,17})\b",
    re.IGNORECASE,
)  # fmt: skip
PATIENT = re.compile(
    r"\b(?:[Pp]atient|PATIENT|P[Tt]\.?)(?:['\u2019][Ss])?(?: [Nn]ame| NAME)?"
    rf"\s{{0,2}}[:|-]\s{{0,3}}(?P<value>{PERSON})"
)
NAMED = re.compile(rf"\b(?:[Nn]ame|NAME)\s{{0,2}}[:|-]\s{{0,3}}(?P<value>{PERSON})")
BEFORE = re.compile(rf"(?P<value>{PERSON})[\s,;:(|-]{{1,4}}$")
BESIDE = re.compile(rf"(?P<date>\b{DATE})|(?P<number>(?<![\w.,$/-])\d{{5,10}}(?![\w/%-]))", re.IGNORECASE)
REACH = re.compile(rf"{PHONE}|{MAIL}")
HEADING = re.compile(r"\bMRN\b|\bDOB\b|medical record|date of birth|birth ?date", re.IGNORECASE)
ROW = re.compile(rf"^(?=.{{0,200}}?(?<![\w-])\d{{5,10}}(?![\w-]))(?=.{{0,200}}?{PERSON}).{{0,200}}$", re.MULTILINE)
LONG_AGO = re.compile(r"(?<![\d/-])(?:0?[1-9]|1[0-2])[/-](?:0?[1-9]|[12]\d|3[01])[/-](?:19\d\d|200\d)(?!\d)")
NUMBER = re.compile(r"(?<![\w-])\d{5,10}(?![\w-])")
NEAR = 160  # letters between a name and the number or date that make it a patient's
MOST = 1000  # of each on one page
LIST_LINES = 60  # below the heading of a list

NO_NAMES = frozenset([
    "account", "address", "age", "allergies", "allergy", "assessment", "birth", "care", "center", "chart",
    "clinic", "consent", "cycle", "date", "day", "diagnosis", "dob", "doctor", "dose", "drug", "education",
    "encounter", "family", "first", "form", "full", "gender", "given", "height", "home", "id", "identifiers",
    "initials", "label", "last", "legal", "location", "medical", "medication", "middle", "mrn", "name",
    "navigator", "no", "none", "number", "nurse", "of", "oncology", "order", "patient", "patients",
    "pharmacist", "phone", "physician", "plan", "practice", "printed", "provider", "record", "regimen",
    "room", "sex", "signature", "site", "staff", "telephone", "time", "treatment", "verification", "visit",
    "weight",
])  # fmt: skip


def finds(text: str) -> list[Find]:
    """Everything on a page that looks like a patient's identity, in order, none twice."""
    sure = [*_numbers(text), *_births(text), *_listed(text)]
    found = sorted({*sure, *_patients(text), *_names_beside(text, sure)})
    kept: list[Find] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def masked(sign: str, words: str) -> str:
    """What may be shown of it: enough to know it again, too little to know anybody by it."""
    if sign == Sign.NAME:
        return re.sub(r"(?<=\w)\w", "*", words)
    if sign == Sign.BIRTH:
        return re.sub(r"\w", "*", words)
    left = 4 if sign == Sign.SSN else 2
    ends = [at for at, letter in enumerate(words) if letter.isalnum()][-left:]
    return "".join("*" if c.isalnum() and at not in ends else c for at, c in enumerate(words))


def _each(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """As many as anybody would look at on one page; a file is held for one."""
    return islice(pattern.finditer(text), MOST)


def _numbers(text: str) -> Iterator[Find]:
    for match in _each(SSN, text):
        yield Find(*match.span("bare" if match["bare"] else 0), Sign.SSN)
    for match in _each(RECORD, text):
        if sum(c.isdigit() for c in match["value"]) >= 4 and not _only_a_year(match):
            yield Find(*match.span("value"), Sign.RECORD)
    for match in _each(MEMBER, text):
        if sum(c.isdigit() for c in match["value"]) >= 4:
            yield Find(*match.span("value"), Sign.MEMBER)


def _only_a_year(match: re.Match[str]) -> bool:
    return match["label"].upper() != "MRN" and re.fullmatch(rf"{YEAR}(?:-\d\d?){{0,2}}", match["value"]) is not None


def _births(text: str) -> Iterator[Find]:
    for match in _each(BIRTH, text):
        yield Find(*match.span("value"), Sign.BIRTH)


def _patients(text: str) -> Iterator[Find]:
    """A patient who is named, with a date or a number in the same line, or a telephone or e-mail close by."""
    for match in _each(PATIENT, text):
        if not _is_name(match["value"]):
            continue
        line = text[match.end() : match.end() + NEAR].split("\n", 1)[0]
        beside = BESIDE.search(line)
        reach = REACH.search(text, match.end(), match.end() + NEAR)
        if beside or reach:
            yield Find(*match.span("value"), Sign.NAME)
        if beside:
            sign = Sign.BIRTH if beside["date"] else Sign.RECORD
            yield Find(match.end() + beside.start(), match.end() + beside.end(), sign)
        if reach:
            yield Find(*reach.span(), Sign.CONTACT)


def _names_beside(text: str, sure: list[Find]) -> Iterator[Find]:
    """Names that stand beside a number or date which is surely a patient's."""
    places = sorted({one.start for one in sure if one.sign is not Sign.SSN})
    if not places:
        return
    for pattern in (PATIENT, NAMED):
        for match in _each(pattern, text):
            after = bisect_right(places, match.start() - NEAR)
            if after < len(places) and places[after] < match.end() + NEAR and _is_name(match["value"]):
                yield Find(*match.span("value"), Sign.NAME)
    known = set(places)
    for pattern in (RECORD, BIRTH):
        for match in _each(pattern, text):
            before = BEFORE.search(text, max(0, match.start() - 60), match.start())
            if match.start("value") in known and before and _is_name(before["value"]):
                yield Find(*before.span("value"), Sign.NAME)


def _listed(text: str) -> Iterator[Find]:
    """Lines of a list whose heading says record number or birth date: each with name, number and a date long ago."""
    lines_left, at = 0, 0
    for line in text.split("\n"):
        if len({found.upper()[:3] for found in HEADING.findall(line)}) >= 2 and not NUMBER.search(line):
            lines_left = LIST_LINES
        elif lines_left and (born := LONG_AGO.search(line)) and (number := NUMBER.search(line)) and ROW.match(line):
            yield Find(at + born.start(), at + born.end(), Sign.BIRTH)
            yield Find(at + number.start(), at + number.end(), Sign.RECORD)
            yield from (Find(at + name.start(), at + name.end(), Sign.NAME)
                        for name in re.finditer(PERSON, line) if _is_name(name.group()))  # fmt: skip
        lines_left, at = max(0, lines_left - 1), at + len(line) + 1


def _is_name(words: str) -> bool:
    return not any(word.casefold() in NO_NAMES for word in re.findall(r"[A-Za-z'\u2019-]+", words))

"""The dates of a document: what its own head says of them, and what is wrong with them on a day."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

HEAD = 30  # lines of the first page in which a document speaks of itself
WIDEST = 400  # signs of a line that are read
FIRST_YEAR, LAST_YEAR = 1980, 2079
NEAR = 24  # signs that may stand between a word and its date

MONTHS = {
    name: number
    for number, full in enumerate(calendar.month_name)
    if full
    for name in (full.lower(), full[:3].lower(), *(["sept"] if number == 9 else []))
}
_month = r"(?P<{}>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_year = r"(?P<{}>(?:19|20)\d\d)"
_gap = r"[\s,./-]{0,3}"
DATE = re.compile(
    "|".join(
        [
            r"\b" + _year.format("y1") + r"[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})\b",
            r"\b" + _month.format("m2") + r"\s*(?P<d2>\d{1,2})(?:st|nd|rd|th)?\s*,?\s*" + _year.format("y2") + r"\b",
            r"\b(?P<d3>\d{1,2})(?:st|nd|rd|th)?(?:\s+day)?(?:\s+of)?" + _gap + _month.format("m3") + _gap
            + _year.format("y3") + r"\b",
            r"\b(?P<a4>\d{1,2})(?P<s4>[-/.])(?P<b4>\d{1,2})(?P=s4)(?P<y4>(?:19|20)?\d\d)\b",
            r"\b" + _month.format("m5") + _gap + _year.format("y5") + r"\b",
            r"\b(?P<m6>\d{1,2})/" + _year.format("y6") + r"\b",
        ]
    ),
    re.IGNORECASE,
)  # fmt: skip

DUE = (
    r"next\s+(?:scheduled\s+|planned\s+|policy\s+)?(?:review|revision)(?:\s+(?:is\s+)?due)?(?:\s+date)?"
    r"|(?:review|revision)\s+due(?:\s+date)?|due\s+(?:for|to\s+be)\s+review(?:ed)?|to\s+be\s+reviewed(?:\s+by)?"
    r"|review\s+(?:by|before)|date\s+of\s+next\s+review|expir(?:es|y|ation)(?:\s+date)?|valid\s+(?:until|through|to)"
)
REVIEWED = (
    r"(?:date\s+)?last\s+(?:review(?:ed)?|revis(?:ed|ion)|updated?|approved)(?:\s+date)?|date\s+(?:of\s+)?(?:last\s+)?"
    r"(?:review(?:ed)?|revis(?:ed|ion))|(?:most\s+recent|latest)\s+(?:review|revision)|reviewed(?:\s+date)?"
    r"|revis(?:ed|ion)(?:\s+date)?|updated"
)
EFFECTIVE = (
    r"effective(?:\s+date)?|date\s+effective|in\s+(?:force|effect)(?:\s+date)?|takes?\s+effect|valid\s+from"
    r"|implement(?:ed|ation)(?:\s+date)?|go[\s-]live(?:\s+date)?"
)
EITHER = r"review\s+date"  # of the last one or the next: the date itself tells
LABEL = re.compile(
    rf"\b(?:(?P<due>{DUE})|(?P<either>{EITHER})|(?P<reviewed>{REVIEWED})|(?P<effective>{EFFECTIVE}))\b", re.IGNORECASE
)
BETWEEN = re.compile(
    r"[\s:;.,|()\u2013\u2014\u2026_-]*(?:(?:date|on|from|is|as\s+of|of|in|by|since)\b[\s:]*){0,2}", re.IGNORECASE
)
OTHERS = re.compile(
    r"\b(?:supersed\w+|replac\w+|previous\w*|prior|former\w*|origina\w+|earlier)\b[^.;|]*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Dates:
    """The three dates of a document besides the one on which it came in."""

    effective_on: date | None = None
    reviewed_on: date | None = None
    review_due_on: date | None = None

    def __bool__(self) -> bool:
        return any((self.effective_on, self.reviewed_on, self.review_due_on))


def said_in(text: str, received: date) -> Dates:
    """What the head of the first page says. A month without a day begins on its first and is due by its last."""
    found: dict[str, list[date]] = {"due": [], "reviewed": [], "effective": []}
    lines = [line[:WIDEST] for line in text.split("\n") if line.strip()][:HEAD]
    for kind, day, end in [*_beside(lines), *_below(lines)]:
        if kind == "either":
            kind = "due" if (day or end) > received else "reviewed"
        found[kind].append(end if kind == "due" else day)
    first = {kind: days[0] if days else None for kind, days in found.items()}
    return Dates(first["effective"], first["reviewed"], first["due"])


Found = tuple[str, date, date]


def _beside(lines: Sequence[str]) -> Iterator[Found]:
    """A word and its date in one line, or the date at the head of the next."""
    for number, line in enumerate(lines):
        labels = list(LABEL.finditer(line))
        for label in labels:
            if OTHERS.search(line[: label.start()]):
                continue
            rest = line[label.end() :]
            if len(labels) == 1 and not rest.strip(" :.|_-") and number + 1 < len(lines):
                rest = lines[number + 1]
            if read := _at_head(rest):
                yield str(label.lastgroup), *read


def _below(lines: Sequence[str]) -> Iterator[Found]:
    """A line of words and under it the line of their dates, as a table has it."""
    for line, under in pairwise(lines):
        labels = [str(label.lastgroup) for label in LABEL.finditer(line)]
        days = [read for match in DATE.finditer(under) if (read := _read(match))]
        if len(labels) > 1 and len(labels) == len(days) and not DATE.search(line):
            for kind, (day, end) in zip(labels, days, strict=True):
                yield kind, day, end


def _at_head(text: str) -> tuple[date, date] | None:
    between = BETWEEN.match(text)
    at = between.end() if between and between.end() <= NEAR else 0
    match = DATE.match(text, at)
    return _read(match) if match else None


def first_date(text: str) -> date | None:
    """The first date in the text, however it is written."""
    return next((read[0] for match in DATE.finditer(text) if (read := _read(match))), None)


def _read(match: re.Match[str]) -> tuple[date, date] | None:
    """The first and the last day that the written date can mean; None where there is no such day."""
    part = {name[0]: value for name, value in match.groupdict().items() if value}
    try:
        year = int(part["y"]) + (2000 if len(part["y"]) == 2 else 0)
        month, day = _month_and_day(part)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        return None


def _month_and_day(part: dict[str, str]) -> tuple[int, int | None]:
    """Months come first, as written here; where the first figure can be no month, it is the day."""
    if "a" in part:
        first, second = int(part["a"]), int(part["b"])
        return (second, first) if first > 12 else (first, second)
    month = MONTHS.get(part["m"].lower()) or int(part["m"])
    return month, int(part["d"]) if "d" in part else None


def why_out_of_date(dates: Dates, today: date, months: int) -> list[str]:
    """Everything that is wrong with a document's dates today, each as a sentence; none means that it is in force."""
    reasons = []
    if dates.effective_on and dates.effective_on > today:
        reasons.append(f"It takes effect only on {_said(dates.effective_on)}.")
    if dates.review_due_on and dates.review_due_on < today:
        reasons.append(f"Its review was due on {_said(dates.review_due_on)}.")
    last = max((day for day in (dates.reviewed_on, dates.effective_on) if day), default=None)
    if last and months_on(last, months) < today:
        was = f"last reviewed on {_said(last)}"
        if last != dates.reviewed_on:
            was = f"put in force on {_said(last)} and not reviewed since"
        reasons.append(f"It was {was}; a review is asked for every {months} months.")
    return reasons


def why_not_dates(dates: Dates, today: date) -> list[str]:
    """Why these dates cannot be right."""
    reasons = []
    if dates.reviewed_on and dates.reviewed_on > today:
        reasons.append("The last review cannot lie in the future.")
    before = dates.reviewed_on or dates.effective_on
    if before and dates.review_due_on and dates.review_due_on <= before:
        reasons.append("The next review has to come after the last one.")
    return reasons


def months_on(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _said(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"

"""What an answer is: its kind, its rule, and how a typed text becomes a value or a problem."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from app.application.rules.words import Word

Answers = Mapping[str, Any]


class Kind(StrEnum):
    """How an answer is typed."""

    TEXT = "text"
    LONG = "long"
    INT = "int"
    DECIMAL = "decimal"
    ONE = "one"
    MANY = "many"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    DATE = "date"
    HOURS = "hours"  # a text for each weekday
    COUNTS = "counts"  # an int for each weekday
    SHARES = "shares"  # a percentage for each word
    TRUTH = "truth"  # one tick


@dataclass(frozen=True)
class Field:
    """One question of the questionnaire."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = True
    words: type[Word] | None = None
    most: int = 200  # letters, or the largest number
    least: int = 0
    help: str = ""
    secret: bool = False  # others than owner and office see the last four digits


@dataclass(frozen=True)
class Group:
    """Questions that repeat, once for each contact, site or role."""

    name: str
    title: str
    one: str
    fields: tuple[Field, ...]
    least: int = 1
    most: int = 60


@dataclass(frozen=True)
class Problem:
    """One answer to change: where it is and what to do."""

    path: str
    says: str
    where: str = ""
    missing: bool = False

    @property
    def line(self) -> str:
        """The sentence for the list at the top."""
        return f"{self.where}: {self.says}" if self.where else self.says


Check = Callable[["Reading"], list[Problem]]


@dataclass(frozen=True)
class Section:
    """One page of the questionnaire."""

    letter: str
    title: str
    lede: str
    fields: tuple[Field, ...] = ()
    group: Group | None = None
    check: Check | None = None


@dataclass(frozen=True)
class Reading:
    """The clean values of one section, with what other sections and steps say."""

    values: Answers
    whole: Mapping[str, Answers]
    facts: Mapping[str, Any]


EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
SPACES = re.compile(r"[ .()\-\u2013]")
HOURS = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


def phone(text: str) -> str | None:
    """A phone number as E.164; ten digits alone are taken as a US number."""
    bare = SPACES.sub("", text)
    if re.fullmatch(r"[2-9]\d{9}", bare):
        return "+1" + bare
    return bare if re.fullmatch(r"\+[1-9]\d{7,14}", bare) else None


def hours(text: str) -> tuple[int, int] | None:
    """ "08:00-17:00" in minutes of the day."""
    match = HOURS.fullmatch(text.replace(" ", "").replace("\u2013", "-"))
    if match is None:
        return None
    opens, closes = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    return (opens, closes) if opens < closes <= 24 * 60 and int(match[2]) < 60 and int(match[4]) < 60 else None


class Wrong(ValueError):
    """A typed text that is no answer; the message says what to do."""


def read(field: Field, typed: Any) -> Any:
    """The value of what was typed; None when nothing was; raises Wrong."""
    if field.kind in (Kind.HOURS, Kind.COUNTS, Kind.SHARES):
        return _READERS[field.kind](field, {k: v for k, v in (typed or {}).items() if str(v).strip()}) or None
    if field.kind is Kind.MANY:
        return [_word(field, item) for item in (typed or [])] or None
    text = str(typed or "").strip()
    return _READERS[field.kind](field, text) if text else None


def _text(field: Field, text: str) -> str:
    if len(text) > field.most:
        raise Wrong(f"Use {field.most} characters or fewer; this has {len(text)}.")
    if len(text) < field.least:
        raise Wrong(f"Use {field.least} characters or more; this has {len(text)}.")
    return text


def _int(field: Field, text: str) -> int:
    if not re.fullmatch(r"-?\d{1,7}", text.replace(",", "")):
        raise Wrong("Enter a whole number.")
    return int(_within(field, Decimal(text.replace(",", ""))))


def _decimal(field: Field, text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Wrong("Enter a number, for example 2.5.") from None
    if not number.is_finite():
        raise Wrong("Enter a number, for example 2.5.")
    return f"{_within(field, number).normalize():f}"


def _within(field: Field, number: Decimal) -> Decimal:
    if not field.least <= number <= field.most:
        raise Wrong(f"Enter a number from {field.least:,} to {field.most:,}.")
    return number


def _word(field: Field, text: str) -> str:
    if field.words is None or text not in set(field.words):
        raise Wrong("Choose one of the answers offered.")
    return text


def _email(field: Field, text: str) -> str:
    if not EMAIL.fullmatch(text):
        raise Wrong("Write a whole e-mail address, for example name@practice.org.")
    return _text(field, text)


def _phone(_field: Field, text: str) -> str:
    number = phone(text)
    if number is None:
        raise Wrong("Write the number with its country code, for example +1 207 555 0142.")
    return number


def _url(field: Field, text: str) -> str:
    if not re.fullmatch(r"https://[^\s/]+\.[^\s]+", text):
        raise Wrong("Write the whole address, starting with https://")
    return _text(field, text)


def _date(_field: Field, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Wrong("Enter a date as year-month-day, for example 2026-03-09.") from None


def _hours(_field: Field, typed: Mapping[str, str]) -> dict[str, str]:
    for day, text in typed.items():
        if hours(text) is None:
            raise Wrong(f"{day.capitalize()}: write opening hours like 08:00-17:00, or leave it empty when closed.")
    return dict(typed)


def _counts(field: Field, typed: Mapping[str, str]) -> dict[str, int]:
    return {key: _int(field, str(text).strip()) for key, text in typed.items()}


def _shares(field: Field, typed: Mapping[str, str]) -> dict[str, int]:
    shares = _counts(field, typed)
    if shares and sum(shares.values()) != 100:
        raise Wrong(f"The shares add up to {sum(shares.values())}; they must add up to 100.")
    return shares


def _truth(_field: Field, text: str) -> bool:
    return text.lower() in ("y", "yes", "true", "on", "1")


_READERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _text, Kind.LONG: _text, Kind.INT: _int, Kind.DECIMAL: _decimal, Kind.ONE: _word, Kind.EMAIL: _email,
    Kind.PHONE: _phone, Kind.URL: _url, Kind.DATE: _date, Kind.HOURS: _hours, Kind.COUNTS: _counts,
    Kind.SHARES: _shares, Kind.TRUTH: _truth,
}  # fmt: skip

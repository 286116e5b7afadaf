"""What a setting may hold, and how its text is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from app.program.rules.clocks import Basis
from app.program.rules.days import BadSpan, Direction, Span

Value = int | Decimal | bool | str | Span
CLOCKS = "Clocks"


@dataclass(frozen=True)
class Definition:
    """What ships with the portal about a setting; its values live in the dated table."""

    key: str
    group: str
    title: str
    kind: str
    value: str
    basis: Basis
    help: str
    effective_from: date


@dataclass(frozen=True)
class ClockDefinition(Definition):
    """A setting that is a length of time, and what it is for."""

    direction: Direction
    runs_from: str
    rule: str
    owed_by: str
    if_missed: str


def read(kind: str, text: str) -> Value:
    """The value that a text stands for; raises ValueError with a sentence when it stands for none."""
    if kind == "span":
        return Span.read(text)
    if kind == "yes/no":
        return _one_of(("yes", "no"), text) == "yes"
    if kind == "whole":
        return int(_number(text, whole=True))
    if kind == "number":
        return _number(text, whole=False)
    return _one_of(tuple(kind.split("|")), text) if "|" in kind else text


def why_not_value(kind: str, text: str) -> list[str]:
    """The reason why a text cannot be the value of such a setting."""
    try:
        read(kind, text)
    except (BadSpan, ValueError) as error:
        return [f"{error}."]
    return []


def why_not_change(definition: Definition, text: str, *, effective_from: date, today: date, why: str) -> list[str]:
    """Every reason against a new value. What held in the past is never rewritten."""
    reasons = why_not_value(definition.kind, text)
    if effective_from < today:
        reasons.append("A setting changes from today on or later, because what was counted with it stands.")
    if len(why.strip()) < 10:
        reasons.append("Say in a sentence why it changes.")
    return reasons


def _one_of(options: tuple[str, ...], text: str) -> str:
    if text not in options:
        raise ValueError(f'"{text}" must be {" or ".join(options)}')
    return text


def _number(text: str, *, whole: bool) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or (whole and value != value.to_integral_value()):
        raise ValueError(f'"{text}" must be {"a whole number" if whole else "a number"}, 0 or more')
    return value

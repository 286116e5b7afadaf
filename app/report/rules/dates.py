"""How the report writes days, and who owes what."""

from datetime import date

from app.kernel.words import day

KEPT = ("ccr.issue", "survey.visit_by")

_PROGRAM = ("staff", "admin", "reviewer", "surveyor")


def owed_word(role: str) -> str:
    """Who owes it, as the practice reads it: nobody of the Program is told apart."""
    return "Program" if role in _PROGRAM else role.capitalize()


def long_day(on: date) -> str:
    """June 8, 2026: how the papers write a day."""
    return f"{on:%B} {on.day}, {on.year}"


def visited_on(first: date, last: date | None) -> str:
    """The day or days of the visit, as the page writes them."""
    return day(first) if last in (None, first) else f"{day(first)} to {day(last)}"

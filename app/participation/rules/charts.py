"""A chart as the measures see it. A comparison with a blank is false, whatever the comparison."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.participation.rules.cells import Value
from app.participation.rules.columns import COLUMNS, Column, Kind

STAGES = {
    "I": {"I", "IA", "IB"},
    "II": {"II", "IIA", "IIB", "IIC"},
    "III": {"III", "IIIA", "IIIB", "IIIC"},
    "IV": {"IV", "IVA", "IVB"},
}


def between(value: int | None, low: int | None, high: int | None) -> bool:
    """Whether a figure that may be unknown lies in a range whose ends belong to it."""
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


@dataclass(frozen=True)
class Chart:
    """One patient's answers; columns that are blank are absent."""

    values: Mapping[str, Value]

    def has(self, column: str) -> bool:
        return column in self.values

    def is_one_of(self, column: str, *words: str) -> bool:
        return self.values.get(column) in words

    def is_yes(self, column: str) -> bool:
        return self.values.get(column) == "yes"

    def number(self, column: str) -> int | None:
        value = self.values.get(column)
        return value if isinstance(value, int) else None

    def day(self, column: str) -> date | None:
        value = self.values.get(column)
        return value if isinstance(value, date) else None

    def word(self, column: str) -> str | None:
        value = self.values.get(column)
        return value if isinstance(value, str) else None

    def days(self, start: str, end: str) -> int | None:
        """Whole days from one column to another, negative when the second is earlier; None when one is blank."""
        first, last = self.day(start), self.day(end)
        return None if first is None or last is None else (last - first).days

    def years_old(self, on: str) -> int | None:
        """The year of a day less the year of birth."""
        day, born = self.day(on), self.number("birth_year")
        return None if day is None or born is None else day.year - born

    def in_stage(self, *groups: str) -> bool:
        return any(self.is_one_of("stage", *STAGES[group]) for group in groups)

    @property
    def had_chemo(self) -> bool:
        return self.is_one_of("chemo_route", "iv", "oral", "both")


def sound_chart(cells: Mapping[str, str]) -> Chart:
    """The chart of cells that were checked when they were stored."""
    return Chart({name: _value(COLUMNS[name], text) for name, text in cells.items() if text})


def _value(column: Column, text: str) -> Value:
    if column.kind is Kind.DATE:
        return date.fromisoformat(text)
    return int(text) if column.kind in (Kind.NUMBER, Kind.BIRTH_YEAR) else text

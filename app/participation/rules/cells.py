"""One cell of a chart: what it holds, or the first thing that is wrong with it."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from app.participation.rules.columns import COLUMNS, Column, Kind

EARLIEST = date(1900, 1, 1)
OLDEST, YOUNGEST = 89, 18

Value = str | int | date


@dataclass(frozen=True)
class Entry:
    """When and where charts are entered: what the checks of a cell need to know besides the cell."""

    today: date
    visits_to: date
    sites: Collection[str] | None = None  # None: the practice is not known, so its sites are not checked


class Wrong(Exception):
    """A cell cannot be used; carries the code of the error and never the cell."""


def read_cells(cells: Mapping[str, str], entry: Entry) -> tuple[dict[str, Value], dict[str, str]]:
    """The values that are present, and for each column that cannot be used the code of its error."""
    values: dict[str, Value] = {}
    errors: dict[str, str] = {}
    for column in COLUMNS.values():
        try:
            value = read_cell(column, cells.get(column.name, ""), entry)
        except Wrong as wrong:
            errors[column.name] = str(wrong)
        else:
            if value is not None:
                values[column.name] = value
    return values, errors


def read_cell(column: Column, text: str, entry: Entry) -> Value | None:
    """What one cell holds; None when it is blank and may be. Raises Wrong with the first error that fits."""
    if not text:
        if column.may_be_blank:
            return None
        raise Wrong("missing")
    return READERS[column.kind](column, text, entry)


def _chart_id(_column: Column, text: str, _entry: Entry) -> Value:
    if not 4 <= len(text) <= 24 or not re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", text):
        raise Wrong("bad_format")
    if re.search(r"[0-9]{6}", text) or _looks_like_a_number_of_a_person(text):
        raise Wrong("looks_like_identifier")
    return text


def _looks_like_a_number_of_a_person(text: str) -> bool:
    """Three neighboring groups of digits, shaped like a social security or a telephone number."""
    shape = [len(group) if re.fullmatch(r"[0-9]+", group) else 0 for group in text.split("-")]
    return any(shape[i : i + 3] in ([3, 2, 4], [3, 3, 4]) for i in range(len(shape)))


def _site_code(_column: Column, text: str, entry: Entry) -> Value:
    if not re.fullmatch(r"[A-Z0-9]{2,8}", text):
        raise Wrong("bad_format")
    if entry.sites is not None and text not in entry.sites:
        raise Wrong("unknown_site")
    return text


def _whole(text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]*", text):
        raise Wrong("not_a_number")
    if len(text) > 9 or not low <= int(text) <= high:
        raise Wrong("out_of_range")
    return int(text)


def _birth_year(_column: Column, text: str, entry: Entry) -> Value:
    return _whole(text, entry.visits_to.year - OLDEST, entry.visits_to.year - YOUNGEST)


def _number(column: Column, text: str, _entry: Entry) -> Value:
    return _whole(text, column.low, column.high)


def _date(_column: Column, text: str, entry: Entry) -> Value:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Wrong("not_a_date")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Wrong("not_a_date") from None
    if day < EARLIEST:
        raise Wrong("date_too_early")
    if day > entry.today:
        raise Wrong("date_in_future")
    return day


def _code(column: Column, text: str, _entry: Entry) -> Value:
    if text not in column.allowed:
        raise Wrong("not_allowed")
    return text


READERS: dict[Kind, Callable[[Column, str, Entry], Value]] = {
    Kind.CHART_ID: _chart_id,
    Kind.SITE_CODE: _site_code,
    Kind.BIRTH_YEAR: _birth_year,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CODE: _code,
}

"""Does the practice qualify, every reason why not, and until when."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from app.participation.rules.modules import Module
from app.participation.rules.score import Method, Score, percent, score_percent
from app.participation.rules.tables import table
from app.participation.rules.windows import RoundDates


@dataclass(frozen=True)
class Minimum:
    """What is asked of practices up to a number of full-time oncologists; the last line has no bound."""

    fte_at_most: Fraction | None
    charts_per_module: int
    unique_charts: int


def sample_minimums() -> tuple[Minimum, ...]:
    """The minimums of the sample edition."""
    return tuple(
        Minimum(
            Fraction(row["fte_at_most"]) if row["fte_at_most"] else None,
            int(row["charts_per_module"]),
            int(row["unique_charts"]),
        )
        for row in table("minimums")
    )


@dataclass(frozen=True)
class Rulebook:
    """The dated settings by which a result is worked out; a report keeps those it was made with."""

    threshold: Fraction = Fraction(3, 4)
    method: Method = Method.POOLED
    minimums: tuple[Minimum, ...] = field(default_factory=sample_minimums)
    fewest_compared: int = 5


@dataclass(frozen=True)
class Terms:
    """What the practice said when it enrolled and since: its size, its modules, and what it confirmed."""

    fte: str = "1"
    modules: Collection[Module] = tuple(Module)
    complete: Collection[Module] = ()
    decided: Collection[Collection[str]] = ()


def read_fte(text: str) -> str | None:
    """A number of full-time equivalents in its shortest form, or None when it is none above 0."""
    match = re.fullmatch(r"([0-9]{1,6})?(?:\.([0-9]{1,12}))?", text.strip())
    if not match or not (match[1] or match[2]):
        return None
    whole, part = (match[1] or "").lstrip("0") or "0", (match[2] or "").rstrip("0")
    shortest = f"{whole}.{part}" if part else whole
    return None if shortest == "0" else shortest


def minimum_for(fte: str, minimums: Collection[Minimum]) -> Minimum:
    """The first line whose bound is not below the FTE."""
    size = Fraction(fte)
    return next(line for line in minimums if line.fte_at_most is None or size <= line.fte_at_most)


def modules_json(charts: Mapping[Module, int], terms: Terms, minimum: Minimum) -> dict[str, dict[str, Any]]:
    """Each module's charts against its target; without a target where the practice did not choose it."""
    return {
        module.value: {"charts": have, "target": minimum.charts_per_module, "met": have >= minimum.charts_per_module}
        if module in terms.modules
        else {"charts": have, "target": None, "met": None}
        for module, have in charts.items()
    }


def reasons(
    *,
    dates: RoundDates,
    score: Score,
    charts: Mapping[Module, int],
    open_groups: int,
    terms: Terms,
    book: Rulebook,
) -> list[dict[str, Any]]:
    """Every reason why the practice does not qualify, in the order of the measures' section 6.2."""
    found: list[dict[str, Any]] = []
    minimum = minimum_for(terms.fte, book.minimums)
    if dates.final_report_on is None:
        found.append({"code": "report_not_final"})
    if set(terms.modules) <= {Module.CORE}:
        found.append({"code": "no_second_module"})
    found += _score_reasons(score, book)
    if charts[Module.CORE] < minimum.unique_charts:
        found.append({"code": "too_few_unique_charts", "have": charts[Module.CORE], "need": minimum.unique_charts})
    for module in Module:
        if module in terms.modules and module not in terms.complete and charts[module] < minimum.charts_per_module:
            have, need = charts[module], minimum.charts_per_module
            found.append(
                {"code": "module_target_unconfirmed", "module": module.value, "have": have, "need": need},
            )
    if open_groups:
        found.append({"code": "possible_duplicates_open", "have": open_groups, "need": 0})
    return found


def _score_reasons(score: Score, book: Rulebook) -> list[dict[str, Any]]:
    value = score.value(book.method)
    if value is None:
        return [{"code": "no_score"}]
    if value < book.threshold:
        have, need = score_percent(value, book.threshold), percent(book.threshold)
        return [{"code": "score_below_threshold", "have": have, "need": need}]
    return []


def valid_until(dates: RoundDates) -> date | None:
    """The last day on which a qualifying score of this round can open an application."""
    if dates.final_report_on is None:
        return None
    year = year_after(dates.final_report_on)
    return min(year, dates.next_same_season_closes_on) if dates.next_same_season_closes_on else year


def year_after(day: date) -> date:
    """The same day of the next year; 28 February when that day does not exist."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)

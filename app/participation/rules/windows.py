"""Which sound charts count: the windows of a round, and charts that may be the same patient twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.participation.rules.charts import Chart
from app.participation.rules.modules import Module
from app.participation.rules.tables import table

Key = TypeVar("Key")

ALIKE = ("site_code", "birth_year", "sex", "diagnosis", "diagnosed_on", "first_visit_on")


@dataclass(frozen=True)
class RoundDates:
    """The dates of one round. All bounds belong to their window."""

    code: str
    season: str
    opens_on: date
    closes_on: date
    visits_from: date
    visits_to: date
    deaths_from: date
    deaths_to: date
    diagnosed_from: date
    final_report_on: date | None = None
    next_same_season_closes_on: date | None = None


def sample_round() -> RoundDates:
    """The round of the sample edition, with which a loose file is scored."""
    values = {row["field"]: row["value"] for row in table("sample-round")}
    days = {name: date.fromisoformat(text) for name, text in values.items() if name not in ("code", "season")}
    return RoundDates(code=values["code"], season=values["season"], **days)


def exclusions(chart: Chart, dates: RoundDates) -> list[str]:
    """Every reason why a sound chart does not count in this round, sorted."""
    reasons = []
    died, seen, found = chart.day("deceased_on"), chart.day("last_visit_on"), chart.day("diagnosed_on")
    if found is not None and found < dates.diagnosed_from:
        reasons.append("diagnosed_too_early")
    if died is not None and not dates.deaths_from <= died <= dates.deaths_to:
        reasons.append("outside_death_window")
    if died is None and seen is not None and not dates.visits_from <= seen <= dates.visits_to:
        reasons.append("outside_visit_window")
    if chart.days("first_visit_on", "last_visit_on") == 0:
        reasons.append("single_visit")
    return reasons


def duplicate_groups(charts: Mapping[Key, Chart]) -> list[list[Key]]:
    """Groups of counted charts that agree in all that would tell two patients apart."""
    alike: dict[tuple[object, ...], list[Key]] = {}
    for key, chart in charts.items():
        alike.setdefault(tuple(chart.values.get(column) for column in ALIKE), []).append(key)
    return [group for group in alike.values() if len(group) > 1]


def is_open(group: Iterable[str], decided: Iterable[Iterable[str]]) -> bool:
    """Whether nobody has yet said of all charts of this group that they are different patients."""
    charts = set(group)
    return not any(charts <= set(decision) for decision in decided)


def module_charts(charts: Iterable[Chart]) -> dict[Module, int]:
    """How many of the counted charts belong to each module."""
    every = list(charts)
    return {module: sum(belongs(chart, module) for chart in every) for module in Module}


def belongs(chart: Chart, module: Module) -> bool:
    """Whether a counted chart belongs to a module."""
    match module:
        case Module.CORE:
            return True
        case Module.SMT:
            return chart.had_chemo
        case Module.EOL:
            return chart.has("deceased_on")
        case Module.BR:
            return chart.is_one_of("diagnosis", "breast")
        case Module.CRC:
            return chart.is_one_of("diagnosis", "colon", "rectum")
        case Module.LU:
            return chart.is_one_of("diagnosis", "nsclc")

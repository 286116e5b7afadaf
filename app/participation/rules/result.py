"""From charts to the result of section 9, for a loose file and for an enrolment alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.participation.rules.cells import Entry
from app.participation.rules.charts import Chart
from app.participation.rules.files import ChartFile, read_file
from app.participation.rules.measures import MeasureSet, measure_set
from app.participation.rules.qualify import Rulebook, Terms, minimum_for, modules_json, reasons, valid_until
from app.participation.rules.rows import read_row
from app.participation.rules.score import counts, measure_json, percent, score, score_json
from app.participation.rules.windows import (
    RoundDates,
    duplicate_groups,
    exclusions,
    is_open,
    module_charts,
    sample_round,
)


@dataclass
class Sheet:
    """The rows of a file after every check: sound charts by row number, and the errors of the others."""

    rows: int = 0
    charts: dict[int, Chart] = field(default_factory=dict)
    cells: dict[int, Mapping[str, str]] = field(default_factory=dict)
    errors: dict[int, list[str]] = field(default_factory=dict)


def read_sheet(file: ChartFile, entry: Entry, taken: Collection[str] = ()) -> Sheet:
    """Check every row of a file whose header is sound; `taken` are labels that the practice already uses."""
    sheet = Sheet(rows=len(file.records))
    seen = set(taken)
    for number, record in enumerate(file.records, start=1):
        cells = file.cells(record)
        if cells is None:
            sheet.errors[number] = ["row_length"]
            continue
        chart, errors = read_row(cells, entry)
        chart_id = chart.word("chart_id")
        if chart_id in seen:
            errors = sorted([*errors, "duplicate_chart_id"])
        if chart_id is not None:
            seen.add(chart_id)
        if errors:
            sheet.errors[number] = errors
        else:
            sheet.charts[number], sheet.cells[number] = chart, cells
    return sheet


@dataclass(frozen=True)
class Basis:
    """All that a result depends on besides the charts."""

    dates: RoundDates
    terms: Terms = field(default_factory=Terms)
    book: Rulebook = field(default_factory=Rulebook)
    measures: MeasureSet = field(default_factory=measure_set)

    def head(self) -> dict[str, Any]:
        return {"measure_set": self.measures.name, "round": self.dates.code, "fte": self.terms.fte, "file_errors": []}


def counted(charts: Mapping[int, Chart], dates: RoundDates) -> dict[int, Chart]:
    """The sound charts that lie within the windows of the round, by row number."""
    return {number: chart for number, chart in charts.items() if not exclusions(chart, dates)}


def result(sheet: Sheet, basis: Basis) -> dict[str, Any]:
    """The whole result as JSON; figures are made from counted charts only."""
    inside = counted(sheet.charts, basis.dates)
    groups = duplicate_groups(inside)
    warned = sorted(number for group in groups for number in group)
    excluded = {number: exclusions(chart, basis.dates) for number, chart in sheet.charts.items()}
    return {
        **basis.head(),
        "rows": sheet.rows,
        "errors": {str(number): codes for number, codes in sorted(sheet.errors.items())},
        "excluded": {str(number): codes for number, codes in sorted(excluded.items()) if codes},
        "warnings": {str(number): ["possible_duplicate"] for number in warned},
        "unique_charts": len(inside),
        **_figures(list(inside.values()), _open_groups(inside, groups, basis.terms), basis),
    }


def _open_groups(inside: Mapping[int, Chart], groups: Sequence[Sequence[int]], terms: Terms) -> int:
    labels = [[str(inside[number].values["chart_id"]) for number in group] for group in groups]
    return sum(is_open(group, terms.decided) for group in labels)


def _figures(charts: list[Chart], open_groups: int, basis: Basis) -> dict[str, Any]:
    found = counts(basis.measures, charts)
    overall = score(basis.measures, found, basis.dates.code)
    modules = module_charts(charts)
    why_not = reasons(
        dates=basis.dates, score=overall, charts=modules, open_groups=open_groups, terms=basis.terms, book=basis.book
    )
    until = None if why_not else valid_until(basis.dates)
    parts = {part.id: found[part.id] for part in basis.measures.parts}
    return {
        "modules": modules_json(modules, basis.terms, minimum_for(basis.terms.fte, basis.book.minimums)),
        "measures": {measure.id: measure_json(found[measure.id]) for measure in basis.measures.measures},
        "parts": {
            name: {"numerator": one.numerator, "denominator": one.denominator, "rate": percent(one.rate)}
            for name, one in parts.items()
        },
        "score": score_json(overall, basis.book.method, basis.book.threshold),
        "qualification": {
            "qualified": not why_not,
            "reasons": why_not,
            "valid_until": until.isoformat() if until else None,
        },
    }


def score_file(data: bytes | str, *, fte: str = "1", today: date) -> dict[str, Any]:
    """Score a loose chart file as if it were all of the sample round; `fte` in the form that `read_fte` gives."""
    basis = Basis(sample_round(), Terms(fte=fte))
    file = read_file(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    if file.errors:
        return {**basis.head(), "file_errors": file.errors}
    return result(read_sheet(file, Entry(today, basis.dates.visits_to)), basis)


def misses(basis: Basis, charts: Mapping[str, Chart]) -> dict[str, list[str]]:
    """For each measure the labels of the charts that missed it or, where lower is better, fell into it."""
    return {
        measure.id: sorted(
            label
            for label, chart in charts.items()
            if measure.applies(chart) and measure.meets(chart) is measure.inverse
        )
        for measure in basis.measures.measures
    }

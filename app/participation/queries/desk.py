"""What stands in an enrolment now: its charts, its result so far, its possible duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.participation.models import Chart, ChartDraft, Enrolment
from app.participation.queries.rounds import rulebook
from app.participation.rules import charts
from app.participation.rules.cells import Entry
from app.participation.rules.files import ChartFile
from app.participation.rules.measures import measure_set
from app.participation.rules.result import Basis, Sheet, counted, misses, read_sheet, result
from app.participation.rules.windows import duplicate_groups, is_open
from app.people.models import Site

PAGE = 50


@dataclass(frozen=True)
class Group:
    """Charts that may be the same patient, and whether somebody has decided about them."""

    charts: list[Chart]
    open: bool

    @property
    def labels(self) -> list[str]:
        return [chart.chart_id for chart in self.charts]


def basis(db: Session, enrolment: Enrolment, on: date) -> Basis:
    """What the enrolment's result depends on besides its charts, with the settings of a day."""
    measures = measure_set(enrolment.round.measure_set)
    return Basis(enrolment.round.dates, enrolment.terms, rulebook(db, on), measures)


def all_charts(db: Session, enrolment: Enrolment) -> list[Chart]:
    """Every chart of an enrolment by its label."""
    return list(db.scalars(select(Chart).where(Chart.enrolment_id == enrolment.id).order_by(Chart.chart_id)))


def sheet(stored: list[Chart]) -> Sheet:
    """Stored charts as the rows of a file without errors."""
    return Sheet(rows=len(stored), charts={n: chart.sound for n, chart in enumerate(stored, start=1)})


def counted_charts(stored: list[Chart], found: Basis) -> dict[str, charts.Chart]:
    """The charts that count, by label."""
    inside = counted(sheet(stored).charts, found.dates)
    return {str(chart.values["chart_id"]): chart for chart in inside.values()}


def running_result(db: Session, enrolment: Enrolment, on: date) -> dict[str, Any]:
    """The result as it would be now; it is not final until the round is released."""
    return result(sheet(all_charts(db, enrolment)), basis(db, enrolment, on))


def missed(db: Session, enrolment: Enrolment, on: date) -> dict[str, list[str]]:
    """For each measure the charts that missed it so far."""
    found = basis(db, enrolment, on)
    return misses(found, counted_charts(all_charts(db, enrolment), found))


def groups(db: Session, enrolment: Enrolment) -> list[Group]:
    """Every group of possible duplicates, those that wait for a decision first."""
    stored = {chart.chart_id: chart for chart in all_charts(db, enrolment) if not chart.excluded}
    alike = duplicate_groups({label: chart.sound for label, chart in stored.items()})
    decided = enrolment.terms.decided
    found = [Group([stored[label] for label in labels], is_open(labels, decided)) for labels in alike]
    return sorted(found, key=lambda group: (not group.open, group.labels))


def charts_page(
    db: Session, enrolment: Enrolment, *, words: str = "", only_excluded: bool = False, page: int = 1
) -> tuple[list[Chart], int]:
    """One page of the charts, and how many there are in all."""
    asked = select(Chart).where(Chart.enrolment_id == enrolment.id)
    if words:
        asked = asked.where(Chart.chart_id.contains(words.upper(), autoescape=True))
    if only_excluded:
        asked = asked.where(func.json_array_length(Chart.excluded) > 0)
    total = db.scalar(select(func.count()).select_from(asked.subquery())) or 0
    found = asked.order_by(Chart.chart_id).limit(PAGE).offset(PAGE * (max(page, 1) - 1))
    return list(db.scalars(found)), total


def drafts(db: Session, enrolment: Enrolment) -> list[ChartDraft]:
    """The charts that are still being typed."""
    asked = select(ChartDraft).where(ChartDraft.enrolment_id == enrolment.id)
    return list(db.scalars(asked.order_by(ChartDraft.kept_at.desc())))


def entry(db: Session, enrolment: Enrolment, today: date) -> Entry:
    """What the checks of a chart of this practice need to know."""
    codes = db.scalars(select(Site.code).where(Site.practice_id == enrolment.practice_id))
    return Entry(today, enrolment.round.visits_to, frozenset(codes))


def taken_labels(db: Session, enrolment: Enrolment) -> set[str]:
    """The labels that the charts of an enrolment already have."""
    return set(db.scalars(select(Chart.chart_id).where(Chart.enrolment_id == enrolment.id)))


def trial(db: Session, enrolment: Enrolment, file: ChartFile, *, replace: bool, today: date) -> Sheet:
    """What importing a file would do; stores nothing."""
    return read_sheet(file, entry(db, enrolment, today), () if replace else taken_labels(db, enrolment))

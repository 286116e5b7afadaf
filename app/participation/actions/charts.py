"""Entering charts: one by one or from a file, and taking them out again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.kernel import clock, ledger
from app.participation.models import Chart, ChartDraft, Enrolment
from app.participation.queries import desk
from app.participation.queries import rounds as queries
from app.participation.rules import sentences
from app.participation.rules.files import read_file
from app.participation.rules.moves import EnrolmentState
from app.participation.rules.result import Sheet
from app.participation.rules.rows import read_row
from app.participation.rules.windows import exclusions
from app.people.actions import Refused
from app.people.models import User


class BadChart(Exception):
    """A chart that cannot be stored; carries the codes of its errors."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


class BadFile(Exception):
    """A file that cannot be imported: errors of the whole file, or a sheet with bad rows."""

    def __init__(self, errors: list[str], sheet: Sheet | None = None) -> None:
        super().__init__(" ".join(map(sentences.of_error, errors)) or "Some rows cannot be used.")
        self.errors, self.sheet = errors, sheet


def enter_chart(
    db: Session, enrolment: Enrolment, cells: Mapping[str, str], *, by: User, now: datetime, over: Chart | None = None,
    replace: bool = False, draft: ChartDraft | None = None,
) -> Chart:  # fmt: skip
    """Store one chart; `over` is the chart that is being corrected, `replace` lets it take another's label."""
    _stop_unless_entering(enrolment)
    chart, errors = read_row(cells, desk.entry(db, enrolment, clock.day_of(now)))
    label = chart.word("chart_id")
    held = _by_label(db, enrolment, label) if label else None
    if held is not None and held is not over and not replace:
        errors = sorted([*errors, "duplicate_chart_id"])
    if errors:
        raise BadChart(errors)
    stored = over or held or Chart(practice_id=enrolment.practice_id, enrolment_id=enrolment.id)
    was = dict(stored.cells) if over or held else None
    if over is not None and held is not None and held is not over:
        db.delete(held)
        db.flush()
    _fill(stored, cells, exclusions(chart, enrolment.round.dates), by, now)
    what = "chart replaced" if over or held else "chart entered"
    db.add(stored)
    if draft is not None:
        db.delete(draft)
    _begin(enrolment)
    changed = {} if was is None else {name for name in {*was, *cells} if was.get(name, "") != cells.get(name, "")}
    ledger.record(
        db, what, by=by, now=now, about=stored,
        before=None if was is None else {name: was.get(name, "") for name in sorted(changed)},
        after={"chart": stored.chart_id} | {name: cells.get(name, "") for name in sorted(changed)},
    )  # fmt: skip
    return stored


def remove_chart(db: Session, enrolment: Enrolment, chart: Chart, *, by: User, now: datetime) -> None:
    """Take a chart out; that it was there stays in the ledger."""
    _stop_unless_entering(enrolment)
    ledger.record(db, "chart removed", by=by, now=now, about=chart, before={"chart": chart.chart_id})
    db.delete(chart)
    db.flush()


def import_charts(
    db: Session, enrolment: Enrolment, data: bytes, *, partial: bool, replace: bool, by: User, now: datetime
) -> Sheet:
    """Store the charts of a file: all of them or, when the person asked so, the sound rows only."""
    _stop_unless_entering(enrolment)
    file = read_file(data)
    if file.errors:
        raise BadFile(file.errors)
    sheet = desk.trial(db, enrolment, file, replace=replace, today=clock.day_of(now))
    if (sheet.errors and not partial) or not sheet.charts:
        raise BadFile([], sheet)
    replaced = _store(db, enrolment, sheet, by, now)
    _begin(enrolment)
    ledger.record(
        db, "charts imported", by=by, now=now, about=enrolment,
        after={"rows": sheet.rows, "stored": len(sheet.charts), "replaced": replaced, "rejected": len(sheet.errors)},
    )  # fmt: skip
    return sheet


def _store(db: Session, enrolment: Enrolment, sheet: Sheet, by: User, now: datetime) -> int:
    held = {chart.chart_id: chart for chart in desk.all_charts(db, enrolment)}
    replaced = 0
    for number, chart in sheet.charts.items():
        stored = held.get(str(chart.values["chart_id"]))
        replaced += stored is not None
        stored = stored or Chart(practice_id=enrolment.practice_id, enrolment_id=enrolment.id)
        _fill(stored, sheet.cells[number], exclusions(chart, enrolment.round.dates), by, now)
        db.add(stored)
    db.flush()
    return replaced


def keep_draft(
    db: Session, enrolment: Enrolment, cells: Mapping[str, str], *, by: User, now: datetime,
    draft: ChartDraft | None = None,
) -> ChartDraft:  # fmt: skip
    """Keep a chart that still has errors; it counts nowhere."""
    _stop_unless_entering(enrolment)
    what = "draft changed" if draft else "draft kept"
    draft = draft or ChartDraft(practice_id=enrolment.practice_id, enrolment_id=enrolment.id)
    draft.cells, draft.kept_by, draft.kept_at = {k: v for k, v in cells.items() if v}, by.id, now
    db.add(draft)
    ledger.record(db, what, by=by, now=now, about=draft)
    return draft


def drop_draft(db: Session, enrolment: Enrolment, draft: ChartDraft, *, by: User, now: datetime) -> None:
    """Throw a draft away."""
    _stop_unless_entering(enrolment)
    ledger.record(db, "draft dropped", by=by, now=now, about=draft)
    db.execute(delete(ChartDraft).where(ChartDraft.id == draft.id))


def _stop_unless_entering(enrolment: Enrolment) -> None:
    if reasons := queries.why_not_enter(enrolment):
        raise Refused(reasons)


def _begin(enrolment: Enrolment) -> None:
    """The first chart moves the enrolment on."""
    if enrolment.state is EnrolmentState.ENROLLED:
        enrolment.state = EnrolmentState.ABSTRACTING


def _fill(stored: Chart, cells: Mapping[str, str], excluded: list[str], by: User, now: datetime) -> None:
    stored.chart_id = cells["chart_id"]
    stored.cells = {name: text for name, text in cells.items() if text}
    stored.excluded, stored.entered_by, stored.entered_at = excluded, by.id, now


def _by_label(db: Session, enrolment: Enrolment, label: str) -> Chart | None:
    return db.scalar(select(Chart).where(Chart.enrolment_id == enrolment.id, Chart.chart_id == label))

"""Charts and chart files of the sample edition."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.participation.actions import charts
from app.participation.models import Chart, Enrolment
from app.participation.rules.columns import COLUMNS
from app.participation.rules.files import read_file
from app.people.models import User

FILES = Path(__file__).parents[1] / "data" / "charts"
ENTERED_AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def sample_file() -> bytes:
    """120 sound charts with which a practice of one oncologist qualifies."""
    return (FILES / "charts-sample.csv").read_bytes()


def cells(**over: str) -> dict[str, str]:
    """One sound chart, as the form gives it."""
    file = read_file(sample_file())
    return dict(zip(file.header, file.records[0], strict=True)) | over


def file_of(*rows: dict[str, str]) -> bytes:
    """A chart file of these rows."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def chart(db: Session, enrolment: Enrolment, by: User, **over: str) -> Chart:
    """One chart, entered."""
    return charts.enter_chart(db, enrolment, cells(**over), by=by, now=ENTERED_AT)


def sample_charts(db: Session, enrolment: Enrolment, by: User) -> None:
    """All charts of the sample file, imported."""
    charts.import_charts(db, enrolment, sample_file(), partial=False, replace=False, by=by, now=ENTERED_AT)

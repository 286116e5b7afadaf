"""The blueprint that every page of M4 hangs on, and how a refused verb answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.kernel.words import day
from app.program.models import Due
from app.report.models import ComplianceReport
from app.report.queries import dates

bp = Blueprint("report", __name__)


@bp.app_template_filter("iso_day")
def iso_day(iso: str) -> str:
    """A day out of a paper's data, as the pages write it."""
    return day(date.fromisoformat(iso[:10])) if iso else ""


@bp.app_template_filter("one_stop")
def one_stop(sentence: str) -> str:
    """End a sentence with one full stop, also after "Teo B."."""
    return f"{sentence.rstrip('.')}."


def page(template: str, reasons: Sequence[str] = (), **context: Any) -> ResponseReturnValue:
    """A page; with reasons it says why the last thing could not be done, and answers 422."""
    return render_template(f"report/{template}", reasons=list(reasons), **context), 422 if reasons else 200


def running_due(case_id: str, *keys: str) -> Due | None:
    """The first of these dates that runs in the case: the one that rules the page."""
    return next((due for key in keys if (due := dates.running(db(), case_id, key))), None)


def evidence_by(report: ComplianceReport) -> Any:
    """The day by which everything must be shown."""
    return dates.evidence_by(db(), report.case_id, on=clock.today())

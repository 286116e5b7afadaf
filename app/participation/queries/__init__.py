"""What other rooms ask of participation: the latest report, and whether it opens an application."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.words import day
from app.participation.models import ScoreReport
from app.participation.rules.reports import reasons_in_words
from app.people.models import Practice
from app.people.rules import PracticeState

NO_REPORT = "There is no final report yet. Take part in a round and wait for its final report."


def latest_report(db: Session, practice_id: str) -> ScoreReport | None:
    """The newest final report of a practice; older ones are superseded by it."""
    found = select(ScoreReport).where(ScoreReport.practice_id == practice_id)
    return db.scalar(found.order_by(ScoreReport.issued_on.desc(), ScoreReport.issued_at.desc()).limit(1))


def why_cannot_apply(db: Session, practice: Practice, on: date) -> list[str]:
    """Every reason that participation gives against an application on a day; none means the score opens one."""
    report = latest_report(db, practice.id)
    reasons = [NO_REPORT] if report is None else why_not_usable(report, on)
    if practice.state is not PracticeState.ACTIVE:
        reasons.append(f"The practice is {practice.state.value}; only an active practice can apply.")
    if not practice.asco_member:
        reasons.append("No active ASCO member of the practice is named.")
    return reasons


def why_not_usable(report: ScoreReport, on: date) -> list[str]:
    """Every reason why a report cannot open an application on a day."""
    if not report.qualified:
        return reasons_in_words(report.result)
    last = report.usable_until
    if last is not None and on > last:
        return [f"The score of round {report.round.code} could be used through {day(last)}."]
    return []

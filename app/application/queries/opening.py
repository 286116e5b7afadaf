"""May this practice open an application today?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.application.models import Application
from app.application.queries import cases, webinar
from app.application.rules.case import Outcome
from app.application.rules.opening import Reason, Standing, from_charts, why_not_open
from app.kernel import clock
from app.participation import queries as participation
from app.participation.models import ScoreReport
from app.participation.rules.moves import Track
from app.people.models import Practice
from app.people.rules import PracticeState
from app.program import queries as program


@dataclass(frozen=True)
class Gate:
    """What stands before an application: the report it would rest on, and every reason against it."""

    report: ScoreReport | None
    reasons: list[Reason]
    webinar_until: date | None

    @property
    def is_open(self) -> bool:
        return not self.reasons


NO_REPORT = Reason("report_not_final", "There is no final report yet.", "Take part in a round on the QCP Track first.")


def gate(db: Session, practice: Practice, today: date) -> Gate:
    """The gate at opening, for the practice's latest final report."""
    report = participation.latest_report(db, practice.id)
    until = webinar.counts_until(db, practice.id)
    if report is None:
        return Gate(None, [NO_REPORT, *why_not_open(_standing(db, practice, None, today), [])], until)
    return Gate(report, reasons(db, practice, report, today), until)


def reasons(db: Session, practice: Practice, report: ScoreReport, today: date) -> list[Reason]:
    """Every reason of the guide's 6.3 against opening an application on this report."""
    return why_not_open(_standing(db, practice, report, today), from_charts(_charts(report)))


def reasons_at_step_one(db: Session, application: Application, today: date) -> list[Reason]:
    """The same for an application that is open: itself and the introduction aside."""
    report = application.score_report
    standing = _standing(db, application.practice, report, today)
    return why_not_open(standing, from_charts(_charts(report)), but_for=True)


def _charts(report: ScoreReport) -> list[dict[str, Any]]:
    """What the charts say; a granted waiver lets a failing score pass and changes nothing else."""
    found = list(report.result.get("qualification", {}).get("reasons", []))
    if getattr(report, "waived", False):
        found = [reason for reason in found if reason["code"] != "score_below_threshold"]
    return found


def _standing(db: Session, practice: Practice, report: ScoreReport | None, today: date) -> Standing:
    latest = participation.latest_report(db, practice.id)
    other = cases.open_of(db, practice.id)
    return Standing(
        today=today,
        on_qcp_track=report is None or report.enrolment.track is Track.QCP,
        valid_until=report.usable_until if report else None,
        newer_report=report is not None and latest is not None and latest.id != report.id,
        practice_active=practice.state is PracticeState.ACTIVE,
        member_named=bool(practice.asco_member),
        webinar_until=webinar.counts_until(db, practice.id),
        open_number=other.number if other else None,
        barred_until=_barred_until(db, practice),
    )


def _barred_until(db: Session, practice: Practice) -> date | None:
    """After a refusal a practice waits before it applies again."""
    refused = [one.closed_at for one in cases.of_practice(db, practice.id) if one.outcome is Outcome.NOT_CERTIFIED]
    days = [clock.day_of(closed) for closed in refused if closed is not None]
    if not days:
        return None
    return max(days) + timedelta(days=program.whole(db, "reapply.wait_days", max(days)))

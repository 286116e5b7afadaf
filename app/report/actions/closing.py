"""The closing report: every requirement was shown and judged met."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import clock, ledger
from app.people.models import User
from app.report.actions import issuing
from app.report.models import ComplianceReport
from app.report.queries import papers
from app.report.rules.ccr import REPORT_MOVES, NotNow, ReportState, Result, after, why_not_close


def close(db: Session, report: ComplianceReport, *, by: User, now: datetime) -> ComplianceReport:
    """Issue the next version, in which everything is met, and hand the case to the decision."""
    state = after(REPORT_MOVES, "close", report.state)
    if reasons := why_not_close([one.state for one in report.requirements]):
        raise NotNow(reasons)
    on = clock.day_of(now)
    report.state = state
    last = ComplianceReport(
        survey=report.survey,
        practice=report.practice,
        application_id=report.application_id,
        practice_id=report.practice_id,
        number=report.number,
        version=report.version + 1,
        state=ReportState.ISSUED,
        result=Result.ALL_MET,
        closing=True,
        follows_id=report.id,
        drafted_at=now,
        issued_on=on,
        data=papers.closing(report, report.practice, on=on),
    )
    issuing.freeze(db, last, by=by, now=now)
    db.add(last)
    facts = {"number": last.number, "version": last.version, "closes": report.version}
    ledger.record(db, "closing report issued", by=by, now=now, about=last, after=facts)
    issuing.hand_to_decision(db, last, now=now)
    return last

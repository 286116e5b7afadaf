"""Issuing the report: frozen, signed, told."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.documents import actions as documents
from app.documents.rules import PaperKind
from app.kernel import clock, ledger
from app.people.models import User
from app.people.rules import Role
from app.program import actions as program
from app.report.actions import telling
from app.report.models import ComplianceReport, Plan, PlanLine
from app.report.queries import dates, papers
from app.report.queries.wording import why_not_issue_now
from app.report.rules.ccr import REPORT_MOVES, NotNow, after
from app.report.rules.dates import long_day
from app.survey import actions as surveys


def issue(
    db: Session, report: ComplianceReport, *, by: User, now: datetime, wording_confirmed: bool = False
) -> ComplianceReport:
    """Freeze the report, have it signed, give it to the practice and start what follows from it."""
    state = after(REPORT_MOVES, "issue", report.state)
    if reasons := why_not_issue_now(db, report, confirmed=wording_confirmed):
        raise NotNow(reasons)
    on = clock.day_of(now)
    program.meet_clock(db, report.survey, "ccr.issue", now=now)
    due_on = dates.evidence_by(db, report.case_id, on=on)
    for requirement in report.requirements:
        requirement.due_on = due_on
    report.data = papers.whole(db, report, report.practice, on=on)
    freeze(db, report, by=by, now=now)
    report.state, report.issued_on = state, on
    surveys.close_to_surveyor(db, report.survey, by=by, now=now)  # who surveyed reads until here, and no longer
    ledger.record(db, "report issued", by=by, now=now, about=report, after=_facts(report))
    if report.requirements:
        _open_plan(db, report, now=now)
        _tell_requirements(db, report, now=now)
    else:
        hand_to_decision(db, report, now=now)
    return report


def freeze(db: Session, report: ComplianceReport, *, by: User, now: datetime) -> None:
    """Order the signed paper of a report whose data is whole."""
    paper = documents.order(
        db,
        kind=PaperKind.CCR,
        data=report.data,
        practice_id=report.practice_id,
        case_id=report.case_id,
        number=report.number,
        version=report.version,
        title=report.data["title"],
        by=by,
        now=now,
        sign=True,
    )
    report.paper_id = paper.id


def hand_to_decision(db: Session, report: ComplianceReport, *, now: datetime) -> None:
    """Everything is met: the decision is owed, and everybody concerned hears it."""
    on = clock.day_of(now)
    program.start_clock(db, "decision.record", practice_id=report.practice_id, case_id=report.case_id, about=report,
                        event="all requirements met", start=on, owed_by=Role.ADMIN, now=now)  # fmt: skip
    name, url = report.practice.public_name, f"/reports/{report.id}"
    telling.practice(db, report.practice_id, subject="Your practice meets every standard",
                     body="The signed report is in the portal. What is left is the decision.", url=url,
                     now=now)  # fmt: skip
    telling.office(db, Role.ADMIN, report.practice_id, subject=f"{name}: every standard is met",
                   body="The case waits for the decision.", url=url, now=now)  # fmt: skip


def _facts(report: ComplianceReport) -> dict[str, object]:
    return {"number": report.number, "version": report.version, "result": report.result.value,
            "requirements": len(report.requirements)}  # fmt: skip


def _open_plan(db: Session, report: ComplianceReport, *, now: datetime) -> Plan:
    """An empty plan with a line for each requirement, and its clocks."""
    plan = Plan(report=report, application_id=report.application_id, practice_id=report.practice_id,
                number=f"CAP-{report.data['case']}")  # fmt: skip
    plan.lines = [
        PlanLine(requirement=one, no=one.no, practice_id=one.practice_id, case_id=one.case_id, documents=[])
        for one in report.requirements
    ]
    db.add(plan)
    db.flush()
    on, limit = clock.day_of(now), dates.outer_limit(db, report.case_id)
    starts: list[tuple[str, ComplianceReport | Plan, str, date | None]] = [
        ("ccr.clarify", report, "report issued", on),
        ("plan.submit", plan, "report issued", on),
        ("evidence.submit", plan, "outer limit of the case", limit),
    ]
    for key, about, event, start in starts:
        if start:
            program.start_clock(db, key, practice_id=plan.practice_id, case_id=plan.case_id, about=about, event=event,
                                start=start, owed_by=Role.SIGNER, now=now)  # fmt: skip
    return plan


def _tell_requirements(db: Session, report: ComplianceReport, *, now: datetime) -> None:
    due = next(one for one in report.data["clocks"] if one["key"] == "plan.submit")
    by = long_day(date.fromisoformat(due["due"]))
    telling.practice(
        db,
        report.practice_id,
        subject="Your Certification Compliance Report is here",
        body=f"Read it in the portal, and answer it with a Compliance Action Plan by {by}.",
        url=f"/reports/{report.id}",
        now=now,
    )

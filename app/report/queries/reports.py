"""Which report is which."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.report.models import ComplianceReport, Plan, Requirement
from app.report.rules.ccr import ReportState, RequirementState, Result
from app.survey.models import Survey
from app.survey.rules.moves import SurveyState


def latest(db: Session, application_id: str, *, issued_only: bool = True) -> ComplianceReport | None:
    """The newest report of a case; drafts only when asked for."""
    found = select(ComplianceReport).where(ComplianceReport.application_id == application_id)
    if issued_only:
        found = found.where(ComplianceReport.issued_on.is_not(None))
    return db.scalar(found.order_by(ComplianceReport.version.desc()).limit(1))


def clean_report(db: Session, application_id: str) -> ComplianceReport | None:
    """The report, first or closing, by which every standard is met; none while something is open."""
    report = latest(db, application_id)
    return report if report is not None and report.everything_met else None


def of_survey(db: Session, survey_id: str) -> ComplianceReport | None:
    """The first report that was drafted from this survey."""
    found = select(ComplianceReport).where(ComplianceReport.survey_id == survey_id)
    return db.scalar(found.order_by(ComplianceReport.version).limit(1))


def requirements_report(db: Session, application_id: str) -> ComplianceReport | None:
    """The newest issued report that asks for something, whatever followed it."""
    found = select(ComplianceReport).where(
        ComplianceReport.application_id == application_id,
        ComplianceReport.issued_on.is_not(None),
        ComplianceReport.result == Result.REQUIREMENTS,
    )
    return db.scalar(found.order_by(ComplianceReport.version.desc()).limit(1))


def open_requirements(db: Session, application_id: str) -> list[Requirement]:
    """What is still not met in a case, in the order of the report."""
    report = requirements_report(db, application_id)
    return [one for one in report.requirements if one.state is not RequirementState.MET] if report else []


def plan_of(db: Session, application_id: str) -> Plan | None:
    """The action plan of a case, once there is one."""
    return db.scalar(select(Plan).where(Plan.application_id == application_id).order_by(Plan.number.desc()).limit(1))


def plan_for(db: Session, report: ComplianceReport) -> Plan | None:
    """The plan that answers this report, or the one that a closing report closes."""
    return db.scalar(select(Plan).where(Plan.report_id.in_([report.id, report.follows_id or ""])))


def versions(db: Session, report: ComplianceReport) -> Sequence[ComplianceReport]:
    """Every issued version under the same number, the newest first."""
    found = select(ComplianceReport).where(
        ComplianceReport.number == report.number, ComplianceReport.issued_on.is_not(None)
    )
    return db.scalars(found.order_by(ComplianceReport.version.desc())).all()


def awaiting_report(db: Session) -> Sequence[Survey]:
    """Determined surveys from which nothing was drawn yet: no report, and no plan that waited for it."""
    drafted = select(ComplianceReport.survey_id)
    taken = select(Plan.resurvey_id).where(Plan.resurvey_id.is_not(None), Plan.state != "resurvey")
    found = select(Survey).where(
        Survey.state == SurveyState.DETERMINED, Survey.id.not_in(drafted), Survey.id.not_in(taken)
    )
    shown = (joinedload(Survey.practice), joinedload(Survey.application))
    return db.scalars(found.order_by(Survey.determined_at).options(*shown)).all()


def drafts(db: Session) -> Sequence[ComplianceReport]:
    """Reports that staff are still writing, the oldest first."""
    shown = (joinedload(ComplianceReport.practice), selectinload(ComplianceReport.requirements))
    found = select(ComplianceReport).where(ComplianceReport.state == ReportState.DRAFTED).options(*shown)
    return db.scalars(found.order_by(ComplianceReport.drafted_at)).all()

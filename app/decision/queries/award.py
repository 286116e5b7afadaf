"""What an award rests on, and what it would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.models import Application, Invoice
from app.application.rules.case import STATE_WORDS, State
from app.application.rules.payment import SETTLED
from app.decision import rules
from app.decision.models import Certification
from app.decision.queries.certifications import of_case
from app.decision.rules import CaseFacts
from app.program import queries as settings
from app.program.rules.clocks import due as due_of
from app.report import queries as reports
from app.report.models import ComplianceReport
from app.report.rules.ccr import Result


def case_of(db: Session, report: ComplianceReport) -> Application:
    """The application that a report belongs to."""
    return db.get_one(Application, report.application_id)


def facts(db: Session, report: ComplianceReport) -> CaseFacts:
    """What an award on this report would rest on."""
    case, newest = case_of(db, report), reports.latest(db, report.application_id)
    invoices = db.scalars(select(Invoice).where(Invoice.application_id == case.id)).all()
    held = of_case(db, case.id)
    return CaseFacts(
        report_issued=report.issued,
        everything_met=report.everything_met,
        newest_report=newest is None or newest.id == report.id,
        open_requirements=len(reports.open_requirements(db, case.id)),
        unpaid=[one.number for one in invoices if one.state not in SETTLED],
        any_invoice=bool(invoices),
        application_ready=case.state is State.READY,
        application_is=STATE_WORDS[case.state],
        certified_as=held.number if held else None,
    )


def why_not_award(db: Session, report: ComplianceReport) -> list[str]:
    """Every reason against an award on this report."""
    return rules.why_not_award(facts(db, report))


def awaiting(db: Session) -> Sequence[ComplianceReport]:
    """Reports by which every standard is met and on which nobody has decided yet, the oldest first."""
    decided = select(Certification.application_id)
    found = (
        select(ComplianceReport)
        .join(Application, Application.id == ComplianceReport.application_id)
        .where(
            ComplianceReport.result == Result.ALL_MET,
            ComplianceReport.issued_on.is_not(None),
            ComplianceReport.application_id.not_in(decided),
            Application.state == State.READY,
        )
        .order_by(ComplianceReport.issued_on)
    )
    return db.scalars(found).all()


@dataclass(frozen=True)
class Waiting:
    """A case that waits for a decision, and what is still in its way."""

    report: ComplianceReport
    case: Application
    reasons: list[str]


def cases_awaiting(db: Session) -> list[Waiting]:
    """Every case to be decided, with the reasons that still stand."""
    return [Waiting(one, case_of(db, one), why_not_award(db, one)) for one in awaiting(db)]


@dataclass(frozen=True)
class Offer:
    """What an award on a report would give, and every check it rests on."""

    case: Application
    checks: list[tuple[str, list[str]]]
    valid_through: date
    certification: Certification | None

    @property
    def possible(self) -> bool:
        return not any(reasons for _, reasons in self.checks)


def offer(db: Session, report: ComplianceReport, today: date) -> Offer:
    """The award as the administrator sees it before giving it."""
    case = case_of(db, report)
    through = due_of(settings.work_out(db, "term", today, on=today))
    return Offer(case, rules.award_checks(facts(db, report)), through, of_case(db, case.id))

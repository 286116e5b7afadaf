"""What an award rests on, and what it would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.application.models import Application, Invoice
from app.application.rules.case import STATE_WORDS, State
from app.application.rules.payment import SETTLED
from app.decision import rules
from app.decision.models import Certification
from app.decision.queries.certifications import of_case
from app.decision.rules import CaseFacts
from app.program import queries as settings
from app.program.rules.clocks import due as due_of
from app.report.models import ComplianceReport
from app.report.rules.ccr import RequirementState, Result


def case_of(db: Session, report: ComplianceReport) -> Application:
    """The application that a report belongs to."""
    return db.get_one(Application, report.application_id)


def facts(db: Session, report: ComplianceReport) -> CaseFacts:
    """What an award on this report would rest on."""
    return facts_of(db, [report])[0]


def facts_of(db: Session, found: Sequence[ComplianceReport]) -> list[CaseFacts]:
    """What an award on each of these reports would rest on, asked for all of them at once."""
    ids = [one.application_id for one in found]
    cases = {one.id: one for one in db.scalars(select(Application).where(Application.id.in_(ids)))}
    held = {one.application_id: one for one in db.scalars(select(Certification).where(_of(Certification, ids)))}
    invoices: dict[str, list[Invoice]] = {one: [] for one in ids}
    for invoice in db.scalars(select(Invoice).where(_of(Invoice, ids))):
        invoices[invoice.application_id].append(invoice)
    newest, asking = _newest(db, ids)
    return [_facts(one, cases[one.application_id], invoices[one.application_id], held.get(one.application_id),
                   newest.get(one.application_id), asking.get(one.application_id)) for one in found]  # fmt: skip


def _of(kind: Any, ids: list[str]) -> Any:
    return kind.application_id.in_(ids)


def _newest(
    db: Session, ids: list[str]
) -> tuple[dict[str, ComplianceReport], dict[str, ComplianceReport]]:  # fmt: skip
    """Of each case the newest issued report, and the newest that asks for something."""
    issued = select(ComplianceReport).where(_of(ComplianceReport, ids), ComplianceReport.issued_on.is_not(None))
    ordered = issued.order_by(ComplianceReport.version).options(selectinload(ComplianceReport.requirements))
    every = db.scalars(ordered).all()
    asking = {one.application_id: one for one in every if one.result is Result.REQUIREMENTS}
    return {one.application_id: one for one in every}, asking


def _facts(
    report: ComplianceReport, case: Application, invoices: list[Invoice], held: Certification | None,
    newest: ComplianceReport | None, asking: ComplianceReport | None,
) -> CaseFacts:  # fmt: skip
    left = [one for one in asking.requirements if one.state is not RequirementState.MET] if asking else []
    return CaseFacts(
        report_issued=report.issued,
        everything_met=report.everything_met,
        newest_report=newest is None or newest.id == report.id,
        open_requirements=len(left),
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
    found = awaiting(db)
    ids = [one.application_id for one in found]
    cases = {one.id: one for one in db.scalars(select(Application).where(Application.id.in_(ids)))}
    reasons = [rules.why_not_award(one) for one in facts_of(db, found)]
    return [Waiting(one, cases[one.application_id], said) for one, said in zip(found, reasons, strict=True)]


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

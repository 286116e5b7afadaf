"""A case on the day of its decision, and a practice that is certified."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.models import Application, Invoice
from app.application.rules.case import State
from app.application.rules.payment import InvoiceState, Method
from app.decision import actions
from app.decision.models import Certification
from app.documents import actions as documents
from app.documents.rules import PaperKind
from app.evidence.models import Binder
from app.participation.models import Round, ScoreReport
from app.people.models import Practice, User
from app.people.rules import Role
from app.report.models import ComplianceReport
from app.report.rules.ccr import ReportState, Result
from app.standards import queries as standards
from app.survey.models import Survey
from app.survey.rules.committee import Result as Determination
from app.survey.rules.moves import SurveyState
from app.survey.rules.visit import SurveyKind
from tests.factories.enrolment import enrolment
from tests.factories.people import official, practice

AWARDED = datetime(2026, 11, 12, 16, 20, tzinfo=UTC)
_number = count(1)


def application(db: Session, whose: Practice | None = None, **over: Any) -> Application:
    """An application that is ready, its fee confirmed."""
    n, edition = next(_number), standards.current_edition(db)
    own = whose or practice(db)
    opener = official(db)
    score = _score(db, own)
    binder = Binder(practice_id=own.id, edition_id=edition.id, opened_at=AWARDED)
    db.add(binder)
    db.flush()
    facts = {
        "number": f"2026-9{n:03d}", "practice_id": own.id, "score_report_id": score.id, "edition_id": edition.id,
        "binder_id": binder.id, "state": State.READY, "opened_at": AWARDED, "opened_by": opener.id,
        "ready_at": AWARDED,
    }  # fmt: skip
    made = Application(**(facts | over))
    db.add(made)
    db.flush()
    invoice(db, made, opener)
    return made


def _score(db: Session, own: Practice) -> ScoreReport:
    held = enrolment(db, own, db.scalar(select(Round).limit(1)))
    report = ScoreReport(
        practice_id=own.id, enrolment_id=held.id, round_id=held.round_id, number=f"QPR-{next(_number)}",
        issued_on=date(2026, 2, 1), issued_at=AWARDED, result={}, misses={}, quality={}, settings={}, sha256="0" * 64,
        percent="81.03", qualified=True, valid_until=date(2027, 2, 1),
    )  # fmt: skip
    db.add(report)
    db.flush()
    return report


def invoice(db: Session, case: Application, by: User, **over: Any) -> Invoice:
    """A confirmed invoice of a case."""
    number = f"INV-2026-9{next(_number):03d}"
    paper = documents.order(
        db, kind=PaperKind.INVOICE, data={}, practice_id=case.practice_id, number=number, version=1, title="Invoice",
        by=by, now=AWARDED,
    )  # fmt: skip
    facts = {
        "number": number, "application_id": case.id, "practice_id": case.practice_id, "lines": [], "basis": {},
        "total_cents": 600_000, "state": InvoiceState.CONFIRMED, "issued_at": AWARDED, "method": Method.TRANSFER,
        "reference": "R-1", "paid_on": AWARDED.date(), "confirmed_at": AWARDED, "confirmed_by": by.id,
        "paper_id": paper.id,
    }  # fmt: skip
    made = Invoice(**(facts | over))
    db.add(made)
    db.flush()
    return made


def clean_report(db: Session, case: Application | None = None, **over: Any) -> ComplianceReport:
    """An issued compliance report by which every standard is met."""
    case = case or application(db)
    survey = Survey(
        application_id=case.id, practice_id=case.practice_id, edition_id=case.edition_id, kind=SurveyKind.FIRST,
        state=SurveyState.DETERMINED, opened_at=AWARDED, surveyor_id=official(db, Role.SURVEYOR).id, draw_seed=1,
        visit_on=date(2026, 9, 1), visit_until=date(2026, 9, 2), started_at=AWARDED, ended_at=AWARDED,
        submitted_at=AWARDED, determined_at=AWARDED, result=Determination.ALL_MET,
    )  # fmt: skip
    db.add(survey)
    db.flush()
    number = f"CCR-{case.number}"
    paper = documents.order(
        db, kind=PaperKind.CCR, data={}, practice_id=case.practice_id, case_id=case.id, number=number,
        version=over.get("version", 1), title="Report", by=None, now=AWARDED,
    )  # fmt: skip
    facts = {
        "survey_id": survey.id, "application_id": case.id, "practice_id": case.practice_id, "number": number,
        "state": ReportState.ISSUED, "result": Result.ALL_MET, "drafted_at": AWARDED,
        "issued_on": date(2026, 11, 6), "paper_id": paper.id, "data": {},
    }  # fmt: skip
    made = ComplianceReport(**(facts | over))
    db.add(made)
    db.flush()
    return made


def certified(db: Session, whose: Practice | None = None, *, now: datetime = AWARDED) -> Certification:
    """A practice on the day of its award."""
    report = clean_report(db, application(db, whose))
    return actions.award(db, report, by=official(db, Role.ADMIN), now=now)

"""What the office and the reviewers have under way."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.people.models import User
from app.people.rules import Capacity
from app.report.models import ComplianceReport, Plan
from app.report.rules.plan import PlanState

WITH_REVIEWER = (PlanState.SUBMITTED, PlanState.EVIDENCE_SENT)


def plans(db: Session) -> Sequence[Plan]:
    """Every plan that is not finished."""
    shown = (joinedload(Plan.report).joinedload(ComplianceReport.practice), selectinload(Plan.lines))
    return db.scalars(select(Plan).where(Plan.state != PlanState.MET).order_by(Plan.number).options(*shown)).all()


def plans_for(db: Session, reviewer: User) -> list[Plan]:
    """The plans and the evidence that wait for this reviewer's verdict."""
    cases = [held.case_id for held in reviewer.appointments if held.current and held.capacity is Capacity.REVIEWER]
    found = select(Plan).where(Plan.application_id.in_(cases), Plan.state.in_(WITH_REVIEWER))
    return list(db.scalars(found.order_by(Plan.number)))

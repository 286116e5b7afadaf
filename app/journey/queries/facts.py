"""The facts of many practices' roads: one question per table, however many practices there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.application.models import Application, Invoice, StepRecord
from app.application.rules.case import Outcome
from app.application.rules.case import State as ApplicationState
from app.application.rules.steps import BY_SLUG
from app.decision.models import Certification, Plaque
from app.decision.rules import IN_FORCE
from app.evidence import queries as evidence
from app.evidence.models import NaClaim
from app.evidence.rules import ClaimState
from app.journey.rules import Facts, Road, Step, road
from app.kernel import clock
from app.participation.models import Chart, Enrolment, Round, ScoreReport
from app.participation.rules.qualify import minimum_for, sample_minimums
from app.people.models import Practice, Site
from app.people.rules import PRACTICE_ROLES
from app.program.models import Due
from app.program.queries import OPEN
from app.report.models import ComplianceReport, Plan, PlanLine, Requirement
from app.report.rules.ccr import RequirementState, Result
from app.survey.models import Assignment, Review, Survey
from app.survey.rules.moves import AssignmentState, ReviewState, SurveyState
from app.survey.rules.visit import SurveyKind

LOOK = "application.look"

Found = dict[str, dict[str, Any]]
Reader = Callable[[Session, list[str], date], Found]


def roads_of(db: Session, practices: Sequence[Practice], today: date) -> dict[str, Road]:
    """The road of each practice, by its id."""
    return {practice_id: road(facts) for practice_id, facts in facts_of(db, practices, today).items()}


def facts_of(db: Session, practices: Sequence[Practice], today: date) -> dict[str, Facts]:
    """What every room knows of these practices, by practice id."""
    ids = [practice.id for practice in practices]
    found = [read(db, ids, today) for read in READERS]
    return {practice.id: _put_together(practice, found) for practice in practices}


def _put_together(practice: Practice, found: list[Found]) -> Facts:
    values: dict[str, Any] = {"ids": {"practice_id": practice.id}}
    for part in found:
        given = dict(part.get(practice.id, {}))
        case_id = given.pop("case_id", None)
        if case_id is None or case_id == values["ids"].get("application_id"):  # an older case says nothing of this one
            values["ids"] |= given.pop("ids", {})
            values |= given
    return Facts(name=practice.public_name, practice_state=practice.state.value, **values)


def _sites(db: Session, ids: list[str], today: date) -> Found:
    counted = select(Site.practice_id, func.count()).where(Site.practice_id.in_(ids)).group_by(Site.practice_id)
    return {practice_id: {"sites": count} for practice_id, count in db.execute(counted)}


def _enrolments(db: Session, ids: list[str], today: date) -> Found:
    asked = select(Enrolment, func.count(Chart.id)).outerjoin(Chart, Chart.enrolment_id == Enrolment.id)
    asked = asked.join(Round, Round.id == Enrolment.round_id).options(joinedload(Enrolment.round))
    rows = db.execute(asked.where(Enrolment.practice_id.in_(ids)).group_by(Enrolment.id).order_by(Round.opens_on))
    return {one.practice_id: _enrolment(one, charts) for one, charts in rows}


def _enrolment(one: Enrolment, charts: int) -> dict[str, Any]:
    return {
        "enrolment": one.state.value,
        "enrolled_on": clock.day_of(one.enrolled_at),
        "round_name": f"round {one.round.code}",
        "round_state": one.round.state.value,
        "charts": charts,
        "charts_wanted": minimum_for(one.fte, sample_minimums()).unique_charts,
        "ids": {"enrolment_id": one.id, "round_id": one.round_id},
    }


def _scores(db: Session, ids: list[str], today: date) -> Found:
    asked = select(ScoreReport).where(ScoreReport.practice_id.in_(ids)).options(joinedload(ScoreReport.round))
    return {
        one.practice_id: {
            "score": one.percent or "",
            "score_charts": one.result.get("unique_charts", 0),
            "score_on": one.issued_on,
            "qualified": one.qualified and (one.usable_until is None or today <= one.usable_until),
            "valid_until": one.usable_until,
            "ids": {"report_id": one.id, "score_report_id": one.id},
        }
        for one in db.scalars(asked.order_by(ScoreReport.issued_on, ScoreReport.issued_at))
    }


def _applications(db: Session, ids: list[str], today: date) -> Found:
    rows = db.scalars(select(Application).where(Application.practice_id.in_(ids)).order_by(Application.opened_at)).all()
    current = {one.practice_id: one for one in rows}
    case_ids = [one.id for one in current.values()]
    records: dict[str, list[StepRecord]] = {}
    for record in db.scalars(select(StepRecord).where(StepRecord.application_id.in_(case_ids))):
        records.setdefault(record.application_id, []).append(record)
    asked = select(Invoice).where(Invoice.application_id.in_(case_ids)).order_by(Invoice.issued_at)
    invoices = {one.application_id: one for one in db.scalars(asked)}
    return {
        practice_id: _application(one, records.get(one.id, []), invoices.get(one.id))
        for practice_id, one in current.items()
    }


def _application(one: Application, records: list[StepRecord], invoice: Invoice | None) -> dict[str, Any]:
    ended = one.state is ApplicationState.CLOSED and one.outcome is not Outcome.CERTIFIED
    facts: dict[str, Any] = {
        "application": "closed" if ended else one.state.value,
        "number": "" if ended else one.number,
        "steps": tuple(_step(record) for record in sorted(records, key=_order)),
        "ready_on": clock.day_of(one.ready_at) if one.ready_at else None,
        "ids": {"application_id": one.id, "binder_id": one.binder_id},
    }
    if invoice is not None:
        facts |= {"invoice": invoice.state.value, "invoice_number": invoice.number}
        facts["ids"]["invoice_id"] = invoice.id
    return facts


def _order(record: StepRecord) -> int:
    return BY_SLUG[record.slug].number


def _step(record: StepRecord) -> Step:
    step = BY_SLUG[record.slug]
    role = next((str(role) for role in PRACTICE_ROLES if role in step.who), "owner")
    done = record.completed_at is not None and record.returned_at is None
    return Step(step.number, step.title, record.slug.value, done, role, record.returned_at is not None)


def _looks(db: Session, ids: list[str], today: date) -> Found:
    """Applications that nobody has looked through yet: their clock still runs."""
    asked = select(Due.practice_id, Due.case_id).where(Due.practice_id.in_(ids), Due.key == LOOK, Due.state.in_(OPEN))
    return {str(practice_id): {"case_id": case_id, "to_look": True} for practice_id, case_id in db.execute(asked)}


def _binders(db: Session, ids: list[str], today: date) -> Found:
    """Files that the Program asks for, and claims that wait for its word; only those of the case at hand count."""
    asked = select(Application.practice_id, Application.binder_id).where(Application.practice_id.in_(ids))
    binders = dict(db.execute(asked.order_by(Application.opened_at)).all())  # the newest comes last and stays
    counted = select(NaClaim.binder_id, func.count()).where(NaClaim.binder_id.in_(binders.values()))
    claims = dict(db.execute(counted.where(NaClaim.state == ClaimState.CLAIMED).group_by(NaClaim.binder_id)).all())
    questions = evidence.questions_in(db, binders.values())
    return {
        practice_id: {"claims": claims.get(binder_id, 0), "questions": questions.get(binder_id, 0)}
        for practice_id, binder_id in binders.items()
    }


def _surveys(db: Session, ids: list[str], today: date) -> Found:
    asked = select(Survey).where(Survey.practice_id.in_(ids), Survey.state != SurveyState.CANCELLED)
    current = {one.practice_id: one for one in db.scalars(asked.order_by(Survey.opened_at))}
    survey_ids = [one.id for one in current.values()]
    assigned = select(Assignment).where(Assignment.survey_id.in_(survey_ids)).order_by(Assignment.proposed_at)
    assignments = {one.survey_id: one for one in db.scalars(assigned)}
    reviewed = select(Review).where(Review.survey_id.in_(survey_ids), Review.state != ReviewState.ENDED)
    reviews = {one.survey_id: one for one in db.scalars(reviewed.order_by(Review.assigned_at))}
    return {
        practice_id: _survey(one, assignments.get(one.id), reviews.get(one.id)) for practice_id, one in current.items()
    }


def _survey(one: Survey, assignment: Assignment | None, review: Review | None) -> dict[str, Any]:
    standing = assignment if assignment and assignment.state is not AssignmentState.ENDED else None
    facts: dict[str, Any] = {
        "case_id": one.application_id,
        "survey": one.state.value,
        "resurvey": one.kind is SurveyKind.RESURVEY,
        "assignment": standing.state.value if standing else "",
        "surveyor_id": one.surveyor_id or (standing.surveyor_id if standing else None),
        "visit_on": one.visit_on,
        "visit_until": one.visit_until,
        "determined_on": clock.day_of(one.determined_at) if one.determined_at else None,
        "ids": {"survey_id": one.id},
    }
    if standing:
        facts["ids"]["assignment_id"] = standing.id
    if review:
        facts |= {"review": review.state.value, "reviewer_id": review.reviewer_id}
        facts["ids"]["review_id"] = review.id
    return facts


def _reports(db: Session, ids: list[str], today: date) -> Found:
    asked = select(ComplianceReport).where(ComplianceReport.practice_id.in_(ids))
    current = {one.practice_id: one for one in db.scalars(asked.order_by(ComplianceReport.drafted_at))}
    plans = _plans(db, ids)
    return {practice_id: _report(one, plans.get(one.application_id)) for practice_id, one in current.items()}


def _report(one: ComplianceReport, planned: tuple[Plan, int] | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "case_id": one.application_id,
        "report": one.state.value,
        "all_met": one.everything_met,
        "issued_on": one.issued_on,
        "ids": {"report_id": one.id},
    }
    if planned:
        plan, returned = planned
        facts |= {"plan": plan.state.value, "plan_round": plan.round, "plan_returned": returned}
        facts["ids"] |= {"plan_id": plan.id}
    return facts


def _plans(db: Session, ids: list[str]) -> dict[str, tuple[Plan, int]]:
    returned = func.count(PlanLine.id).filter(PlanLine.returned)
    asked = select(Plan, returned).outerjoin(PlanLine, PlanLine.plan_id == Plan.id).where(Plan.practice_id.in_(ids))
    return {
        plan.application_id: (plan, count) for plan, count in db.execute(asked.group_by(Plan.id).order_by(Plan.number))
    }


def _requirements(db: Session, ids: list[str], today: date) -> Found:
    """Counted on the newest report of the newest case that asks for something."""
    met = func.count(Requirement.id).filter(Requirement.state == RequirementState.MET)
    asked = (
        select(ComplianceReport.practice_id, ComplianceReport.application_id, func.count(Requirement.id), met)
        .join(Requirement, Requirement.report_id == ComplianceReport.id)
        .where(ComplianceReport.practice_id.in_(ids), ComplianceReport.result == Result.REQUIREMENTS)
        .group_by(ComplianceReport.id)
        .order_by(ComplianceReport.drafted_at)
    )
    return {
        practice_id: {"case_id": case_id, "requirements": count, "met": done}
        for practice_id, case_id, count, done in db.execute(asked)
    }


def _certifications(db: Session, ids: list[str], today: date) -> Found:
    asked = select(Certification, Plaque).outerjoin(Plaque, Plaque.certification_id == Certification.id)
    asked = asked.where(Certification.practice_id.in_(ids), Certification.state.in_(IN_FORCE))
    return {
        one.practice_id: {
            "certificate": one.number,
            "certification": one.state.value,
            "awarded_on": one.awarded_on,
            "ends_on": one.valid_through,
            "plaque": plaque.state.value if plaque else "",
            "ids": {"certification_id": one.id} | ({"plaque_id": plaque.id} if plaque else {}),
        }
        for one, plaque in db.execute(asked.order_by(Certification.awarded_on))
    }


READERS: tuple[Reader, ...] = (
    _sites, _enrolments, _scores, _applications, _binders, _looks, _surveys, _reports, _requirements, _certifications,
)  # fmt: skip

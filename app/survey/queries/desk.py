"""The lists: staff's survey desk, a surveyor's own surveys, the surveys of one application."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.application.models import Application
from app.application.rules.case import State
from app.people.models import Practice, User
from app.survey.models import Assignment, Review, Survey
from app.survey.rules.moves import AssignmentState, ReviewState, SurveyState

PAGE = 50
ASKED = {
    AssignmentState.PROPOSED: "Surveyor declares",
    AssignmentState.CLEAR: "Practice confirms the surveyor",
    AssignmentState.OBJECTED: "Decide on the objection",
}
STEPS = {
    SurveyState.AWAITING_SURVEYOR: "Propose a surveyor",
    SurveyState.AWAITING_DATE: "Set the date",
    SurveyState.SCHEDULED: "Visit the practice",
    SurveyState.UNDER_WAY: "Rate every row, end the visit",
    SurveyState.VISIT_ENDED: "Submit the worksheet",
    SurveyState.SUBMITTED: "Check the worksheet",
    SurveyState.IN_COMMITTEE: "Assign a reviewer",
    SurveyState.DETERMINED: "Compliance report",
    SurveyState.CANCELLED: "Nothing more",
}


@dataclass(frozen=True)
class DeskRow:
    """One survey on the desk, with who is asked and who reviews."""

    survey: Survey
    assignment: Assignment | None
    review: Review | None

    @property
    def next_step(self) -> str:
        """What comes next, in words."""
        if self.survey.state is SurveyState.AWAITING_SURVEYOR and self.assignment:
            return ASKED[self.assignment.state]
        if self.survey.state is SurveyState.IN_COMMITTEE and self.review:
            return "Surveyor answers" if self.review.state is ReviewState.ASKING else "Committee determines"
        return STEPS[self.survey.state]

    @property
    def holder(self) -> str:
        """Whose turn it is: staff, admin, surveyor, reviewer, signer, or nobody."""
        state = self.survey.state
        if state is SurveyState.AWAITING_SURVEYOR and self.assignment:
            return {"proposed": "surveyor", "clear": "signer", "objected": "admin"}.get(self.assignment.state, "staff")
        if state in (SurveyState.SCHEDULED, SurveyState.UNDER_WAY, SurveyState.VISIT_ENDED):
            return "surveyor"
        if state is SurveyState.IN_COMMITTEE and self.review:
            return "surveyor" if self.review.state is ReviewState.ASKING else "reviewer"
        return "" if state in (SurveyState.DETERMINED, SurveyState.CANCELLED) else "staff"


def unopened(db: Session) -> Sequence[Application]:
    """Applications ready for survey that have none yet, the longest waiting first."""
    surveyed = select(Survey.application_id).where(Survey.state != SurveyState.CANCELLED)
    return db.scalars(
        select(Application)
        .where(Application.state == State.READY, Application.id.not_in(surveyed))
        .order_by(Application.ready_at)
        .limit(PAGE)
    ).all()


def desk(db: Session, *, state: SurveyState | None = None, words: str = "", page: int = 1) -> tuple[list[DeskRow], int]:
    """One page of surveys in this state and with these words, and how many there are in all."""
    found = select(Survey).join(Survey.application).join(Survey.practice)
    if state is not None:
        found = found.where(Survey.state == state)
    if words:
        like = f"%{words.replace('%', '').replace('_', '')}%"
        found = found.where(or_(Practice.public_name.ilike(like), Application.number.ilike(like)))
    total = db.scalar(select(func.count()).select_from(found.subquery())) or 0
    names = (contains_eager(Survey.application), contains_eager(Survey.practice), joinedload(Survey.surveyor))
    ordered = found.options(*names).order_by(Survey.determined_at.is_not(None), Survey.opened_at)
    return _rows(db, list(db.scalars(ordered.limit(PAGE).offset((max(page, 1) - 1) * PAGE)))), total


def of_surveyor(db: Session, user: User) -> list[DeskRow]:
    """The surveys a surveyor was asked to make, and those they made, newest first."""
    asked = select(Assignment.survey_id).where(
        Assignment.surveyor_id == user.id,
        Assignment.state.not_in([AssignmentState.DECLINED, AssignmentState.ENDED]),
    )
    names = (joinedload(Survey.application), joinedload(Survey.practice), joinedload(Survey.surveyor))
    found = select(Survey).where(Survey.id.in_(asked)).options(*names)
    return _rows(db, list(db.scalars(found.order_by(Survey.opened_at.desc()))))


def for_application(db: Session, application_id: str) -> Sequence[Survey]:
    """The surveys of an application, the first one first; cancelled ones too."""
    return db.scalars(select(Survey).where(Survey.application_id == application_id).order_by(Survey.opened_at)).all()


def latest(db: Session, application_id: str) -> Survey | None:
    """The latest survey of an application that was not cancelled."""
    live = [survey for survey in for_application(db, application_id) if survey.state is not SurveyState.CANCELLED]
    return live[-1] if live else None


def _rows(db: Session, surveys: list[Survey]) -> list[DeskRow]:
    ids = [survey.id for survey in surveys]
    over = [AssignmentState.DECLINED, AssignmentState.ENDED]
    asked = select(Assignment).where(Assignment.survey_id.in_(ids), Assignment.state.not_in(over))
    assignments = {one.survey_id: one for one in db.scalars(asked.options(joinedload(Assignment.surveyor)))}
    judging = select(Review).where(Review.survey_id.in_(ids), Review.state != ReviewState.ENDED)
    reviews = {one.survey_id: one for one in db.scalars(judging.options(joinedload(Review.reviewer)))}
    return [DeskRow(survey, assignments.get(survey.id), reviews.get(survey.id)) for survey in surveys]

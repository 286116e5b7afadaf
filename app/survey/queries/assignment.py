"""Who could survey or review a practice, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.application.models import Application
from app.application.rules.case import State
from app.kernel import clock
from app.people.models import Membership, Practice, User
from app.people.queries import holders
from app.people.rules import Role
from app.program.queries import whole
from app.program.rules.days import add_months
from app.survey.models import Assignment, Survey
from app.survey.rules.assignment import Known, Tie, hard_conflicts, mail_domain
from app.survey.rules.moves import OPEN_SURVEY, AssignmentState, SurveyState
from app.survey.rules.visit import SurveyKind

OVER = (AssignmentState.DECLINED, AssignmentState.ENDED)


@dataclass(frozen=True)
class Candidate:
    """A surveyor who could be asked, their open surveys, and what blocks them."""

    user: User
    load: int
    ties: list[Tie]

    @property
    def free(self) -> bool:
        return not self.ties


def standing(db: Session, survey_id: str) -> Assignment | None:
    """The assignment that is not over."""
    found = select(Assignment).where(Assignment.survey_id == survey_id, Assignment.state.not_in(OVER))
    return db.scalar(found)


def why_not_open(db: Session, application: Application, kind: SurveyKind, scope: Sequence[str] | None) -> list[str]:
    """A first survey needs a ready application, a re-survey its rows; one survey is open at a time."""
    reasons = []
    if kind is SurveyKind.FIRST and application.state is not State.READY:
        reasons.append(f"The application is {application.state.value}; it must be ready for survey.")
    if (kind is SurveyKind.RESURVEY) != bool(scope):
        reasons.append("A re-survey names its rows; a first survey sees every row.")
    of_case = select(Survey.state, Survey.kind).where(Survey.application_id == application.id)
    held = [(state, was) for state, was in db.execute(of_case) if state is not SurveyState.CANCELLED]
    if any(state in OPEN_SURVEY for state, _ in held):
        reasons.append("A survey of this application is open already.")
    elif kind is SurveyKind.FIRST and any(was is SurveyKind.FIRST for _, was in held):
        reasons.append("This application has been surveyed; only a re-survey can follow.")
    return reasons


def why_not_propose(db: Session, survey: Survey, surveyor: User, now: datetime) -> list[str]:
    """Somebody is asked already, is no surveyor, or is tied to the practice."""
    reasons = []
    if standing(db, survey.id):
        reasons.append("A surveyor has been asked already. Release that one first.")
    if not (surveyor.active and surveyor.holds(Role.SURVEYOR)):
        reasons.append(f"{surveyor.name} is not a surveyor of the Program.")
    return reasons + [tie.ground for tie in conflicts(db, survey, surveyor, now)]


def why_not_review(db: Session, survey: Survey, reviewer: User, now: datetime) -> list[str]:
    """The third hand on a case is neither the surveyor nor the staff checker, and has no conflict."""
    reasons = []
    if not (reviewer.active and reviewer.holds(Role.REVIEWER)):
        reasons.append(f"{reviewer.name} is not a committee reviewer.")
    if reviewer.id in _surveyors_of_case(db, survey.application_id):
        reasons.append(f"{reviewer.name} surveyed this practice; somebody else decides.")
    if reviewer.id == survey.checked_by_id:
        reasons.append(f"{reviewer.name} checked the worksheet; somebody else decides.")
    return reasons + [tie.ground for tie in conflicts(db, survey, reviewer, now)]


def candidates(db: Session, survey: Survey, now: datetime) -> list[Candidate]:
    """Every surveyor, those who are free first and the least busy of them before the others."""
    load = _loads(db)
    found = [
        Candidate(user, load.get(user.id, 0), conflicts(db, survey, user, now)) for user in holders(db, Role.SURVEYOR)
    ]
    return sorted(found, key=lambda one: (bool(one.ties), one.load, one.user.name))


def conflicts(db: Session, survey: Survey, user: User, now: datetime) -> list[Tie]:
    """Every hard conflict that the database knows of, with its ground."""
    practice = survey.practice
    held = next((m for m in user.memberships if m.practice_id == practice.id), None)
    return hard_conflicts(Known(
        email=user.email,
        practice_mail=_practice_mail(db, practice),
        membership=held.role.value if held else None,
        surveyed_last_on=_surveyed_last_on(db, survey, user, now),
        refused_before=_refused_before(db, survey, user),
    ))  # fmt: skip


def _practice_mail(db: Session, practice: Practice) -> tuple[tuple[str, str], ...]:
    emails = db.scalars(
        select(User.email).join(Membership, Membership.user_id == User.id).where(Membership.practice_id == practice.id)
    )
    found = {(domain, "people of the practice") for email in emails if (domain := mail_domain(email))}
    host = practice.website.split("//")[-1].split("/")[0].removeprefix("www.")
    return tuple(sorted(found | ({(host.lower(), "the practice's website")} if host else set())))


def _surveyed_last_on(db: Session, survey: Survey, user: User, now: datetime) -> date | None:
    """The day of the practice's last visit of an earlier case, if this person made it within the years that count."""
    years = whole(db, "conflict.years", clock.day_of(now))
    last = db.execute(
        select(Survey.surveyor_id, Survey.visit_on)
        .where(Survey.practice_id == survey.practice_id, Survey.application_id != survey.application_id)
        .where(Survey.started_at.is_not(None))
        .order_by(Survey.visit_on.desc())
        .limit(1)
    ).first()
    if last is None or last.surveyor_id != user.id:
        return None
    day: date = last.visit_on
    return day if day >= add_months(clock.day_of(now), -12 * years) else None


def _refused_before(db: Session, survey: Survey, user: User) -> str | None:
    over = db.scalar(
        select(Assignment)
        .where(Assignment.survey_id == survey.id, Assignment.surveyor_id == user.id, Assignment.state.in_(OVER))
        .order_by(Assignment.ended_at.desc())
        .limit(1)
    )
    if over is None:
        return None
    if over.state is AssignmentState.DECLINED:
        return f"Declined this survey on {clock.day_of(over.ended_at or over.proposed_at):%B %-d, %Y}."
    return "The practice's objection was upheld." if over.objection else None


def _loads(db: Session) -> dict[str, int]:
    busy = (
        select(Assignment.surveyor_id, func.count())
        .join(Survey, Survey.id == Assignment.survey_id)
        .where(Assignment.state.not_in(OVER), Survey.state.in_(OPEN_SURVEY))
        .group_by(Assignment.surveyor_id)
    )
    return dict(db.execute(busy).all())


def _surveyors_of_case(db: Session, application_id: str) -> set[str]:
    of_case = select(Survey.surveyor_id).where(Survey.application_id == application_id)
    return {surveyor_id for surveyor_id in db.scalars(of_case) if surveyor_id}

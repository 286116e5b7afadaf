"""From a ready application to a surveyor whom both sides have cleared."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.application.models import Application
from app.kernel import clock, ledger
from app.notices import actions as notices
from app.people import actions as people
from app.people.models import User
from app.people.queries import holders
from app.people.rules import Capacity, Role
from app.program import actions as program
from app.program.queries import due
from app.survey import queries
from app.survey.models import Assignment, Survey
from app.survey.rules.assignment import why_not_clear, why_not_reason
from app.survey.rules.moves import ASSIGNMENT_MOVES, SURVEY_MOVES, AssignmentState, Refused, moved
from app.survey.rules.visit import SurveyKind

AGREED = "the practice agreed to its surveyor"
NAMED = "survey.name_surveyor"


def open_for(
    db: Session,
    application: Application,
    *,
    kind: SurveyKind | str = SurveyKind.FIRST,
    scope: Sequence[str] | None = None,
    by: User | None = None,
    now: datetime,
) -> Survey:
    """Open the survey of a ready application, or a re-survey of the given rows; one is open at a time."""
    if reasons := queries.why_not_open(db, application, SurveyKind(kind), scope):
        raise Refused(*reasons)
    survey = Survey(
        application=application, practice_id=application.practice_id, edition_id=application.edition_id,
        kind=SurveyKind(kind), scope=None if scope is None else list(scope), opened_at=now,
        draw_seed=secrets.randbelow(10**6),
    )  # fmt: skip
    db.add(survey)
    ledger.record(db, "survey opened", by=by, now=now, about=survey, after={"kind": survey.kind, "rows": scope})
    _start_search(db, survey, now)
    return survey


def propose(
    db: Session, survey: Survey, surveyor: User, *, background: str = "", by: User, now: datetime
) -> Assignment:
    """Ask a surveyor; whoever has a hard conflict known to the Program is not asked."""
    moved(SURVEY_MOVES, "confirm_surveyor", survey.state, "survey")
    reasons = queries.why_not_propose(db, survey, surveyor, now)
    if reasons:
        raise Refused(*reasons)
    assignment = Assignment(
        survey=survey, practice_id=survey.practice_id, surveyor=surveyor, proposed_by_id=by.id, proposed_at=now,
        background=background.strip() or surveyor.title,
    )  # fmt: skip
    db.add(assignment)
    ledger.record(db, "surveyor proposed", by=by, now=now, about=assignment, after={"surveyor": surveyor.name})
    _clock(db, "survey.declare", assignment, "surveyor proposed", Role.SURVEYOR, now)
    notices.tell(
        db, [surveyor], subject="You are asked to survey a practice",
        body="Please declare whether you have a conflict of interest, or decline.",
        url=f"/assignments/{assignment.id}", practice_id=survey.practice_id, now=now,
    )  # fmt: skip
    return assignment


def declare_clear(
    db: Session, assignment: Assignment, *, stated: Collection[str], declaration: str, by: User, now: datetime
) -> None:
    """The surveyor declares in writing that no conflict stands; the practice is then told the name."""
    state = moved(ASSIGNMENT_MOVES, "declare_clear", assignment.state, "assignment")
    if reasons := why_not_clear(stated):
        raise Refused(*reasons)
    assignment.state, assignment.declared_at = state, now
    assignment.declaration = declaration.strip() or "No conflict of interest; every statement of the form made."
    ledger.record(
        db, "surveyor declared no conflict", by=by, now=now, about=assignment, after={"stated": sorted(stated)}
    )
    program.meet_clock(db, assignment, "survey.declare", now=now)
    program.meet_clock(db, assignment.survey.application, NAMED, now=now)
    _clock(db, "survey.confirm", assignment, "surveyor declared no conflict", Role.SIGNER, now)
    notices.tell(
        db, _practice_people(db, assignment), subject="Your surveyor: please confirm there is no conflict",
        body=f"The Program proposes {assignment.surveyor.name}. A signer confirms, or objects in private.",
        url=f"/surveys/{assignment.survey_id}", practice_id=assignment.practice_id, now=now,
    )  # fmt: skip


def decline(db: Session, assignment: Assignment, *, reason: str, by: User, now: datetime) -> None:
    """The surveyor cannot or should not go; staff propose somebody else."""
    state = moved(ASSIGNMENT_MOVES, "decline", assignment.state, "assignment")
    _say_why(reason)
    assignment.state, assignment.reason, assignment.ended_at = state, reason.strip(), now
    ledger.record(db, "surveyor declined", by=by, now=now, about=assignment, why=reason.strip())
    program.meet_clock(db, assignment, "survey.declare", now=now)
    _tell_office(db, assignment, "A surveyor declined", "Propose another surveyor.", now)


def confirm(db: Session, assignment: Assignment, *, by: User, now: datetime) -> None:
    """The practice's signer confirms that there is no conflict; the surveyor may open the case."""
    state = moved(ASSIGNMENT_MOVES, "confirm", assignment.state, "assignment")
    assignment.confirmed_by_id = by.id
    ledger.record(db, "surveyor confirmed by the practice", by=by, now=now, about=assignment)
    program.meet_clock(db, assignment, "survey.confirm", now=now)
    _let_in(db, assignment, state, by=by, now=now)


def object_to(db: Session, assignment: Assignment, *, reason: str, by: User, now: datetime) -> None:
    """The practice objects in private; an administrator decides, the surveyor does not read why."""
    state = moved(ASSIGNMENT_MOVES, "object", assignment.state, "assignment")
    _say_why(reason)
    assignment.state, assignment.objection = state, reason.strip()
    assignment.objected_at, assignment.objected_by_id = now, by.id
    ledger.record(db, "surveyor objected to", by=by, now=now, about=assignment, why=reason.strip())
    program.meet_clock(db, assignment, "survey.confirm", now=now)
    notices.tell(
        db, holders(db, Role.ADMIN), subject="A practice objects to its surveyor",
        body="The objection is private. Uphold it or overrule it, with the reason.",
        url=f"/surveys/{assignment.survey_id}", practice_id=assignment.practice_id, now=now,
    )  # fmt: skip


def uphold(db: Session, assignment: Assignment, *, reason: str, by: User, now: datetime) -> None:
    """The administrator agrees with the practice; another surveyor is proposed."""
    state = moved(ASSIGNMENT_MOVES, "uphold", assignment.state, "assignment")
    _say_why(reason)
    assignment.state, assignment.reason, assignment.ended_at = state, reason.strip(), now
    ledger.record(db, "objection upheld", by=by, now=now, about=assignment, why=reason.strip())
    _tell_practice(db, assignment, "Your objection was upheld", "The Program proposes another surveyor.", now)
    _tell_office(db, assignment, "An objection was upheld", "Propose another surveyor.", now)


def overrule(db: Session, assignment: Assignment, *, reason: str, by: User, now: datetime) -> None:
    """The administrator finds no ground in the objection; the surveyor goes."""
    state = moved(ASSIGNMENT_MOVES, "overrule", assignment.state, "assignment")
    _say_why(reason)
    assignment.reason = reason.strip()
    ledger.record(db, "objection overruled", by=by, now=now, about=assignment, why=reason.strip())
    _tell_practice(db, assignment, "Your objection was not upheld", "The reason is on the page of your survey.", now)
    _let_in(db, assignment, state, by=by, now=now)


def release(db: Session, assignment: Assignment, *, reason: str, by: User, now: datetime) -> None:
    """Staff take the surveyor off before the visit has started; another one is proposed."""
    survey = assignment.survey
    state = moved(ASSIGNMENT_MOVES, "release", assignment.state, "assignment")
    _say_why(reason)
    if assignment.state is AssignmentState.CONFIRMED:
        survey.state = moved(SURVEY_MOVES, "release_surveyor", survey.state, "survey")
        survey.surveyor_id, survey.visit_on, survey.visit_until = None, None, None
        survey.places.clear()
        people.end_appointment(
            db, assignment.surveyor, case_id=survey.case_id, capacity=Capacity.SURVEYOR, by=by, now=now
        )
    assignment.state, assignment.reason, assignment.ended_at = state, reason.strip(), now
    ledger.record(db, "surveyor released", by=by, now=now, about=assignment, why=reason.strip())
    notices.tell(
        db, [assignment.surveyor], subject="You are released from a survey", body="Nothing more is asked of you.",
        url="/my-surveys", practice_id=survey.practice_id, now=now,
    )  # fmt: skip


def _start_search(db: Session, survey: Survey, now: datetime) -> None:
    """A re-survey's clock runs from its order; a first survey's from the ready application, where it may run."""
    application, first = survey.application, survey.kind is SurveyKind.FIRST
    if first and (named := due(db, application, NAMED)) is not None and named.open:
        return
    program.start_clock(
        db, NAMED if first else "resurvey.visit_by", practice_id=survey.practice_id, case_id=survey.case_id,
        about=application if first else survey, event="application ready" if first else "re-survey ordered",
        start=clock.day_of(application.ready_at if first and application.ready_at else now), owed_by=Role.STAFF,
        now=now,
    )  # fmt: skip


def _let_in(db: Session, assignment: Assignment, state: AssignmentState, *, by: User, now: datetime) -> None:
    survey = assignment.survey
    survey.state = moved(SURVEY_MOVES, "confirm_surveyor", survey.state, "survey")
    survey.surveyor_id = assignment.surveyor_id
    assignment.state, assignment.confirmed_at = state, now
    people.appoint(
        db, assignment.surveyor, practice_id=survey.practice_id, case_id=survey.case_id, capacity=Capacity.SURVEYOR,
        by=by, now=now,
    )  # fmt: skip
    for key in ("survey.set_date", "survey.visit_by"):
        if key == "survey.visit_by" and survey.kind is SurveyKind.RESURVEY:
            continue  # its own clock runs since it was ordered
        program.start_clock(
            db, key, practice_id=survey.practice_id, case_id=survey.case_id, about=survey, event=AGREED,
            start=clock.day_of(now), owed_by=Role.STAFF, now=now,
        )  # fmt: skip
    notices.tell(
        db, [assignment.surveyor, *holders(db, Role.STAFF)], subject="A surveyor is confirmed",
        body="The case is open to the surveyor. The date of the visit is to be set.",
        url=f"/surveys/{survey.id}", practice_id=survey.practice_id, now=now,
    )  # fmt: skip


def _clock(db: Session, key: str, assignment: Assignment, event: str, owed_by: Role, now: datetime) -> None:
    program.start_clock(
        db, key, practice_id=assignment.practice_id, case_id=assignment.case_id, about=assignment, event=event,
        start=clock.day_of(now), owed_by=owed_by, now=now,
    )  # fmt: skip


def _say_why(reason: str) -> None:
    if reasons := why_not_reason(reason):
        raise Refused(*reasons)


def _practice_people(db: Session, assignment: Assignment) -> list[User]:
    found = [*holders(db, Role.SIGNER, assignment.practice_id), *holders(db, Role.OWNER, assignment.practice_id)]
    return list({user.id: user for user in found}.values())


def _tell_practice(db: Session, assignment: Assignment, subject: str, body: str, now: datetime) -> None:
    notices.tell(
        db, _practice_people(db, assignment), subject=subject, body=body, url=f"/surveys/{assignment.survey_id}",
        practice_id=assignment.practice_id, now=now,
    )  # fmt: skip


def _tell_office(db: Session, assignment: Assignment, subject: str, body: str, now: datetime) -> None:
    notices.tell(
        db, holders(db, Role.STAFF), subject=subject, body=body, url=f"/surveys/{assignment.survey_id}",
        practice_id=assignment.practice_id, now=now,
    )  # fmt: skip

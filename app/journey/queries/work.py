"""The work of one person, and the dates that belong to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.journey.queries.facts import roads_of
from app.journey.rules import Road, Task, urgency
from app.kernel.words import count, day
from app.people.models import Practice, User
from app.people.rules import PRACTICE_ROLES, PracticeState, Role
from app.program.models import Due
from app.program.queries import OPEN
from app.survey.models import Assignment, Review, Survey
from app.survey.rules.moves import ReviewState, SurveyState

OFFICE = {Role.STAFF, Role.ADMIN}


@dataclass(frozen=True)
class Work:
    """One thing that waits: for this person, or (then `yours` is false) for somebody else of the same side."""

    task: Task
    practice: Practice
    due: Due | None
    yours: bool

    @property
    def due_on(self) -> date | None:
        return self.due.due_on if self.due else None


@dataclass(frozen=True)
class Desk:
    """Everything on one person's page: what waits for them, and what they wait for."""

    mine: list[Work]
    waiting: list[Work]
    roads: list[tuple[Practice, Road]]

    def says(self, today: date) -> str:
        """The sentence under the heading: how much waits, and since or until when."""
        yours = [work for work in self.mine if work.yours]
        if not yours:
            return "Nothing is waiting for you."
        dated = [work for work in yours if work.due_on]
        late = sum(work.due_on < today for work in dated if work.due_on)
        which = "it" if len(yours) == 1 else "the first"
        first = f"; {which} is due {day(dated[0].due_on)}" if dated and not late else f"; {late} late" if late else ""
        return f"{count(len(yours), 'thing waits', 'things wait')} for you{first}."


def work_of(db: Session, user: User, today: date) -> Desk:
    """What waits for a person, the most urgent first, and what others hold meanwhile."""
    practices = practices_of(db, user)
    roads = roads_of(db, practices, today)
    dates = dues_of(db, roads)
    found = [
        Work(task, practice, due_of(task, dates.get(practice.id, [])), yours(user, task, practice))
        for practice in practices
        for task in roads[practice.id].tasks
    ]
    mine = [work for work in found if concerns(user, work)]
    waiting = [work for work in found if not concerns(user, work)] if user.memberships else []
    return Desk(
        in_order(once(mine)), in_order(waiting), [(one, roads[one.id]) for one in practices if known(user, one)]
    )


def practices_of(db: Session, user: User) -> Sequence[Practice]:
    """The practices whose roads a person walks or works on."""
    if OFFICE & user.program_roles:
        on_the_road = Practice.state.in_([PracticeState.REQUESTED, PracticeState.ACTIVE])
        return db.scalars(select(Practice).where(on_the_road).order_by(Practice.public_name)).all()
    if user.is_program:
        return _appointed(db, user)
    return sorted({held.practice for held in user.memberships}, key=lambda practice: practice.public_name)


def known(user: User, practice: Practice) -> bool:
    """May the person see its road? Who is only asked may not yet, and whose case is closed to them no longer."""
    return practice.id in _let_into(user) or not user.is_program or bool(OFFICE & user.program_roles)


def _let_into(user: User) -> set[str]:
    return {held.practice_id for held in user.appointments if held.current}


def _appointed(db: Session, user: User) -> Sequence[Practice]:
    asked = select(Assignment.practice_id).where(Assignment.surveyor_id == user.id, Assignment.ended_at.is_(None))
    asked = asked.join(Survey, Survey.id == Assignment.survey_id).where(Survey.state == SurveyState.AWAITING_SURVEYOR)
    asked_to_review = select(Review.practice_id).where(
        Review.reviewer_id == user.id, Review.state == ReviewState.ASSIGNED
    )
    mine = or_(Practice.id.in_(asked), Practice.id.in_(asked_to_review), Practice.id.in_(_let_into(user)))
    return db.scalars(select(Practice).where(mine).order_by(Practice.public_name)).all()


def dues_of(db: Session, practice_ids: Iterable[str]) -> dict[str, list[Due]]:
    """The dates still owed, by practice, the earliest first."""
    asked = select(Due).where(Due.practice_id.in_(list(practice_ids)), Due.state.in_(OPEN))
    found: dict[str, list[Due]] = {}
    for due in db.scalars(asked.order_by(Due.due_on)):
        found.setdefault(due.practice_id or "", []).append(due)
    return found


def due_of(task: Task, dates: Sequence[Due]) -> Due | None:
    """The date that rules a task: of the first of its clocks that runs."""
    return next((due for key in task.station.clocks for due in dates if due.key == key), None)


def yours(user: User, task: Task, practice: Practice) -> bool:
    """May this person do it? An owner does what contributors do; an administrator what staff do."""
    role = Role(task.role)
    if role in PRACTICE_ROLES:
        held = {one.role for one in user.memberships if one.practice_id == practice.id}
        return role in held or (role is Role.CONTRIBUTOR and Role.OWNER in held) or prepares(task, held)
    named = task.person_id in (None, user.id)
    return (role in user.program_roles and named) or (role is Role.STAFF and Role.ADMIN in user.program_roles)


def prepares(task: Task, held: set[Role]) -> bool:
    """Writing the plan and gathering evidence is owners' and contributors' too; only the sending is the signer's."""
    return task.key in ("plan", "replan", "evidence", "step") and bool(held - {Role.SIGNER})


def concerns(user: User, work: Work) -> bool:
    """Does it stand on the person's own list? Practice people see all that their practice owes."""
    return work.yours or (bool(user.memberships) and work.task.role in PRACTICE_ROLES)


def once(found: list[Work]) -> list[Work]:
    """A round is scored for everybody at once, so it stands on the list once."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for work in found:
        same = (
            work.task.key,
            work.task.facts.round_name if work.task.key == "score" else work.practice.id + work.task.do,
        )
        if same not in seen:
            seen.add(same)
            kept.append(work)
    return kept


def in_order(found: list[Work]) -> list[Work]:
    """Yours first, the earliest date first, what has no date last."""
    return sorted(found, key=lambda work: (*urgency(work.due_on, work.yours), work.practice.public_name))

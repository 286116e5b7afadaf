"""One practice's road, with everything that its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.models import Application
from app.application.queries.steps import StepNow, tracker
from app.documents.models import Paper
from app.documents.rules import PaperState
from app.journey.queries.facts import facts_of
from app.journey.queries.work import due_of, dues_of, prepares, yours
from app.journey.rules import Facts, Holder, Road, Station, Step, Task, road
from app.people import queries as people
from app.people.models import Practice, User
from app.people.rules import PRACTICE_ROLES, Role
from app.program.models import Due
from app.program.queries import OUTER_LIMIT

PAPERS_SHOWN = 12
# Rights with a last day: once it has passed nothing is late, the right has ended.
RIGHTS = frozenset(
    {"ccr.clarify", "score.waiver_request", "survey.move_notice", "survey.late_evidence", "decision.appeal"}
)
PROGRAM = "The Program"


@dataclass(frozen=True)
class Held:
    """Who holds something: a colleague by name, or the Program without one."""

    name: str
    role: str
    what: str
    ours: bool


@dataclass(frozen=True)
class RoadPage:
    """Everything on the page, worked out."""

    practice: Practice
    road: Road
    facts: Facts
    due: Due | None
    yours: bool
    inside: bool
    held: list[Held]
    dates: list[Due]
    papers: Sequence[Paper]

    @property
    def limit(self) -> Due | None:
        """The last day of the case, once it runs."""
        return next((due for due in self.dates if due.key == OUTER_LIMIT), None)

    @property
    def says(self) -> str:
        """The sentence under the heading: how far, and whose turn."""
        closed = f"{self.road.done} of 5 milestones are done."
        task = self.road.next
        if task is None:
            return f"{closed} Certified as {self.facts.certificate}." if self.facts.certified else closed
        if task.holder is Holder.PRACTICE:
            return f"{closed} {'It is your turn.' if self.inside else 'It is the turn of the practice.'}"
        return (
            f"{closed} {'The Program is at work; you will get a mail.' if self.inside else 'The Program is at work.'}"
        )

    def later(self, station: Station) -> str:
        """What comes later, to whoever reads it."""
        return Task(station, self.facts).later(self.inside)


def road_page(db: Session, practice: Practice, user: User, today: date) -> RoadPage:
    """The road of one practice as this person may see it."""
    facts = _exact(db, facts_of(db, [practice], today)[practice.id], today)
    found, dates = road(facts), dues_of(db, [practice.id]).get(practice.id, [])
    dates = [due for due in dates if due.key not in RIGHTS or due.due_on >= today]
    task = found.next
    inside = any(held.practice_id == practice.id for held in user.memberships)
    return RoadPage(
        practice, found, facts, due_of(task, dates) if task else None, bool(task and yours(user, task, practice)),
        inside, _held(db, practice, found.tasks, inside), dates, _papers(db, practice),
    )  # fmt: skip


def _exact(db: Session, facts: Facts, today: date) -> Facts:
    """While an application is filled in, its steps are worked out anew: a step's ground may have fallen away."""
    if facts.application not in ("draft", "returned"):
        return facts
    application = db.get_one(Application, facts.ids["application_id"])
    return replace(facts, steps=tuple(_step(now) for now in tracker(db, application, today)))


def _step(now: StepNow) -> Step:
    role = next((str(role) for role in PRACTICE_ROLES if role in now.step.who), str(Role.OWNER))
    returned = now.record.returned_at is not None
    return Step(now.step.number, now.step.title, now.step.slug.value, now.complete, role, returned)


def _held(db: Session, practice: Practice, waiting: Sequence[Task], inside: bool) -> list[Held]:
    team = people.team(db, practice.id)
    found = []
    for task in waiting:
        words = task.do if task.holder is Holder.PRACTICE and inside else task.waiting(inside)
        if task.holder is Holder.PROGRAM:
            found.append(Held(PROGRAM, "", words, False))
        else:
            found += [
                Held(user.short_name, ", ".join(roles), words, True) for user, roles in _hands(team, task, practice)
            ]
    return found


def _hands(team: Sequence[User], task: Task, practice: Practice) -> list[tuple[User, list[str]]]:
    """Who of the practice can do it or prepare it, with the roles that let them."""
    found = []
    for user in team:
        held = {one.role for one in user.memberships if one.practice_id == practice.id}
        if user.active and (Role(task.role) in held or prepares(task, held)):
            found.append((user, [str(role) for role in PRACTICE_ROLES if role in held]))
    return found


def _papers(db: Session, practice: Practice) -> Sequence[Paper]:
    asked = select(Paper).where(Paper.practice_id == practice.id, Paper.state != PaperState.FAILED)
    return db.scalars(asked.order_by(Paper.ordered_at.desc()).limit(PAPERS_SHOWN)).all()

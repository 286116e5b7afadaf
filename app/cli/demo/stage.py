"""The stage of the demonstration: practices whose scenes are played in order of time, by the pages' own verbs."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask_security import hash_password
from sqlalchemy.orm import Session

from app.application.models import Application
from app.doors import Doors
from app.evidence.models import Version
from app.kernel import clock, jobs, ledger
from app.participation.models import Enrolment, Round, ScoreReport
from app.people import actions as people
from app.people.models import Practice, ProgramRole, User
from app.people.rules import Role
from app.survey.models import Survey

DEMO = Path(__file__).resolve().parents[3] / "demo"
SATURDAY = 5
BEFORE = datetime(1, 1, 1, tzinfo=UTC)
PASSWORD = "demo-password"  # noqa: S105  said aloud in the README; production does not start with these accounts

PROGRAM = (
    ("admin@demo.example", "Alex Kim", "Program Office", (Role.STAFF, Role.ADMIN)),
    ("surveyor@demo.example", "Ines Moreau, RN", "Oncology nurse, 14 years", (Role.SURVEYOR,)),
    ("reviewer@demo.example", "Ravi Anand, MD", "Medical oncologist", (Role.REVIEWER,)),
)


def read(name: str) -> dict[str, Any]:
    """A file of the demonstration's story."""
    told: dict[str, Any] = json.loads((DEMO / "story" / f"{name}.json").read_text(encoding="utf-8"))
    return told


def acting(cast: dict[Role, User], role: Role) -> User:
    """Whoever holds the role, acting under it: the ledger says so."""
    user = cast[role]
    user.acting_as = role
    return user


@dataclass
class Stage:
    """The store, the people of the Program, and the round that everybody takes part in."""

    db: Session
    doors: Doors
    secret: str
    cast: dict[Role, User] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)

    @classmethod
    def open(cls, db: Session, doors: Doors, *, since: datetime) -> Stage:
        """A stage with the people of the Program on it; needs the application's context."""
        stage = cls(db, doors, hash_password(PASSWORD))
        for email, name, title, roles in PROGRAM:
            user = User(email=email, name=name, title=title, since=since, password=stage.secret, demo=True)
            user.roles = [ProgramRole(role=role) for role in roles]
            db.add(user)
            ledger.record(db, "demonstration account made", by=None, now=since, about=user)
            stage.cast |= dict.fromkeys(roles, user)
        return stage

    @property
    def staff(self) -> User:
        return acting(self.cast, Role.STAFF)

    @property
    def admin(self) -> User:
        return acting(self.cast, Role.ADMIN)

    def play(self, stories: Iterable[Story], *, until: datetime) -> None:
        """Every scene of every story that lies before `until`, each story up to its own end, in order of time."""
        waiting: list[tuple[datetime, int, Story]] = []
        for number, story in enumerate(stories):
            heapq.heappush(waiting, (story.moment(), number, story))
        while waiting:
            moment, number, story = heapq.heappop(waiting)
            if moment > until:
                continue
            with clock.at(moment):
                story.scenes[story.at].verb(story)
                self.settle()
            story.at, story.last = story.at + 1, moment
            if story.at < len(story.scenes) and story.scenes[story.at].verb.__name__ != story.stop_before:
                heapq.heappush(waiting, (story.moment(), number, story))

    def settle(self) -> None:
        """Keep what was done and do the slow work that it asked for."""
        self.db.commit()
        jobs.drain(self.db, self.doors)
        self.db.commit()


@dataclass(frozen=True)
class Scene:
    """One day of a story and what happens on it; days count from the story's anchor, or from the visit."""

    day: int
    verb: Callable[[Any], None]
    from_visit: bool = False
    hour: int = 10


@dataclass
class Story:
    """One practice on its road: what is told of it, and what it has by now."""

    stage: Stage
    facts: dict[str, Any]
    anchor: date
    scenes: list[Scene]
    stop_before: str = ""
    at: int = 0
    last: datetime = BEFORE

    practice: Practice = field(init=False)
    people: dict[Role, User] = field(default_factory=dict)
    enrolment: Enrolment = field(init=False)
    score: ScoreReport = field(init=False)
    application: Application = field(init=False)
    versions: dict[str, Version] = field(default_factory=dict)
    survey: Survey = field(init=False)

    def moment(self) -> datetime:
        """When the next scene is played: on a weekday, and never before the scene that went before."""
        scene = self.scenes[self.at]
        base = self.survey.visit_on if scene.from_visit else self.anchor
        if base is None:
            raise LookupError(f"{self.facts['public_name']} has no day of the visit yet")
        day = base + timedelta(days=scene.day)
        day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)
        moment = datetime.combine(day, time(scene.hour), clock.PROGRAM_ZONE).astimezone(UTC)
        return max(moment, self.last + timedelta(minutes=7))

    @property
    def db(self) -> Session:
        return self.stage.db

    @property
    def owner(self) -> User:
        return acting(self.people, Role.OWNER)

    @property
    def writer(self) -> User:
        """Whoever types: charts, documents, pins, plan lines."""
        return acting(self.people, Role.CONTRIBUTOR)

    @property
    def signer(self) -> User:
        return acting(self.people, Role.SIGNER)

    def enter(self) -> None:
        """The practice asks to take part, is approved, and has its people and sites."""
        now, facts, db = clock.now(), self.facts, self.db
        self.people[Role.OWNER] = self._person(*facts["people"][0][:3])
        self.practice = people.ask_for_practice(
            db, legal_name=facts["legal_name"], public_name=facts["public_name"], country="US",
            tax_id=facts["tax_id"], asco_member=facts["asco_member"], by=self.owner, now=now,
        )  # fmt: skip
        for name in ("address", "city", "region", "postcode", "phone", "website"):
            setattr(self.practice, name, facts.get(name, ""))
        people.move_practice(db, self.practice, "approve", by=self.stage.staff, now=now)
        self._invite_everybody(now)
        for code, name, address, city, region, postcode in facts["sites"]:
            people.keep_site(
                db, self.practice, None, by=self.owner, now=now, code=code, name=name, address=address, city=city,
                region=region, postcode=postcode,
            )  # fmt: skip

    def _person(self, email: str, name: str, title: str) -> User:
        user = User(email=email, name=name, title=title, since=clock.now(), password=self.stage.secret, demo=True)
        self.db.add(user)
        self.db.flush()
        return user

    def _invite_everybody(self, now: datetime) -> None:
        for email, name, title, roles in self.facts["people"]:
            user = self.owner if email == self.owner.email else self._person(email, name, title)
            held = {Role(role) for role in roles}
            people.set_roles(self.db, self.practice, user, held, by=self.owner, now=now)
            self.people |= dict.fromkeys(held, user)

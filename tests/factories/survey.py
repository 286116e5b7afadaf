"""A survey at each moment of M3, with everybody on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.application.models import Application, OfferedDate
from app.people.models import Practice, Site, User
from app.people.rules import Role
from app.standards.rules import Method
from app.survey import actions, queries
from app.survey.actions.worksheet import Seen
from app.survey.models import Assignment, Entry, Review, Survey
from app.survey.rules.assignment import CONFLICT_QUESTIONS
from app.survey.rules.worksheet import BELOW_MET, Rating, SourceKind
from tests.factories import people
from tests.factories.report import application

NOW = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
VISIT = date(2026, 8, 4)
VISIT_DAY = datetime(2026, 8, 4, 14, 0, tzinfo=UTC)
STATED = list(CONFLICT_QUESTIONS)


_number = count(1)


def surveyor(db: Session, **over: Any) -> User:
    """A surveyor whose mail ties them to nobody."""
    facts = {"email": f"surveyor{next(_number)}@nurses.example", "title": "Oncology nurse, 14 years"}
    return people.official(db, Role.SURVEYOR, **(facts | over))


@dataclass
class Cast:
    """Everybody and everything of one survey."""

    practice: Practice
    application: Application
    owner: User
    signer: User
    staff: User
    admin: User
    surveyor: User
    reviewer: User
    survey: Survey = field(init=False)
    assignment: Assignment = field(init=False)
    review: Review = field(init=False)

    @property
    def sites(self) -> list[Site]:
        return self.survey.sites


def cast(db: Session, **over: Any) -> Cast:
    """A ready application with five offered days, and the people who will meet over it."""
    practice = over.pop("practice", None) or people.practice(db)
    made = over.pop("application", None) or application(db, practice)
    owner = people.member(db, practice, Role.OWNER, email=f"owner{next(_number)}@{practice.slug}.example")
    made.dates = [OfferedDate(on_day=VISIT + timedelta(days=n), offered_at=NOW, offered_by=owner.id) for n in range(5)]
    facts = {
        "signer": people.member(db, practice, Role.SIGNER, email=f"signer{next(_number)}@{practice.slug}.example"),
        "staff": people.official(db, Role.STAFF, name="Noor Staff"),
        "admin": people.official(db, Role.ADMIN, name="Ada Admin"),
        "surveyor": surveyor(db, name="Ines Marlowe, RN"),
        "reviewer": people.official(
            db, Role.REVIEWER, name="Rowan Hidden", email=f"rowan{next(_number)}@panel.example"
        ),
    }
    return Cast(practice=practice, application=made, owner=owner, **(facts | over))


def next_application(db: Session, first: Application) -> Application:
    """The practice applies again, as years later."""
    names = ("practice_id", "score_report_id", "edition_id", "binder_id", "state", "opened_at", "opened_by", "ready_at")
    again = Application(number=f"{first.number}-B", **{name: getattr(first, name) for name in names})
    db.add(again)
    db.flush()
    return again


def opened(db: Session, **over: Any) -> Cast:
    """The survey is open and looks for a surveyor."""
    made = cast(db, **over)
    made.survey = actions.open_for(db, made.application, by=made.staff, now=NOW)
    return made


def proposed(db: Session, **over: Any) -> Cast:
    """A surveyor is asked."""
    made = opened(db, **over)
    made.assignment = actions.propose(db, made.survey, made.surveyor, by=made.staff, now=NOW)
    return made


def clear(db: Session, **over: Any) -> Cast:
    """The surveyor has declared; the practice is asked."""
    made = proposed(db, **over)
    actions.declare_clear(db, made.assignment, stated=STATED, declaration="", by=made.surveyor, now=NOW)
    return made


def confirmed(db: Session, **over: Any) -> Cast:
    """Both sides have cleared conflicts."""
    made = clear(db, **over)
    actions.confirm(db, made.assignment, by=made.signer, now=NOW)
    return made


def scheduled(db: Session, **over: Any) -> Cast:
    """The date is set."""
    made = confirmed(db, **over)
    actions.schedule(db, made.survey, VISIT, by=made.staff, now=NOW)
    return made


def under_way(db: Session, **over: Any) -> Cast:
    """The visit has started."""
    made = scheduled(db, **over)
    actions.start(db, made.survey, by=made.surveyor, now=VISIT_DAY)
    db.flush()
    return made


def entry(db: Session, made: Cast, code: str, site: Site | None = None) -> Entry:
    """The entry of a row at a site (the main one)."""
    found = queries.place_on_sheet(db, made.survey, code, (site or made.sites[0]).id)
    assert found is not None
    return found


def fill(db: Session, made: Cast, below: dict[str, Rating] | None = None) -> None:
    """Rate every row at every site: met, or what is said here, then with an observation."""
    for one in queries.entries(db, made.survey):
        one.rating, one.version, one.saved_at = (below or {}).get(one.code, Rating.MET), 1, VISIT_DAY
        if one.rating in BELOW_MET:
            db.flush()
            actions.observe(db, one, seen(), by=made.surveyor, now=VISIT_DAY)
    db.flush()


def seen(text: str = "None of three bags carried an expiry.", **over: Any) -> Seen:
    """One observation in the preparation room."""
    facts = {"method": Method.OBSERVATION, "source_kind": SourceKind.PLACE, "source": "Preparation room"}
    return Seen(text=text, **(facts | over))


def ended(db: Session, below: dict[str, Rating] | None = None, **over: Any) -> Cast:
    """The visit has ended and every row is rated."""
    made = under_way(db, **over)
    fill(db, made, below)
    notes = {site.id: "4:45 pm, lead nurse and pharmacist" for site in made.sites}
    actions.end_visit(db, made.survey, notes, by=made.surveyor, now=VISIT_DAY)
    return made


def submitted(db: Session, below: dict[str, Rating] | None = None, **over: Any) -> Cast:
    """The worksheet is with the Program."""
    made = ended(db, below, **over)
    actions.submit(db, made.survey, by=made.surveyor, now=VISIT_DAY)
    return made


def in_committee(db: Session, below: dict[str, Rating] | None = None, **over: Any) -> Cast:
    """The checked worksheet waits for a reviewer."""
    made = submitted(db, below, **over)
    actions.pass_to_committee(db, made.survey, by=made.staff, now=VISIT_DAY)
    return made


def reading(db: Session, below: dict[str, Rating] | None = None, **over: Any) -> Cast:
    """A reviewer has declared and reads."""
    made = in_committee(db, below, **over)
    made.review = actions.assign_reviewer(db, made.survey, made.reviewer, by=made.staff, now=VISIT_DAY)
    actions.clear_reviewer(db, made.review, stated=STATED, by=made.reviewer, now=VISIT_DAY)
    return made


def settle_all(db: Session, made: Cast, *, but: tuple[str, ...] = ()) -> None:
    """The reviewer reads every standard as the surveyor did, and agrees."""
    for case in queries.review_case(db, made.review):
        if not case.shown:
            actions.read_first(db, made.review, case.code, case.surveyor_rating, by=made.reviewer, now=VISIT_DAY)
    for case in queries.review_case(db, made.review):
        if case.code not in but and not case.settled:
            actions.judge(db, made.review, case.code, must_show="A revised policy.", by=made.reviewer, now=VISIT_DAY)


def determined(db: Session, below: dict[str, Rating] | None = None, **over: Any) -> Cast:
    """The committee has determined."""
    made = reading(db, below, **over)
    settle_all(db, made)
    actions.determine(db, made.review, by=made.reviewer, now=VISIT_DAY)
    return made

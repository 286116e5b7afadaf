"""One world with everything in it: three practices, every kind of thing, and everybody who may meet it.

It is made once and kept in a database of its own; no walk leaves anything behind in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.application.models import Application, StepRecord
from app.application.queries import agreements
from app.application.rules.steps import STEPS
from app.decision import actions as decisions
from app.decision.models import Certification
from app.documents.models import Paper
from app.documents.rules import PaperState
from app.doors import Doors
from app.evidence import actions as evidence
from app.evidence.actions import uploads
from app.evidence.models import Version
from app.evidence.reader.child import Reading
from app.evidence.reader.lines import Page
from app.kernel.db import Base, reading
from app.notices import actions as notices
from app.participation.actions import charts as chart_verbs
from app.participation.actions import rounds
from app.participation.models import ScoreReport
from app.people import actions as people_verbs
from app.people.models import Practice, User
from app.people.rules import Capacity, Role
from app.report import actions as compliance
from app.report.models import Plan
from app.standards import queries as standards
from app.survey import actions as survey_verbs
from app.survey.rules.worksheet import Rating
from storage.blobs import key_of
from tests.factories import application as applications
from tests.factories import chart as charts
from tests.factories import decision, people
from tests.factories import enrolment as enrolling
from tests.factories import evidence as binders
from tests.factories import report as reports
from tests.factories import survey as surveys
from tests.factories.round import round_

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "demo/harbor-light/HLO-307 Labeling and Dispensing.pdf"
MARCH = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 14, 15, 0, tzinfo=UTC)
TODAY = datetime(2026, 9, 20, 15, 0, tzinfo=UTC)
SECRET = "Quiet Heron"  # in every text that only the people of its practice may read


@dataclass(repr=False)
class Road:
    """One practice that has come far enough to own a thing of every kind."""

    practice: Practice
    owner: User
    contributor: User
    signer: User
    case: Application
    survey: surveys.Cast
    closed: reports.Case
    plan: Plan
    version: Version
    released: User
    turned: User


@dataclass(repr=False)
class World:
    """Who is there, and which things there are: kind -> ids, the first of them practice A's."""

    engine: Engine
    doors: Doors
    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, list[str]] = field(default_factory=dict)
    a: Road = field(init=False)
    b: Road = field(init=False)
    asked: surveys.Cast = field(init=False)
    words: dict[str, str] = field(default_factory=dict)


def build(engine: Engine, doors: Doors) -> World:
    """Practice A, practice B with the same things, and practice C whose surveyor is only proposed."""
    world = World(engine, doors)
    with Session(engine, expire_on_commit=False) as db:
        open_round = round_(db, code="WALK-OPEN")
        world.a = road(db, doors, "Alder", open_round)
        world.b = road(db, doors, "Birch", open_round)
        for made in (world.a, world.b):
            certify(db, made.closed.application)
        world.asked = surveys.clear(db, practice=people.practice(db, public_name=f"Cedar {SECRET}"))
        wait_for_the_office(db)
        world.people = everybody(db, world)
        fill_short_rows(db)
        print_papers(db, doors)
        tell_everybody(db, world)
        world.words = {
            "round": open_round.code,
            "agreement": agreements.agreements(db, world.a.case, TODAY.date())[0].version.key,
            "slot": standards.slots(db, world.a.case.edition_id)[0].code,
            "site": world.a.practice.sites[0].id,
            "site of another practice": world.b.practice.sites[0].id,
            "certificate": db.scalars(select(Certification.number)).first() or "",
        }
        db.commit()
        keep_ids(db, world)
        detach(db, world)
    return world


def road(db: Session, doors: Doors, name: str, open_round: Any) -> Road:
    """A practice, with a case before the committee, one at its action plan, and one that is certified."""
    case, _snapshot = applications.ready(db)
    own = case.practice
    own.public_name, own.slug = f"{name} {SECRET}", name.lower()
    owner, contributor, signer = (people.member(db, own, role, name=f"{name} {role.title()}", title="Director")
                                  for role in (Role.OWNER, Role.CONTRIBUTOR, Role.SIGNER))  # fmt: skip
    take_part(db, own, owner, open_round)
    version = file(db, doors, case.binder, f"{name} {SECRET}.pdf", owner)
    talked_about(db, own, case, owner)
    coming_in(db, case.binder, owner)
    seen = before_committee(db, own, case)
    released = seen_and_released(db, own, case)
    closed, plan, turned = at_the_plan(db, doors, own, case, (owner, contributor, signer))
    return Road(own, owner, contributor, signer, case, seen, closed, plan, version, released, turned)


def take_part(db: Session, own: Practice, owner: User, open_round: Any) -> None:
    """One round with its final report, and one in which charts are being entered."""
    for code in ("MAIN", "NORTH", "SOUTH"):
        people_verbs.keep_site(db, own, None, by=owner, now=MARCH, name=code.title(), code=code)
    done = enrolling.enrolment(db, own, round_(db, code=f"WALK-{own.slug}"), owner)
    charts.sample_charts(db, done, owner)
    rounds.close_round(db, done.round, by=None, now=MARCH)
    rounds.release_round(db, done.round, by=owner, now=AUGUST)
    live = enrolling.enrolment(db, own, open_round, owner)
    for label in ("WALK-1", "WALK-2"):  # alike, so that there is a pair to decide about
        charts.chart(db, live, owner, chart_id=label)
    chart_verbs.keep_draft(db, live, charts.cells(chart_id="WALK-3"), by=owner, now=MARCH)


def file(db: Session, doors: Doors, binder: Any, name: str, by: User) -> Version:
    """A real document, read; pinned to a standard by one passage."""
    data = POLICY.read_bytes() + name.encode()
    key = doors.blobs.put(data)
    version = binders.received(db, binder, name, data, by=by)
    text = f"1. Labels\n{SECRET} writes the expiry on every label."
    page = Page(1, text, binders.places(text), headings=["1. Labels"], source="text", width=612, height=792)
    evidence.settle(db, version, Reading([page]), key, now=binders.AT)
    evidence.pin(db, version, "3.9", page=1, quote="the expiry on every label", by=by, now=binders.AT)
    return version


def talked_about(db: Session, own: Practice, case: Application, owner: User) -> None:
    """A file is asked for, a row is claimed not to apply, and a pinned passage changed with a new version."""
    binder = case.binder
    office = people.official(db)
    evidence.write(db, binder, "3.9", f"Where is the log of {SECRET}?", by=office, now=MARCH, asks_file=True)
    evidence.write(db, binder, "3.9", f"{SECRET} keeps it at the hood.", by=owner, now=AUGUST)
    reason = f"{SECRET} prepares every drug by itself."
    evidence.claim_not_applicable(db, binder, "3.19", reason=reason, by=owner, now=MARCH)
    name, before = f"Forms of {own.public_name}.pdf", f"A copy of the form goes to the patient of {SECRET} each time."
    first = binders.document(db, binder, name, before)
    evidence.pin(db, first, "2.2", page=1, quote=before, by=owner, now=binders.AT)
    binders.document(db, binder, name, before.replace("each time", "and one into the chart"), now=MARCH)


def coming_in(db: Session, binder: Any, by: User) -> None:
    """A file that did not arrive whole, and one that is held back; nobody of the Program knows of either."""
    uploads.begin(db, binder, filename=f"{SECRET} half.pdf", size=9000, modified=1, by=by, now=binders.AT)
    text = f"{SECRET} shows a sample label, MRN 482913"
    page = Page(1, text, binders.places(text), headings=[], source="text", width=612, height=792)
    held = binders.received(db, binder, f"Held {SECRET}.pdf", by=by)
    evidence.settle(db, held, Reading([page]), key_of(POLICY.read_bytes()), now=binders.AT)


def before_committee(db: Session, own: Practice, case: Application) -> surveys.Cast:
    """The reviewer reads; two rows are below met, and a question is open."""
    case.dates.clear()  # the factory of surveys offers days of its own
    db.flush()
    seen = surveys.reading(db, {"3.9": Rating.PARTIALLY}, practice=own, application=case)
    survey_verbs.ask_surveyor(db, seen.review, "3.9", f"Where was {SECRET} seen?", by=seen.reviewer,
                              now=surveys.VISIT_DAY)  # fmt: skip
    return seen


def seen_and_released(db: Session, own: Practice, case: Application) -> User:
    """Somebody who was let into the case as a surveyor once, and is out again."""
    user = people.official(db, Role.SURVEYOR, name="Robin Released")
    ended(db, user, own, case)
    return user


def ended(db: Session, user: User, own: Practice, case: Application) -> None:
    """A surveyor's access that has ended."""
    held = people_verbs.appoint(
        db, user, practice_id=own.id, case_id=case.id, capacity=Capacity.SURVEYOR, by=None, now=people.SINCE
    )
    held.ended_at = TODAY


def at_the_plan(
    db: Session, doors: Doors, own: Practice, first: Application, team: tuple[User, User, User]
) -> tuple[reports.Case, Plan, User]:
    """A second case: its report is issued, its plan accepted, its evidence on the way."""
    again = next_case(db, first)
    surveyor = people.appointed(db, own, again.id, Capacity.SURVEYOR, name="Casey Closed")
    reviewer = people.appointed(db, own, again.id, Capacity.REVIEWER, name="Rowan Second")
    turned = people.appointed(db, own, again.id, Capacity.REVIEWER, name="Toni Turned")
    ended(db, turned, own, again)
    survey = reports.determined(db, again, surveyor, reviewer, reports.BELOW)
    closed = reports.Case(own, again, survey, *team, people.official(db), people.official(db, Role.ADMIN), surveyor,
                          reviewer)  # fmt: skip
    plan = reports.accepted(db, closed)
    proof = file(db, doors, again.binder, f"Proof of {own.public_name}.pdf", team[0])
    reports.shown(db, closed, plan.lines[:1], proof, now=TODAY)
    return closed, plan, turned


def certify(db: Session, second: Application) -> None:
    """A third case that ended in a certificate and a plaque: every standard was met."""
    third = next_case(db, second)
    office, admin = people.official(db), people.official(db, Role.ADMIN)
    decision.invoice(db, third, office)
    survey = reports.determined(db, third, people.official(db, Role.SURVEYOR), people.official(db, Role.REVIEWER), {},
                                opened_at=AUGUST)  # fmt: skip
    report = compliance.issue(db, compliance.draft(db, survey, now=reports.DETERMINED, by=office), by=office,
                              now=reports.ISSUED)  # fmt: skip
    decisions.award(db, report, by=admin, now=decision.AWARDED)


def next_case(db: Session, first: Application) -> Application:
    """The practice applies again, with a binder of its own."""
    again = surveys.next_application(db, first)
    again.opened_at = first.opened_at + timedelta(days=1)
    again.binder_id = evidence.open_binder(db, again.practice, again.edition_id, now=binders.AT, case_id=again.id).id
    db.flush()
    db.refresh(again)
    return again


def wait_for_the_office(db: Session) -> None:
    """A survey that waits for its report, a report that is being worded, and one that waits for the award."""
    by = people.official(db)
    for below, drafted, issued in ((None, False, False), (None, True, False), ({}, True, True)):
        made = reports.case(db, below)
        decision.invoice(db, made.application, by)
        if drafted:
            draft = compliance.draft(db, made.survey, now=reports.DETERMINED, by=by)
        if issued:
            compliance.issue(db, draft, by=by, now=reports.ISSUED)


def everybody(db: Session, world: World) -> dict[str, User]:
    """The people who walk through every door."""
    a, b = world.a, world.b
    return {
        "owner": a.owner, "contributor": a.contributor, "signer": a.signer, "owner of another practice": b.owner,
        "surveyor": a.survey.surveyor, "surveyor of another practice": b.survey.surveyor,
        "surveyor only proposed": world.asked.surveyor, "surveyor released": a.released,
        "surveyor of a closed case": a.closed.surveyor, "reviewer": a.survey.reviewer,
        "reviewer of the second case": a.closed.reviewer, "reviewer who once surveyed": a.turned,
        "reviewer of another practice": b.survey.reviewer,
        "staff": people.official(db, Role.STAFF, name="Noor Office"),
        "admin": people.official(db, Role.ADMIN, name="Ada Office"),
        "somebody new": people.person(db, name="Nico New"),
    }  # fmt: skip


def print_papers(db: Session, doors: Doors) -> None:
    """Every paper that was ordered lies in the store, without having been typeset."""
    for paper in db.scalars(select(Paper)):
        data = b"%PDF-1.7 " + paper.id.encode()
        paper.state, paper.sha256, paper.size = PaperState.ISSUED, doors.blobs.put(data), len(data)
        paper.issued_at = paper.ordered_at


def fill_short_rows(db: Session) -> None:
    """Cases that a factory made short get their steps, final reports the whole of the one that was worked out."""
    for case in db.scalars(select(Application)):
        case.steps = case.steps or [StepRecord(slug=step.slug) for step in STEPS]
    every = list(db.scalars(select(ScoreReport)))
    full = next(one for one in every if one.settings)
    for one in every:
        if not one.settings:
            one.result, one.misses, one.quality, one.settings = full.result, full.misses, full.quality, full.settings


def tell_everybody(db: Session, world: World) -> None:
    """Everybody has a notice of their own, with a calendar file."""
    for user in world.people.values():
        notices.tell(db, [user], subject="Come and see", body="It is for you.", url="/work", now=TODAY,
                     calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")  # fmt: skip


def keep_ids(db: Session, world: World) -> None:
    """Every row of every table by the name of its class, practice A's first."""
    first = {world.a.practice.id: 0, world.b.practice.id: 1}
    for mapper in Base.registry.mappers:
        rows = db.scalars(select(mapper.class_)).all()
        order = sorted(rows, key=lambda row: (bare(row), first.get(getattr(row, "practice_id", None) or "", 2)))
        world.things[mapper.class_.__name__] = [str(row.id) for row in order if hasattr(row, "id")]


def bare(row: Any) -> bool:
    """A notice without a calendar file shows less than one with it."""
    return getattr(row, "calendar", "") is None


def detach(db: Session, world: World) -> None:
    """People stay readable when the session is gone, with everything they hold."""
    for user in world.people.values():
        db.refresh(user)


@contextmanager
def looking(world: World) -> Iterator[Session]:
    """A session that only reads."""
    token = reading.set(True)
    try:
        with Session(world.engine, expire_on_commit=False) as db:
            db.connection()
            yield db
    finally:
        reading.reset(token)

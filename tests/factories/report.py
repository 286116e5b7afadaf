"""A determined survey, and a case at each moment of M4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.models import Application
from app.application.rules.case import State
from app.evidence.models import Binder, Document, Page, Version
from app.evidence.rules import Kind as FileKind
from app.evidence.rules import Source
from app.evidence.rules import State as FileState
from app.kernel import clock
from app.participation.models import Round, ScoreReport
from app.people.models import Practice, User
from app.people.rules import Capacity, Role
from app.program import actions as program
from app.report import actions
from app.report.models import ComplianceReport, Plan, PlanLine
from app.report.rules.plan import PlanText, Verdict
from app.standards import queries as standards
from app.standards.rules import Method
from app.survey.models import Entry, Observation, Review, Survey, VisitedSite
from app.survey.models import Verdict as CommitteeVerdict
from app.survey.rules.committee import Result
from app.survey.rules.moves import ReviewState, SurveyState
from app.survey.rules.visit import SurveyKind
from app.survey.rules.worksheet import BELOW_MET, Rating, SourceKind, standard_of
from tests.factories import people
from tests.factories.enrolment import enrolment

READY = datetime(2026, 6, 17, 15, 0, tzinfo=UTC)
VISIT = date(2026, 8, 4)
DETERMINED = datetime(2026, 9, 8, 15, 0, tzinfo=UTC)
ISSUED = datetime(2026, 9, 14, 15, 0, tzinfo=UTC)

# Row code -> site code -> rating; everything else is met. Two of the three ask something of their own.
BELOW = {
    "3.9": {"CS": Rating.PARTIALLY, "NG": Rating.PARTIALLY},
    "4.1.1": {"CS": Rating.MET, "NG": Rating.NOT_MET},
}


_number = count(1)


def application(db: Session, practice: Practice) -> Application:
    """A ready application with an empty binder."""
    edition, opener = standards.current_edition(db), people.official(db)
    held = enrolment(db, practice, db.scalar(select(Round).limit(1)))
    score = ScoreReport(
        practice_id=practice.id, enrolment_id=held.id, round_id=held.round_id, number=f"QPR-R{next(_number)}",
        issued_on=date(2026, 4, 23), issued_at=READY, result={}, misses={}, quality={}, settings={}, sha256="0" * 64,
        percent="81.39", qualified=True, valid_until=date(2027, 4, 23),
    )  # fmt: skip
    binder = Binder(practice_id=practice.id, edition_id=edition.id, opened_at=READY)
    db.add_all([score, binder])
    db.flush()
    made = Application(number=f"2026-8{next(_number):03d}", practice_id=practice.id, score_report_id=score.id,
                       edition_id=edition.id, binder_id=binder.id, state=State.READY, opened_at=READY,
                       opened_by=opener.id, ready_at=READY)  # fmt: skip
    db.add(made)
    db.flush()
    return made


@dataclass
class Case:
    """Everybody and everything of one case in M4."""

    practice: Practice
    application: Application
    survey: Survey
    owner: User
    contributor: User
    signer: User
    staff: User
    admin: User
    surveyor: User
    reviewer: User


def case(db: Session, below: dict[str, dict[str, Rating]] | None = None, **over: Any) -> Case:
    """A case whose survey is determined, with its outer limit running."""
    practice = over.get("practice") or people.practice(db)
    made = application(db, practice)
    surveyor = people.appointed(db, practice, made.id, Capacity.SURVEYOR, name="Casey Surveyor, RN")
    reviewer = people.appointed(db, practice, made.id, Capacity.REVIEWER, name="Rowan Hidden")
    survey = determined(db, made, surveyor, reviewer, BELOW if below is None else below)
    program.start_clock(db, "case.outer_limit", practice_id=practice.id, case_id=made.id, about=made,
                        event="ready for survey", start=clock.day_of(READY), now=READY)  # fmt: skip
    program.start_clock(db, "ccr.issue", practice_id=practice.id, case_id=made.id, about=survey, event="visit ended",
                        start=VISIT, now=READY)  # fmt: skip
    return Case(
        practice=practice, application=made, survey=survey, surveyor=surveyor, reviewer=reviewer,
        owner=people.member(db, practice, Role.OWNER, name="Dana Canary-Owner"),
        contributor=people.member(db, practice, Role.CONTRIBUTOR, name="Priya Canary-Nair"),
        signer=people.member(db, practice, Role.SIGNER, name="Teo Canary-Brandt", title="Medical Director"),
        staff=people.official(db, Role.STAFF), admin=people.official(db, Role.ADMIN),
    )  # fmt: skip


def determined(
    db: Session, application: Application, surveyor: User, reviewer: User, below: dict[str, dict[str, Rating]],
    **over: Any,
) -> Survey:  # fmt: skip
    """A survey of every row (or of a scope) at every site, judged and determined."""
    facts = {
        "application": application, "practice_id": application.practice_id, "edition_id": application.edition_id,
        "practice": application.practice, "kind": SurveyKind.FIRST, "state": SurveyState.DETERMINED,
        "opened_at": READY, "surveyor": surveyor, "draw_seed": 7, "visit_on": VISIT,
        "visit_until": VISIT + timedelta(days=1), "started_at": READY, "ended_at": READY, "submitted_at": READY,
        "determined_at": DETERMINED, "result": Result.REQUIREMENTS if below else Result.ALL_MET,
    }  # fmt: skip
    survey = over.pop("survey", None) or Survey()
    for name, value in (facts | over).items():
        setattr(survey, name, value)
    survey.places = [VisitedSite(site=site, position=n) for n, site in enumerate(application.practice.sites)]
    db.add(survey)
    db.flush()
    _sheet(db, survey, below, reviewer)
    return survey


def _sheet(db: Session, survey: Survey, below: dict[str, dict[str, Rating]], reviewer: User) -> None:
    rows = [row for row in standards.rows(db, survey.edition_id) if row.rated]
    rows = [row for row in rows if survey.scope is None or row.code in survey.scope]
    for row in rows:
        for site in survey.sites:
            _entry(db, survey, row.code, site, below.get(row.code, {}).get(site.code, Rating.MET))
    review = Review(survey_id=survey.id, practice_id=survey.practice_id, reviewer_id=reviewer.id, first_read=False,
                    state=ReviewState.DETERMINED, assigned_at=READY, cleared_at=READY,
                    determined_at=DETERMINED)  # fmt: skip
    db.add(review)
    db.flush()
    found = {standard_of(code) for code in below}
    db.add_all(
        CommitteeVerdict(review_id=review.id, survey_id=survey.id, code=code, settled_at=DETERMINED,
                         rating=Rating.PARTIALLY if code in found else Rating.MET, reason="Rowan Hidden thinks so",
                         must_show="The revised policy and ten photographs per site." if code in found else "")
        for code in dict.fromkeys(standard_of(row.code) for row in rows)
    )  # fmt: skip
    db.flush()


def _entry(db: Session, survey: Survey, code: str, site: Any, rating: Rating) -> None:
    entry = Entry(survey_id=survey.id, practice_id=survey.practice_id, site_id=site.id, code=code, rating=rating,
                  version=1, saved_at=READY, suggestion="Numbered seals help." if rating is Rating.NOT_MET else "",
                  note="Rowan Hidden, private")  # fmt: skip
    db.add(entry)
    if rating in BELOW_MET:
        db.flush()
        db.add(
            Observation(entry_id=entry.id, practice_id=survey.practice_id, text="Five of five bags carried no expiry.",
                        method=Method.OBSERVATION, source_kind=SourceKind.PLACE,
                        source=f"Preparation room, {site.name}", made_at=READY, made_by_id=survey.surveyor_id)
        )  # fmt: skip


def report(db: Session, made: Case, *, now: datetime = ISSUED) -> ComplianceReport:
    """The issued report of a case."""
    draft = actions.draft(db, made.survey, now=now, by=made.staff)
    return actions.issue(db, draft, by=made.staff, now=now)


def plan(db: Session, made: Case, *, now: datetime = ISSUED) -> Plan:
    """The plan that opens when the report is issued, its lines empty."""
    issued = report(db, made, now=now)
    return db.query(Plan).filter_by(report_id=issued.id).one()


FULL = PlanText(
    root_cause="The label template had no field for the expiry at all.",
    action="Switch on the field at both sites and revise HLO-307.",
    person="Priya N.", title="Pharmacy Manager", target=date(2026, 10, 12), measure="Ten labels per site",
    how_often="each month", goal="all ten carry it", evidence_to_come="HLO-307 v4; photographs of labels",
)  # fmt: skip


def fill(db: Session, lines: list[PlanLine], by: User, *, now: datetime = ISSUED, text: PlanText = FULL) -> None:
    """Write every line in full."""
    for line in lines:
        actions.save_line(db, line, text, seen=line.edition, by=by, now=now)


def submitted(db: Session, made: Case, *, now: datetime = ISSUED) -> Plan:
    """A plan with the Program."""
    opened = plan(db, made, now=now)
    fill(db, opened.lines, made.contributor, now=now)
    actions.submit_plan(db, opened, by=made.signer, now=now)
    return opened


def accepted(db: Session, made: Case, *, now: datetime = ISSUED) -> Plan:
    """A plan that may be shown to be carried out."""
    sent = submitted(db, made, now=now)
    for line in sent.lines:
        actions.judge_line(db, line, Verdict.ACCEPT, "", by=made.reviewer, now=now)
    actions.accept_plan(db, sent, by=made.reviewer, now=now)
    return sent


def version(db: Session, made: Case, title: str = "HLO-307 Labeling and Dispensing", pages: int = 3) -> Version:
    """A readable document of the case's binder."""
    ids = {"practice_id": made.practice.id, "case_id": made.application.id, "binder_id": made.application.binder_id}
    document = Document(title=title, since=READY, **ids)
    db.add(document)
    db.flush()
    key = sha256(title.encode()).hexdigest()
    file = Version(document=document, number=1, filename=f"{title}.pdf", kind=FileKind.PDF, sha256=key, size=900,
                   state=FileState.READABLE, pages=pages, copy_key=key, uploaded_by=made.owner.id,
                   uploaded_at=READY, visible_since=READY, **ids)  # fmt: skip
    db.add(file)
    db.flush()
    return file


def next_version(db: Session, made: Case, old: Version, pages: list[str]) -> Version:
    """The revised file under the old document, with the text of its pages."""
    key = sha256("".join(pages).encode()).hexdigest()
    old.state = FileState.REPLACED
    file = Version(document=old.document, number=old.number + 1, filename=old.filename, kind=FileKind.PDF, sha256=key,
                   size=900, state=FileState.READABLE, pages=len(pages), copy_key=key, uploaded_by=made.owner.id,
                   uploaded_at=ISSUED, visible_since=ISSUED, practice_id=old.practice_id, case_id=old.case_id,
                   binder_id=old.binder_id)  # fmt: skip
    db.add(file)
    db.flush()
    db.add_all(Page(version_id=file.id, number=n, text=words, source=Source.TEXT, headings=[], boxes=[]) for n, words in
               enumerate(pages, 1))  # fmt: skip
    db.flush()
    return file


def shown(db: Session, made: Case, lines: list[PlanLine], file: Version, *, now: datetime) -> None:
    """Say of each line that it is done, and pin a page."""
    for line in lines:
        actions.add_proof(db, line, file, 1, by=made.contributor, now=now)
        actions.save_showing(db, line, done_on=now.date(), still_open="", by=made.contributor, now=now)

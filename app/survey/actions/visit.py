"""The date, the visit itself, and the ways a survey is called off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.kernel import clock, ledger
from app.notices import actions as notices
from app.people import actions as people
from app.people.models import User
from app.people.queries import holders
from app.people.rules import Capacity, Role
from app.program import actions as program
from app.program import queries as settings
from app.survey import queries
from app.survey.models import Entry, Survey, VisitedSite
from app.survey.rules.assignment import why_not_reason
from app.survey.rules.moves import SURVEY_MOVES, Refused, moved
from app.survey.rules.visit import (
    Place,
    sites_to_visit,
    visit_days,
    why_not_end,
    why_not_schedule,
    why_not_start,
)


def schedule(db: Session, survey: Survey, day: date, *, agreed: str = "", by: User, now: datetime) -> None:
    """Set the day of the visit out of the offered ones, or one agreed in writing; everybody gets a calendar file."""
    state = moved(SURVEY_MOVES, "schedule", survey.state, "survey")
    if reasons := why_not_schedule(queries.wish(db, survey, day, agreed, now)):
        raise Refused(*reasons)
    _choose_sites(db, survey, now)
    days = visit_days(day, len(survey.places), settings.calendar(db).works)
    survey.state, survey.visit_on, survey.visit_until, survey.date_agreed = state, day, days[-1], agreed.strip()
    survey.invitation += 1
    ledger.record(
        db, "visit scheduled", by=by, now=now, about=survey, why=agreed.strip() or None,
        after={"on": day.isoformat(), "until": days[-1].isoformat(), "draw": survey.draw_seed},
    )  # fmt: skip
    program.meet_clock(db, survey, "survey.set_date", now=now)
    _tell_all(db, survey, "The date of the survey is set", "The date is in the calendar file and on the page.", now)


def move(db: Session, survey: Survey, *, reason: str, by: User, now: datetime) -> None:
    """Take the date back, with a reason, before the visit starts; another one is to be set."""
    state = moved(SURVEY_MOVES, "move", survey.state, "survey")
    if reasons := why_not_reason(reason):
        raise Refused(*reasons)
    before = survey.visit_on
    survey.invitation += 1
    _tell_all(db, survey, "The date of the survey is taken back", "Another date will be set.", now, cancel=True)
    survey.state, survey.visit_on, survey.visit_until, survey.date_agreed = state, None, None, ""
    ledger.record(
        db, "visit moved", by=by, now=now, about=survey, why=reason.strip(),
        before={"on": before.isoformat() if before else None},
    )  # fmt: skip
    program.start_clock(
        db, "survey.set_date", practice_id=survey.practice_id, case_id=survey.case_id, about=survey,
        event="the date was taken back", start=clock.day_of(now), owed_by=Role.STAFF, now=now,
    )  # fmt: skip


def start(db: Session, survey: Survey, *, by: User, now: datetime) -> None:
    """The visit begins: the binder is frozen and every row gets its entry at every visited site."""
    state = moved(SURVEY_MOVES, "start", survey.state, "survey")
    if reasons := why_not_start(survey.visit_on, clock.day_of(now)):
        raise Refused(*reasons)
    survey.state, survey.started_at = state, now
    binder = survey.application.binder
    binder.frozen_at = binder.frozen_at or now
    for row in queries.sheet_rows(db, survey):
        for place in survey.places:
            db.add(Entry(survey_id=survey.id, practice_id=survey.practice_id, code=row.code, site_id=place.site_id))
    ledger.record(db, "visit started", by=by, now=now, about=survey)
    program.meet_clock(db, survey, "survey.visit_by", now=now)
    program.meet_clock(db, survey, "resurvey.visit_by", now=now)


def end_visit(db: Session, survey: Survey, exit_notes: Mapping[str, str], *, by: User, now: datetime) -> None:
    """The exit meetings are held, by site id; the clocks of the worksheet and of the report run from here."""
    state = moved(SURVEY_MOVES, "end_visit", survey.state, "survey")
    for place in survey.places:
        place.exit_note = exit_notes.get(place.site_id, place.exit_note).strip()
    if reasons := why_not_end({place.site.name: place.exit_note for place in survey.places}):
        raise Refused(*reasons)
    survey.state, survey.ended_at = state, now
    ledger.record(db, "visit ended", by=by, now=now, about=survey)
    owed = {"survey.late_evidence": Role.OWNER, "survey.worksheet": Role.SURVEYOR, "ccr.issue": Role.STAFF}
    for key, role in owed.items():
        program.start_clock(
            db, key, practice_id=survey.practice_id, case_id=survey.case_id, about=survey, event="visit ended",
            start=clock.day_of(now), owed_by=role, now=now,
        )  # fmt: skip
    notices.tell(
        db, [*queries.practice_people(db, survey), *holders(db, Role.STAFF)], subject="The visit has ended",
        body="What follows, and by when, is on the page of the survey.", url=f"/surveys/{survey.id}",
        practice_id=survey.practice_id, now=now,
    )  # fmt: skip


def cancel(db: Session, survey: Survey, *, reason: str, by: User, now: datetime) -> None:
    """Call a survey off for good; its clocks end and its surveyor leaves the case."""
    state = moved(SURVEY_MOVES, "cancel", survey.state, "survey")
    if reasons := why_not_reason(reason):
        raise Refused(*reasons)
    if survey.visit_on and not survey.started_at:
        survey.invitation += 1
        _tell_all(db, survey, "The survey is cancelled", "The date is cancelled.", now, cancel=True)
    survey.state, survey.cancelled_why = state, reason.strip()
    ledger.record(db, "survey cancelled", by=by, now=now, about=survey, why=reason.strip())
    for due in settings.running(db, survey.case_id):
        if due.about_id == survey.id:
            program.end_clock(db, survey, due.key, why="the survey was cancelled")
    close_to_surveyor(db, survey, by=by, now=now)


def close_to_surveyor(db: Session, survey: Survey, *, by: User | None, now: datetime) -> None:
    """The surveyor sees the case no longer: the report is issued, or the survey is off."""
    if survey.surveyor is not None:
        people.end_appointment(db, survey.surveyor, case_id=survey.case_id, capacity=Capacity.SURVEYOR, by=by, now=now)


def _choose_sites(db: Session, survey: Survey, now: datetime) -> None:
    all_up_to = settings.whole(db, "survey.sites_all", clock.day_of(now))
    sites = [Place(site.id, site.main) for site in survey.practice.sites]
    chosen = sites_to_visit(sites, all_up_to=all_up_to, seed=survey.draw_seed)
    survey.places.clear()
    db.flush()
    survey.places.extend(VisitedSite(site_id=site_id, position=n) for n, site_id in enumerate(chosen))
    db.flush()


def _tell_all(db: Session, survey: Survey, subject: str, body: str, now: datetime, *, cancel: bool = False) -> None:
    people_of_both = [*queries.practice_people(db, survey), *([survey.surveyor] if survey.surveyor else [])]
    notices.tell(
        db, [*people_of_both, *holders(db, Role.STAFF)], subject=subject, body=body, url=f"/surveys/{survey.id}",
        practice_id=survey.practice_id, now=now, calendar=queries.invitation(db, survey, now, cancel=cancel),
    )  # fmt: skip

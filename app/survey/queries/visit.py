"""What the visit needs to know: who is told, what stands against a day, the calendar file."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import clock
from app.notices import calendar
from app.people.models import User
from app.people.queries import holders
from app.people.rules import Role
from app.program.queries import calendar as program_days
from app.survey.models import Survey
from app.survey.rules.moves import SurveyState
from app.survey.rules.visit import DAY_BEGINS, Wish, day_ends

DESK = calendar.Person("Survey desk of the Program", "survey-desk@qcp.example")
BUSY = (SurveyState.SCHEDULED, SurveyState.UNDER_WAY)


def practice_people(db: Session, survey: Survey) -> list[User]:
    """Who is told for the practice: its signers and owners."""
    found = [*holders(db, Role.SIGNER, survey.practice_id), *holders(db, Role.OWNER, survey.practice_id)]
    return list({user.id: user for user in found}.values())


def offered_days(survey: Survey, today: date) -> list[date]:
    """The days that the practice offered and that have not passed."""
    return [offered.on_day for offered in survey.application.dates if offered.on_day >= today]


def wish(db: Session, survey: Survey, day: date, agreed: str, now: datetime) -> Wish:
    """A day that somebody wants to set, with everything the guard must know."""
    return Wish(
        day=day,
        today=clock.day_of(now),
        offered=frozenset(offered.on_day for offered in survey.application.dates),
        business_day=program_days(db).works(day),
        agreed_in_writing=agreed,
        surveyor_busy_with=_busy_with(db, survey, day),
    )


def _busy_with(db: Session, survey: Survey, day: date) -> str | None:
    other = db.scalar(
        select(Survey)
        .where(Survey.surveyor_id == survey.surveyor_id, Survey.id != survey.id, Survey.state.in_(BUSY))
        .where(Survey.visit_on <= day, Survey.visit_until >= day)
        .limit(1)
    )
    return f"case {other.number}" if other else None


def invitation(db: Session, survey: Survey, now: datetime, *, cancel: bool = False) -> bytes:
    """The calendar file of the visit; the same event whenever it is moved or called off."""
    if survey.visit_on is None or survey.visit_until is None:
        raise LookupError("the visit has no date")
    zone = ZoneInfo(survey.practice.time_zone)
    attendees = [*practice_people(db, survey), *([survey.surveyor] if survey.surveyor else [])]
    names = ", ".join(site.name for site in survey.sites)
    main = survey.sites[0]
    return calendar.visit(
        uid=f"survey-{survey.id}@qcp",
        sequence=survey.invitation - 1,
        starts=datetime.combine(survey.visit_on, DAY_BEGINS, zone),
        ends=datetime.combine(survey.visit_until, day_ends(), zone),
        summary=f"On-site survey, {survey.practice.public_name}, case {survey.number}",
        place=", ".join(part for part in (main.name, main.address, main.city, main.region) if part),
        text=f"Sites: {names}. The agenda is on the page of the survey in the portal.",
        organizer=DESK,
        attendees=[calendar.Person(user.name, user.email) for user in attendees],
        now=now,
        cancel=cancel,
    )

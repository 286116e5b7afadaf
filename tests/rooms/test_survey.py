"""Naming a surveyor, the date and the visit: every move with its guard."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.ledger import Event
from app.notices.models import Notice
from app.people.rules import Role
from app.program.queries import due, running
from app.survey import actions, queries
from app.survey.models import Survey
from app.survey.rules.moves import AssignmentState, Refused, SurveyState
from app.survey.rules.visit import SurveyKind
from tests.factories import people
from tests.factories import survey as make
from tests.factories.survey import NOW, STATED, VISIT, VISIT_DAY


def reasons(verb, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as refused:
        verb(*args, **kwargs)
    return refused.value.reasons


def told(db: Session, user) -> list[str]:
    return list(db.scalars(select(Notice.subject).where(Notice.user_id == user.id).order_by(Notice.told_at)))


def last_event(db: Session) -> str | None:
    return db.scalar(select(Event.what).order_by(Event.number.desc()).limit(1))


# Opening


def test_a_ready_application_gets_one_survey_and_its_clock_runs_from_ready(db: Session):
    made = make.opened(db)
    named = due(db, made.application, "survey.name_surveyor")
    assert (made.survey.state, made.survey.kind) == (SurveyState.AWAITING_SURVEYOR, SurveyKind.FIRST)
    assert named.starts_on == date(2026, 6, 17)
    assert reasons(actions.open_for, db, made.application, now=NOW) == ["A survey of this application is open already."]


def test_a_resurvey_names_its_rows_and_a_first_survey_does_not(db: Session):
    made = make.cast(db)
    assert reasons(actions.open_for, db, made.application, kind="resurvey", now=NOW)
    assert reasons(actions.open_for, db, made.application, scope=["3.9"], now=NOW)
    survey = actions.open_for(db, made.application, kind="resurvey", scope=["3.9", "4.1.1"], now=NOW)
    assert [row.code for row in queries.sheet_rows(db, survey)] == ["3.9", "4.1.1"]
    assert due(db, survey, "resurvey.visit_by")


def test_a_determined_application_is_not_surveyed_from_the_start_again(db: Session):
    made = make.determined(db)
    assert reasons(actions.open_for, db, made.application, now=NOW) == [
        "This application has been surveyed; only a re-survey can follow."
    ]
    assert actions.open_for(db, made.application, kind="resurvey", scope=["3.9"], now=NOW)


def test_ready_applications_wait_on_the_desk_until_a_survey_is_open(db: Session):
    made = make.cast(db)
    assert made.application in queries.unopened(db)
    actions.open_for(db, made.application, now=NOW)
    assert made.application not in queries.unopened(db)


# Conflicts and the assignment


def test_a_surveyor_is_asked_and_told(db: Session):
    made = make.proposed(db)
    assert made.assignment.state is AssignmentState.PROPOSED
    assert made.assignment.background == "Oncology nurse, 14 years"
    assert told(db, made.surveyor) == ["You are asked to survey a practice"]
    assert due(db, made.assignment, "survey.declare").owed_by is Role.SURVEYOR


def test_the_same_mail_domain_blocks_with_its_ground(db: Session):
    made = make.opened(db)
    tied = people.official(db, Role.SURVEYOR, email=f"ann@{made.practice.slug}.example")
    said = reasons(actions.propose, db, made.survey, tied, by=made.staff, now=NOW)
    assert said == [f"Same e-mail domain ({made.practice.slug}.example) as people of the practice."]


def test_who_surveyed_the_practice_last_time_is_blocked(db: Session):
    first = make.determined(db)
    again = make.opened(db, practice=first.practice, application=make.next_application(db, first.application))
    assert reasons(actions.propose, db, again.survey, first.surveyor, by=again.staff, now=NOW) == [
        "Surveyed this practice last time (August 4, 2026)."
    ]


def test_a_candidate_list_puts_the_free_and_idle_first(db: Session):
    busy = make.proposed(db)
    made = make.opened(db)
    people.official(db, Role.SURVEYOR, email=f"tied@{made.practice.slug}.example", name="Aaron Tied")
    found = queries.candidates(db, made.survey, NOW)
    names = [one.user.name for one in found]
    assert found[-1].ties and found[-1].user.name == "Aaron Tied"
    assert next(one for one in found if one.user is busy.surveyor).load == 1
    assert names.index(made.surveyor.name) < names.index("Aaron Tied")


def test_only_surveyors_are_asked_and_one_at_a_time(db: Session):
    made = make.proposed(db)
    said = reasons(actions.propose, db, made.survey, made.reviewer, by=made.staff, now=NOW)
    assert said == [
        "A surveyor has been asked already. Release that one first.",
        "Rowan Hidden is not a surveyor of the Program.",
    ]


def test_a_declaration_is_whole_or_refused(db: Session):
    made = make.proposed(db)
    half = {"stated": STATED[:2], "declaration": "", "by": made.surveyor, "now": NOW}
    assert reasons(actions.declare_clear, db, made.assignment, **half) == ["Make every statement, or decline."]


def test_the_practice_hears_the_name_only_after_the_declaration(db: Session):
    made = make.proposed(db)
    assert told(db, made.signer) == []
    actions.declare_clear(db, made.assignment, stated=STATED, declaration="", by=made.surveyor, now=NOW)
    assert told(db, made.signer) == ["Your surveyor: please confirm there is no conflict"]
    assert made.surveyor.appointments == []
    assert due(db, made.application, "survey.name_surveyor").state == "met"


def test_declining_needs_a_reason_and_frees_the_place(db: Session):
    made = make.proposed(db)
    assert reasons(actions.decline, db, made.assignment, reason="no", by=made.surveyor, now=NOW)
    actions.decline(db, made.assignment, reason="I am away all August.", by=made.surveyor, now=NOW)
    assert queries.standing(db, made.survey.id) is None
    assert reasons(actions.propose, db, made.survey, made.surveyor, by=made.staff, now=NOW) == [
        "Declined this survey on July 1, 2026."
    ]
    other = make.surveyor(db)
    assert actions.propose(db, made.survey, other, by=made.staff, now=NOW)


def test_a_confirmation_opens_the_case_and_starts_the_clocks(db: Session):
    made = make.confirmed(db)
    assert (made.survey.state, made.survey.surveyor) == (SurveyState.AWAITING_DATE, made.surveyor)
    assert [(one.capacity, one.case_id) for one in made.surveyor.appointments] == [("surveyor", made.application.id)]
    assert {one.key for one in running(db, made.survey.case_id)} == {"survey.set_date", "survey.visit_by"}


def test_an_objection_goes_to_the_administrator_and_not_to_the_surveyor(db: Session):
    made = make.clear(db)
    actions.object_to(db, made.assignment, reason="Worked here until 2024.", by=made.signer, now=NOW)
    assert "A practice objects to its surveyor" in told(db, made.admin)
    assert told(db, made.surveyor) == ["You are asked to survey a practice"]
    assert made.surveyor.appointments == []


def test_an_upheld_objection_ends_it_and_an_overruled_one_confirms(db: Session):
    made = make.clear(db)
    actions.object_to(db, made.assignment, reason="Worked here until 2024.", by=made.signer, now=NOW)
    actions.uphold(db, made.assignment, reason="True, employment ended in 2024.", by=made.admin, now=NOW)
    assert (made.assignment.state, made.survey.state) == (AssignmentState.ENDED, SurveyState.AWAITING_SURVEYOR)
    assert reasons(actions.propose, db, made.survey, made.surveyor, by=made.staff, now=NOW) == [
        "The practice's objection was upheld."
    ]
    other = make.clear(db)
    actions.object_to(db, other.assignment, reason="We do not like the name.", by=other.signer, now=NOW)
    actions.overrule(db, other.assignment, reason="No tie is named.", by=other.admin, now=NOW)
    assert (other.assignment.state, other.survey.surveyor) == (AssignmentState.CONFIRMED, other.surveyor)


def test_a_released_surveyor_leaves_the_case_and_the_date_goes_with_them(db: Session):
    made = make.scheduled(db)
    actions.release(db, made.assignment, reason="Fell ill before the visit.", by=made.staff, now=NOW)
    assert (made.survey.state, made.survey.surveyor_id, made.survey.visit_on) == (
        SurveyState.AWAITING_SURVEYOR, None, None,
    )  # fmt: skip
    assert not any(one.current for one in made.surveyor.appointments)


def test_nobody_is_released_once_the_visit_has_started(db: Session):
    made = make.under_way(db)
    assert reasons(actions.release, db, made.assignment, reason="Too late for this.", by=made.staff, now=NOW)
    assert made.assignment.state is AssignmentState.CONFIRMED


# The date


def test_a_date_is_set_and_everybody_gets_the_calendar_file(db: Session):
    made = make.scheduled(db)
    assert (made.survey.visit_on, made.survey.visit_until) == (VISIT, VISIT + timedelta(days=1))
    assert [site.code for site in made.sites] == ["CS", "NG"]
    files = list(db.scalars(select(Notice.calendar).where(Notice.subject == "The date of the survey is set")))
    assert len(files) >= 3
    assert all("METHOD:REQUEST" in one and "SEQUENCE:0" in one for one in files)
    assert due(db, made.survey, "survey.set_date").state == "met"


def test_a_day_that_was_not_offered_needs_an_agreement_in_writing(db: Session):
    made = make.confirmed(db)
    other = date(2026, 8, 20)
    assert reasons(actions.schedule, db, made.survey, other, by=made.staff, now=NOW)
    actions.schedule(db, made.survey, other, agreed="Mail of July 1", by=made.staff, now=NOW)
    assert made.survey.date_agreed == "Mail of July 1"


def test_a_surveyor_is_at_one_place_a_day(db: Session):
    made = make.scheduled(db)
    other = make.confirmed(db, surveyor=made.surveyor)
    assert reasons(actions.schedule, db, other.survey, VISIT, by=other.staff, now=NOW) == [
        f"The surveyor is on another survey that day (case {made.survey.number})."
    ]


def test_a_moved_date_is_called_off_and_sent_again_under_the_same_name(db: Session):
    made = make.scheduled(db)
    actions.move(db, made.survey, reason="The practice moves house.", by=made.signer, now=NOW)
    assert (made.survey.state, made.survey.visit_on) == (SurveyState.AWAITING_DATE, None)
    actions.schedule(db, made.survey, VISIT + timedelta(days=1), by=made.staff, now=NOW)
    files = db.scalars(select(Notice.calendar).where(Notice.user_id == made.surveyor.id, Notice.calendar.is_not(None)))
    steps = [("CANCEL" in one, f"SEQUENCE:{n}" in one) for n, one in enumerate(files)]
    assert steps == [(False, True), (True, True), (False, True)]


# The visit


def test_a_visit_starts_on_its_day_freezes_the_binder_and_lays_out_the_sheet(db: Session):
    made = make.scheduled(db)
    assert reasons(actions.start, db, made.survey, by=made.surveyor, now=NOW)
    actions.start(db, made.survey, by=made.surveyor, now=VISIT_DAY)
    assert made.application.binder.frozen_at == VISIT_DAY
    rows = queries.sheet_rows(db, made.survey)
    assert len(queries.entries(db, made.survey)) == len(rows) * 2
    assert due(db, made.survey, "survey.visit_by").state == "met"


def test_a_visit_ends_when_every_exit_meeting_is_noted(db: Session):
    made = make.under_way(db)
    cove, north = made.sites
    assert reasons(actions.end_visit, db, made.survey, {cove.id: "4 pm"}, by=made.surveyor, now=VISIT_DAY) == [
        "Note the exit meeting at Northgate: when it was, and which roles were there."
    ]
    actions.end_visit(db, made.survey, {cove.id: "4 pm", north.id: "2 pm"}, by=made.surveyor, now=VISIT_DAY)
    keys = {one.key for one in running(db, made.survey.case_id)}
    assert {"survey.worksheet", "survey.late_evidence", "ccr.issue"} <= keys


def test_a_cancelled_survey_ends_its_clocks_and_makes_room_for_another(db: Session):
    made = make.scheduled(db)
    actions.cancel(db, made.survey, reason="The practice withdrew its date.", by=made.admin, now=NOW)
    assert running(db, made.survey.case_id) == []
    assert not any(one.current for one in made.surveyor.appointments)
    assert actions.open_for(db, made.application, now=NOW)
    assert db.get(Survey, made.survey.id).cancelled_why


def test_every_move_writes_one_event(db: Session):
    made = make.confirmed(db)
    before = db.scalar(select(Event.number).order_by(Event.number.desc()).limit(1))
    actions.schedule(db, made.survey, VISIT, by=made.staff, now=NOW)
    assert last_event(db) == "visit scheduled"
    assert db.scalar(select(Event.number).order_by(Event.number.desc()).limit(1)) == before + 1

"""The worksheet: saved as typed, never overwritten, sent only whole, asked back row by row."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.ledger import Event
from app.people.models import Site
from app.program.queries import due
from app.standards.rules import Method
from app.survey import actions, queries
from app.survey.actions import Stale
from app.survey.models import Observation, Question
from app.survey.rules.moves import Refused, SurveyState
from app.survey.rules.worksheet import Harm, Rating
from tests.factories import evidence, people
from tests.factories import survey as make
from tests.factories.survey import NOW, VISIT_DAY


def reasons(verb, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as refused:
        verb(*args, **kwargs)
    return refused.value.reasons


def rate(db: Session, made: make.Cast, entry, version: int = 0, **values) -> bool:
    return actions.rate(db, entry, values, version=version, by=made.surveyor, now=VISIT_DAY)


# Saving


def test_what_is_typed_is_saved_counted_and_in_the_ledger(db: Session):
    made = make.under_way(db)
    entry = make.entry(db, made, "4.1.1")
    assert rate(db, made, entry, rating=Rating.NOT_MET, methods=["records"], harm=Harm.HIGH, note="Ask again.")
    assert (entry.rating, entry.version, entry.saved_at) == (Rating.NOT_MET, 1, VISIT_DAY)
    event = db.scalar(select(Event).order_by(Event.number.desc()).limit(1))
    assert event.what == "worksheet row saved"
    assert event.detail["before"]["rating"] == "not assessed" and event.detail["after"]["code"] == "4.1.1"


def test_saving_the_same_again_changes_nothing(db: Session):
    made = make.under_way(db)
    entry = make.entry(db, made, "4.1.1")
    rate(db, made, entry, rating=Rating.MET)
    count = db.scalar(select(func.count()).select_from(Event))
    assert not rate(db, made, entry, version=0, rating=Rating.MET)
    assert (entry.version, db.scalar(select(func.count()).select_from(Event))) == (1, count)


def test_a_rating_is_taken_to_the_other_sites_where_none_is_given_yet(db: Session):
    sites = [Site(code=code, name=code, main=code == "A") for code in "ABC"]
    made = make.under_way(db, practice=people.practice(db, sites=sites))
    here, rated, blank = (make.entry(db, made, "3.19", site) for site in made.sites)
    actions.rate(db, rated, {"rating": Rating.MET}, version=0, by=made.surveyor, now=VISIT_DAY)
    why = {"rating": Rating.NOT_APPLICABLE, "na_reason": "Prepared here.", "methods": ["policy"], "note": "Mine"}
    actions.rate(db, here, why, version=0, by=made.surveyor, now=VISIT_DAY)
    assert actions.rate_alike(db, here, by=made.surveyor, now=VISIT_DAY) == [blank]
    assert (blank.rating, blank.na_reason, blank.methods, blank.note) == (
        Rating.NOT_APPLICABLE, "Prepared here.", ["policy"], "",
    )  # fmt: skip
    assert (blank.version, rated.rating) == (1, Rating.MET)
    event = db.scalars(select(Event).order_by(Event.number.desc())).first()
    assert (event.what, event.detail["after"]["sites"]) == ("worksheet row rated alike", [blank.site_id])


def test_only_a_given_rating_is_taken_to_other_sites_and_only_while_the_sheet_is_open(db: Session):
    made = make.under_way(db)
    with pytest.raises(Refused, match="Rate it here first"):
        actions.rate_alike(db, make.entry(db, made, "3.9"), by=made.surveyor, now=VISIT_DAY)
    sent = make.submitted(db)
    with pytest.raises(Refused, match="worksheet is open from the visit"):
        actions.rate_alike(db, make.entry(db, sent, "3.9"), by=sent.surveyor, now=VISIT_DAY)


def test_a_second_window_is_told_and_nothing_is_overwritten(db: Session):
    made = make.under_way(db)
    entry = make.entry(db, made, "4.1.1")
    rate(db, made, entry, rating=Rating.MET, suggestion="First window")
    with pytest.raises(Stale) as stale:
        rate(db, made, entry, version=0, rating=Rating.NOT_MET, suggestion="First window")
    assert stale.value.differs == {"rating": Rating.MET}
    assert stale.value.typed["rating"] is Rating.NOT_MET
    assert entry.rating is Rating.MET
    assert rate(db, made, entry, version=1, rating=Rating.NOT_MET)


def test_not_applicable_is_refused_where_the_edition_does_not_allow_it(db: Session):
    made = make.under_way(db)
    row = next(row for row in queries.sheet_rows(db, made.survey) if not row.na_allowed)
    entry = make.entry(db, made, row.code)
    assert reasons(rate, db, made, entry, rating=Rating.NOT_APPLICABLE)


def test_nothing_is_rated_before_the_visit_or_after_the_sheet_was_sent(db: Session):
    made = make.submitted(db)
    entry = make.entry(db, made, "3.9")
    assert (
        "the worksheet is open from the visit until it is sent"
        in reasons(rate, db, made, entry, version=1, rating=Rating.NOT_MET)[0]
    )
    assert reasons(actions.observe, db, entry, make.seen(), by=made.surveyor, now=NOW)


# Observations


def test_an_observation_cites_a_page_of_the_binder(db: Session):
    made = make.under_way(db)
    version = evidence.document(db, made.application.binder, "HLO-401 Emergencies.pdf", "1. Cart", "2. Drugs")
    entry = make.entry(db, made, "4.1.1")
    facts = {"source": "HLO-401 Emergencies", "version_id": version.id, "page": 2, "pages": 2, "quote": "2. Drugs"}
    noted = actions.observe(db, entry, make.seen(**facts), by=made.surveyor, now=VISIT_DAY)
    assert noted.citation == "HLO-401 Emergencies, page 2"
    beyond = make.seen(**(facts | {"page": 3}))
    assert reasons(actions.observe, db, entry, beyond, by=made.surveyor, now=VISIT_DAY) == [
        "The document has no page 3."
    ]


def test_an_observation_sent_twice_is_noted_once(db: Session):
    made = make.under_way(db)
    entry = make.entry(db, made, "4.1.1")
    once = make.seen(id=new_id())
    first = actions.observe(db, entry, once, by=made.surveyor, now=VISIT_DAY)
    assert actions.observe(db, entry, once, by=made.surveyor, now=VISIT_DAY) is first
    other = make.entry(db, made, "3.9")
    assert reasons(actions.observe, db, other, once, by=made.surveyor, now=VISIT_DAY)


def test_an_observation_taken_back_stays_in_the_file_and_counts_no_more(db: Session):
    made = make.under_way(db)
    entry = make.entry(db, made, "4.1.1")
    rate(db, made, entry, rating=Rating.NOT_MET)
    noted = actions.observe(db, entry, make.seen(), by=made.surveyor, now=VISIT_DAY)
    assert reasons(actions.withdraw, db, noted, reason=" ", by=made.surveyor, now=VISIT_DAY)
    actions.withdraw(db, noted, reason="It was another site.", by=made.surveyor, now=VISIT_DAY)
    db.refresh(entry, ["observations"])
    assert entry.standing == []
    assert db.scalar(select(func.count()).select_from(Observation).where(Observation.entry_id == entry.id)) == 2
    assert any(one.entry_id == entry.id and "source" in one.reason for one in queries.missing(db, made.survey))
    assert reasons(actions.withdraw, db, noted, reason="Once more.", by=made.surveyor, now=VISIT_DAY)


def test_a_correction_replaces_what_it_corrects(db: Session):
    made = make.under_way(db)
    entry = make.entry(db, made, "4.1.1")
    first = actions.observe(db, entry, make.seen("Two of nine."), by=made.surveyor, now=VISIT_DAY)
    better = make.seen("Three of nine.", replaces_id=first.id)
    second = actions.observe(db, entry, better, by=made.surveyor, now=VISIT_DAY)
    db.refresh(entry, ["observations"])
    assert entry.standing == [second]


# Sending


def test_a_worksheet_is_sent_only_whole_and_everything_missing_is_said_at_once(db: Session):
    made = make.ended(db, {"3.9": Rating.PARTIALLY})
    open_one, bare, na = (make.entry(db, made, code) for code in ("1.1", "4.4", "4.5"))
    open_one.rating, bare.rating, na.rating = Rating.NOT_ASSESSED, Rating.NOT_MET, Rating.NOT_APPLICABLE
    db.flush()
    assert reasons(actions.submit, db, made.survey, by=made.surveyor, now=VISIT_DAY) == [
        "1.1 at Cove Street: not assessed.",
        "4.4 at Cove Street: not met needs at least one observation with its source.",
        "4.5 at Cove Street: not applicable needs a reason.",
    ]
    assert made.survey.state is SurveyState.VISIT_ENDED


def test_a_sent_worksheet_is_locked_and_staff_have_a_date_to_check_it(db: Session):
    made = make.submitted(db)
    assert not any(entry.open for entry in queries.entries(db, made.survey))
    assert due(db, made.survey, "survey.worksheet").state == "met"
    assert due(db, made.survey, "survey.check").state == "running"


# Asking back


def test_only_rows_that_were_asked_about_open_again(db: Session):
    made = make.submitted(db)
    assert reasons(actions.ask_back, db, made.survey, {"3.9": " "}, by=made.staff, now=VISIT_DAY)
    assert reasons(actions.ask_back, db, made.survey, {"9.9": "What?"}, by=made.staff, now=VISIT_DAY)
    actions.ask_back(db, made.survey, {"3.9": "Which bags?", "4.1.1": "Which cart?"}, by=made.staff, now=VISIT_DAY)
    assert made.survey.state is SurveyState.VISIT_ENDED
    db.expire_all()
    assert {entry.code for entry in queries.entries(db, made.survey) if entry.open} == {"3.9", "4.1.1"}
    locked = make.entry(db, made, "4.4")
    assert reasons(rate, db, made, locked, version=1, rating=Rating.PARTIALLY) == [
        "This row is locked. Only rows that the Program asked about can be changed now."
    ]
    assert rate(db, made, make.entry(db, made, "3.9"), version=1, suggestion="Print the expiry.")


def test_the_sheet_goes_back_when_every_question_has_its_answer(db: Session):
    made = make.submitted(db)
    actions.ask_back(db, made.survey, {"3.9": "Which bags?"}, by=made.staff, now=VISIT_DAY)
    assert reasons(actions.submit, db, made.survey, by=made.surveyor, now=VISIT_DAY) == [
        "3.9: the Program's question has no answer."
    ]
    question = db.scalar(select(Question).where(Question.survey_id == made.survey.id))
    actions.answer(db, question, "The three in the preparation room.", by=made.surveyor, now=VISIT_DAY)
    assert reasons(actions.answer, db, question, "Again.", by=made.surveyor, now=VISIT_DAY)
    actions.submit(db, made.survey, by=made.surveyor, now=VISIT_DAY)
    assert made.survey.state is SurveyState.SUBMITTED


# Re-survey


def test_a_resurvey_has_only_its_rows_on_the_sheet(db: Session):
    made = make.determined(db, {"3.9": Rating.NOT_MET})
    again = actions.open_for(db, made.application, kind="resurvey", scope=["3.9", "4.1.1"], now=VISIT_DAY)
    sheet = queries.sheet(db, again)
    assert [row.code for row in sheet.rows] == ["3.9", "4.1.1"]
    assert [domain.code for domain in sheet.domains] == ["3", "4"]


def test_methods_keep_the_order_of_the_list(db: Session):
    made = make.under_way(db)
    entry = make.entry(db, made, "3.9")
    rate(db, made, entry, rating=Rating.MET, methods=[Method.POLICY.value, Method.OBSERVATION.value])
    assert entry.methods == ["policy", "observation"]

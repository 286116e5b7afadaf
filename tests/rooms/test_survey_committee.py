"""The committee: third hands, first reads, overrules, questions, the determination."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notices.models import Notice
from app.people.models import ProgramRole
from app.people.rules import Role
from app.program import actions as program
from app.program.queries import due
from app.program.rules.clocks import Basis
from app.survey import actions, queries
from app.survey.models import Question
from app.survey.rules.committee import Result
from app.survey.rules.moves import Refused, ReviewState, SurveyState
from app.survey.rules.worksheet import Rating
from tests.factories import survey as make
from tests.factories.survey import NOW, STATED, VISIT_DAY

BELOW = {"3.9": Rating.NOT_MET, "4.1.1": Rating.PARTIALLY}


def reasons(verb, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as refused:
        verb(*args, **kwargs)
    return refused.value.reasons


def case_of(db: Session, made: make.Cast, code: str):
    return next(case for case in queries.review_case(db, made.review) if case.code == code)


# Who may


def test_the_surveyor_never_reviews_the_survey(db: Session):
    made = make.in_committee(db)
    made.surveyor.roles.append(ProgramRole(role=Role.REVIEWER))
    db.flush()
    assert reasons(actions.assign_reviewer, db, made.survey, made.surveyor, by=made.staff, now=NOW) == [
        "Ines Marlowe, RN surveyed this practice; somebody else decides."
    ]


def test_who_checked_the_worksheet_never_reviews_it(db: Session):
    made = make.in_committee(db)
    made.staff.roles.append(ProgramRole(role=Role.REVIEWER))
    made.staff.email = "noor@office.example"
    db.flush()
    assert reasons(actions.assign_reviewer, db, made.survey, made.staff, by=made.admin, now=NOW) == [
        "Noor Staff checked the worksheet; somebody else decides."
    ]


def test_the_surveyor_does_not_check_the_own_worksheet(db: Session):
    made = make.submitted(db)
    assert reasons(actions.pass_to_committee, db, made.survey, by=made.surveyor, now=NOW)


def test_a_reviewer_reads_the_case_only_after_declaring(db: Session):
    made = make.in_committee(db)
    review = actions.assign_reviewer(db, made.survey, made.reviewer, by=made.staff, now=NOW)
    assert made.reviewer.appointments == []
    assert reasons(actions.clear_reviewer, db, review, stated=STATED[:1], by=made.reviewer, now=NOW)
    actions.clear_reviewer(db, review, stated=STATED, by=made.reviewer, now=NOW)
    assert [one.capacity for one in made.reviewer.appointments] == ["reviewer"]
    assert review.state is ReviewState.READING


def test_a_reviewer_who_stands_back_makes_room_for_another(db: Session):
    made = make.in_committee(db)
    review = actions.assign_reviewer(db, made.survey, made.reviewer, by=made.staff, now=NOW)
    assert reasons(actions.assign_reviewer, db, made.survey, made.reviewer, by=made.staff, now=NOW)
    actions.recuse(db, review, reason="I trained their lead nurse.", by=made.reviewer, now=NOW)
    assert actions.assign_reviewer(db, made.survey, made.reviewer, by=made.staff, now=NOW)


def test_the_practice_is_told_nothing_of_the_reviewer(db: Session):
    made = make.determined(db)
    said = db.scalars(select(Notice).where(Notice.user_id.in_([made.signer.id, made.owner.id])))
    assert not any("Rowan" in f"{one.subject} {one.body}" for one in said)


# First read


def test_the_surveyors_rating_is_shown_only_after_the_own_one_is_locked(db: Session):
    made = make.reading(db, BELOW)
    assert not case_of(db, made, "3.9").shown
    assert reasons(actions.judge, db, made.review, "3.9", by=made.reviewer, now=NOW) == [
        "Give your own rating of 3.9 first."
    ]
    actions.read_first(db, made.review, "3.9", Rating.PARTIALLY, note="Recorded elsewhere.", by=made.reviewer, now=NOW)
    case = case_of(db, made, "3.9")
    assert case.shown and case.differs and not case_of(db, made, "4.1").shown
    assert reasons(actions.read_first, db, made.review, "3.9", Rating.MET, by=made.reviewer, now=NOW)


def test_reading_turns_to_comparing_with_the_last_first_read(db: Session):
    made = make.reading(db)
    cases = queries.review_case(db, made.review)
    for case in cases:
        assert made.review.state is ReviewState.READING
        actions.read_first(db, made.review, case.code, Rating.MET, by=made.reviewer, now=NOW)
    assert made.review.state is ReviewState.COMPARING


def test_without_the_setting_the_surveyors_ratings_are_shown_at_once(db: Session):
    made = make.in_committee(db)
    program.change_setting(
        db, "committee.first_read", "no", effective_from=VISIT_DAY.date(), basis=Basis.OURS, why="A trial month",
        by=made.admin, now=VISIT_DAY,
    )  # fmt: skip
    review = actions.assign_reviewer(db, made.survey, made.reviewer, by=made.staff, now=VISIT_DAY)
    actions.clear_reviewer(db, review, stated=STATED, by=made.reviewer, now=VISIT_DAY)
    assert review.state is ReviewState.COMPARING
    assert all(case.shown for case in queries.review_case(db, review))


# Settling


def test_agreeing_takes_over_every_line(db: Session):
    made = make.reading(db, BELOW)
    actions.read_first(db, made.review, "3.9", Rating.NOT_MET, by=made.reviewer, now=NOW)
    assert reasons(actions.judge, db, made.review, "3.9", by=made.reviewer, now=NOW) == [
        "Write what must be shown; the practice reads it in its report."
    ]
    verdict = actions.judge(db, made.review, "3.9", must_show="The new label.", by=made.reviewer, now=NOW)
    assert (verdict.rating, verdict.overrules, verdict.reason) == (Rating.NOT_MET, [], "")


def test_an_overrule_needs_a_reason_and_can_be_taken_back(db: Session):
    made = make.reading(db, BELOW)
    actions.read_first(db, made.review, "3.9", Rating.PARTIALLY, by=made.reviewer, now=NOW)
    here = {("3.9", site.id): Rating.PARTIALLY for site in made.sites}
    shown = {"must_show": "The new label.", "by": made.reviewer, "now": NOW}
    assert reasons(actions.judge, db, made.review, "3.9", here, **shown) == [
        "Write why your rating differs from the surveyor’s."
    ]
    verdict = actions.judge(db, made.review, "3.9", here, reason="It is traceable.", **shown)
    assert (verdict.rating, len(verdict.overrules)) == (Rating.PARTIALLY, 2)
    again = actions.judge(db, made.review, "3.9", here, reason="It is traceable still.", **shown)
    assert again is verdict and len(verdict.overrules) == 2
    actions.judge(db, made.review, "3.9", **shown)
    assert (verdict.rating, verdict.overrules) == (Rating.NOT_MET, [])


def test_lines_of_another_standard_are_refused(db: Session):
    made = make.reading(db)
    actions.read_first(db, made.review, "3.9", Rating.MET, by=made.reviewer, now=NOW)
    strange = {("3.8", made.sites[0].id): Rating.MET}
    assert reasons(actions.judge, db, made.review, "3.9", strange, by=made.reviewer, now=NOW)


# Asking


def test_a_question_holds_the_review_until_the_surveyor_answers(db: Session):
    made = make.reading(db)
    make.settle_all(db, made, but=("3.9",))
    actions.ask_surveyor(db, made.review, "3.9", "How many bags?", by=made.reviewer, now=NOW)
    assert made.review.state is ReviewState.ASKING
    assert reasons(actions.judge, db, made.review, "3.9", by=made.reviewer, now=NOW) == [
        "A question on 3.9 waits for its answer."
    ]
    question = db.scalar(select(Question).where(Question.review_id == made.review.id))
    assert question.asker == "The committee"
    actions.answer(db, question, "Three at each site.", by=made.surveyor, now=NOW)
    assert made.review.state is ReviewState.COMPARING
    actions.judge(db, made.review, "3.9", by=made.reviewer, now=NOW)


def test_an_answer_while_reading_returns_to_reading(db: Session):
    made = make.reading(db)
    actions.ask_surveyor(db, made.review, "3.9", "How many bags?", by=made.reviewer, now=NOW)
    question = db.scalar(select(Question).where(Question.review_id == made.review.id))
    actions.answer(db, question, "Three at each site.", by=made.surveyor, now=NOW)
    assert made.review.state is ReviewState.READING


# Determining


def test_a_survey_is_determined_only_when_all_is_settled(db: Session):
    made = make.reading(db)
    assert reasons(actions.determine, db, made.review, by=made.reviewer, now=NOW)
    make.settle_all(db, made, but=("3.9", "4.1"))
    assert reasons(actions.determine, db, made.review, by=made.reviewer, now=NOW) == [
        "3.9 is not settled.",
        "4.1 is not settled.",
    ]


@pytest.mark.parametrize(("below", "result"), [({}, Result.ALL_MET), (BELOW, Result.REQUIREMENTS)])
def test_a_determination_ends_the_survey_with_its_result(db: Session, below, result):
    made = make.determined(db, below)
    assert (made.survey.state, made.survey.result) == (SurveyState.DETERMINED, result)
    assert due(db, made.survey, "committee.determine").state == "met"
    assert reasons(actions.cancel, db, made.survey, reason="Too late for that.", by=made.admin, now=NOW)


def test_nothing_is_determined_before_it_is(db: Session):
    made = make.reading(db, BELOW)
    assert queries.determined_rows(db, made.survey) == []


def test_determined_rows_carry_the_committees_rating_and_not_the_surveyors(db: Session):
    made = make.reading(db, BELOW)
    entry = make.entry(db, made, "4.1.1", made.sites[1])
    entry.suggestion, entry.good_practice = "Numbered seals.", "A laminated card."
    db.flush()
    for case in queries.review_case(db, made.review):
        actions.read_first(db, made.review, case.code, Rating.MET, by=made.reviewer, now=NOW)
    milder = {("3.9", made.sites[0].id): Rating.PARTIALLY}
    facts = {"must_show": "The new label.", "resurvey": True, "by": made.reviewer, "now": NOW}
    actions.judge(db, made.review, "3.9", milder, reason="The time is on it.", **facts)
    make.settle_all(db, made)
    actions.determine(db, made.review, by=made.reviewer, now=NOW)
    rows = {row.code: row for row in queries.determined_rows(db, made.survey)}
    cove, north = made.sites
    assert rows["3.9"].by_site == {cove.id: Rating.PARTIALLY, north.id: Rating.NOT_MET}
    assert (rows["3.9"].rating, rows["3.9"].must_show, rows["3.9"].resurvey) == (Rating.NOT_MET, "The new label.", True)
    assert [one.citation for one in rows["3.9"].observations] == ["Preparation room"] * 2
    assert (rows["4.1"].rating, rows["4.1.1"].rating) == (Rating.PARTIALLY, Rating.PARTIALLY)
    assert set(rows["4.1"].by_site.values()) == {Rating.MET}
    assert (rows["4.1.1"].suggestion, rows["4.1.1"].good_practice) == ("Numbered seals.", "A laminated card.")
    assert list(rows) == [row.code for row in queries.sheet_rows(db, made.survey)]

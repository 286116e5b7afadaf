"""After the worksheet: staff check it, a reviewer judges it, the survey is determined."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import update
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
from app.survey.models import Entry, Overrule, Question, Review, Survey, Verdict
from app.survey.queries.committee import Key, StandardCase
from app.survey.rules.assignment import why_not_clear, why_not_reason
from app.survey.rules.committee import Judged, overruled, result_of, why_not_determine, why_not_settle, worst
from app.survey.rules.moves import REVIEW_MOVES, SURVEY_MOVES, Refused, ReviewState, SurveyState, moved
from app.survey.rules.worksheet import Rating, standard_of


def ask_back(db: Session, survey: Survey, questions: Mapping[str, str], *, by: User, now: datetime) -> None:
    """Staff send single rows back with a question each; only those rows unlock."""
    state = moved(SURVEY_MOVES, "ask", survey.state, "survey")
    asked = {code: text.strip() for code, text in questions.items() if text.strip()}
    if not asked:
        raise Refused("Choose at least one row and write what you ask.")
    unknown = set(asked) - {row.code for row in queries.sheet_rows(db, survey)}
    if unknown:
        raise Refused(f"Not on this worksheet: {', '.join(sorted(unknown))}.")
    survey.state = state
    for code, text in asked.items():
        _question(db, survey, None, code, text, by, now)
    db.execute(update(Entry).where(Entry.survey_id == survey.id, Entry.code.in_(asked)).values(open=True))
    ledger.record(db, "worksheet rows asked back", by=by, now=now, about=survey, after={"rows": asked})
    program.end_clock(db, survey, "survey.check", why="rows were asked back")
    _tell_surveyor(db, survey, "The Program asks about your worksheet", now)


def pass_to_committee(db: Session, survey: Survey, *, by: User, now: datetime) -> None:
    """The checked worksheet goes to the committee; whoever checks is not the surveyor."""
    state = moved(SURVEY_MOVES, "pass", survey.state, "survey")
    if by.id == survey.surveyor_id:
        raise Refused("You surveyed this practice; somebody else checks the worksheet.")
    survey.state, survey.checked_by_id = state, by.id
    ledger.record(db, "worksheet passed to the committee", by=by, now=now, about=survey)
    program.meet_clock(db, survey, "survey.check", now=now)
    program.start_clock(
        db, "committee.determine", practice_id=survey.practice_id, case_id=survey.case_id, about=survey,
        event="in committee", start=clock.day_of(now), owed_by=Role.REVIEWER, now=now,
    )  # fmt: skip


def assign_reviewer(db: Session, survey: Survey, reviewer: User, *, by: User, now: datetime) -> Review:
    """Give the survey to a reviewer: the third hand, never the surveyor and never who checked the worksheet."""
    reasons = queries.why_not_review(db, survey, reviewer, now)
    if survey.state is not SurveyState.IN_COMMITTEE:
        reasons.append(f"This survey is {survey.state.value}; a reviewer is assigned when it is in committee.")
    if queries.live_review(db, survey.id):
        reasons.append("A reviewer is assigned already.")
    if reasons:
        raise Refused(*reasons)
    first_read = bool(settings.setting(db, "committee.first_read", clock.day_of(now)))
    review = Review(
        survey=survey, practice_id=survey.practice_id, reviewer=reviewer, first_read=first_read, assigned_at=now
    )
    db.add(review)
    ledger.record(db, "reviewer assigned", by=by, now=now, about=review, after={"reviewer": reviewer.name})
    notices.tell(
        db, [reviewer], subject="A survey is given to you to review",
        body="Please declare whether you have a conflict of interest, or recuse yourself.",
        url=f"/reviews/{review.id}", practice_id=survey.practice_id, now=now,
    )  # fmt: skip
    return review


def clear_reviewer(
    db: Session, review: Review, *, stated: Collection[str], declaration: str = "", by: User, now: datetime
) -> None:
    """The reviewer declares that no conflict stands, and may read the case."""
    state = moved(REVIEW_MOVES, "clear", review.state, "review")
    if reasons := why_not_clear(stated):
        raise Refused(*reasons)
    review.state, review.cleared_at = state, now
    review.declaration = declaration.strip() or "No conflict of interest; every statement of the form made."
    ledger.record(db, "reviewer declared no conflict", by=by, now=now, about=review, after={"stated": sorted(stated)})
    people.appoint(
        db, review.reviewer, practice_id=review.practice_id, case_id=review.case_id, capacity=Capacity.REVIEWER, by=by,
        now=now,
    )  # fmt: skip
    if not review.first_read:
        review.state = moved(REVIEW_MOVES, "show_surveyor", review.state, "review")


def recuse(db: Session, review: Review, *, reason: str, by: User, now: datetime) -> None:
    """The reviewer stands back; staff assign another."""
    _end_review(db, review, "recuse", "reviewer recused", reason, by, now)


def release_reviewer(db: Session, review: Review, *, reason: str, by: User, now: datetime) -> None:
    """Staff give the review to somebody else; nothing is compared yet."""
    _end_review(db, review, "release", "reviewer released", reason, by, now)
    people.end_appointment(db, review.reviewer, case_id=review.case_id, capacity=Capacity.REVIEWER, by=by, now=now)


def read_first(
    db: Session, review: Review, code: str, rating: Rating, *, note: str = "", by: User, now: datetime
) -> Verdict:
    """Lock the reviewer's own rating of a standard; only then the surveyor's is shown."""
    if review.state not in (ReviewState.READING, ReviewState.ASKING):
        raise Refused(f"This review is {review.state.value}; first reads are given while reading.")
    case = _case(db, review, code)
    if case.shown:
        raise Refused(f"Your first read of {code} is locked already.")
    if rating is Rating.NOT_ASSESSED:
        raise Refused("Choose a rating.")
    verdict = case.verdict or Verdict(review_id=review.id, survey_id=review.survey_id, code=code)
    verdict.first_read, verdict.first_note, verdict.first_read_at = rating, note.strip(), now
    db.add(verdict)
    ledger.record(db, "first read locked", by=by, now=now, about=verdict, practice_id=review.practice_id,
                  after={"code": code, "rating": rating})  # fmt: skip
    if review.state is ReviewState.READING and not queries.unread(db, review):
        review.state = moved(REVIEW_MOVES, "show_surveyor", review.state, "review")
    return verdict


def judge(
    db: Session, review: Review, code: str, ratings: Mapping[Key, Rating] | None = None, *, reason: str = "",
    must_show: str = "", resurvey: bool = False, by: User, now: datetime,
) -> Verdict:  # fmt: skip
    """Settle one standard: agree (no `ratings`), or give the lines that differ, (row, site id) -> rating, and why."""
    if review.state not in (ReviewState.READING, ReviewState.COMPARING, ReviewState.ASKING):
        raise Refused(f"This review is {review.state.value}; standards are settled while it is open.")
    case = _case(db, review, code)
    if not case.shown:
        raise Refused(f"Give your own rating of {code} first.")
    if case.asked:
        raise Refused(f"A question on {code} waits for its answer.")
    strange = set(ratings or {}) - set(case.surveyor)
    if strange:
        raise Refused(f"These lines do not belong to {code}.")
    committee = case.surveyor | dict(ratings or {})
    judged = Judged(case.surveyor, committee, {row.code: row.na_allowed for row in case.rows}, reason, must_show)
    if reasons := why_not_settle(judged):
        raise Refused(*reasons)
    verdict = case.verdict or Verdict(review_id=review.id, survey_id=review.survey_id, code=code)
    db.add(verdict)
    verdict.overrules.clear()
    db.flush()  # the old ones go before the new ones come
    verdict.overrules = [Overrule(entry_id=case.entry_ids[key], rating=one) for key, one in overruled(judged).items()]
    verdict.rating, verdict.settled_at = worst(committee.values()), now
    verdict.reason = reason.strip() if verdict.overrules else ""
    verdict.must_show, verdict.resurvey = must_show.strip(), resurvey
    ledger.record(
        db, "standard settled", by=by, now=now, about=verdict, practice_id=review.practice_id,
        why=reason.strip() or None, before={"surveyor": case.surveyor_rating},
        after={"code": code, "committee": verdict.rating},
    )  # fmt: skip
    return verdict


def ask_surveyor(db: Session, review: Review, code: str, text: str, *, by: User, now: datetime) -> Question:
    """Ask the surveyor about one row; the practice never sees it."""
    review.state = moved(REVIEW_MOVES, "ask", review.state, "review")
    _case(db, review, standard_of(code))
    if not text.strip():
        raise Refused("Write the question.")
    question = _question(db, review.survey, review, code, text.strip(), by, now)
    ledger.record(db, "surveyor asked", by=by, now=now, about=question, after={"code": code})
    _tell_surveyor(db, review.survey, "The committee asks about your worksheet", now)
    return question


def determine(db: Session, review: Review, *, by: User, now: datetime) -> None:
    """Every standard is settled: the committee's ratings become the official ones."""
    state = moved(REVIEW_MOVES, "determine", review.state, "review")
    survey = review.survey
    cases = queries.review_case(db, review)
    unsettled = [case.code for case in cases if not case.settled]
    if reasons := why_not_determine(unsettled, [one.code for one in queries.open_questions(db, survey.id)]):
        raise Refused(*reasons)
    survey.state = moved(SURVEY_MOVES, "determine", survey.state, "survey")
    survey.result = result_of(rating for case in cases for rating in case.committee.values())
    survey.determined_at = review.determined_at = now
    review.state = state
    ledger.record(db, "survey determined", by=by, now=now, about=survey, after={"result": survey.result})
    program.meet_clock(db, survey, "committee.determine", now=now)
    notices.tell(
        db, holders(db, Role.STAFF), subject="A survey is determined", body="The compliance report can be drafted.",
        url=f"/surveys/{survey.id}", practice_id=survey.practice_id, now=now,
    )  # fmt: skip


def _case(db: Session, review: Review, code: str) -> StandardCase:
    found = next((case for case in queries.review_case(db, review) if case.code == code), None)
    if found is None:
        raise Refused(f"{code} is not part of this survey.")
    return found


def _question(
    db: Session, survey: Survey, review: Review | None, code: str, text: str, by: User, now: datetime
) -> Question:
    question = Question(
        survey_id=survey.id, practice_id=survey.practice_id, review_id=review.id if review else None, code=code,
        question=text, asked_at=now, asked_by_id=by.id,
    )  # fmt: skip
    db.add(question)
    return question


def _end_review(db: Session, review: Review, move: str, what: str, reason: str, by: User, now: datetime) -> None:
    state = moved(REVIEW_MOVES, move, review.state, "review")
    if reasons := why_not_reason(reason):
        raise Refused(*reasons)
    review.state, review.ended_why = state, reason.strip()
    ledger.record(db, what, by=by, now=now, about=review, why=reason.strip())
    notices.tell(
        db, holders(db, Role.STAFF), subject="Another reviewer is needed", body="Assign another reviewer.",
        url=f"/surveys/{review.survey_id}", practice_id=review.practice_id, now=now,
    )  # fmt: skip


def _tell_surveyor(db: Session, survey: Survey, subject: str, now: datetime) -> None:
    notices.tell(
        db, [survey.surveyor] if survey.surveyor else [], subject=subject, body="The questions are with the rows.",
        url=f"/surveys/{survey.id}/worksheet", practice_id=survey.practice_id, now=now,
    )  # fmt: skip

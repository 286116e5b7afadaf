"""Filling the worksheet: entries saved as typed, observations only added, the sheet sent whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.kernel import clock, ledger
from app.notices import actions as notices
from app.people.models import User
from app.people.queries import holders
from app.people.rules import Role
from app.program import actions as program
from app.standards.queries import row as standard_row
from app.standards.rules import Method
from app.survey import queries
from app.survey.models import Entry, Observation, Question, Survey
from app.survey.rules.moves import REVIEW_MOVES, SURVEY_MOVES, Refused, ReviewState, moved
from app.survey.rules.worksheet import Rating, SourceKind, changed, why_not_observe, why_not_rate

FIELDS = ("rating", "methods", "na_reason", "note", "suggestion", "good_practice", "harm", "spread")
LOCKED = "This row is locked. Only rows that the Program asked about can be changed now."


class Stale(Exception):
    """Somebody saved this entry since it was opened; nothing was overwritten."""

    def __init__(self, entry: Entry, typed: Mapping[str, object]) -> None:
        super().__init__("This row was saved in another window since you opened it.")
        self.entry = entry
        self.typed = dict(typed)
        self.differs = changed(facts(entry), typed)


@dataclass(frozen=True)
class Seen:
    """An observation as it is to be noted; `id` makes a second sending of the same one harmless."""

    text: str
    method: Method
    source_kind: SourceKind
    source: str
    version_id: str | None = None
    page: int | None = None
    pages: int | None = None
    quote: str = ""
    replaces_id: str | None = None
    id: str | None = None


def facts(entry: Entry) -> dict[str, object]:
    """What an entry says, by field."""
    return {name: getattr(entry, name) for name in FIELDS}


def rate(db: Session, entry: Entry, values: Mapping[str, object], *, version: int, by: User, now: datetime) -> bool:
    """Save what was typed in one row at one site; False when nothing changed. Never over somebody else's saving."""
    _writable(entry)
    values = {name: values[name] for name in FIELDS if name in values}
    before = changed(facts(entry), values)
    if entry.version != version and before:
        raise Stale(entry, values)
    row = standard_row(db, entry.survey.edition_id, entry.code)
    rating = Rating(str(values.get("rating", entry.rating)))
    methods = [str(method) for method in values.get("methods") or []]  # type: ignore[attr-defined]
    if reasons := why_not_rate(rating, na_allowed=bool(row and row.na_allowed), methods=methods):
        raise Refused(*reasons)
    if not before:
        return False
    for name, value in values.items():
        setattr(entry, name, value)
    entry.version, entry.saved_at = entry.version + 1, now
    ledger.record(
        db, "worksheet row saved", by=by, now=now, about=entry, before=before,
        after={"code": entry.code, "site": entry.site_id} | {name: values[name] for name in before},
    )  # fmt: skip
    return True


def rate_alike(db: Session, entry: Entry, *, by: User, now: datetime) -> list[Entry]:
    """Rate the same row alike at the other sites where it is not assessed yet; what is given there stays."""
    _writable(entry)
    if entry.rating is Rating.NOT_ASSESSED:
        raise Refused("Rate it here first.")
    others = [one for one in queries.entries(db, entry.survey, [entry.code]) if one.writable]
    blank = [one for one in others if one.rating is Rating.NOT_ASSESSED]
    for one in blank:
        one.rating, one.na_reason, one.methods = entry.rating, entry.na_reason, list(entry.methods)
        one.version, one.saved_at = one.version + 1, now
    if blank:
        facts_after = {"code": entry.code, "rating": entry.rating, "sites": [one.site_id for one in blank]}
        ledger.record(db, "worksheet row rated alike", by=by, now=now, about=entry, after=facts_after)
    return blank


def observe(db: Session, entry: Entry, seen: Seen, *, by: User, now: datetime) -> Observation:
    """Note one fact with its source; sent twice, it is noted once."""
    _writable(entry)
    if seen.id and (known := db.get(Observation, seen.id)):
        if known.entry_id != entry.id:
            raise Refused("This observation belongs to another row.")
        return known
    if reasons := why_not_observe(seen.text, seen.source, seen.page, seen.pages):
        raise Refused(*reasons)
    if seen.replaces_id and seen.replaces_id not in {one.id for one in entry.standing}:
        raise Refused("The observation to correct no longer stands.")
    noted = Observation(
        entry=entry, practice_id=entry.practice_id, text=seen.text.strip(), method=seen.method,
        source_kind=seen.source_kind, source=seen.source.strip(), version_id=seen.version_id, page=seen.page,
        quote=seen.quote.strip(), replaces_id=seen.replaces_id, made_at=now, made_by_id=by.id,
        **({"id": seen.id} if seen.id else {}),
    )  # fmt: skip
    db.add(noted)
    ledger.record(db, "observation noted", by=by, now=now, about=noted, after={"code": entry.code})
    return noted


def withdraw(db: Session, noted: Observation, *, reason: str, by: User, now: datetime) -> Observation:
    """Take an observation back; it stays in the file, with the reason."""
    entry = noted.entry
    _writable(entry)
    if noted.id not in {one.id for one in entry.standing}:
        raise Refused("This observation no longer stands.")
    if not reason.strip():
        raise Refused("Write why it is taken back.")
    gone = Observation(
        entry=entry, practice_id=noted.practice_id, text=reason.strip(), method=noted.method,
        source_kind=noted.source_kind, replaces_id=noted.id, withdraws=True, made_at=now, made_by_id=by.id,
    )  # fmt: skip
    db.add(gone)
    ledger.record(db, "observation withdrawn", by=by, now=now, about=noted, why=reason.strip())
    return gone


def submit(db: Session, survey: Survey, *, by: User, now: datetime) -> None:
    """Send the whole worksheet to the Program; every row is locked."""
    state = moved(SURVEY_MOVES, "submit", survey.state, "survey")
    reasons = [str(one) for one in queries.missing(db, survey)]
    reasons += [f"{one.code}: the Program's question has no answer." for one in queries.open_questions(db, survey.id)]
    if reasons:
        raise Refused(*reasons)
    survey.state, survey.submitted_at = state, now
    db.execute(update(Entry).where(Entry.survey_id == survey.id).values(open=False))
    ledger.record(db, "worksheet submitted", by=by, now=now, about=survey)
    program.meet_clock(db, survey, "survey.worksheet", now=now)
    program.start_clock(
        db, "survey.check", practice_id=survey.practice_id, case_id=survey.case_id, about=survey,
        event="worksheet submitted", start=clock.day_of(now), owed_by=Role.STAFF, now=now,
    )  # fmt: skip
    notices.tell(
        db, holders(db, Role.STAFF), subject="A worksheet is submitted", body="Check it and pass it to the committee.",
        url=f"/surveys/{survey.id}", practice_id=survey.practice_id, now=now,
    )  # fmt: skip


def answer(db: Session, question: Question, text: str, *, by: User, now: datetime) -> None:
    """The surveyor answers a question on a row; the last answer to the committee lets it go on."""
    if question.answered_at is not None:
        raise Refused("This question is answered already.")
    if not text.strip():
        raise Refused("Write the answer.")
    question.answer, question.answered_at = text.strip(), now
    ledger.record(db, "question answered", by=by, now=now, about=question, after={"code": question.code})
    review = queries.live_review(db, question.survey_id) if question.review_id else None
    if review is None or review.state is not ReviewState.ASKING or _still_open(db, question):
        return
    back = "answer_while_reading" if queries.unread(db, review) else "answer"
    review.state = moved(REVIEW_MOVES, back, review.state, "review")
    notices.tell(
        db, [review.reviewer], subject="The surveyor has answered", body="The review can go on.",
        url=f"/reviews/{review.id}", practice_id=review.practice_id, now=now,
    )  # fmt: skip


def _still_open(db: Session, question: Question) -> bool:
    db.flush()
    waiting = select(Question.id).where(Question.review_id == question.review_id, Question.answered_at.is_(None))
    return db.scalar(waiting.limit(1)) is not None


def _writable(entry: Entry) -> None:
    if not entry.survey.open_for_rating:
        state = entry.survey.state.value
        raise Refused(f"This survey is {state}; the worksheet is open from the visit until it is sent.")
    if not entry.open:
        raise Refused(LOCKED)

"""The committee's side: every standard as a case, and what was determined in the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.people.models import User
from app.standards.models import StandardRow
from app.standards.queries import rows as standard_rows
from app.standards.rules import Method
from app.survey.models import Entry, Observation, Question, Review, Survey, Verdict
from app.survey.queries.worksheet import entries
from app.survey.rules.committee import worst
from app.survey.rules.moves import ReviewState
from app.survey.rules.worksheet import Harm, Rating, SourceKind, Spread, row_codes, standard_of

Word = TypeVar("Word", bound=StrEnum)
Key = tuple[str, str]  # row code, site id


@dataclass
class StandardCase:
    """One standard before the committee: its rows, what the surveyor rated, what the reviewer has said."""

    row: StandardRow
    first_read_asked: bool
    rows: list[StandardRow] = field(default_factory=list)
    surveyor: dict[Key, Rating] = field(default_factory=dict)
    entry_ids: dict[Key, str] = field(default_factory=dict)
    verdict: Verdict | None = None
    asked: bool = False  # a question on it waits for an answer

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def settled(self) -> bool:
        return self.verdict is not None and self.verdict.settled_at is not None

    @property
    def shown(self) -> bool:
        """May the reviewer see the surveyor's ratings? Not before the own first read is locked."""
        return not self.first_read_asked or (self.verdict is not None and self.verdict.first_read is not None)

    @property
    def surveyor_rating(self) -> Rating:
        return worst(self.surveyor.values())

    @property
    def committee(self) -> dict[Key, Rating]:
        """The committee's rating of every line: the surveyor's, unless overruled."""
        overruled = {one.entry_id: one.rating for one in self.verdict.overrules} if self.verdict else {}
        return {key: overruled.get(self.entry_ids[key], rating) for key, rating in self.surveyor.items()}

    @property
    def differs(self) -> bool:
        """Does the reviewer's first read differ from the surveyor's rating?"""
        return self.shown and self.verdict is not None and self.verdict.first_read not in (None, self.surveyor_rating)


def live_review(db: Session, survey_id: str) -> Review | None:
    """The review that was not given back."""
    return db.scalar(select(Review).where(Review.survey_id == survey_id, Review.state != ReviewState.ENDED))


def reviews_of(db: Session, user: User) -> Sequence[Review]:
    """What a reviewer was given to judge, the newest first."""
    found = select(Review).where(Review.reviewer_id == user.id, Review.state != ReviewState.ENDED)
    return db.scalars(found.order_by(Review.assigned_at.desc())).all()


def open_questions(db: Session, survey_id: str) -> Sequence[Question]:
    """Questions without an answer, the oldest first."""
    found = select(Question).where(Question.survey_id == survey_id, Question.answered_at.is_(None))
    return db.scalars(found.order_by(Question.asked_at)).all()


def questions(db: Session, survey_id: str, code: str | None = None) -> Sequence[Question]:
    """Every question and answer of a survey (on one row, or on anything below a standard)."""
    found = select(Question).where(Question.survey_id == survey_id)
    if code is not None:
        found = found.where((Question.code == code) | Question.code.startswith(code + ".", autoescape=True))
    return db.scalars(found.order_by(Question.asked_at)).all()


def review_case(db: Session, review: Review) -> list[StandardCase]:
    """Every standard of the survey as the committee sees it, in a fixed number of queries."""
    survey = review.survey
    rows = {row.code: row for row in standard_rows(db, survey.edition_id)}
    cases: dict[str, StandardCase] = {}
    for code in row_codes([(row.code, row.kind) for row in rows.values()], survey.scope):
        standard = standard_of(code)
        cases.setdefault(standard, StandardCase(rows[standard], review.first_read)).rows.append(rows[code])
    columns = select(Entry.code, Entry.site_id, Entry.rating, Entry.id).where(Entry.survey_id == survey.id)
    for code, site_id, rating, entry_id in db.execute(columns):
        case = cases[standard_of(code)]
        case.surveyor[code, site_id], case.entry_ids[code, site_id] = rating, entry_id
    for verdict in verdicts(db, review):
        cases[verdict.code].verdict = verdict
    for question in open_questions(db, survey.id):
        cases[standard_of(question.code)].asked = True
    return list(cases.values())


def verdicts(db: Session, review: Review) -> Sequence[Verdict]:
    """What the reviewer has said so far."""
    found = select(Verdict).where(Verdict.review_id == review.id).options(selectinload(Verdict.overrules))
    return db.scalars(found).all()


def unread(db: Session, review: Review) -> list[str]:
    """The standards of which the reviewer has not given an own rating yet; none where the setting is off."""
    return [case.code for case in review_case(db, review) if not case.shown]


def counts(cases: Sequence[StandardCase]) -> dict[str, int]:
    """How far the review is: standards in all, read, settled, rated like the surveyor."""
    return {
        "all": len(cases),
        "read": sum(case.shown for case in cases),
        "settled": sum(case.settled for case in cases),
        "alike": sum(case.settled and case.committee == case.surveyor for case in cases),
    }


@dataclass(frozen=True)
class DeterminedObservation:
    """One noted fact as the report cites it."""

    text: str
    method: Method
    source_kind: SourceKind
    citation: str
    site_id: str
    version_id: str | None = None
    page: int | None = None
    quote: str = ""


@dataclass(frozen=True)
class DeterminedRow:
    """What the committee determined on one row; nothing of the surveyor's rating is in it.

    `by_site` holds the row's own line. `rating` is the roll-up for a standard (its own line and all below it,
    over all sites) and the worst of the own line for an element.
    """

    code: str
    kind: str
    title: str
    rating: Rating
    by_site: Mapping[str, Rating]
    observations: Sequence[DeterminedObservation]
    suggestion: str
    good_practice: str
    reason: str  # the committee's, where it overruled: stays in the case file
    must_show: str  # what the practice reads, word for word
    resurvey: bool
    na_reasons: Mapping[str, str]
    methods: Sequence[str]
    harm: Harm | None
    spread: Spread | None


def determined_rows(db: Session, survey: Survey) -> list[DeterminedRow]:
    """The committee's determination row by row, in the order of the edition; empty before it is made."""
    review = live_review(db, survey.id)
    if review is None or survey.determined_at is None:
        return []
    lines: dict[str, list[Entry]] = {}
    for entry in entries(db, survey):
        lines.setdefault(entry.code, []).append(entry)
    return [
        _determined(case, row, lines[row.code]) for case in review_case(db, review) for row in case.rows
    ]  # fmt: skip


def _determined(case: StandardCase, row: StandardRow, lines: list[Entry]) -> DeterminedRow:
    committee, verdict = case.committee, case.verdict
    own = {entry.site_id: committee[row.code, entry.site_id] for entry in lines}
    return DeterminedRow(
        code=row.code, kind=row.kind.value, title=row.title,
        rating=worst(committee.values()) if row.code == case.code else worst(own.values()),
        by_site=own,
        observations=[_cited(noted, entry.site_id) for entry in lines for noted in entry.standing],
        suggestion=_joined(entry.suggestion for entry in lines),
        good_practice=_joined(entry.good_practice for entry in lines),
        reason=verdict.reason if verdict else "",
        must_show=verdict.must_show if verdict else "",
        resurvey=bool(verdict and verdict.resurvey),
        na_reasons={entry.site_id: entry.na_reason for entry in lines if entry.na_reason},
        methods=[method.value for method in Method if any(method.value in entry.methods for entry in lines)],
        harm=_gravest(Harm, [entry.harm for entry in lines]),
        spread=_gravest(Spread, [entry.spread for entry in lines]),
    )  # fmt: skip


def _cited(noted: Observation, site_id: str) -> DeterminedObservation:
    return DeterminedObservation(
        noted.text, noted.method, noted.source_kind, noted.citation, site_id, noted.version_id, noted.page, noted.quote
    )


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _gravest(scale: type[Word], said: Iterable[Word | None]) -> Word | None:
    found = [word for word in said if word is not None]
    return max(found, key=list(scale).index) if found else None

"""The committee's review: its verdict on each standard, where it overrules, and what it asks."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import At, Base, Id, ref, words
from app.people.models import User
from app.survey.models.survey import Survey
from app.survey.rules.moves import ReviewState
from app.survey.rules.worksheet import Rating

LIVE = text("state <> 'ended'")


class Review(Base):
    """One reviewer on one survey."""

    __tablename__ = "survey_review"
    __table_args__ = (
        CheckConstraint("(state = 'ended') = (ended_why IS NOT NULL)", name="ended_says_why"),
        CheckConstraint("state IN ('assigned', 'ended') OR cleared_at IS NOT NULL", name="reads_when_clear"),
        CheckConstraint("(state = 'determined') = (determined_at IS NOT NULL)", name="determined_says_when"),
        Index("one_live_review", "survey_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
    )

    id: Mapped[Id]
    survey_id: Mapped[str] = ref("survey.id")
    practice_id: Mapped[str] = ref("practice.id")
    reviewer_id: Mapped[str] = ref("person.id")
    state: Mapped[ReviewState] = words(ReviewState, default=ReviewState.ASSIGNED, index=True)
    first_read: Mapped[bool]  # the setting when the review was assigned
    assigned_at: Mapped[At]
    cleared_at: Mapped[At | None]
    declaration: Mapped[str | None] = mapped_column(Text)
    ended_why: Mapped[str | None] = mapped_column(Text)
    determined_at: Mapped[At | None]

    survey: Mapped[Survey] = relationship()
    reviewer: Mapped[User] = relationship()

    @property
    def case_id(self) -> str:
        return self.survey.application_id

    def is_for(self, user: User) -> bool:
        """Is this the reviewer who was asked? Whoever recused has nothing more to see."""
        return self.reviewer_id == user.id and self.state is not ReviewState.ENDED


class Verdict(Base):
    """What the committee says about one standard: an own first read, then the settled rating."""

    __tablename__ = "survey_verdict"
    __table_args__ = (
        UniqueConstraint("review_id", "code"),
        CheckConstraint("(first_read IS NULL) = (first_read_at IS NULL)", name="first_read_has_its_hour"),
        CheckConstraint("(settled_at IS NULL) = (rating IS NULL)", name="settled_has_a_rating"),
        CheckConstraint("first_read IS NULL OR first_read <> 'not assessed'", name="first_read_is_a_rating"),
        CheckConstraint(
            "rating IS NULL OR rating NOT IN ('partially met', 'not met') OR length(must_show) > 0",
            name="a_finding_says_what_to_show",
        ),
    )

    id: Mapped[Id]
    review_id: Mapped[str] = ref("survey_review.id")
    survey_id: Mapped[str] = ref("survey.id")
    code: Mapped[str] = mapped_column(String(20))
    first_read: Mapped[Rating | None] = words(Rating, check="first_reading")
    first_note: Mapped[str] = mapped_column(Text, default="")
    first_read_at: Mapped[At | None]
    rating: Mapped[Rating | None] = words(Rating)
    reason: Mapped[str] = mapped_column(Text, default="")  # why it differs; the practice never sees it
    must_show: Mapped[str] = mapped_column(Text, default="")  # the practice reads it word for word
    resurvey: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[At | None]

    overrules: Mapped[list[Overrule]] = relationship(back_populates="verdict", cascade="all, delete-orphan")


class Overrule(Base):
    """The committee's rating of one row at one site, where it is not the surveyor's."""

    __tablename__ = "survey_overrule"
    __table_args__ = (
        UniqueConstraint("verdict_id", "entry_id"),
        CheckConstraint("rating <> 'not assessed'", name="is_a_rating"),
    )

    id: Mapped[Id]
    verdict_id: Mapped[str] = ref("survey_verdict.id")
    entry_id: Mapped[str] = ref("survey_entry.id")
    rating: Mapped[Rating] = words(Rating)

    verdict: Mapped[Verdict] = relationship(back_populates="overrules")


class Question(Base):
    """A question to the surveyor, tied to a row: of the staff (then `review_id` is empty) or of the reviewer."""

    __tablename__ = "survey_question"
    __table_args__ = (
        CheckConstraint("length(question) > 0", name="asks_something"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_its_hour"),
    )

    id: Mapped[Id]
    survey_id: Mapped[str] = ref("survey.id")
    practice_id: Mapped[str] = ref("practice.id")
    review_id: Mapped[str | None] = ref("survey_review.id")
    code: Mapped[str] = mapped_column(String(20))
    question: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[At]
    asked_by_id: Mapped[str] = ref("person.id")
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[At | None]

    survey: Mapped[Survey] = relationship()

    @property
    def case_id(self) -> str:
        return self.survey.application_id

    @property
    def asker(self) -> str:
        """Who asks, without a name: reviewers stay unnamed to everybody but staff."""
        return "The committee" if self.review_id else "Program staff"

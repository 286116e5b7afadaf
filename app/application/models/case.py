"""The application, its steps, the days it offers, and what was submitted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.application.rules.case import Outcome, State
from app.application.rules.steps import Slug
from app.documents.models import Paper
from app.evidence.models import Binder
from app.kernel.db import At, Base, Id, Json, JsonList, ref, words
from app.participation.models import ScoreReport
from app.people.models import Practice, User
from app.standards.models import Edition


class Application(Base):
    """A practice's request for one term. It is the case: everything that follows hangs on it."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_says_when"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_says_how"),
        CheckConstraint("state NOT IN ('ready', 'returned') OR ready_at IS NOT NULL", name="ready_says_when"),
        CheckConstraint("(policies_affirmed_at IS NULL) = (policies_affirmed_by IS NULL)", name="affirmed_by_somebody"),
        CheckConstraint("(fte IS NULL) = (confirmed_at IS NULL)", name="confirmed_with_fte"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    practice_id: Mapped[str] = ref("practice.id")
    score_report_id: Mapped[str] = ref("score_report.id")
    edition_id: Mapped[str] = ref("edition.id")
    edition_pinned_at: Mapped[At | None]
    binder_id: Mapped[str] = ref("binder.id")
    state: Mapped[State] = words(State, default=State.DRAFT, index=True)
    opened_at: Mapped[At]
    opened_by: Mapped[str] = ref("person.id")
    ready_at: Mapped[At | None]
    closed_at: Mapped[At | None]
    outcome: Mapped[Outcome | None] = words(Outcome)
    fte: Mapped[str | None] = mapped_column(String(12))
    confirmed_at: Mapped[At | None]
    policies_affirmed_at: Mapped[At | None]
    policies_affirmed_by: Mapped[str | None] = mapped_column(String(32))

    practice: Mapped[Practice] = relationship(lazy="joined")
    score_report: Mapped[ScoreReport] = relationship()
    edition: Mapped[Edition] = relationship()
    binder: Mapped[Binder] = relationship()
    steps: Mapped[list[StepRecord]] = relationship(back_populates="application", cascade="all, delete-orphan")
    dates: Mapped[list[OfferedDate]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="OfferedDate.on_day"
    )
    snapshots: Mapped[list[Snapshot]] = relationship(back_populates="application", order_by="Snapshot.turn")

    @property
    def case_id(self) -> str:
        return self.id

    def step(self, slug: Slug) -> StepRecord:
        """What is kept about one of the six steps."""
        return next(record for record in self.steps if record.slug is slug)


class StepRecord(Base):
    """What is kept about a step beside its answers: who holds it, when it was done, why it came back."""

    __tablename__ = "application_step"
    __table_args__ = (
        UniqueConstraint("application_id", "slug"),
        CheckConstraint("(returned_at IS NULL) = (return_reason IS NULL)", name="returned_says_why"),
    )

    id: Mapped[Id]
    application_id: Mapped[str] = ref("application.id")
    slug: Mapped[Slug] = words(Slug)
    holder_id: Mapped[str | None] = ref("person.id")
    begun_at: Mapped[At | None]
    completed_at: Mapped[At | None]
    returned_at: Mapped[At | None]
    return_reason: Mapped[str | None] = mapped_column(String(2000))

    application: Mapped[Application] = relationship(back_populates="steps")
    holder: Mapped[User | None] = relationship()


class OfferedDate(Base):
    """A day on which the practice can be visited."""

    __tablename__ = "offered_date"
    __table_args__ = (UniqueConstraint("application_id", "on_day"),)

    id: Mapped[Id]
    application_id: Mapped[str] = ref("application.id")
    on_day: Mapped[date]
    offered_at: Mapped[At]
    offered_by: Mapped[str] = ref("person.id")

    application: Mapped[Application] = relationship(back_populates="dates")


class Snapshot(Base):
    """The locked copy of what was submitted, with its own hash. It is never changed."""

    __tablename__ = "application_snapshot"
    __table_args__ = (
        UniqueConstraint("application_id", "turn"),
        CheckConstraint("length(sha256) = 64 AND turn >= 1", name="is_whole"),
    )

    id: Mapped[Id]
    application_id: Mapped[str] = ref("application.id")
    practice_id: Mapped[str] = ref("practice.id")
    turn: Mapped[int]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    made_at: Mapped[At]
    made_by: Mapped[str] = ref("person.id")
    body: Mapped[Json]
    sha256: Mapped[str] = mapped_column(String(64))
    changes: Mapped[JsonList]
    paper_id: Mapped[str] = ref("paper.id")

    application: Mapped[Application] = relationship(back_populates="snapshots")
    paper: Mapped[Paper] = relationship()
    signer: Mapped[User] = relationship()

    @property
    def case_id(self) -> str:
        return self.application_id

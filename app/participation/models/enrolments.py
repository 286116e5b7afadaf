"""A practice in a round."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import At, Base, Id, JsonList, ref, words
from app.participation.models.charts import DuplicateDecision
from app.participation.models.rounds import Round
from app.participation.rules.modules import Module
from app.participation.rules.moves import Agreement, EnrolmentState, Track
from app.participation.rules.qualify import Terms
from app.people.models import Practice


class Enrolment(Base):
    """What a practice said when it joined a round, what it confirmed since, and where it stands."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("practice_id", "round_id"),
        CheckConstraint("(state IN ('frozen', 'reported')) = (frozen_at IS NOT NULL)", name="frozen_says_when"),
        CheckConstraint("length(fte) > 0 AND fte <> '0'", name="has_oncologists"),
    )

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    round_id: Mapped[str] = ref("round.id")
    track: Mapped[Track] = words(Track, default=Track.QCP)
    fte: Mapped[str] = mapped_column(String(24))
    modules: Mapped[JsonList]
    complete: Mapped[JsonList]
    statements: Mapped[JsonList]
    state: Mapped[EnrolmentState] = words(EnrolmentState, default=EnrolmentState.ENROLLED)
    enrolled_at: Mapped[At]
    enrolled_by: Mapped[str] = ref("person.id")
    frozen_at: Mapped[datetime | None]

    practice: Mapped[Practice] = relationship()
    round: Mapped[Round] = relationship()
    agreements: Mapped[list[EnrolmentAgreement]] = relationship(order_by="EnrolmentAgreement.key.desc()")
    decisions: Mapped[list[DuplicateDecision]] = relationship(order_by="DuplicateDecision.decided_at")

    @property
    def chosen(self) -> list[Module]:
        """The modules that the practice chose, in their order."""
        return [module for module in Module if module in self.modules]

    @property
    def terms(self) -> Terms:
        """What the result depends on besides charts and settings."""
        return Terms(
            fte=self.fte,
            modules=self.chosen,
            complete=[Module(name) for name in self.complete],
            decided=[decision.chart_ids for decision in self.decisions],
        )


class EnrolmentAgreement(Base):
    """That somebody accepted an agreement for the practice: which words, who, and when. It never changes."""

    __tablename__ = "enrolment_agreement"
    __table_args__ = (UniqueConstraint("enrolment_id", "key"),)

    id: Mapped[Id]
    enrolment_id: Mapped[str] = ref("enrolment.id")
    practice_id: Mapped[str] = ref("practice.id")
    key: Mapped[Agreement] = words(Agreement)
    text: Mapped[str] = mapped_column(String(2000))
    sha256: Mapped[str] = mapped_column(String(64))
    typed_name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(120))
    accepted_by: Mapped[str] = ref("person.id")
    accepted_at: Mapped[At]

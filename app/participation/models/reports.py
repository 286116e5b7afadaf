"""The final report of one practice in one round."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.documents.models import Paper
from app.kernel.db import At, Base, Id, Json, ref
from app.participation.models.enrolments import Enrolment
from app.participation.models.rounds import Round
from app.participation.rules.reports import digest


class ScoreReport(Base):
    """What came out when the round was released. It is frozen: result, settings and lists stand under one hash."""

    __tablename__ = "score_report"
    __table_args__ = (
        CheckConstraint("(valid_until IS NOT NULL) = qualified", name="qualified_until"),
        CheckConstraint("length(sha256) = 64", name="hash_is_whole"),
    )

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    enrolment_id: Mapped[str] = ref("enrolment.id", unique=True)
    round_id: Mapped[str] = ref("round.id")
    number: Mapped[str] = mapped_column(String(40), unique=True)
    issued_on: Mapped[date]
    issued_at: Mapped[At]
    result: Mapped[Json]
    misses: Mapped[Json]
    quality: Mapped[Json]
    settings: Mapped[Json]
    comparison: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sha256: Mapped[str] = mapped_column(String(64))
    percent: Mapped[str | None] = mapped_column(String(8))
    qualified: Mapped[bool]
    valid_until: Mapped[date | None]
    paper_id: Mapped[str | None] = ref("paper.id")

    enrolment: Mapped[Enrolment] = relationship()
    round: Mapped[Round] = relationship()
    paper: Mapped[Paper | None] = relationship()

    @property
    def usable_until(self) -> date | None:
        """The last day on which it can open an application; a close announced later may shorten it."""
        announced = self.round.next_same_season_closes_on
        return min(self.valid_until, announced) if self.valid_until and announced else self.valid_until

    @property
    def intact(self) -> bool:
        """Whether what is stored is still what was issued."""
        return digest(self.result, self.misses, self.quality, self.settings, self.comparison) == self.sha256

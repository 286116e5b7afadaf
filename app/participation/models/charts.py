"""The charts of an enrolment."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import At, Base, Id, Json, JsonList, ref, words
from app.participation.rules import charts
from app.participation.rules.moves import ChartState


def mark_of(cells: dict[str, str]) -> str:
    """A short name for exactly these answers."""
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()[:16]


class Chart(Base):
    """One patient's answers without identity: the cells that are not blank, as they were typed."""

    __tablename__ = "chart"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "chart_id"),
        CheckConstraint("length(chart_id) BETWEEN 4 AND 24", name="has_a_label"),
    )

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    enrolment_id: Mapped[str] = ref("enrolment.id")
    chart_id: Mapped[str] = mapped_column(String(24))
    cells: Mapped[Json]
    excluded: Mapped[JsonList]
    state: Mapped[ChartState] = words(ChartState, default=ChartState.ENTERED)
    entered_by: Mapped[str] = ref("person.id")
    entered_at: Mapped[At]

    @property
    def mark(self) -> str:
        """Changes whenever an answer does: by it two people who correct the same chart notice one another."""
        return mark_of(self.cells)

    @property
    def sound(self) -> charts.Chart:
        """The chart as the measures see it."""
        return charts.sound_chart(self.cells)


class ChartDraft(Base):
    """A chart that somebody is still typing. It may have errors and counts nowhere."""

    __tablename__ = "chart_draft"

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    enrolment_id: Mapped[str] = ref("enrolment.id")
    cells: Mapped[Json]
    kept_by: Mapped[str] = ref("person.id")
    kept_at: Mapped[At]

    @property
    def mark(self) -> str:
        """As of a chart."""
        return mark_of(self.cells)


class DuplicateDecision(Base):
    """That somebody said of charts that look alike: these are different patients."""

    __tablename__ = "duplicate_decision"

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    enrolment_id: Mapped[str] = ref("enrolment.id")
    chart_ids: Mapped[JsonList]
    decided_by: Mapped[str] = ref("person.id")
    decided_by_name: Mapped[str] = mapped_column(String(120))
    decided_as: Mapped[str] = mapped_column(String(32))
    decided_at: Mapped[At]

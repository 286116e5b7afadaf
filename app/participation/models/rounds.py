"""A period in which charts are entered."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Id, words
from app.participation.rules.measures import SAMPLE_SET
from app.participation.rules.moves import RoundState
from app.participation.rules.windows import RoundDates


class Round(Base):
    """A round: when it is open, and which charts it looks at. All days belong to their window."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("(state = 'released') = (final_report_on IS NOT NULL)", name="released_has_its_day"),
        CheckConstraint("(comparison IS NOT NULL) <= (state = 'released')", name="compared_when_released"),
        CheckConstraint("registers_from <= opens_on", name="registers_first"),
        CheckConstraint("opens_on < registers_until AND registers_until <= closes_on", name="registers_while_open"),
        CheckConstraint("visits_from <= visits_to AND deaths_from <= deaths_to", name="windows_have_a_length"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    season: Mapped[str] = mapped_column(String(8))
    measure_set: Mapped[str] = mapped_column(String(60), default=SAMPLE_SET)
    state: Mapped[RoundState] = words(RoundState, default=RoundState.PLANNED)
    registers_from: Mapped[date]
    registers_until: Mapped[date]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    visits_from: Mapped[date]
    visits_to: Mapped[date]
    deaths_from: Mapped[date]
    deaths_to: Mapped[date]
    diagnosed_from: Mapped[date]
    final_report_on: Mapped[date | None]
    next_same_season_closes_on: Mapped[date | None]
    comparison: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def dates(self) -> RoundDates:
        """The dates as the rules take them."""
        return RoundDates(
            code=self.code,
            season=self.season,
            opens_on=self.opens_on,
            closes_on=self.closes_on,
            visits_from=self.visits_from,
            visits_to=self.visits_to,
            deaths_from=self.deaths_from,
            deaths_to=self.deaths_to,
            diagnosed_from=self.diagnosed_from,
            final_report_on=self.final_report_on,
            next_same_season_closes_on=self.next_same_season_closes_on,
        )

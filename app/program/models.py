"""Dated settings, the Program's own days off, fees, and running dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.kernel.db import At, Base, Id, ref
from app.kernel.db import words as word
from app.people.rules import Role
from app.program.rules.clocks import Basis, DueState
from app.program.rules.derivation import Derivation, derive
from app.program.rules.fees import Item

OPEN = text("state IN ('running', 'missed')")


class Exact(TypeDecorator[Decimal]):
    """A decimal number, kept as its digits."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Setting(Base):
    """One value of a setting from a day on. Rows are added, never changed."""

    __tablename__ = "setting"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        CheckConstraint("version > 0", name="versions_begin_at_one"),
        CheckConstraint("length(why) > 0", name="says_why"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(60), index=True)
    version: Mapped[int]
    value: Mapped[str] = mapped_column(String(200))
    effective_from: Mapped[date]
    basis: Mapped[Basis] = word(Basis)
    by_id: Mapped[str | None] = ref("person.id")
    by_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[At]
    why: Mapped[str]


class ProgramDay(Base):
    """A day off that the Program adds to the federal holidays."""

    __tablename__ = "program_day"

    id: Mapped[Id]
    on: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(80))
    by_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[At]
    why: Mapped[str]


class Fee(Base):
    """One row of the fee table; all rows of one version hold together from their day on."""

    __tablename__ = "fee"
    __table_args__ = (
        UniqueConstraint("version", "item", "over"),
        CheckConstraint("dollars IS NOT NULL OR item = 'abroad'", name="only_abroad_is_quoted"),
        CheckConstraint("dollars >= 0", name="nobody_is_paid"),
    )

    id: Mapped[Id]
    version: Mapped[int] = mapped_column(index=True)
    effective_from: Mapped[date]
    item: Mapped[Item] = word(Item)
    over: Mapped[Decimal | None] = mapped_column(Exact)
    up_to: Mapped[Decimal | None] = mapped_column(Exact)
    dollars: Mapped[int | None]
    words: Mapped[str] = mapped_column(String(120))
    basis: Mapped[Basis] = word(Basis)
    by_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[At]
    why: Mapped[str]


class Due(Base):
    """A running date: what is owed, by whom, until when, and every step of the sum."""

    __tablename__ = "due"
    __table_args__ = (
        CheckConstraint("(state = 'met') = (met_on IS NOT NULL)", name="met_has_a_day"),
        CheckConstraint("(state = 'ended') = (ended_why IS NOT NULL)", name="ended_says_why"),
        CheckConstraint("(limit_on IS NULL) = (limit_is IS NULL)", name="a_limit_has_a_name"),
        CheckConstraint("(paused_on IS NULL) = (paused_why IS NULL)", name="a_pause_says_why"),
        Index("one_open_clock", "about_id", "key", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[Id]
    practice_id: Mapped[str | None] = ref("practice.id")
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    about_kind: Mapped[str] = mapped_column(String(60))
    about_id: Mapped[str] = mapped_column(String(32), index=True)
    key: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(80))
    rule: Mapped[str] = mapped_column(String(300))
    rule_version: Mapped[int]
    event: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    due_on: Mapped[date] = mapped_column(index=True)
    sum: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    limit_on: Mapped[date | None]
    limit_is: Mapped[str | None] = mapped_column(String(120))
    owed_by: Mapped[Role] = word(Role)
    state: Mapped[DueState] = word(DueState, default=DueState.RUNNING)
    extensions: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[At]
    reminded_on: Mapped[date | None]
    paused_on: Mapped[date | None]
    paused_why: Mapped[str | None]
    met_on: Mapped[date | None]
    ended_why: Mapped[str | None]

    @property
    def derivation(self) -> Derivation:
        """How the date was worked out, in sentences and days."""
        return derive(
            rule=self.rule, key=self.key, version=self.rule_version, event=self.event, steps=self.sum,
        )  # fmt: skip

    @property
    def steps(self) -> list[str]:
        """The sum in finished sentences."""
        return self.derivation.sentences

    @property
    def open(self) -> bool:
        """Is it still owed, late or not?"""
        return self.state in (DueState.RUNNING, DueState.MISSED)

    def late(self, today: date) -> bool:
        """Was the day missed: it has passed unmet, or it was met after it."""
        return self.due_on < (self.met_on or today) and self.state is not DueState.ENDED

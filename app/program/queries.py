"""Questions about settings, days, fees and running dates. What is dated is asked for by date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.people.rules import Role
from app.program import defaults, federal
from app.program.models import Due, Fee, ProgramDay, Setting
from app.program.rules import clocks
from app.program.rules.clocks import DueState
from app.program.rules.days import Calendar, Span
from app.program.rules.derivation import Derivation
from app.program.rules.fees import FeeLine, Item, fee_lines, one_fee
from app.program.rules.values import Definition, Value, read

OPEN = (DueState.RUNNING, DueState.MISSED)
OUTER_LIMIT = "case.outer_limit"


class NotSet(LookupError):
    """No value of this setting holds on this day."""


@dataclass(frozen=True)
class Line:
    """A setting as the page lists it: what it is and the row that holds."""

    definition: Definition
    row: Setting
    coming: Setting | None


def in_force(db: Session, key: str, on: date) -> Setting:
    """The row of a setting that holds on a day: value, version, basis, since when, by whom."""
    newest = (Setting.effective_from.desc(), Setting.version.desc())
    found = db.scalar(
        select(Setting).where(Setting.key == key, Setting.effective_from <= on).order_by(*newest).limit(1)
    )
    if found is None:
        raise NotSet(f"No value of {key} holds on {on.isoformat()}.")
    return found


def setting(db: Session, key: str, on: date) -> Value:
    """The value of a setting on a day: a whole number, a Decimal, yes/no as bool, a Span, or a word."""
    return read(defaults.definitions()[key].kind, in_force(db, key, on).value)


def whole(db: Session, key: str, on: date) -> int:
    """The value of a setting that is a whole number."""
    return int(str(setting(db, key, on)))


def span(db: Session, key: str, on: date) -> Span:
    """The value of a setting or clock that is a length of time."""
    return Span.read(str(setting(db, key, on)))


def versions(db: Session, key: str) -> list[Setting]:
    """Every value that a setting had or will have, the newest first."""
    return list(db.scalars(select(Setting).where(Setting.key == key).order_by(Setting.version.desc())))


def settings(db: Session, on: date) -> list[tuple[str, list[Line]]]:
    """Every setting with its row, by group."""
    coming = {row.key: row for row in db.scalars(select(Setting).where(Setting.effective_from > on))}
    past = select(Setting).where(Setting.effective_from <= on).order_by(Setting.effective_from, Setting.version)
    holds = {row.key: row for row in db.scalars(past)}  # the newest comes last and stays
    lines = [Line(one, holds[key], coming.get(key)) for key, one in defaults.definitions().items()]
    return [(group, list(found)) for group, found in groupby(lines, key=lambda line: line.definition.group)]


def calendar(db: Session) -> Calendar:
    """Business days: federal holidays and the days that the Program added."""
    added = {day.on: day.name for day in db.scalars(select(ProgramDay))}
    return Calendar(lambda day: added.get(day) or federal.holiday(day))


def program_days(db: Session) -> list[ProgramDay]:
    """The days off that the Program added, in order."""
    return list(db.scalars(select(ProgramDay).order_by(ProgramDay.on)))


def work_out(
    db: Session, key: str, start: date, *, on: date, limit: date | None = None, limit_is: str = ""
) -> list[clocks.Step]:
    """The steps by which a clock that started on a day would run, under the settings of `on`."""
    definition = defaults.clock(key)
    return clocks.work_out(start, span(db, key, on), definition.direction, calendar(db), limit=limit, limit_is=limit_is)


def due_date(db: Session, key: str, start: date, *, on: date | None = None) -> date:
    """The date at which a clock that started on a day would arrive."""
    return clocks.due(work_out(db, key, start, on=on or start))


def running(
    db: Session, case_id: str | None = None, *, practice_id: str | None = None, owed_by: Role | None = None
) -> list[Due]:
    """Every date still owed (in a case, by a practice, by a role), the earliest first."""
    wanted: list[ColumnElement[bool]] = [Due.state.in_(OPEN)]
    if case_id is not None:
        wanted.append(Due.case_id == case_id)
    if practice_id is not None:
        wanted.append(Due.practice_id == practice_id)
    if owed_by is not None:
        wanted.append(Due.owed_by == owed_by)
    return list(db.scalars(select(Due).where(*wanted).order_by(Due.due_on, Due.started_at)))


def overdue(db: Session, today: date) -> list[Due]:
    """Every date that has passed and is still owed, the longest first; paused ones do not count."""
    passed = (Due.due_on < today) & Due.state.in_(OPEN) & Due.paused_on.is_(None)
    return list(db.scalars(select(Due).where(passed).order_by(Due.due_on)))


def to_remind(db: Session, today: date) -> list[Due]:
    """Every date of which somebody is reminded today and has not been yet."""
    waiting = [due for due in running(db) if not due.paused_on and due.reminded_on != today]
    return [due for due in waiting if clocks.reminds(due.due_on, due.starts_on, today)]


def due(db: Session, about: Any, key: str) -> Due | None:
    """The date of this clock about a thing: the one still owed, else the latest."""
    found = select(Due).where(Due.about_id == about.id, Due.about_kind == about.__tablename__, Due.key == key)
    everything = list(db.scalars(found.order_by(Due.started_at.desc())))
    return next((one for one in everything if one.open), everything[0] if everything else None)


def outer_limit(db: Session, case_id: str) -> Due | None:
    """The last day of a case, once it runs."""
    found = select(Due).where(Due.case_id == case_id, Due.key == OUTER_LIMIT, Due.state != DueState.ENDED)
    return db.scalar(found.order_by(Due.started_at.desc()).limit(1))


def derivation(due: Due) -> Derivation:
    """How a date was worked out, for the page."""
    return due.derivation


def fee_table(db: Session, on: date) -> list[Fee]:
    """The rows of the fee table that holds on a day."""
    newest = (Fee.effective_from.desc(), Fee.version.desc())
    version = db.scalar(select(Fee.version).where(Fee.effective_from <= on).order_by(*newest).limit(1))
    if version is None:
        raise NotSet(f"No fee table holds on {on.isoformat()}.")
    return sorted(db.scalars(select(Fee).where(Fee.version == version)), key=_fee_order)


def _fee_order(fee: Fee) -> tuple[int, Decimal]:
    return list(Item).index(fee.item), fee.over or Decimal(0)


def fee(db: Session, fte: Decimal, sites_giving_drugs: int, country: str, on: date) -> list[FeeLine]:
    """The lines of an application's invoice."""
    return fee_lines(fee_table(db, on), fte=fte, sites_giving_drugs=sites_giving_drugs, country=country)


def charge(db: Session, item: Item, on: date, count: int = 1) -> FeeLine:
    """A single charge: a re-survey, a late move, an extra plaque."""
    return one_fee(fee_table(db, on), item, count)

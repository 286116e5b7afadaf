"""Changing settings, and starting, meeting and ending clocks.

Starting, meeting and ending a clock belong to the move that causes them, and that move writes the ledger
event; only what changes a running date by itself (pause, extension) or a setting writes its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel import clock, ledger
from app.kernel.ledger import Actor
from app.kernel.words import day as said
from app.people.rules import Role
from app.program import defaults, queries
from app.program.models import Due, Fee, ProgramDay, Setting
from app.program.rules import clocks
from app.program.rules.clocks import DUE_MOVES, Basis, DueState
from app.program.rules.fees import Rate, why_not_a_table
from app.program.rules.values import why_not_change

SHIPPED = "Shipped with the portal"


class Refused(Exception):
    """It was not done; `reasons` says every reason why."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class About(Protocol):
    """Whatever a clock is about: a row with a name for its table."""

    @property
    def id(self) -> Any: ...
    @property
    def __tablename__(self) -> Any: ...


def load_defaults(db: Session, now: datetime) -> None:
    """Put in every shipped value that is not there yet; what was changed stays."""
    known = set(db.scalars(select(Setting.key)))
    shipped = {"by_name": SHIPPED, "at": now, "why": "Default that ships with the portal"}
    for one in defaults.definitions().values():
        if one.key not in known:
            db.add(Setting(key=one.key, version=1, value=one.value, effective_from=one.effective_from,
                           basis=one.basis, **shipped))  # fmt: skip
    if db.scalar(select(func.count()).select_from(Fee)) == 0:
        db.add_all(
            Fee(version=1, effective_from=fee.effective_from, item=fee.item, over=fee.over, up_to=fee.up_to,
                dollars=fee.dollars, words=fee.words, basis=fee.basis, **shipped)
            for fee in defaults.fees()
        )  # fmt: skip
    db.flush()


def change_setting(
    db: Session, key: str, value: str, *, effective_from: date, basis: Basis, why: str, by: Actor, now: datetime
) -> Setting:
    """A new value from a day on, beside the old ones; running clocks keep the value they started with."""
    definition = defaults.definitions()[key]
    value = " ".join(value.split())
    today = clock.day_of(now)
    reasons = why_not_change(definition, value, effective_from=effective_from, today=today, why=why)
    old = queries.in_force(db, key, max(effective_from, today))
    if old.value == value:
        reasons.append(f"It holds already: {value}.")
    if reasons:
        raise Refused(reasons)
    setting = Setting(
        key=key, version=queries.versions(db, key)[0].version + 1, value=value, effective_from=effective_from,
        basis=basis, by_id=by.id, by_name=by.name, at=now, why=why.strip(),
    )  # fmt: skip
    db.add(setting)
    ledger.record(db, "setting changed", by=by, now=now, about=setting, why=why, before={key: old.value},
                  after={key: value, "from": effective_from.isoformat()})  # fmt: skip
    return setting


def add_day(db: Session, on: date, name: str, *, why: str, by: Actor, now: datetime) -> ProgramDay:
    """A day on which the Program does not work; dates that run already keep their sum."""
    reasons = []
    if on <= clock.day_of(now):
        reasons.append("Only a day to come can be added.")
    if off := queries.calendar(db).why_off(on):
        reasons.append(f"{said(on)} is not a business day already: {off}.")
    if reasons:
        raise Refused(reasons)
    day = ProgramDay(on=on, name=name.strip(), by_name=by.name, at=now, why=why.strip())
    db.add(day)
    ledger.record(db, "program day added", by=by, now=now, about=day, why=why,
                  after={"on": on.isoformat(), "name": name})  # fmt: skip
    return day


def change_fees(
    db: Session, rates: Sequence[Rate], *, effective_from: date, why: str, by: Actor, now: datetime
) -> list[Fee]:
    """A new fee table from a day on; invoices that were issued keep theirs."""
    reasons = why_not_a_table(rates)
    if effective_from < clock.day_of(now):
        reasons.append("Fees change from today on or later, because what was invoiced stands.")
    if reasons:
        raise Refused(reasons)
    version = (db.scalar(select(func.max(Fee.version))) or 0) + 1
    fees = [
        Fee(version=version, effective_from=effective_from, item=rate.item, over=rate.over, up_to=rate.up_to,
            dollars=rate.dollars, words=rate.words, basis=Basis.OURS, by_name=by.name, at=now, why=why.strip())
        for rate in rates
    ]  # fmt: skip
    db.add_all(fees)
    ledger.record(db, "fees changed", by=by, now=now, about=fees[0], why=why,
                  after={"version": version, "from": effective_from.isoformat()})  # fmt: skip
    return fees


def start_clock(
    db: Session, key: str, *, practice_id: str | None, case_id: str | None, about: About, event: str, start: date,
    now: datetime, owed_by: Role | None = None, limit: date | None = None, limit_is: str | None = None,
) -> Due:  # fmt: skip
    """Start a clock about a thing on the day of its event; the same clock, if it still ran, ends."""
    db.flush()
    end_clock(db, about, key, why="started again")
    definition, row = defaults.clock(key), queries.in_force(db, key, clock.day_of(now))
    steps = queries.work_out(db, key, start, on=clock.day_of(now), limit=limit, limit_is=limit_is or "")
    due = Due(
        practice_id=practice_id, case_id=case_id, about_kind=about.__tablename__, about_id=about.id, key=key,
        title=definition.title, rule=definition.rule, rule_version=row.version, event=event, starts_on=start,
        due_on=clocks.due(steps), sum=steps, limit_on=limit, limit_is=(limit_is or "the limit") if limit else None,
        owed_by=owed_by or Role(definition.owed_by), state=DueState.RUNNING, extensions=0, started_at=now,
    )  # fmt: skip
    db.add(due)
    db.flush()
    return due


def meet_clock(db: Session, about: About, key: str, *, now: datetime) -> Due | None:
    """What was owed is there. Nothing happens when the clock does not run."""
    due = queries.due(db, about, key)
    if due is None or not due.open:
        return None
    _move(due, "meet")
    due.met_on, due.paused_on, due.paused_why = clock.day_of(now), None, None
    db.flush()
    return due


def end_clock(db: Session, about: About, key: str, *, why: str) -> Due | None:
    """The clock is no longer needed. Nothing happens when it does not run."""
    due = queries.due(db, about, key)
    if due is None or not due.open:
        return None
    _end(due, why)
    db.flush()
    return due


def end_case(db: Session, case_id: str, *, why: str) -> None:
    """End every clock of a case that is over."""
    for due in queries.running(db, case_id):
        _end(due, why)
    db.flush()


def pause_clock(db: Session, due: Due, *, why: str, by: Actor | None, now: datetime) -> None:
    """Hold a clock: what is owed waits for the other side, a disaster, or the Program's own delay."""
    if due.paused_on or not due.open:
        raise Refused(["This date is not running."])
    due.paused_on, due.paused_why = clock.day_of(now), why
    ledger.record(db, "clock paused", by=by, now=now, about=due, why=why)


def resume_clock(db: Session, due: Due, *, by: Actor | None, now: datetime) -> None:
    """Let a clock run on; its date moves by the pause."""
    if due.paused_on is None or due.paused_why is None:
        raise Refused(["This date is not paused."])
    before = due.due_on
    steps = clocks.pause(due.sum, due.paused_on, clock.day_of(now), due.paused_why, queries.calendar(db))
    _set_sum(due, clocks.cap(steps, due.limit_on, due.limit_is or ""))
    due.paused_on = due.paused_why = None
    ledger.record(db, "clock resumed", by=by, now=now, about=due, before={"due_on": before.isoformat()},
                  after={"due_on": due.due_on.isoformat()})  # fmt: skip


def extend_clock(db: Session, due: Due, to: date, *, why: str, by: Actor, now: datetime) -> None:
    """Grant a later date, for a reason; beyond the number of extensions only an administrator does."""
    today = clock.day_of(now)
    most = 99 if by.acting_as == Role.ADMIN else queries.whole(db, "extension.most", today)
    reasons = clocks.why_not_extend(
        due.due_on, to, today=today, granted=due.extensions, most=most, limit=due.limit_on
    )  # fmt: skip
    if reasons:
        raise Refused(reasons)
    before = due.due_on
    _move(due, "extend")
    _set_sum(due, clocks.extend(due.sum, to, why))
    due.extensions += 1
    ledger.record(db, "clock extended", by=by, now=now, about=due, why=why, before={"due_on": before.isoformat()},
                  after={"due_on": to.isoformat()})  # fmt: skip


def mark_missed(db: Session, now: datetime) -> list[Due]:
    """The day's end: a right that was not used ends; what was owed and not done is missed. The ledger says so once."""
    passed = [due for due in queries.overdue(db, clock.day_of(now)) if due.state is DueState.RUNNING]
    for due in passed:
        if why := clocks.WINDOWS.get(due.key):
            _end(due, why)
            ledger.record(db, "window shut", by=None, now=now, about=due, why=why)
    missed = [due for due in passed if due.open]
    for due in missed:
        _move(due, "miss")
        ledger.record(db, "clock missed", by=None, now=now, about=due, after={"due_on": due.due_on.isoformat()})
    return missed


def _move(due: Due, move: str) -> None:
    states, to = DUE_MOVES[move]
    if due.state not in states:
        raise Refused([f"This date is {due.state} already."])
    due.state = to


def _end(due: Due, why: str) -> None:
    _move(due, "end")
    due.ended_why, due.paused_on, due.paused_why = why, None, None


def _set_sum(due: Due, steps: list[clocks.Step]) -> None:
    due.sum, due.due_on = steps, clocks.due(steps)

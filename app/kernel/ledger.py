"""The ledger: what happened, who did it and why, each entry sealed to the one before."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import DDL, JSON, CheckConstraint, String, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import At, Base

FIRST = "0" * 64


class Actor(Protocol):
    """Whoever acts: a person under one of their roles."""

    @property
    def id(self) -> Any: ...
    @property
    def name(self) -> Any: ...
    @property
    def acting_as(self) -> str: ...


class Event(Base):
    """One thing that happened. Rows are only ever added."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("length(hash) = 64 AND length(previous_hash) = 64", name="hashes_are_whole"),
        CheckConstraint("(actor_id IS NULL) = (role = 'clock')", name="a_person_or_the_clock"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[At]
    actor_id: Mapped[str | None] = mapped_column(String(32), index=True)
    actor_name: Mapped[str]
    role: Mapped[str]
    what: Mapped[str]
    about_kind: Mapped[str]
    about_id: Mapped[str] = mapped_column(index=True)
    practice_id: Mapped[str | None] = mapped_column(String(32), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    def seal(self) -> str:
        """SHA-256 over every fact of the entry and the seal before it."""
        facts = [
            self.at.isoformat(), self.actor_id, self.actor_name, self.role, self.what, self.about_kind,
            self.about_id, self.practice_id, self.detail, self.previous_hash,
        ]  # fmt: skip
        canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


for _verb in ("UPDATE", "DELETE"):
    event.listen(
        Event.__table__,
        "after_create",
        DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER event_no_{_verb.lower()} BEFORE {_verb} ON event "
            "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        ).execute_if(dialect="sqlite"),
    )


def record(
    db: Session,
    what: str,
    *,
    by: Actor | None,
    now: datetime,
    about: Any,
    practice_id: str | None = None,
    why: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Event:
    """Add one entry in the past tense ("report issued"); `by` None means the clock did it."""
    db.flush()  # gives `about` its id
    detail = {"why": why, "before": before, "after": after}
    entry = Event(
        at=now.astimezone(UTC),
        actor_id=by.id if by else None,
        actor_name=by.name if by else "The Program's clock",
        role=by.acting_as if by else "clock",
        what=what,
        about_kind=about.__tablename__,
        about_id=str(about.id),
        practice_id=practice_id or getattr(about, "practice_id", None),
        detail={key: value for key, value in detail.items() if value is not None},
        previous_hash=db.scalar(select(Event.hash).order_by(Event.number.desc()).limit(1)) or FIRST,
    )
    entry.hash = entry.seal()
    db.add(entry)
    db.flush()
    return entry


def faults(db: Session) -> list[str]:
    """Every place where the chain is broken; an empty list means it is whole."""
    found, previous, number = [], FIRST, 0
    for entry in db.scalars(select(Event).order_by(Event.number)).yield_per(500):
        if entry.number != number + 1:
            found.append(f"ledger: entries {number + 1} to {entry.number - 1} are missing")
        if entry.previous_hash != previous:
            found.append(f"ledger: entry {entry.number} does not follow the one before it")
        if entry.hash != entry.seal():
            found.append(f"ledger: entry {entry.number} was changed")
        previous, number = entry.hash, entry.number
    return found

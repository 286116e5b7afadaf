"""Which applications there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.application.models import Application
from app.application.rules.case import State
from app.people.models import Practice

PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list, and how long the whole list is."""

    rows: Sequence[Application]
    total: int
    number: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // PAGE))


def applications(db: Session, *, state: State | None = None, words: str = "", page: int = 1) -> Page:
    """One page of applications, the newest first; `words` are looked for in names, towns and numbers."""
    found = _matching(select(Application).join(Practice, Practice.id == Application.practice_id), state, words)
    total = db.scalar(select(func.count()).select_from(found.subquery())) or 0
    number = min(max(page, 1), max(1, -(-total // PAGE)))
    newest = found.order_by(Application.opened_at.desc(), Application.number.desc())
    return Page(db.scalars(newest.limit(PAGE).offset((number - 1) * PAGE)).all(), total, number)


def counts(db: Session) -> dict[State, int]:
    """How many applications stand in each state."""
    rows = db.execute(select(Application.state, func.count()).group_by(Application.state)).all()
    return {state: {row[0]: row[1] for row in rows}.get(state, 0) for state in State}


def _matching(found: Select[Application], state: State | None, words: str) -> Select[Application]:
    if state is not None:
        found = found.where(Application.state == state)
    for word in words.split()[:6]:
        like = f"%{word.replace('%', '').replace('_', '')}%"
        found = found.where(
            or_(Practice.public_name.ilike(like), Practice.legal_name.ilike(like), Practice.city.ilike(like),
                Application.number.ilike(like))
        )  # fmt: skip
    return found


def of_practice(db: Session, practice_id: str) -> list[Application]:
    """Every application of a practice, the newest first."""
    found = select(Application).where(Application.practice_id == practice_id)
    return list(db.scalars(found.order_by(Application.opened_at.desc(), Application.number.desc())))


def open_of(db: Session, practice_id: str) -> Application | None:
    """The application of a practice that is not closed."""
    return next((one for one in of_practice(db, practice_id) if one.state is not State.CLOSED), None)


def by_number(db: Session, number: str) -> Application | None:
    """The application with this case number."""
    return db.scalar(select(Application).where(Application.number == number))

"""The board: every practice on the road, by milestone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.journey.queries.facts import roads_of
from app.journey.queries.work import due_of, dues_of
from app.journey.rules import MILESTONES, Holder, Risk, Road, risk
from app.people.models import Practice
from app.people.rules import PracticeState
from app.program.models import Due
from app.program.queries import OUTER_LIMIT

MONTH = 30.44  # days
PAGE = 100


@dataclass(frozen=True)
class Row:
    """One practice as the board lists it."""

    practice: Practice
    road: Road
    due: Due | None
    months: float | None
    risk: Risk

    @property
    def holder(self) -> str:
        """Whose turn it is, for those who may know: staff see the role."""
        if self.road.next is None:
            return ""
        role = self.road.next.role
        return "practice" if self.road.next.holder is Holder.PRACTICE else "the program" if role == "staff" else role


def board(db: Session, today: date, words: str = "") -> list[Row]:
    """Every practice that has not walked its road to the end, by milestone and date."""
    asked = select(Practice).where(Practice.state.in_([PracticeState.REQUESTED, PracticeState.ACTIVE]))
    if words:
        asked = asked.where(Practice.public_name.icontains(words, autoescape=True))
    practices = db.scalars(asked.order_by(Practice.public_name)).all()
    roads = roads_of(db, practices, today)
    dates = dues_of(db, roads)
    rows = [_row(one, roads[one.id], dates.get(one.id, []), today) for one in practices if roads[one.id].next]
    return sorted(rows, key=lambda row: (row.road.at, row.due.due_on if row.due else date.max))


def _row(practice: Practice, found: Road, dates: list[Due], today: date) -> Row:
    facts = found.next.facts if found.next else None
    due = due_of(found.next, dates) if found.next else None
    limit = next((one.due_on for one in dates if one.key == OUTER_LIMIT), None)
    score = facts.valid_until if facts and found.at == 2 else None
    since = facts.enrolled_on if facts else None
    level = risk(today, next_due=due.due_on if due else None, limit_on=limit, score_until=score, done=found.done == 5)
    return Row(practice, found, due, (today - since).days / MONTH if since else None, level)


def shown(rows: list[Row], which: str) -> list[Row]:
    """All of them, those that we hold, or those at risk."""
    if which == "ours":
        return [row for row in rows if row.holder != "practice"]
    if which == "risk":
        return [row for row in rows if row.risk.level == "at risk"]
    return rows


def grouped(rows: list[Row], by: str) -> list[tuple[str, list[Row]]]:
    """Rows under headings: by milestone, by who holds them, or in one row of dates."""
    if by == "date":
        ordered = sorted(rows, key=lambda row: row.due.due_on if row.due else date.max)
        return [("By date, the earliest first", ordered)] if ordered else []
    heads: dict[str, list[Row]] = {}
    for row in rows:
        head = row.holder.capitalize() if by == "holder" else f"{row.road.at} \u00a0{MILESTONES[row.road.at]}"
        heads.setdefault(head, []).append(row)
    return sorted(heads.items()) if by == "holder" else list(heads.items())


def page_of(groups: list[tuple[str, list[Row]]], page: int) -> list[tuple[str, int, list[Row]]]:
    """One page of the rows under their headings; each heading also says how many there are in all."""
    first, found = (max(page, 1) - 1) * PAGE, []
    for name, rows in groups:
        if here := rows[max(first, 0) : max(first + PAGE, 0)]:
            found.append((name, len(rows), here))
        first -= len(rows)
    return found

"""Questions about people and practices."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.kernel.ledger import Event
from app.people.models import Membership, Practice, ProgramRole, User
from app.people.rules import Role

PAGE = 50


def team(db: Session, practice_id: str) -> Sequence[User]:
    """Everybody of a practice, by name."""
    ids = select(Membership.user_id).where(Membership.practice_id == practice_id)
    return db.scalars(select(User).where(User.id.in_(ids)).order_by(User.name)).all()


def holders(db: Session, role: Role, practice_id: str | None = None) -> Sequence[User]:
    """Everybody active who holds a role (of one practice, for the roles of practices)."""
    ids = (
        select(ProgramRole.user_id).where(ProgramRole.role == role)
        if practice_id is None
        else select(Membership.user_id).where(Membership.practice_id == practice_id, Membership.role == role)
    )
    return db.scalars(select(User).where(User.id.in_(ids), User.active).order_by(User.name)).all()


def program_people(db: Session) -> Sequence[User]:
    """Everybody of the Program, by name."""
    return db.scalars(select(User).where(User.id.in_(select(ProgramRole.user_id))).order_by(User.name)).all()


def demo_people(db: Session) -> Sequence[User]:
    """The people of the demonstration whom one may sign in as, in the order in which they came."""
    shown = User.demo & User.active & User.email.like("%@demo.example")
    return db.scalars(select(User).where(shown).order_by(User.since, User.name)).all()


def practices(db: Session, words: str = "", page: int = 1) -> tuple[Sequence[Practice], int]:
    """One page of practices whose name or town has the words, and how many there are in all."""
    query = select(Practice)
    if words:
        like = f"%{words.replace('%', '').replace('_', '')}%"
        query = query.where(or_(Practice.public_name.ilike(like), Practice.legal_name.ilike(like),
                                Practice.city.ilike(like)))  # fmt: skip
    total = db.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.scalars(query.order_by(Practice.public_name).limit(PAGE).offset((max(page, 1) - 1) * PAGE)).all()
    return rows, total


def by_slug(db: Session, slug: str) -> Practice | None:
    """The practice with this slug."""
    return db.scalar(select(Practice).where(Practice.slug == slug))


def ledger_page(db: Session, *, practice_id: str | None = None, words: str = "", page: int = 1) -> tuple[
    Sequence[Event], int
]:  # fmt: skip
    """One page of the ledger, newest first."""
    query = select(Event)
    if practice_id:
        query = query.where(Event.practice_id == practice_id)
    if words:
        like = f"%{words.replace('%', '').replace('_', '')}%"
        query = query.where(or_(Event.what.ilike(like), Event.actor_name.ilike(like)))
    total = db.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.scalars(query.order_by(Event.number.desc()).limit(PAGE).offset((max(page, 1) - 1) * PAGE)).all()
    return rows, total

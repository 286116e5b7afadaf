"""Questions about notices."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.notices.models import Notice
from app.people.models import User

SHOWN = 200


def of(db: Session, user: User) -> list[Notice]:
    """What a person was told: unread first, then the newest."""
    order = (Notice.read_at.is_not(None), Notice.told_at.desc(), Notice.id)
    return list(db.scalars(select(Notice).where(Notice.user_id == user.id).order_by(*order).limit(SHOWN)))


def unread(db: Session, user: User) -> int:
    """How many notices a person has not read: the figure at the bell."""
    wanted = (Notice.user_id == user.id) & Notice.read_at.is_(None)
    return db.scalar(select(func.count()).select_from(Notice).where(wanted)) or 0


def unmailed(db: Session) -> list[Notice]:
    """Notices whose mail has not left (for the health of the portal)."""
    waiting = Notice.mailed_at.is_(None) & Notice.mail_refused.is_(None)
    return list(db.scalars(select(Notice).where(waiting).order_by(Notice.told_at)))

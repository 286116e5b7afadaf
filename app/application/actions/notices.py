"""Who hears of what happens to an application."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.application.models import Application
from app.notices import actions as notices
from app.people import queries as people
from app.people.rules import Role


def tell_practice(
    db: Session, application: Application, *, subject: str, body: str, now: datetime,
    roles: tuple[Role, ...] = (Role.OWNER,), path: str = "",
) -> None:  # fmt: skip
    """Tell the owner, who always gets a copy, and whoever else it concerns."""
    held = {*roles, Role.OWNER}
    users = [user for role in held for user in people.holders(db, role, application.practice_id)]
    url = f"/applications/{application.id}{path}"
    notices.tell(db, users, subject=subject, body=body, url=url, practice_id=application.practice_id, now=now)


def tell_staff(db: Session, application: Application, *, subject: str, body: str, now: datetime) -> None:
    """Tell the Program's office."""
    notices.tell(
        db, people.holders(db, Role.STAFF), subject=subject, body=body, url=f"/applications/{application.id}",
        practice_id=application.practice_id, now=now,
    )  # fmt: skip

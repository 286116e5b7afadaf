"""Who hears what in M4: a link and a sentence, never a finding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notices import actions as notices
from app.people import queries as people
from app.people.models import Appointment, User
from app.people.rules import Capacity, Role


def practice(db: Session, practice_id: str, *, subject: str, body: str, url: str, now: datetime) -> None:
    """Tell the practice's signers and owners."""
    users = [*people.holders(db, Role.SIGNER, practice_id), *people.holders(db, Role.OWNER, practice_id)]
    notices.tell(db, _once(users), subject=subject, body=body, url=url, practice_id=practice_id, now=now)


def reviewers(db: Session, case_id: str, practice_id: str, *, subject: str, body: str, url: str, now: datetime) -> None:
    """Tell the reviewers of the case."""
    let_in = select(Appointment.user_id).where(
        Appointment.case_id == case_id, Appointment.capacity == Capacity.REVIEWER, Appointment.ended_at.is_(None)
    )
    users = db.scalars(select(User).where(User.id.in_(let_in))).all()
    notices.tell(db, users, subject=subject, body=body, url=url, practice_id=practice_id, now=now)


def office(db: Session, role: Role, practice_id: str, *, subject: str, body: str, url: str, now: datetime) -> None:
    """Tell everybody of the Program who holds a role."""
    users = people.holders(db, role)
    notices.tell(db, users, subject=subject, body=body, url=url, practice_id=practice_id, now=now)


def _once(users: Sequence[User]) -> list[User]:
    return list({user.id: user for user in users}.values())

"""Who hears of what happens in a binder: a link and a sentence, never what a document says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.models import Binder, Message, Version
from app.evidence.rules import Side
from app.notices import actions as notices
from app.people import queries as people
from app.people.access import Can, why_not
from app.people.models import Appointment, User
from app.people.rules import Capacity, Role


def practice(db: Session, practice_id: str, *, subject: str, body: str, url: str, now: datetime) -> None:
    """Tell those who fill the binder: the practice's owners and contributors."""
    users = [user for role in (Role.OWNER, Role.CONTRIBUTOR) for user in people.holders(db, role, practice_id)]
    notices.tell(db, users, subject=subject, body=body, url=url, practice_id=practice_id, now=now)


def brought(db: Session, version: Version, *, now: datetime) -> None:
    """A file that came in a thread can be seen now, so the Program hears of it."""
    for message in db.scalars(select(Message).where(Message.version_id == version.id).order_by(Message.at)):
        program_of_file(db, version.document.binder, message, now=now)


def program_of_file(db: Session, binder: Binder, message: Message, *, now: datetime) -> None:
    """Tell of a file in a thread."""
    did, url = f"added a file to {message.code}", f"/binders/{binder.id}/slots/{message.code}#thread"
    program(
        db, binder, message.code, subject=f"The practice {did}", now=now, url=url,
        body=f"The practice {did}. It is in the thread of the row.",
    )  # fmt: skip


def program(
    db: Session, binder: Binder, code: str, *, subject: str, body: str, url: str, now: datetime
) -> None:  # fmt: skip
    """Tell the Program's people in this row's thread, else the surveyor of the case, else the office."""
    written = select(Message.by_id).where(
        Message.binder_id == binder.id, Message.code == code, Message.side == Side.PROGRAM
    )
    let_in = select(Appointment.user_id).where(
        Appointment.case_id == binder.case_id, Appointment.capacity == Capacity.SURVEYOR, Appointment.ended_at.is_(None)
    )
    users: list[User] = []
    for asked in (written, let_in):
        found = db.scalars(select(User).where(User.id.in_(asked))).all()
        users = users or [user for user in found if not why_not(user, Can.READ_BINDER, binder)]
    told = users or people.holders(db, Role.STAFF)
    notices.tell(db, told, subject=subject, body=body, url=url, practice_id=binder.practice_id, now=now)

"""Telling people, here and by mail; the mail leaves through the outbox of jobs, so it never runs ahead of its cause."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.jobs import enqueue, handles
from app.notices.models import Notice
from app.notices.post import Mail, Post, Rejected
from app.people.models import User

NOTICE = "notices.mail_notice"
LETTER = "notices.mail"


log = logging.getLogger(__name__)


class HasPost(Protocol):
    """The doors, as far as notices need them."""

    @property
    def post(self) -> Post: ...


def tell(
    db: Session, users: Iterable[User], *, subject: str, body: str, url: str, practice_id: str | None = None,
    now: datetime, calendar: bytes | None = None,
) -> list[Notice]:  # fmt: skip
    """Tell each person once. `url` is a path of the portal; subject and body hold no findings and no PHI."""
    told = [
        Notice(user_id=user.id, practice_id=practice_id, subject=subject, body=body.strip(), url=url,
               calendar=calendar.decode() if calendar else None, told_at=now)
        for user in {user.id: user for user in users if user.active}.values()
    ]  # fmt: skip
    db.add_all(told)
    db.flush()
    for notice in told:
        enqueue(db, NOTICE, notice_id=notice.id)
    return told


@handles(NOTICE)
def mail_notice(db: Session, doors: HasPost, *, notice_id: str) -> None:
    """Mail one notice; done once, whatever happens to the job. A passing fault raises and is tried again."""
    notice = db.get(Notice, notice_id)
    if notice is None or notice.mailed_at or notice.mail_refused:
        return
    try:
        doors.post.send(_letter(notice))
    except Rejected as refused:
        notice.mail_refused = str(refused)[:500]
    else:
        notice.mailed_at = clock.now()


@handles(LETTER)
def mail_letter(db: Session, doors: HasPost, *, to: str, subject: str, body: str) -> None:
    """Mail one letter that is no notice: an invitation, a new password. Its key is the same on every try."""
    key = hashlib.sha256("\n".join([to, subject, body]).encode()).hexdigest()[:32]
    try:
        doors.post.send(Mail(key=key, to=to, name="", subject=subject, text=body))
    except Rejected as refused:
        log.warning("a letter was refused for good: %s", refused)


def mark_read(db: Session, notice: Notice, *, now: datetime) -> None:
    """The person has seen it. Reading is nobody else's business, so no ledger event."""
    notice.read_at = notice.read_at or now


def mark_all_read(db: Session, user: User, *, now: datetime) -> None:
    """The person has seen everything."""
    db.execute(update(Notice).where(Notice.user_id == user.id, Notice.read_at.is_(None)).values(read_at=now))


def _letter(notice: Notice) -> Mail:
    return Mail(
        key=notice.id, to=notice.user.email, name=notice.user.name, subject=notice.subject, text=notice.body,
        link=notice.url, calendar=notice.calendar.encode() if notice.calendar else None,
    )  # fmt: skip

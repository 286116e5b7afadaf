"""The threads of rows, and the questions for files that are still open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.evidence.models import Binder, Message, Version
from app.evidence.rules import SEEN, Side
from app.people.models import User


@dataclass(frozen=True)
class Said:
    """One message as somebody reads it: who is named to them, and whether it still asks."""

    message: Message
    who: str
    mine: bool
    open: bool
    file: Version | None = None  # that it brought, as far as the reader may know of it


@dataclass(frozen=True)
class Thread:
    """The thread of one row at a glance."""

    code: str
    count: int
    open: int
    last: Message


def thread(db: Session, binder: Binder, code: str, reader: User) -> list[Said]:
    """Everything said about a row, in order. The practice hears "The Program"; the Program hears names."""
    asked = select(Message, User).join(User, User.id == Message.by_id)
    asked = asked.where(Message.binder_id == binder.id, Message.code == code).options(joinedload(Message.version))
    rows = db.execute(asked.order_by(Message.at, Message.id)).all()
    waiting = {one.id for one in db.scalars(select(Message).where(*_open(), Message.binder_id == binder.id))}
    return [
        Said(message, named(message, author, reader), author.id == reader.id, message.id in waiting,
             message.version if file_shown(message, reader) else None)
        for message, author in rows if heard(message, reader)
    ]  # fmt: skip


def file_shown(message: Message, reader: User | None) -> bool:
    """Does the reader know of the file that this message brought? The Program does once it can see it."""
    program = reader is not None and reader.is_program
    return message.version is not None and not (program and message.version.kept_from_program)


def heard(message: Message, reader: User | None) -> bool:
    """Is there anything in the message for this reader? One that only brought a hidden file says nothing yet."""
    return bool(message.text) or file_shown(message, reader)


def named(message: Message, author: User, reader: User) -> str:
    """Who spoke, as this reader may know."""
    if author.id == reader.id:
        return "You"
    if message.side is Side.PROGRAM:
        return author.name if reader.is_program else "The Program"
    return author.name


def _open() -> tuple[ColumnElement[bool], ...]:
    """A question is open until it is settled, or a file came after it that the Program can see."""
    answer = aliased(Message)
    answered = exists().where(
        answer.binder_id == Message.binder_id, answer.code == Message.code, answer.at >= Message.at,
        answer.version_id == Version.id, Version.state.in_([*SEEN, "replaced"]), Version.visible_since.is_not(None),
    )  # fmt: skip
    return Message.asks_file.is_(True), Message.settled_at.is_(None), ~answered


def open_questions(db: Session, binder: Binder) -> Sequence[Message]:
    """Questions for one more file that nobody has answered, the oldest first."""
    asked = select(Message).where(Message.binder_id == binder.id, *_open())
    return db.scalars(asked.order_by(Message.at, Message.id)).all()


def questions_in(db: Session, binder_ids: Iterable[str]) -> dict[str, int]:
    """By binder: how many files are asked for."""
    asked = select(Message.binder_id, func.count(Message.id)).where(Message.binder_id.in_(list(binder_ids)), *_open())
    return dict(db.execute(asked.group_by(Message.binder_id)).all())


def threads(db: Session, binder: Binder, reader: User | None = None) -> list[Thread]:
    """Every row of the binder that is talked about: open questions first, then the newest talk."""
    found: dict[str, list[Message]] = {}
    asked = select(Message).where(Message.binder_id == binder.id).options(joinedload(Message.version))
    said = db.scalars(asked.order_by(Message.at, Message.id))
    for message in (one for one in said if heard(one, reader)):
        found.setdefault(message.code, []).append(message)
    waiting = [message.code for message in open_questions(db, binder)]
    made = [Thread(code, len(said), waiting.count(code), said[-1]) for code, said in found.items()]
    newest = sorted(made, key=lambda one: one.last.at, reverse=True)
    return sorted(newest, key=lambda one: one.open == 0)

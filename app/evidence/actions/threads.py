"""The thread of a row: the practice and the Program's people of the case write, ask for files, bring them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.evidence import queries
from app.evidence.actions import telling
from app.evidence.actions.intake import Examined, take_in
from app.evidence.actions.mapping import tie
from app.evidence.models import Binder, Message, Version
from app.evidence.rules import MOST_PINS, MOST_WORDS, Refused, Side
from app.kernel import ledger
from app.people.models import User
from app.people.rules import Role

OFFICE = {Role.STAFF, Role.ADMIN}


def side_of(user: User) -> Side:
    """On which side of the table a person sits."""
    return Side.PROGRAM if user.is_program else Side.PRACTICE


def write(
    db: Session, binder: Binder, code: str, text: str, *, by: User, now: datetime, asks_file: bool = False
) -> Message:
    """Say something in the thread of a row; the Program may ask for one more file with it."""
    text = text.strip()
    if not text:
        raise Refused("Write what you want to say.")
    if len(text) > MOST_WORDS:
        raise Refused(f"A message has at most {MOST_WORDS} letters.")
    asks_file = asks_file and side_of(by) is Side.PROGRAM
    made = _add(db, binder, code, by=by, now=now, text=text, asks_file=asks_file)
    facts = {"code": code, "asks_file": asks_file}
    ledger.record(db, "message written", by=by, now=now, about=made, after=facts)
    _tell(db, binder, made, now)
    return made


def bring(
    db: Session, binder: Binder, code: str, file: Examined, *, text: str = "", by: User, now: datetime
) -> Message:
    """Add a file in the thread of a row: it is in the binder at once and tied to the row."""
    version = queries.same_file(db, binder, file.sha256) or take_in(db, binder, file, by=by, now=now)
    made = _add(db, binder, code, by=by, now=now, text=text.strip()[:MOST_WORDS], version_id=version.id)
    _tie(db, binder, version, code, by=by, now=now)
    binder.revision += 1
    ledger.record(db, "file brought", by=by, now=now, about=made, after={"code": code, "sha256": file.sha256})
    _tell(db, binder, made, now)
    return made


def _tie(db: Session, binder: Binder, version: Version, code: str, *, by: User, now: datetime) -> None:
    pins = queries.pins(db, binder, code)
    if len(pins) < MOST_PINS and not any(pin.document_id == version.document_id and not pin.lost for pin in pins):
        tie(db, version.document, code, by=by, now=now)


def settle_question(db: Session, message: Message, *, by: User, now: datetime) -> None:
    """Who asked for a file (or the office) says that it is settled."""
    if not message.asks_file or message.settled_at is not None:
        raise Refused("This question is settled already.")
    if message.by_id != by.id and not OFFICE & by.program_roles:
        raise Refused("Who asked says when it is settled.")
    message.settled_at = now
    ledger.record(db, "question settled", by=by, now=now, about=message, after={"code": message.code})


def _add(
    db: Session, binder: Binder, code: str, *, by: User, now: datetime, text: str, asks_file: bool = False,
    version_id: str | None = None,
) -> Message:  # fmt: skip
    row = queries.row(db, binder, code)
    if row is None or not row.rated:
        raise Refused(f"{code} is not a row of this edition.")
    made = Message(
        binder_id=binder.id, practice_id=binder.practice_id, case_id=binder.case_id, code=code, side=side_of(by),
        by_id=by.id, at=now, text=text, asks_file=asks_file, version_id=version_id,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def _tell(db: Session, binder: Binder, message: Message, now: datetime) -> None:
    url = f"/binders/{binder.id}/slots/{message.code}#thread"
    if message.side is Side.PROGRAM:
        asks = f"asks for one more file on {message.code}" if message.asks_file else f"writes about {message.code}"
        telling.practice(
            db, binder.practice_id, subject=f"The Program {asks}", now=now, url=url,
            body=f"The Program {asks}. Read it and answer on the page of the row.",
        )  # fmt: skip
        return
    file = db.get(Version, message.version_id) if message.version_id else None
    if file is not None and not file.kept_from_program:
        telling.program_of_file(db, binder, message, now=now)
    elif message.text:  # of a file that the Program cannot see yet it hears when it can
        did = f"wrote about {message.code}"
        telling.program(
            db, binder, message.code, subject=f"The practice {did}", now=now, url=url,
            body=f"The practice {did}. It is in the thread of the row.",
        )  # fmt: skip

"""Verbs of official paper: order it, press it, press it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.documents import rules
from app.documents.models import Paper
from app.documents.press import Press, PressError
from app.documents.rules import PaperKind, PaperState
from app.kernel import clock, jobs, ledger
from app.kernel.ledger import Actor
from app.people.models import Practice
from storage.blobs import Blobs


class PressRoom(Protocol):
    """The doors that pressing needs."""

    @property
    def blobs(self) -> Blobs: ...
    @property
    def press(self) -> Press: ...


def order(
    db: Session,
    *,
    kind: PaperKind,
    data: dict[str, Any],
    practice_id: str,
    number: str,
    version: int,
    title: str,
    by: Actor | None,
    now: datetime,
    sign: bool = True,
    case_id: str | None = None,
) -> Paper:
    """Freeze the data of a paper and ask the worker to typeset and sign it.

    It is one part of the verb that orders it (issue, award, submit), which writes the ledger's entry.
    """
    practice = db.get_one(Practice, practice_id)
    paper = Paper(
        practice_id=practice_id,
        case_id=case_id,
        kind=kind,
        number=number,
        version=version,
        title=rules.plain(title),
        signed=sign,
        ordered_at=now,
        data=rules.plain(
            _common(practice, clock.day_of(now).isoformat())
            | data
            | {"schema": rules.SCHEMA, "kind": kind.value, "number": number, "version": version, "title": title}
        ),
    )
    db.add(paper)
    db.flush()
    jobs.enqueue(db, "documents.press", paper_id=paper.id)
    return paper


def _common(practice: Practice, issued: str) -> dict[str, Any]:
    """What every paper says about itself unless its data says otherwise."""
    return {
        "program": rules.PROGRAM_NAME,
        "lang": "en",
        "region": "US",
        "issued": issued,
        "sample": True,
        "practice": {
            "legal_name": practice.legal_name,
            "public_name": practice.public_name,
            "address": rules.address_lines(practice.address, practice.city, practice.region, practice.postcode),
        },
    }


def press_again(db: Session, paper: Paper, *, by: Actor, now: datetime) -> None:
    """Try a paper that failed once more, after its cause was mended."""
    if paper.state not in rules.MOVES["press_again"][0]:
        raise ValueError(f"{paper.title} has not failed")
    before = {"error": paper.error}
    paper.state, paper.error = PaperState.ORDERED, None
    jobs.enqueue(db, "documents.press", paper_id=paper.id)
    ledger.record(db, "paper ordered again", by=by, now=now, about=paper, before=before)


@jobs.handles("documents.press")
def press(db: Session, doors: PressRoom, *, paper_id: str) -> None:
    """Typeset, sign, check, keep. A second run finds the paper issued and does nothing."""
    paper = db.get_one(Paper, paper_id)
    if paper.state is not PaperState.ORDERED:
        return
    kind, data, code, sign = paper.kind, paper.data, paper.verify_code, paper.signed
    db.rollback()  # nobody waits for the database while the press runs
    now = clock.now()
    try:
        pdf = doors.press.make(kind, data, code, at=now, sign=sign)
    except PressError as error:
        _fail(db, db.get_one(Paper, paper_id), str(error), now)
    else:
        key = doors.blobs.put(pdf)  # bytes first: an object without a row does no harm
        _issue(db, db.get_one(Paper, paper_id, with_for_update=True), key, len(pdf), now)


def _issue(db: Session, paper: Paper, key: str, size: int, now: datetime) -> None:
    if paper.state is not PaperState.ORDERED:  # another worker was faster; its file stands
        return
    paper.state, paper.sha256, paper.size, paper.issued_at = PaperState.ISSUED, key, size, now
    facts = {"kind": paper.kind.value, "number": paper.number, "version": paper.version, "sha256": key}
    ledger.record(db, "paper issued", by=None, now=now, about=paper, after=facts)


def _fail(db: Session, paper: Paper, error: str, now: datetime) -> None:
    paper.state, paper.error = PaperState.FAILED, error[:2000]
    ledger.record(db, "paper failed", by=None, now=now, about=paper, why=paper.error)

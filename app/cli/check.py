"""Is the whole store true? Objects, ledger, signatures, sealed records, pages and indexes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.application.models.case import Snapshot
from app.application.rules.submission import sha256_of
from app.cli.portal import only_reading, opened
from app.config import Settings, read
from app.documents.models import Paper
from app.documents.rules import PaperState
from app.doors import Doors
from app.evidence import queries as evidence
from app.evidence.actions.purging import DROP, ON_THE_WAY
from app.evidence.models import Binder, Page, Upload, Version
from app.evidence.rules import State
from app.kernel import ledger
from app.kernel.db import db
from app.kernel.jobs import Job, JobState
from app.kernel.ledger import Event
from app.participation.models.enrolments import EnrolmentAgreement
from app.participation.models.reports import ScoreReport
from storage.blobs import BlobDamaged, BlobMissing, StoreDown
from storage.index import Index
from storage.memory import Memory


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was: what kind of thing, which one, and what is wrong."""

    kind: str
    which: str
    why: str

    def __str__(self) -> str:
        return f"{self.kind} {self.which}: {self.why}"


@dataclass
class Walk:
    """What was looked at, and every fault that was found."""

    faults: list[Fault] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)

    @property
    def intact(self) -> bool:
        return not self.faults

    def look(self, what: str, found: Iterator[Fault | None]) -> None:
        """Go through a part of the store; None stands for one thing that is as it should be."""
        everything = list(found)
        self.checked[what] = len(everything)
        self.faults += [fault for fault in everything if fault]


@dataclass(frozen=True)
class Held:
    """An object that a row relies on."""

    which: str
    key: str
    size: int | None


def walk(db: Session, doors: Doors) -> Walk:
    """Look at everything and go on after a fault, so that the list is whole."""
    done = Walk()
    done.look("database", _database(db))
    done.look("ledger entries", _ledger(db))
    done.look("objects", _objects(db, doors))
    done.look("deleted objects", _purged(db, doors))
    done.look("signatures", _signatures(db, doors))
    done.look("sealed records", _sealed(db))
    done.look("documents' pages", _pages(db))
    done.look("indexes", _indexes(db, doors))
    return done


def held(db: Session) -> list[Held]:
    """Every object that a row of the database relies on."""
    kept = db.scalars(select(Version).where(Version.purged_at.is_(None)))
    found = [Held(f"{one.filename} ({one.id})", one.sha256, one.size) for one in kept]
    copies = db.scalars(select(Version).where(Version.copy_key.is_not(None)))
    found += [Held(f"reading copy of {one.filename} ({one.id})", str(one.copy_key), None) for one in copies]
    for upload in db.scalars(select(Upload).where(Upload.state.in_(ON_THE_WAY))):
        found += [Held(f"piece of {upload.filename} ({upload.id})", key, None) for key in upload.pieces]
    papers = db.scalars(select(Paper).where(Paper.sha256.is_not(None)))
    return found + [Held(f"{one.title} ({one.id})", str(one.sha256), one.size) for one in papers]


def _database(db: Session) -> Iterator[Fault | None]:
    """SQLite's own look at its pages and at references; another database looks after itself."""
    if db.get_bind().dialect.name != "sqlite":
        return
    said = [row[0] for row in db.execute(text("PRAGMA integrity_check"))]
    yield from [None] if said == ["ok"] else [Fault("database", "pages", word) for word in said]
    for table, row, parent, _ in db.execute(text("PRAGMA foreign_key_check")):
        yield Fault("database", f"{table} row {row}", f"refers to nothing in {parent}")


def _ledger(db: Session) -> Iterator[Fault | None]:
    yield from [None] * (db.scalar(select(func.count()).select_from(Event)) or 0)
    for said in ledger.faults(db):
        yield Fault("ledger", "chain", said.removeprefix("ledger: "))


def _objects(db: Session, doors: Doors) -> Iterator[Fault | None]:
    for one in held(db):
        yield _object(one, doors)


def _purged(db: Session, doors: Doors) -> Iterator[Fault | None]:
    """What was to be deleted for good is gone, or about to go, or is another row's too."""
    needed, dropping = {one.key for one in held(db)}, set[str]()
    open_ = (JobState.WAITING, JobState.RUNNING)
    for payload in db.scalars(select(Job.payload).where(Job.name == DROP, Job.state.in_(open_))):
        dropping.update(payload["keys"])
    for one in db.scalars(select(Version).where(Version.purged_at.is_not(None))):
        there = one.sha256 not in needed | dropping and one.sha256 in doors.blobs
        yield Fault("object", f"{one.filename} ({one.id})", "was to be deleted and is still there") if there else None


def _object(one: Held, doors: Doors) -> Fault | None:
    try:
        data = doors.blobs.get(one.key)
    except BlobMissing:
        return Fault("object", one.which, f"{one.key} is missing")
    except BlobDamaged as damaged:
        return Fault("object", one.which, str(damaged))
    if one.size is not None and one.size != len(data):
        return Fault("object", one.which, f"has {len(data)} bytes where {one.size} were noted")
    return None


def _signatures(db: Session, doors: Doors) -> Iterator[Fault | None]:
    for paper in db.scalars(select(Paper).where(Paper.state == PaperState.ISSUED, Paper.signed)):
        try:
            seal = doors.press.examine(doors.blobs.get(str(paper.sha256)))
        except (BlobMissing, BlobDamaged):
            continue  # said among the objects
        yield None if seal.holds else Fault("signature", f"{paper.title} ({paper.id})", "; ".join(seal.why))


def _sealed(db: Session) -> Iterator[Fault | None]:
    """Records that carry a hash of what they say."""
    for report in db.scalars(select(ScoreReport)):
        yield _unless(report.intact, "score report", report.number)
    for snapshot in db.scalars(select(Snapshot)):
        yield _unless(sha256_of(snapshot.body) == snapshot.sha256, "snapshot", snapshot.number)
    for accepted in db.scalars(select(EnrolmentAgreement)):
        same = hashlib.sha256(accepted.text.encode()).hexdigest() == accepted.sha256
        yield _unless(same, "agreement", f"{accepted.key} ({accepted.id})")


def _unless(same: bool, kind: str, which: str) -> Fault | None:
    return None if same else Fault(kind, which, "was changed after it was sealed")


def _pages(db: Session) -> Iterator[Fault | None]:
    """A readable document has the text of every one of its pages."""
    counted = select(Page.version_id, func.count()).group_by(Page.version_id)
    texts: dict[str, int] = dict(db.execute(counted).all())
    for one in db.scalars(select(Version).where(Version.state == State.READABLE)):
        count = texts.get(one.id, 0)
        wrong = Fault("document", f"{one.filename} ({one.id})", f"has {one.pages} pages and the text of {count}")
        yield None if count == one.pages else wrong


def _indexes(db: Session, doors: Doors) -> Iterator[Fault | None]:
    """An index knows the words of its binder's pages, each as often as they do; one that lags is put right first."""
    for binder in db.scalars(select(Binder)):
        stored, true = evidence.index(db, binder, doors.indexes), evidence.index(db, binder, Memory())
        yield (
            None
            if _vocabulary(stored) == _vocabulary(true)
            else Fault("index", binder.id, "does not hold the words of the binder's pages")
        )


def _vocabulary(index: Index) -> dict[str, int]:
    return {word: index.frequency(word) for word in index.words()}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def check(context: click.Context, *, as_json: bool) -> None:
    """Walk the whole store and list everything that is not as it was.

    Exit 0: everything is intact. Exit 1: the list says what is not. Exit 2: there is no store, or it does not answer.
    """
    settings = read(os.environ)
    refuse_no_store(settings)
    try:
        with opened(settings) as (_, doors), only_reading():
            done = walk(db(), doors)
    except StoreDown as down:
        raise click.ClickException(f"The object store does not answer: {down}") from down
    click.echo(json.dumps(_answer(done), ensure_ascii=False) if as_json else _said(done))
    context.exit(0 if done.intact else 1)


def refuse_no_store(settings: Settings) -> None:
    """A check or a backup of nothing is a mistake, and must not make a store either."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise click.ClickException(f"There is no store in {settings.data}.")


def _answer(done: Walk) -> dict[str, Any]:
    return {"intact": done.intact, "checked": done.checked, "faults": [asdict(fault) for fault in done.faults]}


def _said(done: Walk) -> str:
    looked = ", ".join(f"{count} {what}" for what, count in done.checked.items() if what != "database")
    if done.intact:
        return f"Everything is intact: {looked}."
    return "\n".join([f"Not intact ({looked}):", *(f"  {fault}" for fault in done.faults)])

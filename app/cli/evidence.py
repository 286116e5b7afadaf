"""Documents from the command line: add, search, suggest."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli.portal import opened
from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.models import Binder, Version
from app.evidence.rules import Refused, State
from app.evidence.rules.intake import Unfit
from app.kernel import clock, jobs
from app.kernel.db import db
from app.kernel.desks import Desks
from app.people import queries as people
from app.people.models import Practice
from app.people.rules import PracticeState
from app.standards import queries as standards
from storage.scanner import ScannerDown

MOST_SECONDS = 600
HELD = "This file is held back, because it may name patients. Its practice decides about it in the binder."


@click.group()
def evidence() -> None:
    """A practice's documents."""


@evidence.command()
@click.option("--practice", "slug", required=True, help="The practice's short name.")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--standard", "code", help="A row of the Standards that the files serve.")
@click.option("--create", is_flag=True, help="Make the practice and its binder where there is none.")
@click.option("--json", "as_json", is_flag=True)
def add(slug: str, files: tuple[Path, ...], code: str | None, create: bool, as_json: bool) -> None:
    """Add FILES to the practice's current binder and wait until they can be searched."""
    with opened() as (app, doors):
        binder = _binder(db(), slug, create=create)
        if code and queries.row(db(), binder, code) is None:
            raise click.UsageError(f"{code} is not a row of this binder's edition of the Standards.")
        answer: dict[str, list[dict[str, Any]]] = {"added": [], "refused": []}
        waiting = []
        for file in files:
            try:
                waiting.append((file, take(db(), binder, file, code, doors).id))
            except Refused as refused:
                db().rollback()
                answer["refused"].append({"file": file.name, "reason": refused.reason})
        me = Desks(app.config["QCP_SETTINGS"].data / "workers").sit_down()
        _wait(doors, [version_id for _, version_id in waiting], me)
        for file, version_id in waiting:
            report(db().get_one(Version, version_id), file, answer)
    _say(answer, as_json)
    if answer["refused"]:
        raise click.exceptions.Exit(1)


def _wait(doors: Doors, versions: list[str], me: str) -> None:
    """Read them here, or wait for the worker that took them first."""
    deadline = time.monotonic() + MOST_SECONDS
    asked = select(func.count()).where(Version.id.in_(versions), Version.state == State.CHECKING)
    while True:
        jobs.drain(db(), doors, me)
        left = db().scalar(asked)
        db().commit()  # the next look sees what others have written
        if not left or time.monotonic() > deadline:
            return
        time.sleep(0.2)


def take(db: Session, binder: Binder, file: Path, code: str | None, doors: Doors) -> Version:
    """One file into the binder, by the same gate as any other; raises Refused."""
    now = clock.now()
    data = file.read_bytes()
    try:
        version = actions.receive(
            db, binder, filename=file.name, data=data, by=None, now=now, blobs=doors.blobs, scanner=doors.scanner
        )
    except ScannerDown:
        raise Refused(Unfit.NO_SCANNER) from None
    if code:
        mapped = {pin.code for pin in queries.pins(db, binder) if pin.document_id == version.document_id}
        actions.map_to(db, version.document, {*mapped, code}, by=None, now=now)
    db.commit()
    return version


def report(version: Version, file: Path, answer: dict[str, list[dict[str, Any]]]) -> None:
    """What became of it."""
    if version.state in (State.READABLE, State.UNREADABLE):
        found = {"document": version.filename, "pages": version.pages, "searchable": version.state is State.READABLE}
        answer["added"].append(found)
    else:
        held = HELD if version.state is State.HELD else None
        reason = version.trouble or held or "This file could not be read. Try again later."
        answer["refused"].append({"file": file.name, "reason": reason})


def _say(answer: dict[str, list[dict[str, Any]]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for one in answer["added"]:
        click.echo(f"added    {one['document']}, {one['pages']} pages{'' if one['searchable'] else ', not searchable'}")
    for one in answer["refused"]:
        click.echo(f"refused  {one['file']}: {one['reason']}")


@evidence.command()
@click.option("--practice", "slug", required=True, help="The practice's short name.")
@click.argument("words")
@click.option("--standard", "code", help="Only documents that serve this row of the Standards.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200))
@click.option("--json", "as_json", is_flag=True)
def search(slug: str, words: str, code: str | None, limit: int, as_json: bool) -> None:
    """The pages of the practice's binder that answer WORDS."""
    with opened() as (_app, doors):
        answer = queries.search(db(), _binder(db(), slug), words, code, doors.indexes, limit)
        hits = [
            {"document": hit.version.filename, "page": hit.page, "score": hit.score, "snippet": str(hit.snippet),
             "standards": list(hit.standards)}
            for hit in answer.hits
        ]  # fmt: skip
    if as_json:
        found = {"hits": hits, "took_ms": answer.took_ms, "did_you_mean": answer.did_you_mean}
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for one in hits:
            click.echo(f"{one['document']}, page {one['page']}\n    {one['snippet']}")


@evidence.command()
@click.option("--practice", "slug", required=True, help="The practice's short name.")
@click.option("--json", "as_json", is_flag=True)
def suggest(slug: str, as_json: bool) -> None:
    """Which rows of the Standards each document seems to answer."""
    with opened() as (_app, doors):
        found = queries.suggest(db(), _binder(db(), slug), doors.indexes)
        ideas = [
            {"standard": idea.row.code, "document": idea.version.filename, "page": idea.page, "quote": idea.quote,
             "score": idea.score}
            for idea in found.ideas
        ]  # fmt: skip
        uncovered = [row.code for row in found.uncovered]
    if as_json:
        click.echo(json.dumps({"suggestions": ideas, "uncovered": uncovered}, ensure_ascii=False))
        return
    for one in ideas:
        click.echo(f"{one['standard']:8} {one['document']}, page {one['page']}: {one['quote']}")
    click.echo(f"Nothing found for: {', '.join(uncovered) or 'none'}")


def _binder(db: Session, slug: str, *, create: bool = False) -> Binder:
    """The practice's current binder; made with its practice when asked to."""
    practice = people.by_slug(db, slug)
    now = clock.now()
    if practice is None:
        if not create:
            raise click.UsageError(f"There is no practice {slug!r}; --create makes one.")
        practice = Practice(slug=slug, legal_name=slug, public_name=slug, state=PracticeState.REQUESTED, since=now)
        db.add(practice)
        db.flush()
    binder = queries.binder_of(db, practice.id)
    if binder is None:
        if not create:
            raise click.UsageError(f"The practice {slug!r} has no binder yet; --create opens one.")
        binder = actions.open_binder(db, practice, standards.current_edition(db).id, now=now)
    db.commit()
    return binder

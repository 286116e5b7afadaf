"""Chart files from the command line: score one without storing it, or import it for a practice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.orm import Session

from app.cli.portal import opened
from app.kernel import clock
from app.kernel.db import db
from app.participation.actions.charts import BadFile, import_charts
from app.participation.models import Enrolment
from app.participation.queries import rounds
from app.participation.rules import sentences
from app.participation.rules.measures import measure_set
from app.participation.rules.qualify import read_fte
from app.participation.rules.result import Sheet, score_file
from app.participation.rules.rows import place
from app.people import queries as people
from app.people.actions import Refused
from app.people.models import User
from app.people.rules import Role


@click.group()
def charts() -> None:
    """Patient charts of a round."""


@charts.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--fte", default="1", show_default=True, help="Full-time equivalents of the oncologists.")
@click.option("--json", "as_json", is_flag=True, help="The whole result as JSON.")
def score(file: Path, fte: str, as_json: bool) -> None:
    """Score a chart file as if it were all of the sample round. Nothing is stored."""
    size = read_fte(fte)
    if size is None:
        raise click.ClickException("--fte takes a number above 0, such as 2.5.")
    answer = score_file(_bytes(file), fte=size, today=clock.today())
    if as_json:
        click.echo(json.dumps(answer, indent=1))
    if answer["file_errors"]:
        _refuse_file(answer["file_errors"])
    if not as_json:
        _tell(answer)


@charts.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--practice", "slug", required=True, help="The practice's short name.")
@click.option("--round", "code", required=True, help="The round, such as 2026-R1.")
@click.option("--partial", is_flag=True, help="Store the sound rows although others cannot be used.")
@click.option("--replace", is_flag=True, help="Replace charts that are there already.")
@click.option("--json", "as_json", is_flag=True, help="What was stored and refused as JSON.")
def import_(file: Path, slug: str, code: str, partial: bool, replace: bool, as_json: bool) -> None:
    """Import a chart file: all or nothing, unless --partial."""
    data = _bytes(file)
    with opened():
        enrolment = _enrolment(db(), slug, code)
        try:
            sheet = import_charts(
                db(), enrolment, data, partial=partial, replace=replace, by=_owner(db(), enrolment), now=clock.now()
            )
        except Refused as refused:
            raise click.exceptions.Exit(_say(refused.reasons)) from None
        except BadFile as bad:
            if bad.sheet is None:
                _refuse_file(bad.errors)
            raise click.exceptions.Exit(_report(bad.sheet, 0, as_json)) from None
        db().commit()
    raise click.exceptions.Exit(_report(sheet, len(sheet.charts), as_json))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file.name} cannot be read: {error.strerror}.") from None


def _refuse_file(errors: list[str]) -> NoReturn:
    raise click.ClickException(" ".join(sentences.of_file(errors)))


def _enrolment(session: Session, slug: str, code: str) -> Enrolment:
    practice, round_ = people.by_slug(session, slug), rounds.by_code(session, code)
    if practice is None:
        raise click.ClickException(f"There is no practice {slug}.")
    if round_ is None:
        raise click.ClickException(f"There is no round {code}.")
    enrolment = rounds.enrolment(session, practice.id, round_.id)
    if enrolment is None:
        raise click.ClickException(f"{practice.public_name} is not enrolled in round {code}.")
    return enrolment


def _owner(session: Session, enrolment: Enrolment) -> User:
    """An operator acts for the practice's owner, whom the ledger names."""
    owners = people.holders(session, Role.OWNER, enrolment.practice_id)
    if not owners:
        raise click.ClickException(f"{enrolment.practice.public_name} has no owner for whom charts could be entered.")
    return owners[0]


def _say(lines: list[str]) -> int:
    for line in lines:
        click.echo(line, err=True)
    return 1


def _report(sheet: Sheet, stored: int, as_json: bool) -> int:
    """Tell what was stored and what was refused; 1 when anything was refused."""
    refused = [
        {"row": row, "column": place(error)[1], "code": place(error)[0], "reason": sentences.of_error(error)}
        for row, errors in sheet.errors.items()
        for error in errors
    ]
    if as_json:
        click.echo(json.dumps({"rows": sheet.rows, "stored": stored, "refused": refused}, indent=1))
    else:
        _say([f"row {one['row']}, {one['column'] or 'whole row'}: {one['code']}. {one['reason']}" for one in refused])
        click.echo(f"{stored} of {sheet.rows} rows stored, {len(sheet.errors)} refused.", err=True)
    return 1 if refused or not stored else 0


def _tell(answer: dict[str, Any]) -> None:
    """The result for people."""
    _say([f"row {row}: {sentences.of_error(code)}" for row, codes in answer["errors"].items() for code in codes])
    titles = {measure.id: measure.title for measure in measure_set().measures}
    click.echo(f"Round {answer['round']}, {answer['measure_set']} (sample edition), {answer['fte']} FTE")
    click.echo(f"{answer['rows']} rows, {answer['unique_charts']} unique charts count")
    for name, one in answer["measures"].items():
        rate = "no charts" if one["rate"] is None else f"{one['rate']} %"
        click.echo(f"  {name:8} {one['numerator']:5} / {one['denominator']:<5} {rate:>10}  {titles[name]}")
    overall = answer["score"][answer["score"]["method"]]["percent"]
    click.echo(f"Overall Quality Score: {overall + ' %' if overall else 'none'}")
    qualification = answer["qualification"]
    if qualification["qualified"]:
        click.echo(f"Qualifies; valid until {qualification['valid_until']}.")
    for reason in qualification["reasons"]:
        click.echo(f"- {sentences.of_reason(reason)}")

"""Is this PDF one of ours, unchanged, and what does it say today?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from app.cli.portal import opened
from app.decision import queries
from app.decision.queries import Judged
from app.decision.rules import Standing
from app.documents import queries as papers
from app.documents.rules import KIND_WORDS
from app.kernel import clock
from app.kernel.db import db
from app.kernel.words import daytime


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def verify(context: click.Context, file: Path, *, as_json: bool) -> None:
    """Say whether FILE is a paper of the Program, unchanged, and what it says today.

    Exit 0: ours, unchanged, and valid today. Exit 1: not so; the answer says why. Exit 2: the file cannot be read.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from error
    with opened() as (_, doors):
        found = papers.recognize(db(), data, doors.press)
        judged = queries.judged(db(), found, name=file.name, today=clock.today())
        answer = _answer(judged)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _said(judged))
    context.exit(0 if judged.genuine and judged.word is Standing.VALID else 1)


def _answer(judged: Judged) -> dict[str, Any]:
    found, paper = judged.found, judged.found.paper
    return {
        "file": judged.name,
        "ours": found.ours,
        "unchanged": found.intact,
        "says": judged.word.value,
        "why": found.why,
        "signed_by": found.signed_by,
        "signed_at": found.signed_at.isoformat() if found.signed_at else None,
        "document": None
        if paper is None
        else {
            "kind": paper.kind.value,
            "number": paper.number,
            "version": paper.version,
            "title": paper.title,
            "issued_at": paper.issued_at.isoformat() if paper.issued_at else None,
            "sha256": paper.sha256,
        },
    }


def _said(judged: Judged) -> str:
    found, paper = judged.found, judged.found.paper
    if not judged.genuine or paper is None:
        return "\n".join([f"{judged.name}: not a paper as the Program issued it", *(f"  {one}" for one in found.why)])
    lines = [
        f"{judged.name}: ours and unchanged",
        f"  {KIND_WORDS[paper.kind]} {paper.number}, version {paper.version}: {judged.word}",
    ]
    if found.signed_at:
        lines.append(f"  signed by {found.signed_by}, {daytime(found.signed_at)}")
    return "\n".join(lines)

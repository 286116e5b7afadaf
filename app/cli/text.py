"""The text of a file, page by page, as the evidence pipeline reads it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.evidence.reader import child
from app.evidence.rules import Refused, why_not_size


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line and page.")
def text(file: Path, as_json: bool) -> None:
    """The text of FILE by page; pages of the reading copy where the file is a Word document."""
    data = file.read_bytes()
    try:
        if reason := why_not_size(len(data)):
            raise Refused(reason)
        kind, _ = child.check(data, file.name)
        reading = child.read(data, kind)
    except Refused as refused:
        raise click.UsageError(f"{file.name}: {refused.reason}") from None
    for page in reading.pages:
        if as_json:
            click.echo(json.dumps({"page": page.number, "text": page.text, "source": page.source}, ensure_ascii=False))
        else:
            click.echo(f"--- page {page.number} ({page.source}) ---\n{page.text}")

"""`qcp demo`: one practice from chart to plaque in a throw-away store, and every paper of its road as a file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click

from app.cli.demo import data, papers
from app.cli.portal import elsewhere, opened
from app.kernel import clock
from app.kernel.db import db
from app.notices import post


@click.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the papers.")
def demo(out: Path) -> None:
    """Take Harbor Light Oncology from chart to plaque, and write its papers into a folder.

    Through the same verbs as the pages, in a throw-away store: a first survey with unmet standards, an action plan
    that comes back once, evidence, an award.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.FileError(str(out), error.strerror) from error
    with tempfile.TemporaryDirectory(prefix="qcp-demo-") as folder:
        now = clock.now()
        with clock.at(now - timedelta(days=500)), opened(elsewhere(Path(folder))) as (_app, doors):
            story = data.whole_road(db(), replace(doors, post=post.Memory()), today=clock.day_of(now))
            for file in papers.write_all(story, out):
                click.echo(str(file), err=True)

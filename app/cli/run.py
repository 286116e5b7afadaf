"""Serving: the web, the worker, both together."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

import click
from flask import Flask

from app.cli.demo import data
from app.cli.portal import opened
from app.config import Mode, read
from app.journey import actions as journey
from app.kernel import clock, jobs
from app.kernel.db import db
from app.kernel.desks import Desks
from app.kernel.queue import nudge_after_commit, open_queue
from app.people.models import User


def web() -> Flask:
    """The application for a WSGI server: `gunicorn 'app.cli.run:web()'`."""
    settings = read(os.environ)
    with opened(settings) as (app, _doors):
        if settings.production and db().query(User).filter_by(demo=True).count():
            raise SystemExit("qcp: this database holds demo accounts; production does not start with them")
        nudge_after_commit(open_queue(settings.data / "queue.sqlite", lambda: None))
    app.extensions["qcp.desks"] = _settle_in(settings.data)  # held for as long as the process lives
    return app


def _settle_in(data: Path) -> tuple[Desks, str]:
    """A desk for this process, and a place of its own for passing files; what dead processes left there is cleared."""
    desks = Desks(data / "workers")
    me, scratch = desks.sit_down(), data / "tmp"
    scratch.mkdir(mode=0o700, exist_ok=True)
    for left in scratch.iterdir():
        if not desks.occupied(left.name):
            shutil.rmtree(left, ignore_errors=True)
    (scratch / me).mkdir(mode=0o700)
    tempfile.tempdir = str(scratch / me)
    return desks, me


@click.command()
def migrate() -> None:
    """Bring the database up to date, and load the sample edition and default settings."""
    with opened():
        click.echo("The database is up to date.", err=True)


@click.command()
def worker() -> None:
    """Do the slow work: read documents, build indexes, typeset and sign papers, send mail."""
    logging.basicConfig(level=logging.INFO, format="worker: %(message)s")
    for talkative in ("huey", "alembic"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    settings = read(os.environ)
    with opened(settings) as (app, doors):
        desks, me = _settle_in(settings.data)
        jobs.release_orphans(db(), desks.occupied)
        db.remove()

        def work() -> None:
            with app.app_context():
                try:
                    jobs.drain(db(), doors, me)
                    journey.tend(db(), now=clock.now())
                    db().commit()
                finally:
                    db.remove()

        queue = open_queue(settings.data / "queue.sqlite", work)
        queue.work_now()
        queue.create_consumer(workers=1, worker_type="thread", initial_delay=0.05, max_delay=0.5).run()


@click.command()
@click.option("--demo/--no-demo", default=True, help="Load the demo practice and accounts into an empty store.")
def serve(demo: bool) -> None:
    """Serve the web and do the slow work together, until Ctrl-C."""
    settings = read(os.environ)
    port = os.environ.get("PORT", "8000")
    _refuse_taken(port)
    if demo and settings.mode is not Mode.PRODUCTION:
        data.fill(settings, lambda: click.echo("The demonstration is made first; it takes half a minute.", err=True))
    else:
        with opened(settings):
            pass  # brought up to date once, before three processes ask for it at the same moment
    web_command = [
        sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "8",
        "--timeout", "120", "--log-level", "warning", "--no-control-socket", "app.cli.run:web()",
    ]  # fmt: skip
    parts = [subprocess.Popen(web_command), subprocess.Popen([sys.argv[0], "worker"])]
    click.echo(f"Serving on http://127.0.0.1:{port} - Ctrl-C stops it.", err=True)
    sys.exit(_until_stopped(parts))


def _refuse_taken(port: str) -> None:
    """Say so at once when somebody else listens there."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise click.UsageError(f"PORT is {port!r}; it must be a number from 1 to 65535.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", int(port)))
        except OSError as error:
            raise click.UsageError(f"Port {port} cannot be used ({error.strerror}). Set PORT to another.") from error


def _until_stopped(parts: list[subprocess.Popen[bytes]]) -> int:
    """Wait for both; neither goes on without the other. 0 when somebody asked for the end."""
    asked = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        for part in parts:
            part.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
    for part in parts:
        part.terminate()
    for part in parts:
        part.wait()
    return 0 if asked else 1

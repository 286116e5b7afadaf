"""Serving: the web, the worker, both together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
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
    return app


@click.command()
def migrate() -> None:
    """Bring the database up to date, and load the sample edition and default settings."""
    with opened():
        click.echo("The database is up to date.", err=True)


@click.command()
def worker() -> None:
    """Do the slow work: read documents, build indexes, typeset and sign papers, send mail."""
    logging.basicConfig(level=logging.INFO, format="worker: %(message)s")
    settings = read(os.environ)
    with opened(settings) as (app, doors):
        desks = Desks(settings.data / "workers")
        me = desks.sit_down()
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
    with opened(settings) as (_app, doors):
        if demo and settings.mode is not Mode.PRODUCTION:
            click.echo(
                "An empty store is filled with the demonstration first; that takes about half a minute.", err=True
            )
            data.load(db(), doors, today=clock.today())
            db().commit()
    port = os.environ.get("PORT", "8000")
    web_command = [
        sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "8",
        "--timeout", "120", "--access-logfile", "/dev/null", "app.cli.run:web()",
    ]  # fmt: skip
    click.echo(f"Serving on http://127.0.0.1:{port} - Ctrl-C stops it.", err=True)
    parts = [subprocess.Popen(web_command), subprocess.Popen([sys.argv[0], "worker"])]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for part in parts:
            part.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    codes = [part.wait() for part in parts]
    sys.exit(max(abs(code) for code in codes) and 0)

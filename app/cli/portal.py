"""Opening the portal's store for one command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app import create_app
from app.application.actions import texts
from app.config import Mode, Settings, read
from app.doors import Doors
from app.kernel import clock, schema
from app.kernel.db import db, reading
from app.program import actions as program
from app.standards import actions as standards


def prepare(app: Flask) -> None:
    """Bring the database up to date; load sample edition, default settings and agreements where there are none."""
    schema.upgrade(app.extensions["qcp.engine"])
    program.load_defaults(db(), now=clock.now())
    standards.load_sample_edition(db(), now=clock.now())
    texts.load_texts(db(), by=None, now=clock.now())
    db().commit()
    db.remove()


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[tuple[Flask, Doors]]:
    """The application with its doors open, its database up to date."""
    app = create_app(settings or read(os.environ))
    with app.app_context():
        prepare(app)
        try:
            yield app, app.extensions["qcp.doors"]
        finally:
            db.remove()


@contextmanager
def only_reading() -> Iterator[None]:
    """A long look that never holds up those who write."""
    token = reading.set(True)
    try:
        yield
    finally:
        db.remove()
        reading.reset(token)


def elsewhere(folder: Path) -> Settings:
    """Settings of a demonstration in a throw-away data folder; what this machine's portal keeps is not touched."""
    kept = {name: os.environ[name] for name in ("PORT", "QCP_BASE_URL") if name in os.environ}
    return read(kept | {"QCP_MODE": Mode.DEMO, "QCP_DATA": str(folder)})

"""A portal of its own for one test: real database, real index, real mail, a real web server, a worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_security import hash_password
from playwright.sync_api import BrowserContext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app import create_app
from app.cli.portal import prepare
from app.config import Settings
from app.documents.press import Press
from app.doors import Doors
from app.kernel.db import db
from app.notices.post import post_from
from app.people.models import User
from app.people.security import limiter
from storage.blobs import Folder
from storage.fulltext import WhooshIndexes
from tests.journeys.mails import Mails, mail_server
from tests.journeys.moment import Moment
from tests.journeys.person import Person
from tests.journeys.work import Worker

PASSWORD = "seven quiet harbors"


class Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        pass


class Site:
    """What a test may do to the portal from outside of the browser."""

    def __init__(self, app: Flask, doors: Doors, mails: Mails, moment: Moment, worker: Worker,
                 new_context: Callable[..., BrowserContext]) -> None:  # fmt: skip
        self.app, self.doors, self.mails = app, doors, mails
        self.url: str = app.config["QCP_SETTINGS"].base_url
        self.seen: dict[str, set[str]] | None = None  # where everything is looked at: the shapes seen by kind of page
        self._moment, self._worker, self._new_context = moment, worker, new_context

    def at(self, moment: datetime) -> None:
        """From now on it is this moment. Whoever was signed in has idled too long after a jump, and signs in again."""
        self._moment.set(moment)
        self._worker.nudge()

    def looks_at_everything(self) -> None:
        """From now on everybody looks at every page they come to, unless all its shapes were looked at before."""
        self.seen = {}

    def now(self) -> datetime:
        """What the portal's clock says."""
        return self._moment.now()

    @contextmanager
    def db(self) -> Iterator[Session]:
        """A session on the portal's database; kept at the end. Be quick: while it writes, nobody else can."""
        try:
            with self.app.app_context():
                yield db()
                db().commit()
        finally:
            db.remove()

    def wait_for_work(self) -> None:
        """Come back when no job waits or runs."""
        self._worker.wait()

    def command(self, *words: str) -> str:
        """What the operator types after `qcp`, in a process of its own; returns what it says."""
        own = self.app.config["QCP_SETTINGS"]
        about = {"QCP_MODE": own.mode, "QCP_DATA": str(own.data), "QCP_SECRET_KEY": own.secret_key,
                 "QCP_SIGNING_P12": str(own.signing_p12)}  # fmt: skip
        done = subprocess.run(
            [Path(sys.executable).with_name("qcp"), *words], env=os.environ | about, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def visitor(self, **options: Any) -> Person:
        """Somebody at a browser of their own, signed in as nobody."""
        return Person(self, self._new_context(**options))

    def sign_in(self, email: str, password: str = PASSWORD) -> Person:
        """Somebody at a browser of their own, signed in through the page. Who has no password yet gets this one."""
        self.give_password(email, password)
        person = self.visitor()
        person.sign_in(email, password)
        return person

    def give_password(self, email: str, password: str = PASSWORD) -> None:
        """A password for somebody whom a factory made without one."""
        with self.db() as session:
            user = session.scalars(select(User).where(User.email == email)).one()
            user.password = user.password or hash_password(password)

    def forgive(self) -> None:
        """Forget how often this machine has signed in: every person of a test comes from the same address."""
        limiter.reset()


@contextmanager
def running(folder: Path, settings: Settings, press: Press, moment: Moment,
            new_context: Callable[..., BrowserContext]) -> Iterator[Site]:  # fmt: skip
    """A portal on this folder, on a free port, until the test is over."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        mails, smtp_url = stack.enter_context(mail_server())
        own = replace(settings, data=folder, database_url=f"sqlite:///{folder / 'qcp.sqlite'}", smtp_url=smtp_url,
                      base_url=f"http://127.0.0.1:{listening.getsockname()[1]}")  # fmt: skip
        doors = Doors(blobs=Folder(folder / "objects"), indexes=WhooshIndexes(folder / "index"),
                      press=replace(press, base_url=own.base_url), post=post_from(own))  # fmt: skip
        app = create_app(own, doors)
        engine = app.extensions["qcp.engine"]
        stack.callback(engine.dispose)
        stack.callback(db.remove)
        with app.app_context():
            prepare(app)
        stack.enter_context(_served(app, listening))
        worker = Worker(app, doors)
        worker.start()
        stack.callback(worker.stop)
        yield Site(app, doors, mails, moment, worker, new_context)


@contextmanager
def _served(app: Flask, listening: socket.socket) -> Iterator[BaseWSGIServer]:
    host, port = listening.getsockname()
    server = make_server(host, port, app, threaded=True, request_handler=Quiet, fd=listening.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="web")
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def bound_again() -> Iterator[None]:
    """While a portal runs, all sessions are its own; afterwards they are bound as they were before."""
    before = dict(db.session_factory.kw)
    db.remove()
    db.configure(join_transaction_mode="conditional_savepoint")
    try:
        yield
    finally:
        db.remove()
        db.session_factory.kw.clear()
        db.configure(**before)

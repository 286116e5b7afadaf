"""What every test may ask for: a database that forgets, the application, somebody who is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import ROOMS, create_app
from app.application.actions import texts
from app.config import Settings, read
from app.documents.press import Press
from app.doors import Doors
from app.kernel import db as kernel_db
from app.notices import post
from app.people.models import User
from app.program import actions as program
from app.standards import actions as standards
from storage import blobs, memory

NOW = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a throw-away portal; the signing key is made once for the whole run."""
    folder = tmp_path_factory.mktemp("portal")
    return read({"QCP_MODE": "demo", "QCP_DATA": str(folder), "QCP_SECRET_KEY": "s" * 40})


@pytest.fixture(scope="session")
def press(settings: Settings) -> Press:
    return Press.from_settings(settings)


@pytest.fixture
def doors(press: Press) -> Doors:
    """Doors to memory: same contract as the real ones, see tests/doors."""
    return Doors(blobs=blobs.Memory(), indexes=memory.Memory(), press=press, post=post.Memory())


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Engine:
    """A database with every table, the sample edition and the default settings."""
    for room in ROOMS:
        if find_spec(f"app.{room}.models"):
            import_module(f"app.{room}.models")
    engine = kernel_db.connect(settings.database_url)
    kernel_db.Base.metadata.create_all(engine)
    with Session(engine) as session:
        program.load_defaults(session, now=NOW)
        standards.load_sample_edition(session, now=NOW)
        texts.load_texts(session, by=None, now=NOW)
        session.commit()
    return engine


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A session whose every change is forgotten, commits included."""
    with engine.connect() as connection:
        outer = connection.begin()
        kernel_db.db.remove()
        kernel_db.db.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield kernel_db.db()
        type(kernel_db.db).remove(kernel_db.db)
        outer.rollback()
    kernel_db.db.configure(bind=engine, join_transaction_mode="conditional_savepoint")


@pytest.fixture
def now() -> datetime:
    """Wed 1 Jul 2026, 11:00 am Eastern."""
    return NOW


@pytest.fixture(scope="session")
def portal(settings: Settings, press: Press) -> Flask:
    """The application, built once; `app` gives it this test's doors and database."""
    held = Doors(blobs=blobs.Memory(), indexes=memory.Memory(), press=press, post=post.Memory())
    app = create_app(settings, held)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    return app


class Browser(FlaskClient):
    """A client that shows the application what the test has made so far."""

    def open(self, *args: Any, **options: Any) -> Any:
        kernel_db.db().commit()
        return super().open(*args, **options)


@pytest.fixture
def app(portal: Flask, db: Session, doors: Doors, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application over this test's doors; test and request share one session, forgotten afterwards."""
    portal.extensions["qcp.doors"] = doors
    portal.test_client_class = Browser
    monkeypatch.setattr(kernel_db.db, "remove", kernel_db.db.expire_all)
    return portal


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody signed in."""
    return app.test_client()


@pytest.fixture
def as_user(app: Flask, db: Session) -> Callable[[User], FlaskClient]:
    """A browser in which this person is signed in: `as_user(dana).get("/work")`."""

    def sign_in(user: User) -> FlaskClient:
        db.commit()  # into the savepoint: a request begins with a session of its own
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = user.fs_uniquifier
            session["_fresh"] = True
            session["fs_cc"] = "set"
            session["fs_paa"] = datetime.now(UTC).timestamp()
            session["identity"] = user.fs_uniquifier
        return client

    return sign_in


DATA = Path(__file__).parent / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test begins first: the others are done beside it, and nobody waits for it at the end."""
    items.sort(key=lambda item: "test_whole_road" not in item.nodeid)

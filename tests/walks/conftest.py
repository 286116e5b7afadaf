"""What the walks share: the world, and a browser in it for anybody."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException

from app.config import Settings
from app.documents.press import Press
from app.doors import Doors
from app.kernel import clock
from app.kernel import db as kernel_db
from app.notices import post
from storage import blobs, memory
from tests.walks.walking import Walk
from tests.walks.world import TODAY, World, build


@pytest.fixture(scope="session")
def world(
    engine: Engine, settings: Settings, press: Press, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The world in a database of its own, made once."""
    path = tmp_path_factory.mktemp("world") / "world.sqlite"
    whole, copy = sqlite3.connect(settings.data / "qcp.sqlite"), sqlite3.connect(path)
    whole.backup(copy)
    whole.close()
    copy.close()
    own = kernel_db.connect(f"sqlite:///{path}")
    kernel_db.db.configure(bind=engine)
    doors = Doors(blobs=blobs.Memory(), indexes=memory.Memory(), press=press, post=post.Memory())
    yield build(own, doors)
    own.dispose()


@pytest.fixture
def walk(portal: Flask, world: World, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """The application over the world, with its own transactions; on a Sunday in September."""
    monkeypatch.setitem(portal.extensions, "qcp.doors", world.doors)
    monkeypatch.setitem(portal.extensions, "qcp.engine", world.engine)
    monkeypatch.setattr(portal, "test_client_class", FlaskClient)
    monkeypatch.delitem(portal.error_handler_spec[None][None], Exception)  # a fault in a page is a fault of the test
    kernel_db.db.remove()
    kernel_db.db.configure(bind=world.engine)
    with clock.at(TODAY):
        yield Walk(portal, world)
    kernel_db.db.remove()
    kernel_db.db.configure(bind=engine)


@pytest.fixture
def bare_errors(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals without their page: thousands are asked for, and what they say is another test's matter."""
    monkeypatch.setitem(
        portal.error_handler_spec[None][None], HTTPException, lambda error: error.response or ("", error.code)
    )

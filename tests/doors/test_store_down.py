"""The object store goes away in the middle of an upload and comes back: nothing is half kept, and the file arrives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence.models import Upload, Version
from app.evidence.rules import State
from app.kernel import jobs
from app.people.models import User
from tests.doors.store_server import StoreServer
from tests.doors.test_blobs import s3, server
from tests.factories import evidence as make
from tests.factories import people
from tests.rooms.test_evidence_uploads import LABELS, SMALL_PIECE, begin, piece, send

__all__ = ["server"]  # the fixture


def test_an_upload_waits_for_a_store_that_is_down_and_goes_on_when_it_is_back(
    app: Flask, db: Session, doors: Doors, as_user: Callable[[User], FlaskClient], server: StoreServer
) -> None:
    own = replace(doors, blobs=s3(server, "uploads", connect=1, read=5))
    app.extensions["qcp.doors"] = own
    practice = people.practice(db)
    web, binder = as_user(people.member(db, practice)), make.binder(db, practice)
    begun = begin(web, binder, "Labels.pdf", LABELS).get_json()
    piece(web, begun["id"], 0, LABELS[:SMALL_PIECE])
    server.stop()
    try:
        answer = piece(web, begun["id"], SMALL_PIECE, LABELS[SMALL_PIECE : 2 * SMALL_PIECE])
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")
        assert web.get(f"/uploads/{begun['id']}").get_json()["received"] == SMALL_PIECE
    finally:
        server.start()
    assert send(web, binder, "Labels.pdf", LABELS)["refused"] is None
    jobs.drain(db, own)
    [version] = db.scalars(select(Version)).all()
    assert (version.state, own.blobs.get(version.sha256)) == (State.READABLE, LABELS)
    assert list(own.blobs.keys()) == [version.sha256], "its pieces are gone"
    assert [one.pieces for one in db.scalars(select(Upload))] == [[]]

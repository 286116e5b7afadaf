"""What the Program cannot see yet is hinted at nowhere: no name, no quote, no count, no notice, no way to guess."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import app.cli.evidence as command_line
from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.actions import held as held_actions
from app.evidence.models import Binder, Message, Version
from app.evidence.rules import Refused, State
from app.evidence.rules.intake import Unfit
from app.kernel import jobs
from app.kernel.ledger import Event
from app.notices.models import Notice
from app.people.models import User
from storage.scanner import Memory as Scanner
from tests.factories import evidence as make
from tests.rooms.test_evidence_held import NAMES_A_PATIENT, SECRET, sent

As = Callable[[User], FlaskClient]
NAME = "Zebulon letter.pdf"
TALK = "The prescriber holds the talk and signs the form."
HARMFUL = b"EICAR"


def told(db: Session, user: User) -> list[str]:
    return list(db.scalars(select(Notice.subject).where(Notice.user_id == user.id).order_by(Notice.told_at)))


def bring(db: Session, doors: Doors, binder: Binder, by: User, now: datetime, text: str = "") -> Version:
    examined = actions.examine(NAME, NAMES_A_PATIENT, doors.blobs)
    message = actions.bring(db, binder, "3.9", examined, text=text, by=by, now=now)
    db.commit()
    jobs.drain(db, doors)
    assert message.version is not None and message.version.state is State.HELD
    return message.version


def test_a_file_brought_in_a_thread_is_hinted_at_nowhere_until_it_can_be_seen(
    db: Session, doors: Doors, as_user: As, binder: Binder, owner: User, surveyor: User, now: datetime
) -> None:
    actions.write(db, binder, "3.9", "Please send the log.", by=surveyor, now=now, asks_file=True)
    version = bring(db, doors, binder, owner, now + timedelta(hours=1))
    client = as_user(surveyor)
    for path in ("", "/slots/3.9", "/threads", "/documents", "/search?standard=3.9"):
        page = client.get(f"/binders/{binder.id}{path}").text
        assert "Zebulon" not in page and "Held back" not in page and version.id not in page, path
        assert version.document_id not in page, path
    assert [one.count for one in queries.threads(db, binder, surveyor)] == [1]
    assert [one.count for one in queries.threads(db, binder, owner)] == [2]
    assert told(db, surveyor) == []
    held_actions.clear(db, version, reason="A made-up patient.", by=owner, now=now + timedelta(hours=2))
    assert told(db, surveyor) == ["The practice added a file to 3.9"]
    assert NAME in client.get(f"/binders/{binder.id}/slots/3.9").text
    assert queries.open_questions(db, binder) == []


def test_the_words_that_came_with_a_hidden_file_are_heard_without_it(
    db: Session, doors: Doors, as_user: As, binder: Binder, owner: User, surveyor: User, now: datetime
) -> None:
    bring(db, doors, binder, owner, now, text="It is on the last page.")
    assert told(db, surveyor) == ["The practice wrote about 3.9"]
    page = as_user(surveyor).get(f"/binders/{binder.id}/slots/3.9").text
    assert "It is on the last page." in page and "Zebulon" not in page


def test_a_question_is_answered_by_the_blackened_file_too(
    db: Session, doors: Doors, as_user: As, binder: Binder, owner: User, surveyor: User, now: datetime
) -> None:
    actions.write(db, binder, "3.9", "Please send the log.", by=surveyor, now=now, asks_file=True)
    version = bring(db, doors, binder, owner, now + timedelta(hours=1))
    as_user(owner).post(f"/versions/{version.id}/redact", data={"finds": ["0"]})
    jobs.drain(db, doors)
    db.expire_all()
    assert queries.newest(version.document).state is State.READABLE  # type: ignore[union-attr]
    assert queries.open_questions(db, binder) == []
    assert told(db, surveyor) == ["The practice added a file to 3.9"]


@pytest.mark.parametrize("state", ["held", "withdrawn"])
def test_a_passage_is_pinned_only_where_the_program_can_read_it(
    db: Session, doors: Doors, as_user: As, binder: Binder, owner: User, surveyor: User, now: datetime, state: str
) -> None:
    """Else the words of a held file would stand among the pins of its document, and in the ledger for ever."""
    first = make.document(db, binder, "Labels.pdf", TALK)
    second = sent(db, doors, binder, owner, now, "Labels.pdf", NAMES_A_PATIENT)
    assert (first.document_id, second.state) == (second.document_id, State.HELD)
    if state == "withdrawn":
        held_actions.take_out(db, second, by=owner, now=now)
    form = {"code": "2.1", "page": 1, "quote": f"MRN {SECRET}"}
    assert as_user(owner).post(f"/versions/{second.id}/pins", data=form).status_code == 422
    assert SECRET not in as_user(surveyor).get(f"/documents/{first.document_id}").text
    assert not any(SECRET in str(one.detail) for one in db.scalars(select(Event)))


def test_no_document_is_found_by_the_name_of_a_version_that_nobody_may_see(
    db: Session, doors: Doors, as_user: As, binder: Binder, owner: User, surveyor: User, now: datetime
) -> None:
    shown = make.document(db, binder, "Labels.pdf", TALK)
    hidden = sent(db, doors, binder, owner, now, "Labels.pdf", NAMES_A_PATIENT)
    hidden.filename = NAME  # as a blackened file of another kind has another name
    db.flush()
    assert shown.document.title in as_user(owner).get(f"/binders/{binder.id}?find=zebulon").text
    page = as_user(surveyor).get(f"/binders/{binder.id}?find=zebulon").text
    assert f"/documents/{shown.document_id}" not in page


@pytest.fixture
def careful(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> Scanner:
    scanner = Scanner([HARMFUL])
    monkeypatch.setattr("app.evidence.views.slots.doors", lambda: replace(doors, scanner=scanner))
    return scanner


def brought(client: FlaskClient, binder: Binder, data: bytes) -> str:
    form = {"text": "Here it is.", "file": (io.BytesIO(data), "Harm.pdf")}
    path = f"/binders/{binder.id}/slots/3.9/messages"
    return client.post(path, data=form, content_type="multipart/form-data", follow_redirects=True).text


def test_what_comes_in_a_thread_goes_through_the_virus_check_like_everything(
    db: Session, as_user: As, binder: Binder, owner: User, careful: Scanner
) -> None:
    page = brought(as_user(owner), binder, NAMES_A_PATIENT + HARMFUL)
    assert careful.asked == 1 and Unfit.INFECTED in page
    assert db.scalar(select(func.count()).select_from(Version)) == 0
    assert db.scalars(select(Event).where(Event.what == "file refused by the virus check")).one()


def test_while_the_virus_check_is_down_a_thread_keeps_the_words_and_the_file_waits(
    db: Session, as_user: As, binder: Binder, owner: User, careful: Scanner
) -> None:
    careful.down = True
    page = brought(as_user(owner), binder, NAMES_A_PATIENT)
    assert Unfit.NO_SCANNER in page and "Here it is." in page
    assert db.scalar(select(func.count()).select_from(Version)) == 0
    assert db.scalar(select(func.count()).select_from(Message)) == 0


@pytest.mark.parametrize("down", [False, True])
def test_the_command_line_asks_the_virus_check_too(
    db: Session, doors: Doors, binder: Binder, tmp_path: Path, down: bool
) -> None:
    scanner = Scanner([HARMFUL])
    scanner.down = down
    (tmp_path / "Harm.pdf").write_bytes(NAMES_A_PATIENT + HARMFUL)
    with pytest.raises(Refused) as refused:
        command_line.take(db, binder, tmp_path / "Harm.pdf", None, replace(doors, scanner=scanner))
    assert refused.value.reason == (Unfit.NO_SCANNER if down else Unfit.INFECTED)


def test_the_command_line_says_that_a_file_is_held_back(
    db: Session, doors: Doors, binder: Binder, owner: User, now: datetime
) -> None:
    version = sent(db, doors, binder, owner, now, NAME, NAMES_A_PATIENT)
    answer: dict[str, list[dict[str, Any]]] = {"added": [], "refused": []}
    command_line.report(version, Path(NAME), answer)
    assert answer == {"added": [], "refused": [{"file": NAME, "reason": command_line.HELD}]}


def test_a_copy_that_cannot_be_marked_is_not_there_and_nothing_breaks(
    db: Session, doors: Doors, as_user: As, binder: Binder, owner: User
) -> None:
    version = make.document(db, binder, "Labels.pdf", TALK)
    assert doors.blobs.put(b"copy") == version.copy_key  # no PDF at all
    assert as_user(owner).get(f"/versions/{version.id}/marked.pdf").status_code == 404

"""The thread of a row, the files that are asked for there, and the daily note of files nobody can see."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.actions import Examined, unseen
from app.evidence.models import Binder, Message
from app.evidence.rules import Kind, Refused, State
from app.journey import queries as journey
from app.kernel import clock, jobs
from app.notices.models import Notice
from app.people.models import Practice, User
from app.people.rules import Capacity, Role
from storage.blobs import key_of
from tests.factories import evidence as make
from tests.factories import people
from tests.factories import report as reports
from tests.rooms.conftest import CASE

LABELS = next((Path(__file__).parents[2] / "demo/harbor-light").glob("HLO-307*"))


def file(name: str = "Labels.pdf", data: bytes = b"labels") -> Examined:
    return Examined(name, Kind.PDF, key_of(data), len(data), 1)


def told(db: Session, user: User) -> list[str]:
    return list(db.scalars(select(Notice.subject).where(Notice.user_id == user.id).order_by(Notice.told_at)))


def names(db: Session, binder: Binder, reader: User) -> list[str]:
    return [said.who for said in queries.thread(db, binder, "3.9", reader)]


def test_the_practice_hears_the_program_and_the_program_hears_names(
    db: Session, binder: Binder, owner: User, surveyor: User, now: datetime
) -> None:
    actions.write(db, binder, "3.9", "Which label is it?", by=surveyor, now=now)
    actions.write(db, binder, "3.9", "The blue one.", by=owner, now=now + timedelta(minutes=1))
    assert names(db, binder, owner) == ["The Program", "You"]
    assert names(db, binder, surveyor) == ["You", "Dana Whitfield"]
    assert names(db, binder, people.official(db)) == ["Sam Surveyor", "Dana Whitfield"]


def test_whoever_is_concerned_is_told_and_nobody_else(
    db: Session, binder: Binder, practice: Practice, owner: User, surveyor: User, now: datetime
) -> None:
    staff, signer = people.official(db, Role.STAFF), people.member(db, practice, Role.SIGNER)
    reviewer = people.appointed(db, practice, CASE, Capacity.REVIEWER)
    actions.write(db, binder, "3.9", "Please send the log.", by=reviewer, now=now, asks_file=True)
    actions.write(db, binder, "3.9", "Here it comes.", by=owner, now=now)
    actions.write(db, binder, "2.2", "We changed the form.", by=owner, now=now)
    assert told(db, owner) == ["The Program asks for one more file on 3.9"]
    assert (told(db, reviewer), told(db, surveyor)) == (
        ["The practice wrote about 3.9"],
        ["The practice wrote about 2.2"],
    )
    assert told(db, staff) == told(db, signer) == []


def test_when_nobody_surveys_yet_the_office_hears_the_practice(
    db: Session, binder: Binder, owner: User, now: datetime
) -> None:
    staff = people.official(db, Role.STAFF)
    actions.write(db, binder, "3.9", "We have a question.", by=owner, now=now)
    assert told(db, staff) == ["The practice wrote about 3.9"]


def test_who_was_let_out_of_the_case_hears_nothing_more(
    db: Session, binder: Binder, owner: User, surveyor: User, now: datetime
) -> None:
    actions.write(db, binder, "3.9", "Which label?", by=surveyor, now=now)
    surveyor.appointments[0].ended_at = now
    db.flush()
    actions.write(db, binder, "3.9", "The blue one.", by=owner, now=now)
    assert told(db, surveyor) == []


def test_a_message_says_something_and_only_the_program_asks_for_files(
    db: Session, binder: Binder, owner: User, now: datetime
) -> None:
    for text, reason in (("  ", "Write what"), ("x" * 2001, "2000 letters")):
        with pytest.raises(Refused, match=reason):
            actions.write(db, binder, "3.9", text, by=owner, now=now)
    with pytest.raises(Refused, match="not a row"):
        actions.write(db, binder, "9.99", "Hello", by=owner, now=now)
    assert actions.write(db, binder, "3.9", "Send us yours.", by=owner, now=now, asks_file=True).asks_file is False


def test_a_question_is_open_until_a_file_can_be_seen(
    db: Session, binder: Binder, owner: User, surveyor: User, now: datetime
) -> None:
    asked = actions.write(db, binder, "3.9", "Please send the log.", by=surveyor, now=now, asks_file=True)
    assert [one.id for one in queries.open_questions(db, binder)] == [asked.id]
    brought = actions.bring(db, binder, "3.9", file(), by=owner, now=now + timedelta(hours=1))
    assert brought.version is not None and brought.version.state is State.CHECKING
    assert len(queries.open_questions(db, binder)) == 1, "nobody of the Program can see it yet"
    text = "The log of labels."
    page = make.Page(1, text, make.places(text), headings=[], source="text", width=612, height=792)
    actions.settle(db, brought.version, make.Reading([page]), key_of(b"copy"), now=now + timedelta(hours=2))
    assert queries.open_questions(db, binder) == []
    assert [(pin.code, pin.whole) for pin in queries.pins(db, binder)] == [("3.9", True)]
    assert [said.open for said in queries.thread(db, binder, "3.9", owner)] == [False, False]


def test_a_file_that_could_not_be_read_answers_nothing(
    db: Session, binder: Binder, owner: User, surveyor: User, now: datetime
) -> None:
    actions.write(db, binder, "3.9", "Please send the log.", by=surveyor, now=now, asks_file=True)
    brought = actions.bring(db, binder, "3.9", file(), by=owner, now=now)
    assert brought.version is not None
    actions.give_up(db, brought.version, "It cannot be read.", now=now)
    assert len(queries.open_questions(db, binder)) == 1 and queries.pins(db, binder) == []


def test_a_file_that_is_in_the_binder_already_answers_too(
    db: Session, binder: Binder, owner: User, surveyor: User, now: datetime
) -> None:
    here = make.document(db, binder, "Labels.pdf", now=now)
    actions.write(db, binder, "3.9", "Please send the log.", by=surveyor, now=now, asks_file=True)
    same = Examined("Other name.pdf", Kind.PDF, here.sha256, here.size, 1)
    assert actions.bring(db, binder, "3.9", same, by=owner, now=now).version_id == here.id
    assert queries.open_questions(db, binder) == []
    assert len(queries.documents(db, binder)) == 1


def test_who_asked_or_the_office_settles_a_question(
    db: Session, binder: Binder, practice: Practice, surveyor: User, now: datetime
) -> None:
    asked = actions.write(db, binder, "3.9", "Please send the log.", by=surveyor, now=now, asks_file=True)
    with pytest.raises(Refused, match="Who asked"):
        actions.settle_question(db, asked, by=people.appointed(db, practice, CASE, Capacity.REVIEWER), now=now)
    actions.settle_question(db, asked, by=surveyor, now=now)
    assert queries.open_questions(db, binder) == []
    with pytest.raises(Refused, match="settled already"):
        actions.settle_question(db, asked, by=people.official(db), now=now)


def test_files_that_are_asked_for_and_claims_stand_on_peoples_work(db: Session, now: datetime) -> None:
    case = reports.application(db, people.practice(db))
    binder, owner = case.binder, people.member(db, case.practice)
    other = make.binder(db, case.practice, case_id="d" * 32)
    staff = people.official(db, Role.STAFF)
    for held in (binder, other):
        actions.write(db, held, "3.9", "Please send the log.", by=staff, now=now, asks_file=True)
    actions.claim_not_applicable(db, binder, "3.19", reason="All our sites prepare their own.", by=owner, now=now)
    mine = {work.task.key: work for work in journey.work_of(db, owner, clock.day_of(now)).mine}
    assert mine["send_file"].yours and mine["send_file"].task.do == "Send 1 file that the Program asks for"
    theirs = {work.task.key: work.task.do for work in journey.work_of(db, staff, clock.day_of(now)).mine}
    assert theirs["answer_claim"] == "Answer 1 claim that a row does not apply"


def test_threads_are_listed_with_open_questions_first(
    db: Session, binder: Binder, owner: User, surveyor: User, now: datetime
) -> None:
    actions.write(db, binder, "3.9", "Please send it.", by=surveyor, now=now, asks_file=True)
    actions.write(db, binder, "2.2", "Done.", by=owner, now=now + timedelta(hours=1))
    assert [(one.code, one.count, one.open) for one in queries.threads(db, binder)] == [("3.9", 1, 1), ("2.2", 1, 0)]


AFTERNOON = timedelta(hours=6)  # 5 pm Eastern


def test_once_a_day_the_practice_hears_which_files_nobody_can_see(
    db: Session, binder: Binder, practice: Practice, owner: User, now: datetime
) -> None:
    contributor, signer = (people.member(db, practice, role) for role in (Role.CONTRIBUTOR, Role.SIGNER))
    make.received(db, binder, "Slow.pdf", now=now)
    make.received(db, binder, "Fresh.pdf", now=now + AFTERNOON - timedelta(minutes=5))
    failed = make.received(db, binder, "Broken.pdf", now=now)
    actions.give_up(db, failed, "It is damaged.", now=now)
    assert unseen.note_unseen(db, now=now) == 0, "in the morning nothing is said"
    assert unseen.note_unseen(db, now=now + AFTERNOON) == 1
    assert unseen.note_unseen(db, now=now + AFTERNOON + timedelta(hours=1)) == 0, "once a day"
    (notice,) = db.scalars(select(Notice).where(Notice.user_id == owner.id))
    assert notice.subject == "The Program cannot see 2 files of yours"
    assert "Slow.pdf is still being read" in notice.body and "Broken.pdf was not taken: It is damaged." in notice.body
    assert "Fresh.pdf" not in notice.body
    assert (len(told(db, contributor)), told(db, signer)) == (1, [])
    assert unseen.note_unseen(db, now=now + AFTERNOON + timedelta(days=1)) == 1
    assert told(db, owner)[-1] == "The Program cannot see 2 files of yours", "the slow one and the one no longer fresh"


def test_when_every_file_can_be_seen_nothing_is_said(db: Session, binder: Binder, owner: User, now: datetime) -> None:
    make.document(db, binder)
    assert unseen.note_unseen(db, now=now + AFTERNOON) == 0
    assert told(db, owner) == []


def test_a_file_brought_in_a_thread_is_read_like_any_other(
    db: Session, doors: Doors, binder: Binder, owner: User, now: datetime
) -> None:
    examined = actions.examine(LABELS.name, LABELS.read_bytes(), doors.blobs)
    message = actions.bring(db, binder, "3.9", examined, text="Here it is.", by=owner, now=now)
    db.commit()
    jobs.drain(db, doors)
    assert message.version is not None and message.version.visible_since is not None
    assert db.scalars(select(Message)).one().text == "Here it is."

"""The ledger, the jobs and the one transaction of a request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import clock, jobs, ledger
from app.kernel.db import Base, UTCDateTime, connect
from app.kernel.db import db as sessions
from app.kernel.desks import Desks
from app.kernel.jobs import Job, JobState
from tests.factories import people

NOW = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)


@pytest.fixture
def chain(db: Session) -> list[ledger.Event]:
    practice, user = people.practice(db), people.official(db)
    return [ledger.record(db, f"thing {n} done", by=user, now=NOW, about=practice) for n in range(3)]


def test_each_entry_is_sealed_to_the_one_before(chain: list[ledger.Event], db: Session) -> None:
    assert [entry.previous_hash for entry in chain[1:]] == [entry.hash for entry in chain[:-1]]
    assert ledger.faults(db) == []


@pytest.mark.parametrize("statement", ["UPDATE event SET what = 'nothing'", "DELETE FROM event"])
def test_the_database_refuses_to_change_the_ledger(chain: list[ledger.Event], db: Session, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        db.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE event SET what = 'nothing' WHERE number = :n", "was changed"),
        ("DELETE FROM event WHERE number = :n", "missing"),
        ("UPDATE event SET at = '2020-01-01 00:00:00.000000' WHERE number = :n", "was changed"),
    ],
)
def test_who_gets_round_the_database_is_found(
    chain: list[ledger.Event], db: Session, statement: str, words: str
) -> None:
    db.execute(text("DROP TRIGGER event_no_update"))
    db.execute(text("DROP TRIGGER event_no_delete"))
    db.execute(text(statement), {"n": chain[1].number})
    db.expire_all()
    assert any(words in fault for fault in ledger.faults(db))


def test_what_the_clock_does_has_no_person(db: Session) -> None:
    entry = ledger.record(db, "round closed", by=None, now=NOW, about=people.practice(db))
    assert (entry.actor_id, entry.role) == (None, "clock")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UTCDateTime().process_bind_param(datetime(2026, 7, 1), None)  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.fixture
def tries(db: Session) -> list[str]:
    done: list[str] = []

    @jobs.handles("test.fine")
    def fine(db: Session, doors: object, *, word: str) -> None:
        done.append(word)

    @jobs.handles("test.fails")
    def fails(db: Session, doors: object) -> None:
        db.add(people.practice(db))
        raise RuntimeError("no luck")

    return done


def test_jobs_are_done_in_their_order(db: Session, tries: list[str]) -> None:
    for word in ("one", "two"):
        jobs.enqueue(db, "test.fine", word=word)
    assert jobs.drain(db, None) == 2
    assert tries == ["one", "two"]


def test_a_failing_job_is_tried_three_times_and_then_parked_while_others_go_on(db: Session, tries: list[str]) -> None:
    job = jobs.enqueue(db, "test.fails")
    jobs.enqueue(db, "test.fine", word="after")
    start = clock.now()
    for minute in range(5):
        with clock.at(start + timedelta(minutes=minute * 5 + 1)):
            jobs.drain(db, None)
    db.expire_all()
    kept = db.get_one(Job, job.id)
    assert (kept.state, kept.tries, kept.error) == (JobState.PARKED, 3, "RuntimeError: no luck")
    assert tries == ["after"]


def test_what_a_dead_worker_left_is_taken_up_again(db: Session, tries: list[str]) -> None:
    jobs.enqueue(db, "test.fine", word="again")
    taken = jobs.take(db)
    assert taken is not None
    assert jobs.drain(db, None) == 0
    jobs.release_orphans(db)
    assert jobs.drain(db, None) == 1
    assert tries == ["again"]


def test_what_a_living_worker_is_doing_is_left_to_it_when_another_starts(
    db: Session, tries: list[str], tmp_path: Path
) -> None:
    desks, others = Desks(tmp_path), Desks(tmp_path)
    mine, gone = desks.sit_down(), others.sit_down()
    for worker in (mine, gone, None):
        jobs.enqueue(db, "test.fine", word=str(worker))
        jobs.take(db, worker)
    others.leave()
    jobs.release_orphans(db, desks.occupied)
    assert jobs.drain(db, None) == 2
    assert tries == [gone, "None"]
    assert [path.name for path in tmp_path.iterdir()] == [mine]
    desks.leave()


def test_a_desk_is_cleared_when_the_next_worker_comes(tmp_path: Path) -> None:
    desks = Desks(tmp_path)
    desks.sit_down()
    desks.leave()
    assert [desks.sit_down()] == [path.name for path in tmp_path.iterdir()]
    desks.leave()


def test_what_was_done_under_a_lost_lease_is_dropped_for_another_does_it(db: Session) -> None:
    """The lease ran out in the middle and somebody else took the job: only theirs is kept."""

    @jobs.handles("test.slow")
    def slow(db: Session, doors: object) -> None:
        ledger.record(db, "done too late", by=None, now=NOW, about=people.practice(db, slug="late"))
        db.execute(text("UPDATE job SET tries = 2, worker = 'theirs'"))

    job = jobs.enqueue(db, "test.slow")
    with clock.at(clock.now() - timedelta(minutes=11)):
        job.due_at = clock.now()
        taken = jobs.take(db, "mine")
    assert taken is not None
    db.commit()
    jobs.run(db, None, taken)
    db.expire_all()
    assert db.scalar(select(ledger.Event).where(ledger.Event.what == "done too late")) is None


def test_a_job_that_kills_its_worker_each_time_is_parked(db: Session, tries: list[str]) -> None:
    job = jobs.enqueue(db, "test.fine", word="never")
    for _ in range(3):
        jobs.take(db)
        jobs.release_orphans(db)
    jobs.drain(db, None)
    db.expire_all()
    assert db.get_one(Job, job.id).state is JobState.PARKED
    assert tries == []


def test_writers_wait_for_each_other_and_the_chain_stays_whole(tmp_path: Path) -> None:
    """Eight threads write to one file at once: every entry is there, none forks the chain."""
    from concurrent.futures import ThreadPoolExecutor

    before = sessions.session_factory.kw.get("bind")
    engine = connect(f"sqlite:///{tmp_path / 'race.sqlite'}")
    Base.metadata.create_all(engine)
    with Session(engine) as start:
        practice = people.practice(start, slug="race")
        start.commit()
        practice_id = practice.id

    def write(number: int) -> None:
        with Session(engine) as session:
            for step in range(5):
                about = session.get_one(type(practice), practice_id)
                ledger.record(session, f"{number}.{step} done", by=None, now=NOW, about=about)
                session.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with Session(engine) as session:
        assert len(session.scalars(select(ledger.Event.number)).all()) == 40
        assert ledger.faults(session) == []
    engine.dispose()
    sessions.remove()
    sessions.configure(bind=before)

"""Slow work, kept as rows beside the facts it is about, so that neither can exist without the other.

A job is written in the same transaction as its cause. The worker (Huey) takes what waits; a worker that dies leaves
the job "running", and the next worker to start takes it up again, or any other when the lease has run out. Whatever
a job changes is kept together with its being done, and only by the one who holds it: nothing is done twice.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import CheckConstraint, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import clock
from app.kernel.db import At, Base, Id, Json, words

log = logging.getLogger(__name__)

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}

TRIES = 3
LEASE = timedelta(minutes=10)
PAUSE = timedelta(seconds=20)


class JobState(enum.StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    PARKED = "parked"


class Job(Base):
    """One piece of slow work."""

    __tablename__ = "job"
    __table_args__ = (CheckConstraint("(state = 'parked') <= (error IS NOT NULL)", name="parked_says_why"),)

    id: Mapped[Id]
    name: Mapped[str]
    payload: Mapped[Json]
    state: Mapped[JobState] = words(JobState, default=JobState.WAITING, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[At]
    due_at: Mapped[At]
    lease_until: Mapped[At | None]
    worker: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(String(2000))


def handles(name: str) -> Callable[[Handler], Handler]:
    """Say which function does the jobs of this name: `f(db, doors, **payload)`."""

    def keep(handler: Handler) -> Handler:
        _handlers[name] = handler
        return handler

    return keep


def enqueue(db: Session, name: str, **payload: Any) -> Job:
    """Ask for a job; it is there when the transaction is, and not otherwise."""
    now = clock.now()
    job = Job(name=name, payload=payload, queued_at=now, due_at=now)
    db.add(job)
    db.flush()
    return job


def take(db: Session, worker: str | None = None) -> Job | None:
    """Lease the oldest job that is due, or whose worker died; `worker` is the name by which that is found out."""
    now = clock.now()
    waiting = (Job.state == JobState.WAITING) & (Job.due_at <= now)
    orphaned = (Job.state == JobState.RUNNING) & (Job.lease_until < now)
    oldest = select(Job).where(waiting | orphaned).order_by(Job.queued_at, Job.id).limit(1)
    job = db.scalar(oldest.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    if job is not None:
        job.state, job.lease_until, job.tries, job.worker = JobState.RUNNING, now + LEASE, job.tries + 1, worker
    db.commit()
    return job


def run(db: Session, doors: Any, job: Job) -> None:
    """Do one leased job; a failure is tried again later and parked after the third time."""
    job_id, name, tries = job.id, job.name, job.tries
    try:
        if tries > TRIES:
            raise RuntimeError("the worker died three times on this job")
        _handlers[name](db, doors, **job.payload)
        db.flush()
        # a letter's link is nobody's business once it is sent, so the payload goes
        if not _leave(db, job_id, tries, state=JobState.DONE, error=None, payload={}):
            db.rollback()
            log.warning("job %s (%s) was taken up by another worker meanwhile", job_id, name)
        db.commit()
    except Exception as error:  # whatever one job does, the others go on
        db.rollback()
        log.exception("job %s (%s) failed", job_id, name)
        state = JobState.PARKED if tries >= TRIES else JobState.WAITING
        words = f"{type(error).__name__}: {error}"[:2000]
        _leave(db, job_id, tries, state=state, error=words, due_at=clock.now() + PAUSE * tries)
        db.commit()


def _leave(db: Session, job_id: str, tries: int, **facts: Any) -> bool:
    """Let go of a job, if it is still the one that was taken."""
    held = (Job.id == job_id, Job.state == JobState.RUNNING, Job.tries == tries)
    left: Any = db.execute(update(Job).where(*held).values(lease_until=None, worker=None, **facts))
    return bool(left.rowcount == 1)


def drain(db: Session, doors: Any, worker: str | None = None) -> int:
    """Run everything that is due; returns how many jobs were run."""
    count = 0
    while (job := take(db, worker)) is not None:
        run(db, doors, job)
        count += 1
    return count


def release_orphans(db: Session, alive: Callable[[str], bool] = lambda _worker: False) -> None:
    """At a worker's start: what a dead one was doing waits again; what a living one is doing is left to it."""
    for job in db.scalars(select(Job).where(Job.state == JobState.RUNNING)).all():
        if job.worker is None or not alive(job.worker):
            job.state, job.lease_until, job.worker = JobState.WAITING, None, None
    db.commit()

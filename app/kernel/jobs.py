"""Slow work, kept as rows beside the facts it is about, so that neither can exist without the other.

A job is written in the same transaction as its cause. The worker (Huey) takes what waits; a worker that
dies leaves the job "running" with an old lease, and the next sweep takes it up again.
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


def take(db: Session) -> Job | None:
    """Lease the oldest job that is due, or whose worker died."""
    now = clock.now()
    waiting = (Job.state == JobState.WAITING) & (Job.due_at <= now)
    orphaned = (Job.state == JobState.RUNNING) & (Job.lease_until < now)
    job = db.scalar(select(Job).where(waiting | orphaned).order_by(Job.queued_at, Job.id).limit(1))
    if job is not None:
        job.state, job.lease_until, job.tries = JobState.RUNNING, now + LEASE, job.tries + 1
    db.commit()
    return job


def run(db: Session, doors: Any, job: Job) -> None:
    """Do one leased job; a failure is tried again later and parked after the third time."""
    try:
        if job.tries > TRIES:
            raise RuntimeError("the worker died three times on this job")
        _handlers[job.name](db, doors, **job.payload)
        job.state, job.lease_until, job.error = JobState.DONE, None, None
        job.payload = {}  # a letter's link is nobody's business once it is sent
        db.commit()
    except Exception as error:  # whatever one job does, the others go on
        db.rollback()
        log.exception("job %s (%s) failed", job.id, job.name)
        last = job.tries >= TRIES
        db.execute(
            update(Job)
            .where(Job.id == job.id)
            .values(
                state=JobState.PARKED if last else JobState.WAITING,
                lease_until=None,
                due_at=clock.now() + PAUSE * job.tries,
                error=f"{type(error).__name__}: {error}"[:2000],
            )
        )
        db.commit()


def drain(db: Session, doors: Any) -> int:
    """Run everything that is due; returns how many jobs were run."""
    count = 0
    while (job := take(db)) is not None:
        run(db, doors, job)
        count += 1
    return count


def release_orphans(db: Session) -> None:
    """At the worker's start: whatever was running when the last one died waits again."""
    db.execute(update(Job).where(Job.state == JobState.RUNNING).values(state=JobState.WAITING, lease_until=None))
    db.commit()

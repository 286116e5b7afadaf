"""The worker of a portal under test: it wakes when something is committed, and can be waited for."""

from __future__ import annotations

import threading
import time
from typing import Any

from flask import Flask
from sqlalchemy import event, func, select

from app.doors import Doors
from app.journey import actions as journey
from app.kernel import clock, jobs
from app.kernel.db import db, reading
from app.kernel.jobs import Job, JobState

PATIENCE = 180.0
SWEEP = 1.0  # as the real one sweeps each minute: what failed once is due again later


class Worker:
    """Drains the jobs and tends the calendar in a thread of its own, as `qcp worker` does."""

    def __init__(self, app: Flask, doors: Doors) -> None:
        self._app, self._doors = app, doors
        self._wake, self._rested = threading.Event(), threading.Condition()
        self._asked = self._served = 0
        self._over = False
        self._thread = threading.Thread(target=self._work, name="worker")

    def start(self) -> None:
        event.listen(db.session_factory, "after_commit", self._committed)
        self._thread.start()

    def stop(self) -> None:
        self._over = True
        self._wake.set()
        self._thread.join()
        event.remove(db.session_factory, "after_commit", self._committed)

    def nudge(self) -> None:
        """There may be something to do."""
        with self._rested:
            self._asked += 1
        self._wake.set()

    def wait(self) -> None:
        """Come back when all is done that was asked for until now; a job that failed is told as the fault it is."""
        until = time.monotonic() + PATIENCE
        with self._rested:
            asked = self._asked
            while (unfinished := _unfinished()) or self._served < asked:
                assert not any(error for _, error in unfinished), f"work failed: {unfinished}"
                assert time.monotonic() < until, f"still at work: {unfinished}"
                self._rested.wait(0.1)

    def _committed(self, _session: Any) -> None:
        if threading.current_thread() is not self._thread:
            self.nudge()

    def _work(self) -> None:
        while not self._over:
            self._wake.clear()
            asked = self._asked
            with self._app.app_context():
                try:
                    jobs.drain(db(), self._doors)
                    journey.tend(db(), now=clock.now())
                    db().commit()
                finally:
                    db.remove()
            with self._rested:
                self._served = asked
                self._rested.notify_all()
            self._wake.wait(SWEEP)


def _unfinished() -> list[tuple[str, str | None]]:
    token = reading.set(True)
    try:
        open_ = select(Job.name, Job.error).where(Job.state.in_([JobState.WAITING, JobState.RUNNING]))
        parked = select(Job.name, func.coalesce(Job.error, "parked")).where(Job.state == JobState.PARKED)
        return [(name, error) for query in (open_, parked) for name, error in db().execute(query)]
    finally:
        db.remove()
        reading.reset(token)

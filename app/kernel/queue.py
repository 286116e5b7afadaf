"""The queue between the web and the worker: Huey on SQLite, which only says "there is work"."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from huey import SqliteHuey, crontab
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kernel.db import db
from app.kernel.jobs import Job


def open_queue(path: Path, work: Callable[[], Any]) -> SqliteHuey:
    """A queue whose only task is `work`; a sweep each minute takes up what a dead worker left."""
    huey = SqliteHuey("qcp", filename=str(path), results=False)

    @huey.task(name="work")  # type: ignore[untyped-decorator]
    def work_now() -> None:
        work()

    @huey.periodic_task(crontab(minute="*"), name="sweep")  # type: ignore[untyped-decorator]
    def sweep() -> None:
        work()

    huey.work_now = work_now
    return huey


def nudge_after_commit(huey: SqliteHuey) -> None:
    """Wake the worker when a transaction that holds new jobs has been kept."""

    def notice(session: Session, _flush: Any) -> None:
        if any(isinstance(thing, Job) for thing in session.new):
            session.info["new_jobs"] = True

    def wake(session: Session) -> None:
        if session.info.pop("new_jobs", False):
            huey.work_now()

    event.listen(db.session_factory, "after_flush", notice)
    event.listen(db.session_factory, "after_commit", wake)

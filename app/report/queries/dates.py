"""The running dates of a case, and how a report writes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.program import defaults
from app.program import queries as program
from app.program.models import Due
from app.program.rules.clocks import DueState, Step, due
from app.program.rules.derivation import derive
from app.report.rules.dates import KEPT, long_day, owed_word


def running(db: Session, case_id: str, key: str) -> Due | None:
    """The one date of this kind that runs in the case."""
    return next((one for one in program.running(db, case_id) if one.key == key), None)


def outer_limit(db: Session, case_id: str) -> date | None:
    """The last day of the case."""
    found = program.outer_limit(db, case_id)
    return found.due_on if found else None


def evidence_by(db: Session, case_id: str, *, on: date) -> date | None:
    """The day by which everything must be shown: as it runs, or as it would run if the report were issued."""
    if found := running(db, case_id, "evidence.submit"):
        return found.due_on
    limit = outer_limit(db, case_id)
    return program.due_date(db, "evidence.submit", limit, on=on) if limit else None


def of_report(db: Session, case_id: str, *, on: date) -> list[dict[str, Any]]:
    """The dates that follow from issuing a report on a day, each with its sum."""
    limit = outer_limit(db, case_id)
    starts = [("ccr.clarify", on, "report issued"), ("plan.submit", on, "report issued")]
    if limit:
        starts.append(("evidence.submit", limit, "outer limit of the case"))
    return [_said(key, start, event, program.work_out(db, key, start, on=on)) for key, start, event in starts]


def _said(key: str, start: date, event: str, steps: list[Step]) -> dict[str, Any]:
    clock = defaults.clock(key)
    derived = derive(rule=clock.rule, key=key, version=1, event=event, steps=steps)
    return {
        "key": key,
        "what": clock.title,
        "start": start.isoformat(),
        "event": event,
        "rule": str(steps[0]["span"]),
        "steps": [f"{derived.starts}", f"Not counted: {derived.not_counted}."],
        "due": due(steps).isoformat(),
        "owed": owed_word(clock.owed_by),
        "missed": clock.if_missed,
    }


def kept(db: Session, case_id: str, on: date) -> list[dict[str, str]]:
    """The Program's own dates that are kept with this report."""
    asked = select(Due).where(Due.case_id == case_id, Due.key.in_(KEPT), Due.state == DueState.MET)
    return [
        {
            "key": one.key,
            "what": one.title,
            "event": f"{one.event} {long_day(one.starts_on)}",
            "rule": str(one.sum[0]["span"]),
            "due": one.due_on.isoformat(),
            "done": (one.met_on or on).isoformat(),
        }
        for one in db.scalars(asked.order_by(Due.due_on))
        if (one.met_on or on) <= one.due_on
    ]

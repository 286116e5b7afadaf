"""The practice writes its plan and sends it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.evidence.models import Version
from app.kernel import clock, ledger
from app.kernel.words import clock_time
from app.people.models import User
from app.people.rules import Role
from app.program import actions as program
from app.report.actions import telling
from app.report.models import Plan, PlanLine, Sending
from app.report.queries import plans
from app.report.rules.ccr import REQUIREMENT_MOVES, NotNow, after
from app.report.rules.plan import PLAN_MOVES, PlanText, Stage, why_not_submit


class ChangedMeanwhile(NotNow):
    """Somebody else saved the line after it was opened; nothing was overwritten."""

    def __init__(self, line: PlanLine) -> None:
        who, when = line.saved_by or "Somebody", clock_time(line.saved_at)
        super().__init__([f"{who} saved this line at {when}, after you opened it. Nothing was overwritten."])


def save_line(
    db: Session, line: PlanLine, text: PlanText, *, answer: str = "", seen: int, by: User, now: datetime
) -> None:
    """Keep what was written in a line; `seen` is the edition the writer had before them."""
    if not line.editable:
        raise NotNow(["This line is locked: it was sent or accepted."])
    if seen != line.edition:
        raise ChangedMeanwhile(line)
    before = {**asdict(line.text), "answer": line.answer}
    fresh = {**asdict(text), "answer": answer}
    changed = {name: value for name, value in fresh.items() if value != before[name]}
    if not changed:
        return
    for name, value in changed.items():
        setattr(line, name, value)
    _touch(line, by, now)
    old = {name: _plain(before[name]) for name in changed}
    new = {name: _plain(value) for name, value in changed.items()}
    ledger.record(db, "plan line saved", by=by, now=now, about=line, before=old, after=new)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _touch(line: PlanLine, by: User, now: datetime) -> None:
    line.edition, line.saved_at, line.saved_by = line.edition + 1, now, by.short_name


def link_document(db: Session, line: PlanLine, version: Version, *, by: User, now: datetime) -> None:
    """Tie a document of the binder to a line of the plan."""
    if not line.editable:
        raise NotNow(["This line is locked: it was sent or accepted."])
    if any(one["version"] == version.id for one in line.documents):
        return
    name = f"{version.document.title}, version {version.number}"
    line.documents = [*line.documents, {"version": version.id, "name": name}]
    _touch(line, by, now)
    ledger.record(db, "document linked to plan line", by=by, now=now, about=line, after={"name": name})


def unlink_document(db: Session, line: PlanLine, version_id: str, *, by: User, now: datetime) -> None:
    """Take a document off a line; the document itself stays in the binder."""
    if not line.editable:
        raise NotNow(["This line is locked: it was sent or accepted."])
    before = list(line.documents)
    line.documents = [one for one in before if one["version"] != version_id]
    if line.documents != before:
        _touch(line, by, now)
        ledger.record(db, "document taken off plan line", by=by, now=now, about=line, before={"documents": before})


def submit_plan(db: Session, plan: Plan, *, by: User, now: datetime) -> Sending:
    """Send the plan, or the lines that came back, to the Program; what was sent is frozen."""
    state = after(PLAN_MOVES, "submit", plan.state)
    today = clock.day_of(now)
    if reasons := why_not_submit(plans.gaps(db, plan, today), plans.unchanged(plan)):
        raise NotNow(reasons)
    sent = [line for line in plan.lines if line.editable]
    plan.round, plan.submitted_on = plan.round + 1, today
    for line in sent:
        line.requirement.state = after(REQUIREMENT_MOVES, "plan", line.requirement.state)
        line.sent, line.returned = line.frozen, False
    plan.state = state
    sending = _keep(plan, sent, by, now)
    _clocks(db, plan, now)
    facts = {"round": plan.round, "lines": [line.requirement.code for line in sent]}
    ledger.record(db, "plan submitted", by=by, now=now, about=plan, after=facts)
    telling.reviewers(db, plan.case_id, plan.practice_id, subject="An action plan waits for your verdict",
                      body=f"Round {plan.round}: give a verdict on each line in the portal.",
                      url=f"/plans/{plan.id}/review", now=now)  # fmt: skip
    return sending


def _keep(plan: Plan, lines: list[PlanLine], by: User, now: datetime) -> Sending:
    data = {"lines": {line.requirement.label: line.frozen | {"answer": line.answer} for line in lines}}
    for line in lines:
        line.answer = ""
    sending = Sending(practice_id=plan.practice_id, stage=Stage.PLAN, round=plan.round, at=now, by_name=by.name,
                      by_title=by.title, data=data)  # fmt: skip
    plan.sendings.append(sending)
    return sending


def _clocks(db: Session, plan: Plan, now: datetime) -> None:
    program.meet_clock(db, plan, "plan.submit", now=now)
    program.meet_clock(db, plan, "plan.resubmit", now=now)
    program.start_clock(db, "plan.review", practice_id=plan.practice_id, case_id=plan.case_id, about=plan,
                        event="plan submitted", start=clock.day_of(now), owed_by=Role.REVIEWER, now=now)  # fmt: skip

"""Submitting, returning, withdrawing and ending an application."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.application.actions.notices import tell_practice, tell_staff
from app.application.actions.papers import long_day, receipt_data
from app.application.actions.sites import keep_identity, keep_sites
from app.application.models import Application, Snapshot
from app.application.queries import submission as queries
from app.application.rules.case import MOVES, Outcome, Refused, State, why_not_move
from app.application.rules.steps import Slug
from app.application.rules.submission import changes, sha256_of, snapshot_number
from app.documents import actions as documents
from app.documents.rules import PaperKind
from app.kernel import clock, ledger, words
from app.people.models import User
from app.people.rules import Role
from app.program import actions as program
from app.program import queries as clocks

LIMIT, NAMED, LOOK, ANSWER = "case.outer_limit", "survey.name_surveyor", "application.look", "application.answer"


def submit(db: Session, application: Application, *, by: User, now: datetime) -> Snapshot:
    """The signer submits: everything is locked in a snapshot, the receipt is ordered, the case is ready."""
    _guard(db, application, "submit", by, now)
    keep_identity(db, application, by=by, now=now)
    keep_sites(db, application, by=by, now=now)
    application.ready_at = now
    return _lock(db, application, "submit", "application submitted", by=by, now=now)


def resubmit(db: Session, application: Application, *, by: User, now: datetime) -> Snapshot:
    """The signer submits the steps that came back; the day on which the case became ready stays."""
    _guard(db, application, "resubmit", by, now)
    keep_identity(db, application, by=by, now=now)
    keep_sites(db, application, by=by, now=now)
    snapshot = _lock(db, application, "resubmit", "application submitted again", by=by, now=now)
    for record in application.steps:
        record.returned_at = record.return_reason = None
    return snapshot


def _guard(db: Session, application: Application, move: str, by: User, now: datetime) -> None:
    reasons = why_not_move(move, application.state)
    if not by.holds(Role.SIGNER, application.practice_id):
        reasons.append("Only a signer of the practice can submit.")
    reasons += queries.reasons(db, application, clock.day_of(now)) if not reasons else []
    if reasons:
        raise Refused(reasons)


def _lock(db: Session, application: Application, move: str, what: str, *, by: User, now: datetime) -> Snapshot:
    today, turn = clock.day_of(now), len(application.snapshots) + 1
    body = queries.body(db, application, by=by, now=now, today=today)
    sha256 = sha256_of(body)
    before = queries.latest_snapshot(application)
    application.state = MOVES[move][1]
    consequences = _start_clocks(db, application, today, now)
    number = snapshot_number(application.number, turn)
    paper = documents.order(
        db, kind=PaperKind.RECEIPT, practice_id=application.practice_id, case_id=application.id, number=number,
        data=receipt_data(application, body | {"sha256": sha256}, turn, consequences, by=by, now=now), version=1,
        title=f"Submission receipt, {application.practice.public_name}, {long_day(today)}", by=by, now=now,
    )  # fmt: skip
    snapshot = Snapshot(
        practice_id=application.practice_id, turn=turn, number=number, made_at=now, made_by=by.id, body=body,
        sha256=sha256, changes=changes(before.body, body) if before else [], paper_id=paper.id,
    )  # fmt: skip
    application.snapshots.append(snapshot)
    facts = {"snapshot": number, "sha256": sha256, "files": len(body["files"])}
    ledger.record(db, what, by=by, now=now, about=application, after=facts)
    _tell(db, application, number, now)
    return snapshot


def _start_clocks(db: Session, application: Application, today: date, now: datetime) -> list[list[str]]:
    """Start what the submission starts; answers what the receipt says about it."""
    about: dict[str, Any] = {"practice_id": application.practice_id, "case_id": application.id, "about": application,
                             "start": today, "now": now}  # fmt: skip
    for met in ("application.draft", ANSWER):
        program.meet_clock(db, application, met, now=now)
    program.start_clock(db, LOOK, event="application submitted", owed_by=Role.STAFF, **about)
    for key, role in ((LIMIT, Role.OWNER), (NAMED, Role.STAFF)):
        due = clocks.due(db, application, key)
        if due is None:
            program.start_clock(db, key, event="application ready", owed_by=role, **about)
        elif due.paused_on:
            program.resume_clock(db, due, by=None, now=now)
    ready = words.local(application.ready_at or now).date()
    lines = [["Case is ready since", long_day(ready)]]
    for key, label in ((LIMIT, "Outer limit of the case"), (NAMED, "Name of the surveyor by")):
        if due := clocks.due(db, application, key):
            lines.append([label, f"{long_day(due.due_on)} ({clocks.span(db, key, today)})"])
    return lines


def _tell(db: Session, application: Application, number: str, now: datetime) -> None:
    tell_practice(
        db, application, now=now, roles=(Role.SIGNER,), subject=f"Application {application.number} is ready for survey",
        body=f"Receipt {number} lists every file with its hash. The Program names a surveyor next.",
    )  # fmt: skip
    tell_staff(
        db, application, now=now, subject=f"Application {application.number} was submitted",
        body=f"{application.practice.public_name} is ready. Look the application through and name a surveyor.",
    )  # fmt: skip


def return_(
    db: Session, application: Application, reasons: Mapping[Slug, str], *, by: User, now: datetime
) -> None:  # fmt: skip
    """Staff send named steps back, each with a reason; only these unlock, and the Program's clocks pause."""
    refused = why_not_move("return", application.state)
    if not any(text.strip() for text in reasons.values()):
        refused.append("Name at least one step and say what has to change.")
    if refused:
        raise Refused(refused)
    application.state = State.RETURNED
    for slug, text in reasons.items():
        record = application.step(slug)
        record.returned_at, record.return_reason = now, text.strip()
    program.meet_clock(db, application, LOOK, now=now)
    if (due := clocks.due(db, application, NAMED)) and due.open and not due.paused_on:
        program.pause_clock(db, due, why="the application was returned to the practice", by=by, now=now)
    program.start_clock(
        db, ANSWER, practice_id=application.practice_id, case_id=application.id, about=application,
        event="application returned", start=clock.day_of(now), owed_by=Role.SIGNER, now=now,
    )  # fmt: skip
    ledger.record(db, "application returned", by=by, now=now, about=application,
                  after={"steps": {slug.value: text for slug, text in reasons.items()}})  # fmt: skip
    tell_practice(
        db, application, now=now, roles=(Role.SIGNER,), subject=f"Application {application.number} came back",
        body="The Program asks for changes. Each step that came back says what.",
    )  # fmt: skip


def looked_through(db: Session, application: Application, *, by: User, now: datetime) -> None:
    """Staff have looked through a submitted application and found nothing to return."""
    if application.state is not State.READY:
        raise Refused(why_not_move("return", application.state))
    program.meet_clock(db, application, LOOK, now=now)
    ledger.record(db, "application looked through", by=by, now=now, about=application)


def withdraw(db: Session, application: Application, *, reason: str, by: User, now: datetime) -> None:
    """The signer gives the application up, with a reason."""
    if reasons := why_not_move("withdraw", application.state):
        raise Refused(reasons)
    _close(db, application, Outcome.WITHDRAWN, "application withdrawn", why=reason, by=by, now=now)


def end(db: Session, application: Application, *, outcome: Outcome, by: User | None, now: datetime) -> None:
    """The decision ends the case: certified or not."""
    if reasons := why_not_move("end", application.state):
        raise Refused(reasons)
    _close(db, application, Outcome(outcome), f"application ended: {outcome}", why=None, by=by, now=now)


def lapse(db: Session, application: Application, *, why: str, now: datetime) -> None:
    """The clock closes an application whose limit has passed; the answers stay."""
    if reasons := why_not_move("lapse", application.state):
        raise Refused(reasons)
    _close(db, application, Outcome.LAPSED, "application lapsed", why=why, by=None, now=now)


def lapse_overdue(db: Session, now: datetime) -> list[Application]:
    """The day's end: drafts whose last day has passed are closed, answers kept; may be called as often as one likes."""
    overdue = [due for due in clocks.overdue(db, clock.day_of(now)) if due.key == "application.draft"]
    lapsed = [one for due in overdue if (one := db.get(Application, due.about_id)) and one.state is State.DRAFT]
    for one in lapsed:
        lapse(db, one, why="the last day on which it could be submitted has passed", now=now)
    return lapsed


def _close(
    db: Session, application: Application, outcome: Outcome, what: str, *, why: str | None, by: User | None,
    now: datetime,
) -> None:  # fmt: skip
    before = {"state": application.state}
    application.state, application.outcome, application.closed_at = State.CLOSED, outcome, now
    program.end_case(db, application.id, why=what)
    ledger.record(db, what, by=by, now=now, about=application, why=why, before=before, after={"outcome": outcome})

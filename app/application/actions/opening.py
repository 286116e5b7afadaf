"""Opening an application on a final report."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.actions.notices import tell_practice
from app.application.models import Application, StepRecord
from app.application.queries import opening
from app.application.rules.case import Refused, State, next_number
from app.application.rules.steps import STEPS
from app.evidence import actions as evidence
from app.kernel import clock, ledger
from app.kernel.ids import new_id
from app.participation.models import ScoreReport
from app.people.models import Practice, User
from app.people.rules import Role
from app.program import actions as program
from app.standards import queries as standards


def open_for(db: Session, report: ScoreReport, *, by: User, now: datetime) -> Application:
    """Open an application on a final report; raises Refused with every reason against it."""
    today = clock.day_of(now)
    practice = db.get_one(Practice, report.practice_id)
    if reasons := opening.reasons(db, practice, report, today):
        raise Refused([reason.says for reason in reasons])
    edition = standards.current_edition(db)
    case_id = new_id()  # the binder is told which case it belongs to
    binder = evidence.open_binder(db, practice, edition.id, by=by, now=now, case_id=case_id)
    application = Application(
        id=case_id, practice_id=practice.id,
        number=next_number(today.year, list(db.scalars(select(Application.number)))),
        score_report_id=report.id, edition_id=edition.id, binder_id=binder.id, state=State.DRAFT, opened_at=now,
        opened_by=by.id, steps=[StepRecord(slug=step.slug) for step in STEPS],
    )  # fmt: skip
    db.add(application)
    db.flush()
    program.start_clock(
        db, "application.draft", practice_id=practice.id, case_id=application.id, about=application,
        event="application opened", start=today, owed_by=Role.SIGNER, limit=report.usable_until,
        limit_is="the last day on which the score opens an application", now=now,
    )  # fmt: skip
    facts = {"number": application.number, "report": report.number, "edition": edition.code}
    ledger.record(db, "application opened", by=by, now=now, about=application, after=facts)
    tell_practice(
        db, application, now=now, subject=f"Application {application.number} is open",
        body="The six steps can be filled in by several people at once. Everything is saved as you go.",
    )  # fmt: skip
    return application

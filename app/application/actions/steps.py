"""Working on steps: opening them for change, confirming the first one, giving one to a person, settling states."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app.application.actions.texts import show_texts
from app.application.models import Application
from app.application.queries import opening
from app.application.queries.steps import step_now, tracker
from app.application.rules.case import Refused
from app.application.rules.steps import Slug
from app.kernel import clock, ledger
from app.people.models import User


def begin(db: Session, application: Application, slug: Slug, *, now: datetime) -> None:
    """Somebody starts to change a step; refused while it waits for another one, or after submission."""
    found = step_now(db, application, slug, clock.day_of(now))
    reasons = list(found.shut)
    if found.waits:
        reasons.append(f"This step opens when {' and '.join(found.waits)} is complete.")
    if reasons:
        raise Refused(reasons)
    found.record.begun_at = now


def settle(db: Session, application: Application, *, now: datetime) -> None:
    """Keep when a step was first complete, so that a later fall is seen as a doubt and not as unfinished work."""
    db.flush()
    db.expire(application, ["dates"])
    for found in tracker(db, application, clock.day_of(now)):
        if found.complete and found.record.completed_at is None:
            found.record.completed_at = now
    db.flush()


def affirm(db: Session, application: Application, *, fte: Decimal, by: User, now: datetime) -> None:
    """Step 1: the practice confirms sites and FTE and affirms a policy for every standard."""
    begin(db, application, Slug.ELIGIBILITY, now=now)
    if reasons := opening.reasons_at_step_one(db, application, clock.day_of(now)):
        raise Refused([reason.says for reason in reasons])
    before = {"fte": application.fte}
    application.fte, application.confirmed_at = f"{fte.normalize():f}", now
    application.policies_affirmed_at, application.policies_affirmed_by = now, by.id
    show_texts(db, application, by=by, now=now)
    ledger.record(db, "eligibility confirmed", by=by, now=now, about=application, before=before,
                  after={"fte": application.fte})  # fmt: skip
    settle(db, application, now=now)


def give(db: Session, application: Application, slug: Slug, person: User | None, *, by: User, now: datetime) -> None:
    """Give a step to one person of the practice, or take it back."""
    if person is not None and all(held.practice_id != application.practice_id for held in person.memberships):
        raise Refused(["Only somebody of the practice can hold a step."])
    record = application.step(slug)
    before = {"holder": record.holder.name if record.holder else None}
    record.holder = person
    after = {"holder": person.name if person else None, "step": slug}
    ledger.record(db, "step given", by=by, now=now, about=application, before=before, after=after)

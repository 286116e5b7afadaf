"""The tracker: where each of the six steps stands, what it misses, and who holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.application.models import Application, StepRecord
from app.application.queries import agreements, dates, opening, payment, questionnaire
from app.application.rules.case import State
from app.application.rules.questionnaire import SECTIONS, Examined
from app.application.rules.steps import BY_SLUG, STEPS, Gap, Slug, Step, StepState, state_of, waits_for, why_shut
from app.evidence import queries as evidence
from app.people import queries as people
from app.people.models import User
from app.people.rules import Role

Holders = dict[Slug, User | None]


@dataclass(frozen=True)
class StepNow:
    """One step as it stands."""

    step: Step
    state: StepState
    gaps: list[Gap]
    waits: list[str]
    shut: list[str]
    record: StepRecord
    holder: User | None

    @property
    def complete(self) -> bool:
        return self.state is StepState.COMPLETE

    @property
    def open(self) -> bool:
        """Can somebody work on it now?"""
        return not self.waits and not self.shut


def tracker(db: Session, application: Application, today: date) -> list[StepNow]:
    """The six steps, worked out from the facts."""
    usual = _usual_holders(db, application)
    if application.state in (State.READY, State.CLOSED):
        return [_locked(application, step, usual) for step in STEPS]
    answers = questionnaire.examined(db, application, today)
    sections = {letter for letter, found in answers.items() if found.complete}
    complete: set[Slug] = set()
    steps = []
    for step in STEPS:
        gaps = _gaps(db, application, step.slug, answers, today)
        now = _now(application, step, gaps, complete, sections, usual)
        complete |= {step.slug} if now.complete else set()
        steps.append(now)
    return steps


def step_now(db: Session, application: Application, slug: Slug, today: date) -> StepNow:
    """One step of the tracker."""
    return next(one for one in tracker(db, application, today) if one.step.slug is slug)


def returned(application: Application) -> set[Slug]:
    """The steps that the Program has asked to be changed."""
    return {record.slug for record in application.steps if record.return_reason}


def _usual_holders(db: Session, application: Application) -> Holders:
    """Who holds a step that was given to nobody: the signer for agreements, else the owner."""
    signer, owner = (
        next(iter(people.holders(db, role, application.practice_id)), None) for role in (Role.SIGNER, Role.OWNER)
    )
    return {slug: signer if slug is Slug.AGREEMENTS else owner for slug in Slug}


def _locked(application: Application, step: Step, usual: Holders) -> StepNow:
    record, shut = application.step(step.slug), why_shut(application.state, step.slug, set())
    state = StepState.COMPLETE if application.ready_at or record.completed_at else StepState.LOCKED
    return StepNow(step, state, [], [], shut, record, record.holder or usual[step.slug])


def _now(
    application: Application, step: Step, gaps: list[Gap], complete: set[Slug], sections: set[str], usual: Holders
) -> StepNow:
    record = application.step(step.slug)
    waits = waits_for(step, complete, sections)
    begun = record.begun_at is not None
    state = state_of(open_=not waits, begun=begun, gaps=bool(gaps), was_complete=record.completed_at is not None)
    if record.return_reason and not _answered(application, record):
        state = StepState.ATTENTION
    shut = why_shut(application.state, step.slug, returned(application))
    return StepNow(step, state, gaps, waits, shut, record, record.holder or usual[step.slug])


def _answered(application: Application, record: StepRecord) -> bool:
    """Has anything been changed in a step since it came back?"""
    if record.slug is Slug.POLICIES and application.snapshots:
        return bool(application.snapshots[-1].body["binder"]["revision"] != application.binder.revision)
    return bool(record.begun_at and record.returned_at and record.begun_at > record.returned_at)


def _gaps(
    db: Session, application: Application, slug: Slug, answers: dict[str, Examined], today: date
) -> list[Gap]:  # fmt: skip
    here = {"application_id": application.id, "slug": slug.value}
    if slug is Slug.QUESTIONNAIRE:
        return _answers(application, answers)
    if slug is Slug.POLICIES:
        return _slots(db, application)
    says = {
        Slug.ELIGIBILITY: lambda: _eligibility(db, application, today),
        Slug.AGREEMENTS: lambda: _unsigned(db, application, today),
        Slug.PAYMENT: lambda: payment.missing(db, application, today),
        Slug.DATES: lambda: dates.missing(db, application, today),
    }[slug]()
    return [Gap(one, "application.step", here) for one in says]


def _eligibility(db: Session, application: Application, today: date) -> list[str]:
    says = [reason.says for reason in opening.reasons_at_step_one(db, application, today)]
    if application.confirmed_at is None:
        says.append("Sites and oncologists are not confirmed yet.")
    if application.policies_affirmed_at is None:
        says.append("It is not affirmed yet that there is a policy for every standard.")
    return says


def _unsigned(db: Session, application: Application, today: date) -> list[str]:
    found = agreements.agreements(db, application, today)
    if not found:
        return ["The Program has no agreement in force; its staff have to put that right."]
    return [
        f"{one.version.title}: "
        + ("a new version is in force and has to be signed." if one.earlier else "not signed yet.")
        for one in found
        if one.signature is None
    ]


def _answers(application: Application, answers: dict[str, Examined]) -> list[Gap]:
    return [
        Gap(
            f"Section {section.letter}, {section.title.lower()}: {_so_many(answers[section.letter])}",
            "application.section",
            {"application_id": application.id, "letter": section.letter},
        )
        for section in SECTIONS
        if answers[section.letter].problems
    ]


def _so_many(found: Examined) -> str:
    count = len(found.problems)
    return "1 answer is missing or has to change." if count == 1 else f"{count} answers are missing or have to change."


def _slots(db: Session, application: Application) -> list[Gap]:
    """What keeps the binder from being submitted: rows without anything, files nobody sees yet, passages gone."""
    here, binder = {"application_id": application.id, "slug": Slug.POLICIES.value}, application.binder
    waiting, held = evidence.waiting(db, binder), evidence.held_back(db, binder)
    files = [Gap(f"{waiting} of your files are still being read.", "application.step", here)] if waiting else []
    files += [Gap(f"{one.title} is held back: it may name patients.", "evidence.document", {"document_id": one.id})
              for one in held]  # fmt: skip
    gone = [
        Gap(f"{pin.code}: a passage pinned in {pin.document.title} is gone from its new version.", "evidence.carried",
            {"document_id": pin.document_id})
        for pin in evidence.carried(db, binder) if pin.lost
    ]  # fmt: skip
    return [*files, *gone] + [
        Gap(f"{row.code} {row.title}: neither a passage nor a reason.", "evidence.slot",
            {"binder_id": application.binder_id, "code": row.code})
        for row in evidence.uncovered_slots(db, binder)
    ]  # fmt: skip


def warnings(db: Session, application: Application, today: date) -> list[Gap]:
    """What the binder's readiness check finds and what does not keep the application from being submitted."""
    if application.state not in (State.DRAFT, State.RETURNED):
        return []
    found = [group for group in evidence.readiness(db, application.binder, today) if not group.blocks]
    args = {"binder_id": application.binder_id}
    return [Gap(f"{group.title}: {len(group.gaps)}", "evidence.readiness", args) for group in found]


def title(slug: Slug) -> str:
    """How a step is named in sentences: step 4, payment."""
    return f"step {BY_SLUG[slug].number}, {BY_SLUG[slug].title.lower()}"

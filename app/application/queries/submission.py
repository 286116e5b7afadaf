"""What stands between an application and its submission, and what is locked when it is submitted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.models import Application, Snapshot
from app.application.queries import agreements, payment, questionnaire
from app.application.queries.steps import StepNow, tracker
from app.application.rules.submission import STATEMENT
from app.evidence.models import NaClaim, Pin, Version
from app.evidence.queries import SEEN
from app.evidence.rules import ClaimState
from app.people.models import User
from app.standards.rules import sort_key


def gaps(db: Session, application: Application, today: date) -> list[StepNow]:
    """The steps that are not complete, each with what it misses; none means it can be submitted."""
    return [step for step in tracker(db, application, today) if not step.complete]


def reasons(db: Session, application: Application, today: date) -> list[str]:
    """Every gap as a sentence."""
    return [
        f"Step {one.step.number}, {one.step.title.lower()}: {says}"
        for one in gaps(db, application, today)
        for says in [gap.says for gap in one.gaps] or _waiting(one)
    ]


def _waiting(step: StepNow) -> list[str]:
    if step.waits:
        return [f"waits for {' and '.join(step.waits)}."]
    return [f"it came back and has to be changed: {step.record.return_reason}"]


def latest_snapshot(application: Application) -> Snapshot | None:
    """What was submitted last."""
    return application.snapshots[-1] if application.snapshots else None


def body(db: Session, application: Application, *, by: User, now: datetime, today: date) -> dict[str, Any]:
    """Everything that is locked: answers, signatures, files, passages, claims, dates."""
    practice, report = application.practice, application.score_report
    return {
        "schema": "qcp-application-1",
        "case": application.number,
        "practice": {"legal_name": practice.legal_name, "public_name": practice.public_name},
        "edition": {"code": application.edition.code, "title": application.edition.title,
                    "sample": application.edition.sample},
        "eligibility": {"report": report.number, "percent": report.percent, "fte": application.fte,
                        "usable_until": _iso(report.usable_until), "confirmed_at": _iso(application.confirmed_at),
                        "policies_affirmed_by": application.policies_affirmed_by},
        "signatures": _signatures(db, application, today),
        "answers": questionnaire.values(db, application, today),
        "truth": _truth(db, application),
        "invoices": [{"number": one.number, "state": one.state, "total_cents": one.total_cents}
                     for one in payment.invoices(db, application)],
        "binder": {"id": application.binder_id, "revision": application.binder.revision},
        "dates": [one.on_day.isoformat() for one in application.dates],
        "statement": STATEMENT,
        "submitted_at": now.isoformat(),
        "submitted_by": {"id": by.id, "name": by.name, "title": by.title},
        **binder(db, application),
    }  # fmt: skip


def binder(db: Session, application: Application) -> dict[str, Any]:
    """The files of the binder with hash and visible since, the passages pinned, the rows that do not apply."""
    held = application.binder_id
    versions = list(db.scalars(select(Version).where(Version.binder_id == held, Version.state.in_(SEEN))))
    pins = list(db.scalars(select(Pin).where(Pin.binder_id == held)))
    standing = select(NaClaim).where(NaClaim.binder_id == held, NaClaim.state != ClaimState.REFUSED)
    claims = list(db.scalars(standing))
    names = {one.id: one.filename for one in versions}
    rows: dict[str, set[str]] = {}
    for pin in pins:
        rows.setdefault(pin.version_id, set()).add(pin.code)
    return {
        "files": [
            {"name": one.filename, "bytes": one.size, "pages": one.pages, "sha256": one.sha256,
             "visible_since": _minute(one.visible_since), "rows": sorted(rows.get(one.id, ()), key=sort_key)}
            for one in sorted(versions, key=lambda one: one.filename)
        ],
        "pins": [
            {"code": pin.code, "file": names.get(pin.version_id, "an earlier version"), "page": pin.page,
             "quote": pin.quote}
            for pin in sorted(pins, key=lambda pin: (sort_key(pin.code), pin.at, pin.id))
        ],
        "na_claims": [{"code": one.code, "reason": one.reason}
                      for one in sorted(claims, key=lambda one: sort_key(one.code))],
    }  # fmt: skip


def _signatures(db: Session, application: Application, today: date) -> list[dict[str, Any]]:
    return [
        {"key": one.version.key, "version": one.version.version, "text_sha256": one.signature.text_sha256,
         "by": one.signature.typed_name, "at": one.signature.signed_at.isoformat(), "paper": one.signature.paper_id}
        for one in agreements.agreements(db, application, today)
        if one.signature is not None
    ]  # fmt: skip


def _truth(db: Session, application: Application) -> dict[str, str] | None:
    closing = questionnaire.sections(db, application).get("J")
    return {"by": closing.editor.name, "at": closing.saved_at.isoformat()} if closing else None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _minute(value: datetime | None) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if value else ""

"""Signing the agreements of step 2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.application.actions.steps import begin, settle
from app.application.actions.texts import order_copy
from app.application.models import AgreementVersion, Application, Signature
from app.application.queries import agreements as queries
from app.application.rules.agreements import AUTHORITY, BUTTON, CONSENT, why_not_sign
from app.application.rules.case import Refused
from app.application.rules.steps import Slug
from app.kernel import clock, ledger, words
from app.people.models import User


@dataclass(frozen=True)
class Ceremony:
    """What the signer typed and ticked, and from where."""

    typed_name: str
    title: str
    authority: bool
    consent: bool
    proved_at: datetime | None
    ip: str
    browser: str
    text_sha256: str


def sign(
    db: Session, application: Application, version: AgreementVersion, ceremony: Ceremony, *, by: User, now: datetime
) -> Signature:  # fmt: skip
    """A signer binds the practice; the record holds everything that the guide's 7.3 asks for."""
    begin(db, application, Slug.AGREEMENTS, now=now)
    shown = queries.shown(db, application, version)
    sha256 = shown.sha256 if shown else None
    reasons = why_not_sign(
        typed_name=ceremony.typed_name, account_name=by.name, authority=ceremony.authority, consent=ceremony.consent,
        proved_at=ceremony.proved_at, shown=sha256 is not None, now=now,
    )  # fmt: skip
    reasons += _why_not_now(db, application, version, ceremony, sha256, clock.day_of(now))
    if reasons or sha256 is None or ceremony.proved_at is None:
        raise Refused(reasons)
    signature = Signature(
        practice_id=application.practice_id, application_id=application.id, agreement_version_id=version.id,
        text_sha256=sha256, legal_name=application.practice.legal_name, typed_name=ceremony.typed_name,
        title=ceremony.title, authority=AUTHORITY.format(practice=application.practice.legal_name), consent=CONSENT,
        button=BUTTON.format(title=version.title.lower()), user_id=by.id, proved_at=ceremony.proved_at,
        proved_by="password", signed_at=now, zone=str(clock.PROGRAM_ZONE), ip=ceremony.ip,
        browser=ceremony.browser[:400],
    )  # fmt: skip
    paper = order_copy(db, application, version, signature=_record(signature, by), by=by, now=now)
    signature.paper_id = paper.id
    db.add(signature)
    facts = {"agreement": version.key, "version": version.version, "text_sha256": sha256}
    ledger.record(db, "agreement signed", by=by, now=now, about=signature, after=facts)
    settle(db, application, now=now)
    return signature


def _why_not_now(
    db: Session, application: Application, version: AgreementVersion, ceremony: Ceremony, sha256: str | None, on: date
) -> list[str]:  # fmt: skip
    reasons = []
    if version.id not in {one.id for one in queries.in_force(db, on)}:
        reasons.append("This version is no longer in force. Read the new one.")
    if any(one.agreement_version_id == version.id for one in queries.signatures(db, application.practice_id)):
        reasons.append("This version is signed already.")
    if sha256 is not None and ceremony.text_sha256 != sha256:
        reasons.append("The text changed while you were reading. Read it again, then sign.")
    return reasons


def _record(signature: Signature, by: User) -> dict[str, Any]:
    local = words.local(signature.signed_at)
    return {
        "legal_name": signature.legal_name, "name": signature.typed_name, "title": signature.title,
        "authority": signature.authority, "consent": signature.consent, "button": signature.button,
        "at": f"{signature.signed_at:%Y-%m-%dT%H:%M:%SZ}", "local": f"{local:%H:%M:%S}",
        "zone": f"{local.tzname()}, {signature.zone}", "account": by.email,
        "proved": f"Password given at {signature.proved_at:%H:%M:%S} UTC", "ip": signature.ip,
        "browser": signature.browser, "shown_sha256": signature.text_sha256, "countersigner": None,
    }  # fmt: skip

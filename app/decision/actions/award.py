"""The award: a certification, its signed certificate, the offer of a plaque, and the end of the case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.application import actions as application
from app.application.rules.case import Outcome
from app.decision import queries
from app.decision.models import CertificateVersion, Certification, CertifiedSite, Plaque
from app.decision.rules import certificate_number
from app.documents import actions as documents
from app.documents.models import Paper
from app.documents.rules import PaperKind
from app.kernel import clock, ledger
from app.notices.actions import tell
from app.people.models import Practice, User
from app.people.queries import team
from app.program import actions as program
from app.program import queries as settings
from app.program.actions import Refused
from app.program.rules.clocks import due
from app.report.models import ComplianceReport

SCOPE = "This certificate concerns the practice at these sites. It does not certify single clinicians."


def award(db: Session, report: ComplianceReport, *, by: User, now: datetime) -> Certification:
    """Certify the practice for a term, on the strength of its last compliance report."""
    if reasons := queries.why_not_award(db, report):
        raise Refused(reasons)
    today = clock.day_of(now)
    certification = _grant(db, report, today)
    version = issue_version(db, certification, by=by, now=now)
    program.meet_clock(db, report, "decision.record", now=now)
    application.end(db, certification.application, outcome=Outcome.CERTIFIED, by=by, now=now)
    _offer_plaque(db, certification, now=now)  # after the case's own clocks have ended
    program.start_clock(
        db, "term", practice_id=certification.practice_id, case_id=None, about=certification,
        event="certification awarded", start=today, now=now,
    )  # fmt: skip
    after = {
        "number": certification.number,
        "valid_through": certification.valid_through.isoformat(),
        "certificate": version.version,
    }
    ledger.record(db, "certification awarded", by=by, now=now, about=certification, after=after)
    _tell(db, certification, now)
    return certification


def _grant(db: Session, report: ComplianceReport, today: date) -> Certification:
    practice, case = db.get_one(Practice, report.practice_id), queries.case_of(db, report)
    count = queries.next_count(db, today.year)
    steps = settings.work_out(db, "term", today, on=today)
    certification = Certification(
        practice=practice,
        practice_id=practice.id,
        application=case,
        application_id=case.id,
        report_id=report.id,
        edition=case.edition,
        number=certificate_number(today.year, count),
        year=today.year,
        count=count,
        legal_name=practice.legal_name,
        public_name=practice.public_name or practice.legal_name,
        website=practice.website,
        since=today,
        awarded_on=today,
        valid_through=due(steps),
        years=due(steps).year - today.year,
        sites=_sites(practice),
    )
    db.add(certification)
    db.flush()
    return certification


def _sites(practice: Practice) -> list[CertifiedSite]:
    return [
        CertifiedSite(
            position=position, code=site.code, name=site.name, address=site.address, city=site.city,
            region=site.region, postcode=site.postcode, country=practice.country, main=site.main,
        )
        for position, site in enumerate(practice.sites, start=1)
    ]  # fmt: skip


def issue_version(db: Session, certification: Certification, *, by: User, now: datetime) -> CertificateVersion:
    """Order the signed certificate. It is part of the verb that asks for it."""
    number = len(certification.versions) + 1
    paper = _certificate_paper(db, certification, number, by=by, now=now)
    version = CertificateVersion(
        certification=certification, practice_id=certification.practice_id, version=number,
        issued_on=clock.day_of(now), paper=paper,
    )  # fmt: skip
    db.add(version)
    db.flush()
    return version


def _certificate_paper(db: Session, certification: Certification, version: int, *, by: User, now: datetime) -> Paper:
    return documents.order(
        db,
        kind=PaperKind.CERTIFICATE,
        data=_certificate(db, certification, clock.day_of(now)),
        practice_id=certification.practice_id,
        case_id=certification.case_id,
        number=certification.number,
        version=version,
        title=f"Certificate {certification.number}, {certification.public_name}",
        by=by,
        now=now,
    )


def _certificate(db: Session, certification: Certification, today: date) -> dict[str, Any]:
    edition = certification.edition
    in_force = edition.in_force_from or edition.imported_at.date()
    return {
        "sample": edition.sample,
        "edition": {"name": edition.title, "version": edition.code, "in_force": in_force.isoformat()},
        "sites": [{"code": site.code, "name": site.name, "address": site.place} for site in certification.sites],
        "awarded_on": certification.awarded_on.isoformat(),
        "valid_through": certification.valid_through.isoformat(),
        "years": certification.years,
        "signatories": queries.signatories(db, today),
        "scope_note": SCOPE,
    }


def _offer_plaque(db: Session, certification: Certification, *, now: datetime) -> Plaque:
    plaque = Plaque(
        certification=certification, practice_id=certification.practice_id, case_id=certification.case_id,
        offered_at=now, moved_at=now,
    )  # fmt: skip
    db.add(plaque)
    program.start_clock(
        db, "plaque.details", practice_id=plaque.practice_id, case_id=plaque.case_id, about=plaque,
        event="certification awarded", start=clock.day_of(now), now=now,
    )  # fmt: skip
    return plaque


def _tell(db: Session, certification: Certification, now: datetime) -> None:
    tell(
        db,
        team(db, certification.practice_id),
        subject="Your practice is certified",
        body=f"{certification.public_name} is certified as {certification.number}. The certificate is in the portal, "
        "and a plaque is yours without charge: please confirm the line to be engraved.",
        url=f"/practices/{certification.practice_id}/certification",
        practice_id=certification.practice_id,
        now=now,
    )

"""Which agreements are in force, which are signed, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.models import AgreementVersion, Application, Signature
from app.application.rules.agreements import SHORT, Key, VersionState, filled
from app.documents import rules as paper_rules
from app.documents.models import Paper
from app.documents.rules import PaperKind, PaperState
from app.people.models import Practice

LANGUAGE = "en"


@dataclass(frozen=True)
class Agreement:
    """One agreement as a practice sees it: its text in force, its signature, the file that is read."""

    version: AgreementVersion
    signature: Signature | None
    earlier: Signature | None
    shown: Paper | None

    @property
    def readable(self) -> bool:
        """Is the file there that is read before signing?"""
        return self.shown is not None and self.shown.state is PaperState.ISSUED


def in_force(db: Session, on: date) -> list[AgreementVersion]:
    """The version of each agreement that is in force, in the order of the Program."""
    found = select(AgreementVersion).where(
        AgreementVersion.state == VersionState.IN_FORCE,
        AgreementVersion.language == LANGUAGE,
        AgreementVersion.effective_from <= on,
    )
    return sorted(db.scalars(found), key=lambda version: list(Key).index(version.key))


def signatures(db: Session, practice_id: str) -> list[Signature]:
    """Everything a practice has signed, the latest first."""
    found = select(Signature).where(Signature.practice_id == practice_id)
    return list(db.scalars(found.order_by(Signature.signed_at.desc())))


def agreements(db: Session, application: Application, on: date) -> list[Agreement]:
    """The agreements of step 2."""
    signed = signatures(db, application.practice_id)
    return [
        Agreement(
            version,
            next((one for one in signed if one.agreement_version_id == version.id), None),
            next((one for one in signed if one.version.key is version.key), None),
            shown(db, application, version),
        )
        for version in in_force(db, on)
    ]


def paper_number(application: Application, version: AgreementVersion) -> str:
    """The number of an agreement's paper: version 1 is what is read, version 2 what was signed."""
    return f"AGR-{application.number}-{SHORT[version.key]}-{version.version}"


def shown(db: Session, application: Application, version: AgreementVersion) -> Paper | None:
    """The file of the text as it is read before signing."""
    number = paper_number(application, version)
    return db.scalar(select(Paper).where(Paper.kind == PaperKind.AGREEMENT, Paper.number == number, Paper.version == 1))


def blanks(practice: Practice) -> dict[str, str | None]:
    """What fills the blanks of a text before anybody signs."""
    names = [site.name for site in practice.sites]
    town = paper_rules.address_lines(practice.address, practice.city, practice.region, practice.postcode)
    return {
        "legal_name": practice.legal_name,
        "address": ", ".join(town),
        "sites": " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names),
        "signer_name": None,
        "signer_title": None,
    }


def text(version: AgreementVersion, practice: Practice) -> list[tuple[str, list[str]]]:
    """The exact text, blanks filled, as headings with paragraphs: the words of the file that is read."""
    fill = blanks(practice)
    return [
        (part["heading"], [filled(paragraph, fill) for paragraph in part["paragraphs"]])
        for part in version.body["sections"]
    ]

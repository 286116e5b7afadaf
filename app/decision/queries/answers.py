"""What is said in public about a number, a code or a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.decision.models import CertificateVersion, Certification
from app.decision.queries.certifications import by_number, standing
from app.decision.rules import Standing, VersionState
from app.documents import queries as papers
from app.documents.models import Paper
from app.documents.queries import Recognition
from app.documents.rules import VERIFIED_BY_NUMBER, PaperKind


def version_of(db: Session, paper: Paper) -> CertificateVersion | None:
    """The certificate version that this paper is."""
    return db.scalar(select(CertificateVersion).where(CertificateVersion.paper_id == paper.id))


def paper_standing(db: Session, paper: Paper, today: date) -> Standing:
    """What a paper of ours says today."""
    if paper.kind not in VERIFIED_BY_NUMBER:
        return Standing.VALID if papers.is_current(db, paper) else Standing.SUPERSEDED
    certification = by_number(db, paper.number)
    if certification is None:
        return Standing.UNKNOWN
    word, version = standing(certification, today), version_of(db, paper)
    replaced = paper.kind is PaperKind.CERTIFICATE and (version is None or version.state is VersionState.SUPERSEDED)
    return Standing.SUPERSEDED if word is Standing.VALID and replaced else word


@dataclass(frozen=True)
class Answer:
    """What is said in public about a number or a code."""

    asked: str
    word: Standing
    certification: Certification | None
    paper: Paper | None


def answer(db: Session, asked: str, today: date) -> Answer:
    """The public answer; what we never issued is unknown, and nothing more is said about it."""
    if (certification := by_number(db, asked)) is not None:
        return Answer(asked, standing(certification, today), certification, None)
    if (paper := papers.by_code(db, asked.upper())) is not None:
        return Answer(asked, paper_standing(db, paper, today), None, paper)
    return Answer(asked, Standing.UNKNOWN, None, None)


@dataclass(frozen=True)
class Judged:
    """What is said about a file that somebody holds."""

    name: str
    found: Recognition
    word: Standing
    certification: Certification | None

    @property
    def genuine(self) -> bool:
        """Ours, unchanged, and in the register."""
        return self.found.ours and self.found.intact and self.found.paper is not None


def judged(db: Session, found: Recognition, *, name: str, today: date) -> Judged:
    """A recognition together with what its paper says today."""
    paper = found.paper
    if paper is None:
        return Judged(name, found, Standing.UNKNOWN, None)
    of_number = by_number(db, paper.number) if paper.kind in VERIFIED_BY_NUMBER else None
    return Judged(name, found, paper_standing(db, paper, today), of_number)

"""Questions about official paper."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.documents.models import Paper
from app.documents.press import Press
from app.documents.rules import PaperKind, PaperState


@dataclass(frozen=True)
class Recognition:
    """What we can say of a file that somebody holds."""

    ours: bool
    intact: bool
    paper: Paper | None
    why: list[str]
    signed_by: str | None
    signed_at: datetime | None


def recognize(db: Session, pdf: bytes, press: Press) -> Recognition:
    """Is this file ours and unchanged? Its bytes are compared with the register and its signature with our root."""
    paper = db.scalar(select(Paper).where(Paper.sha256 == hashlib.sha256(pdf).hexdigest()))
    if paper is None:
        return _of_a_stranger(pdf, press)
    if not paper.signed:
        return Recognition(True, True, paper, [], None, None)
    seal = press.examine(pdf)  # our own bytes; they need no cage
    return Recognition(True, seal.holds, paper, seal.why, seal.signed_by, seal.signed_at)


def _of_a_stranger(pdf: bytes, press: Press) -> Recognition:
    if not pdf.startswith(b"%PDF-"):
        return Recognition(False, False, None, ["It is not a PDF file as the Program issues them"], None, None)
    seal = press.judge(pdf)
    why = seal.why or ["The Program signed it, but it is not in this register"]
    return Recognition(seal.ours, seal.holds, None, why, seal.signed_by, seal.signed_at)


def versions(db: Session, kind: PaperKind, number: str) -> list[Paper]:
    """Every version of a paper, newest first."""
    asked = select(Paper).where(Paper.kind == kind, Paper.number == number).order_by(Paper.version.desc())
    return list(db.scalars(asked))


def next_version(db: Session, kind: PaperKind, number: str) -> int:
    """The version that the next paper of this number will have."""
    newest = db.scalar(select(func.max(Paper.version)).where(Paper.kind == kind, Paper.number == number))
    return (newest or 0) + 1


def is_current(db: Session, paper: Paper) -> bool:
    """Has no newer version been issued?"""
    newer = select(Paper.id).where(
        Paper.kind == paper.kind,
        Paper.number == paper.number,
        Paper.version > paper.version,
        Paper.state == PaperState.ISSUED,
    )
    return db.scalar(newer.limit(1)) is None


def by_code(db: Session, code: str) -> Paper | None:
    """The issued paper with this verify code."""
    return db.scalar(select(Paper).where(Paper.code == code, Paper.state == PaperState.ISSUED))

"""Every official paper that was ever ordered, with the data it was made from."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.documents import rules
from app.documents.rules import PaperKind, PaperState
from app.kernel.db import At, Base, Id, Json, ref, words


class Paper(Base):
    """One version of one paper. What it says never changes; a correction is the next version."""

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("kind", "number", "version"),
        CheckConstraint("(state = 'issued') = (sha256 IS NOT NULL)", name="issued_has_bytes"),
        CheckConstraint("(sha256 IS NULL) = (size IS NULL)", name="bytes_are_counted"),
        CheckConstraint("(sha256 IS NULL) = (issued_at IS NULL)", name="issued_says_when"),
        CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name="failed_says_why"),
        CheckConstraint("version >= 1 AND (size IS NULL OR size > 0)", name="counts_from_one"),
    )

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    kind: Mapped[PaperKind] = words(PaperKind)
    number: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[PaperState] = words(PaperState, default=PaperState.ORDERED)
    signed: Mapped[bool] = mapped_column(default=True)
    code: Mapped[str] = mapped_column(String(40), unique=True, default=rules.new_code)
    data: Mapped[Json]
    ordered_at: Mapped[At]
    issued_at: Mapped[At | None]
    sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    size: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(2000))

    @property
    def open_to_case(self) -> bool:
        """May the surveyor and the reviewer of the case read it?"""
        return self.kind in rules.CASE_KINDS

    @property
    def verify_code(self) -> str:
        """What stands in the address that is printed on the paper."""
        return self.number if self.kind in rules.VERIFIED_BY_NUMBER else self.code

    @property
    def filename(self) -> str:
        return rules.filename(self.kind, self.number, self.version)

"""Versions of the agreements, and the signatures under them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.application.rules.agreements import Key, VersionState
from app.documents.models import Paper
from app.kernel.db import At, Base, Id, Json, ref, words
from app.people.models import User


class AgreementVersion(Base):
    """One dated text of one agreement, with blanks. A text that was signed never changes."""

    __tablename__ = "agreement_version"
    __table_args__ = (
        UniqueConstraint("key", "version", "language"),
        Index(
            "one_in_force", "key", "language", unique=True,
            sqlite_where=text("state = 'in_force'"), postgresql_where=text("state = 'in_force'"),
        ),
    )  # fmt: skip

    id: Mapped[Id]
    key: Mapped[Key] = words(Key)
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    sample: Mapped[bool]
    effective_from: Mapped[date]
    state: Mapped[VersionState] = words(VersionState, default=VersionState.IN_FORCE)
    body: Mapped[Json]
    loaded_at: Mapped[At]


class Signature(Base):
    """Everything that an electronic signature says about itself."""

    __tablename__ = "signature"
    __table_args__ = (
        CheckConstraint("length(text_sha256) = 64", name="names_its_text"),
        CheckConstraint("proved_at <= signed_at", name="proved_before_signing"),
        UniqueConstraint("practice_id", "agreement_version_id"),
    )

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    application_id: Mapped[str | None] = ref("application.id")
    agreement_version_id: Mapped[str] = ref("agreement_version.id")
    text_sha256: Mapped[str] = mapped_column(String(64))
    legal_name: Mapped[str] = mapped_column(String(200))
    typed_name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(120))
    authority: Mapped[str] = mapped_column(String(500))
    consent: Mapped[str] = mapped_column(String(500))
    button: Mapped[str] = mapped_column(String(120))
    user_id: Mapped[str] = ref("person.id")
    proved_at: Mapped[At]
    proved_by: Mapped[str] = mapped_column(String(60))
    signed_at: Mapped[At]
    zone: Mapped[str] = mapped_column(String(60))
    ip: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(400))
    paper_id: Mapped[str] = ref("paper.id")

    version: Mapped[AgreementVersion] = relationship(lazy="joined")
    user: Mapped[User] = relationship()
    paper: Mapped[Paper] = relationship()

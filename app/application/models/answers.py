"""The questionnaire as it was typed: sections, their history, and drafts that met somebody else's."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import At, Base, Id, Json, ref
from app.people.models import User


class AnswerSection(Base):
    """One section as it stands, invalid answers included; its version counts the savings."""

    __tablename__ = "answer_section"
    __table_args__ = (
        UniqueConstraint("application_id", "letter"),
        CheckConstraint("length(letter) = 1 AND version >= 1", name="is_a_section"),
    )

    id: Mapped[Id]
    application_id: Mapped[str] = ref("application.id")
    practice_id: Mapped[str] = ref("practice.id")
    letter: Mapped[str] = mapped_column(String(1))
    version: Mapped[int]
    answers: Mapped[Json]
    checked: Mapped[bool] = mapped_column(default=False)
    page: Mapped[str] = mapped_column(String(32))
    saved_at: Mapped[At]
    saved_by: Mapped[str] = ref("person.id")

    editor: Mapped[User] = relationship()


class AnswerDraft(Base):
    """What somebody typed while somebody else saved the same section: kept beside it until they choose."""

    __tablename__ = "answer_draft"
    __table_args__ = (UniqueConstraint("application_id", "letter", "user_id"),)

    id: Mapped[Id]
    application_id: Mapped[str] = ref("application.id")
    practice_id: Mapped[str] = ref("practice.id")
    letter: Mapped[str] = mapped_column(String(1))
    user_id: Mapped[str] = ref("person.id")
    base_version: Mapped[int]
    answers: Mapped[Json]
    kept_at: Mapped[At]

"""What ties documents to rows: pins, claims that a row does not apply, the thread of a row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Boolean, CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.evidence.models.binders import Document, Version
from app.evidence.rules.mapping import Carried, ClaimState, Side
from app.kernel.db import At, Base, Id, ref, words


class Pin(Base):
    """A document, or a passage of it, tied to a row of the edition."""

    __tablename__ = "pin"
    __table_args__ = (CheckConstraint("quote IS NULL OR page IS NOT NULL", name="a_quote_has_its_page"),)

    id: Mapped[Id]
    binder_id: Mapped[str] = ref("binder.id")
    practice_id: Mapped[str] = ref("practice.id")
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    document_id: Mapped[str] = ref("document.id")
    version_id: Mapped[str] = ref("version.id")
    code: Mapped[str] = mapped_column(String(16), index=True)
    page: Mapped[int | None]
    quote: Mapped[str | None] = mapped_column(Text)
    boxes: Mapped[list[list[int]] | None] = mapped_column(JSON)
    carried: Mapped[Carried | None] = words(Carried)
    was_page: Mapped[int | None]
    was_quote: Mapped[str | None] = mapped_column(Text)
    checked_at: Mapped[datetime | None]
    suggested: Mapped[bool] = mapped_column(Boolean, default=False)
    by_id: Mapped[str | None] = ref("person.id")
    at: Mapped[At]

    document: Mapped[Document] = relationship()
    version: Mapped[Version] = relationship()

    @property
    def lost(self) -> bool:
        """Its words are gone from the new version, and nobody has said yet what answers instead."""
        return self.carried is Carried.LOST and self.checked_at is None

    @property
    def to_check(self) -> bool:
        """Its words changed or are gone, and the practice has not looked yet."""
        return self.carried in (Carried.CHANGED, Carried.LOST) and self.checked_at is None

    @property
    def whole(self) -> bool:
        """Does it tie the document as a whole, without a passage?"""
        return self.page is None and not self.lost


class NaClaim(Base):
    """ "This row does not apply to us", with the reason; the surveyor accepts or refuses it."""

    __tablename__ = "na_claim"
    __table_args__ = (
        UniqueConstraint("binder_id", "code"),
        CheckConstraint("length(reason) >= 20", name="says_why"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"),
    )

    id: Mapped[Id]
    binder_id: Mapped[str] = ref("binder.id")
    practice_id: Mapped[str] = ref("practice.id")
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    code: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[ClaimState] = words(ClaimState, default=ClaimState.CLAIMED)
    by_id: Mapped[str | None] = ref("person.id")
    at: Mapped[At]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = ref("person.id")
    answered_at: Mapped[datetime | None]


class Message(Base):
    """One message of the thread of a row: a word, a question for one more file, or the file that answers it."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("length(text) > 0 OR version_id IS NOT NULL", name="says_or_brings_something"),
        CheckConstraint("NOT asks_file OR side = 'program'", name="the_program_asks"),
        CheckConstraint("(settled_at IS NULL) OR asks_file", name="only_questions_are_settled"),
    )

    id: Mapped[Id]
    binder_id: Mapped[str] = ref("binder.id")
    practice_id: Mapped[str] = ref("practice.id")
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    code: Mapped[str] = mapped_column(String(16), index=True)
    side: Mapped[Side] = words(Side)
    by_id: Mapped[str] = ref("person.id")
    at: Mapped[At]
    text: Mapped[str] = mapped_column(Text, default="")
    asks_file: Mapped[bool] = mapped_column(Boolean, default=False)
    settled_at: Mapped[datetime | None]
    version_id: Mapped[str | None] = ref("version.id")

    version: Mapped[Version | None] = relationship()

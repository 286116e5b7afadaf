"""Binders: documents and their versions, the text of their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.evidence.rules.files import Kind, Source, State
from app.evidence.rules.places import Written
from app.kernel.db import At, Base, Id, ref, words
from app.people.models import Site


class Binder(Base):
    """All documents of one application, by standard. Its revision says when an index is out of date."""

    __tablename__ = "binder"
    __table_args__ = (CheckConstraint("revision >= 0", name="revision_counts_up"),)

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    edition_id: Mapped[str] = ref("edition.id")
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    revision: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[At]
    frozen_at: Mapped[datetime | None]

    documents: Mapped[list[Document]] = relationship(back_populates="binder", order_by="Document.title")


# The sites for which a document is in force; a document without any is in force at every site.
document_site = Table(
    "document_site",
    Base.metadata,
    Column("document_id", String(32), ForeignKey("document.id"), primary_key=True),
    Column("site_id", String(32), ForeignKey("site.id"), primary_key=True, index=True),
)


class Document(Base):
    """One policy, form or other paper of the practice, with all its versions."""

    __tablename__ = "document"
    __table_args__ = (CheckConstraint("length(title) > 0", name="has_a_title"),)

    id: Mapped[Id]
    binder_id: Mapped[str] = ref("binder.id")
    practice_id: Mapped[str] = ref("practice.id")
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    title: Mapped[str] = mapped_column(String(200))
    policy_type: Mapped[str | None] = mapped_column(String(40))
    since: Mapped[At]

    binder: Mapped[Binder] = relationship(back_populates="documents")
    versions: Mapped[list[Version]] = relationship(back_populates="document", order_by="Version.number")
    sites: Mapped[list[Site]] = relationship(secondary=document_site, order_by="Site.code")

    @property
    def kept_from_program(self) -> bool:
        """Nothing of it was ever visible."""
        return all(version.kept_from_program for version in self.versions)


class Version(Base):
    """One file of a document, untouched under its SHA-256, and its reading copy."""

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        Index(
            "one_of_a_kind", "binder_id", "sha256", unique=True,
            sqlite_where=text("state NOT IN ('replaced', 'withdrawn')"),
            postgresql_where=text("state NOT IN ('replaced', 'withdrawn')"),
        ),
        CheckConstraint("state <> 'readable' OR (copy_key IS NOT NULL AND pages > 0)", name="readable_has_a_copy"),
        CheckConstraint("visible_since IS NULL OR state NOT IN ('checking', 'held')", name="seen_after_checking"),
        CheckConstraint("(cleared_at IS NULL) = (cleared_reason IS NULL)", name="cleared_says_why"),
        CheckConstraint("purged_at IS NULL OR state IN ('replaced', 'withdrawn')", name="purged_is_out_of_use"),
        CheckConstraint("length(sha256) = 64 AND size > 0", name="bytes_are_known"),
    )  # fmt: skip

    id: Mapped[Id]
    document_id: Mapped[str] = ref("document.id")
    binder_id: Mapped[str] = ref("binder.id")
    practice_id: Mapped[str] = ref("practice.id")
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    number: Mapped[int]
    filename: Mapped[str] = mapped_column(String(255))
    kind: Mapped[Kind] = words(Kind)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    state: Mapped[State] = words(State, default=State.CHECKING)
    trouble: Mapped[str | None] = mapped_column(String(400))
    pages: Mapped[int | None]
    copy_key: Mapped[str | None] = mapped_column(String(64))
    uploaded_by: Mapped[str | None] = ref("person.id")
    uploaded_at: Mapped[At]
    visible_since: Mapped[datetime | None]
    effective_on: Mapped[date | None] = mapped_column(Date)
    reviewed_on: Mapped[date | None] = mapped_column(Date)
    review_due_on: Mapped[date | None] = mapped_column(Date)
    dated_by: Mapped[str | None] = ref("person.id")
    dated_at: Mapped[datetime | None]  # since when a person stands for the dates; before that the document says them
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list)  # what could act in the file and its copy lacks
    finds: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # what looks like a patient's identity
    cleared_by: Mapped[str | None] = ref("person.id")
    cleared_at: Mapped[datetime | None]
    cleared_reason: Mapped[str | None] = mapped_column(String(400))
    purged_at: Mapped[datetime | None]  # since when its bytes are gone for good

    document: Mapped[Document] = relationship(back_populates="versions")

    @property
    def kept_from_program(self) -> bool:
        """Being read, held back, or gone before anybody of the Program could see it."""
        return self.visible_since is None


class Places(TypeDecorator[Any]):
    """JSON that is stored as it came, where it came as JSON."""

    impl = JSON
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        usual = super().bind_processor(dialect)
        return lambda value: value.text if isinstance(value, Written) else usual(value) if usual else value


class Page(Base):
    """The text of one page of a reading copy, and the places of its words: [start and end in the text, left, top,
    width, height in ten-thousandths of the page]."""

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("version_id", "number"),
        CheckConstraint("number > 0", name="pages_count_from_one"),
        CheckConstraint("(source = 'ocr') = (confidence IS NOT NULL)", name="recognized_words_say_how_sure"),
    )

    id: Mapped[Id]
    version_id: Mapped[str] = ref("version.id")
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    headings: Mapped[list[str]] = mapped_column(JSON)
    source: Mapped[Source] = words(Source)
    confidence: Mapped[int | None]
    boxes: Mapped[list[list[int]]] = mapped_column(Places, deferred=True)
    width: Mapped[float] = mapped_column(default=0.0)
    height: Mapped[float] = mapped_column(default=0.0)

    version: Mapped[Version] = relationship()

"""Editions and their rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import At, Base, Id, JsonList, ref, words
from app.standards.rules import EditionState, Evidence, Kind, needs_document, without_answers


class Edition(Base):
    """One dated version of the Standards; each application is pinned to one."""

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("(state = 'draft') = (in_force_from IS NULL)", name="in_force_has_a_day"),
        CheckConstraint("length(code) > 0 AND length(title) > 0", name="has_a_name"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    sample: Mapped[bool]
    state: Mapped[EditionState] = words(EditionState, default=EditionState.DRAFT)
    imported_at: Mapped[At]
    in_force_from: Mapped[date | None]

    lines: Mapped[list[StandardRow]] = relationship(
        back_populates="edition", order_by="StandardRow.position", cascade="all, delete-orphan"
    )


class StandardRow(Base):
    """A domain, a standard or an element of an edition."""

    __tablename__ = "standard_row"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        UniqueConstraint("edition_id", "position"),
        CheckConstraint("(kind = 'domain') = (parent IS NULL)", name="only_domains_stand_alone"),
        CheckConstraint("na_allowed = (na_condition IS NOT NULL)", name="na_says_when"),
    )

    id: Mapped[Id]
    edition_id: Mapped[str] = ref("edition.id")
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    parent: Mapped[str | None] = mapped_column(String(20))
    domain: Mapped[str] = mapped_column(String(8))
    kind: Mapped[Kind] = words(Kind)
    title: Mapped[str] = mapped_column(String(200))
    requirement: Mapped[str]
    methods: Mapped[JsonList]
    evidence_kinds: Mapped[JsonList]
    policy_types: Mapped[JsonList]
    na_allowed: Mapped[bool]
    na_condition: Mapped[str | None]
    search_terms: Mapped[JsonList]
    typical_finding: Mapped[str]

    edition: Mapped[Edition] = relationship(back_populates="lines")

    @property
    def needs_document(self) -> bool:
        """Does the row want a policy or a form uploaded (a slot)?"""
        return needs_document(self.kind, self.evidence_kinds)

    @property
    def na_when(self) -> str:
        """When the row need not apply, in words: without the answers of the questionnaire that say so."""
        return without_answers(self.na_condition or "")

    @property
    def rated(self) -> bool:
        """Domains are headings; everything else gets a rating."""
        return self.kind is not Kind.DOMAIN

    @property
    def depth(self) -> int:
        """0 for a domain, 1 for a standard, 2 and more for elements."""
        return self.code.count(".")

    @property
    def kinds(self) -> list[Evidence]:
        return [Evidence(kind) for kind in self.evidence_kinds]

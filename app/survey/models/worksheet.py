"""The worksheet: one entry per row and visited site, and the observations under it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import At, Base, Id, JsonList, ref, words
from app.people.models import Site
from app.standards.rules import Method
from app.survey.models.survey import Survey
from app.survey.rules.worksheet import Harm, Rating, SourceKind, Spread


class Entry(Base):
    """What the surveyor says about one row at one site; `version` counts its savings."""

    __tablename__ = "survey_entry"
    __table_args__ = (
        UniqueConstraint("survey_id", "code", "site_id"),
        CheckConstraint("(version = 0) = (saved_at IS NULL)", name="saved_says_when"),
        CheckConstraint("version > 0 OR rating = 'not assessed'", name="rated_was_saved"),
    )

    id: Mapped[Id]
    survey_id: Mapped[str] = ref("survey.id")
    practice_id: Mapped[str] = ref("practice.id")
    site_id: Mapped[str] = ref("site.id")
    code: Mapped[str] = mapped_column(String(20))
    rating: Mapped[Rating] = words(Rating, default=Rating.NOT_ASSESSED)
    methods: Mapped[JsonList] = mapped_column(default=list)
    na_reason: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")  # the surveyor's own, never in a report
    suggestion: Mapped[str] = mapped_column(Text, default="")
    good_practice: Mapped[str] = mapped_column(Text, default="")
    harm: Mapped[Harm | None] = words(Harm)
    spread: Mapped[Spread | None] = words(Spread)
    open: Mapped[bool] = mapped_column(default=True)  # sent rows are locked until staff ask about them
    version: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[At | None]

    survey: Mapped[Survey] = relationship()
    site: Mapped[Site] = relationship()
    observations: Mapped[list[Observation]] = relationship(
        back_populates="entry", order_by="(Observation.made_at, Observation.id)"
    )

    @property
    def case_id(self) -> str:
        return self.survey.application_id

    @property
    def writable(self) -> bool:
        """May this entry be changed now?"""
        return self.open and self.survey.open_for_rating

    @property
    def standing(self) -> list[Observation]:
        """The observations that were not taken back or replaced."""
        gone = {noted.replaces_id for noted in self.observations}
        return [noted for noted in self.observations if not noted.withdraws and noted.id not in gone]


class Observation(Base):
    """One noted fact with its source. Rows are only added: a correction replaces, a withdrawal says why."""

    __tablename__ = "survey_observation"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="says_something"),
        CheckConstraint("NOT withdraws OR replaces_id IS NOT NULL", name="withdraws_one"),
        CheckConstraint("withdraws OR length(source) > 0", name="has_a_source"),
        CheckConstraint("page IS NULL OR version_id IS NOT NULL", name="a_page_of_a_document"),
        CheckConstraint("page IS NULL OR page > 0", name="pages_count_from_one"),
    )

    id: Mapped[Id]
    entry_id: Mapped[str] = ref("survey_entry.id")
    practice_id: Mapped[str] = ref("practice.id")
    text: Mapped[str] = mapped_column(Text)
    method: Mapped[Method] = words(Method)
    source_kind: Mapped[SourceKind] = words(SourceKind)
    source: Mapped[str] = mapped_column(String(200), default="")
    version_id: Mapped[str | None] = ref("version.id")  # the document version relied on
    page: Mapped[int | None]
    quote: Mapped[str] = mapped_column(Text, default="")
    replaces_id: Mapped[str | None] = ref("survey_observation.id")
    withdraws: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[At]
    made_by_id: Mapped[str] = ref("person.id")

    entry: Mapped[Entry] = relationship(back_populates="observations")

    @property
    def case_id(self) -> str:
        return self.entry.case_id

    @property
    def citation(self) -> str:
        """Where it was found, in words."""
        return f"{self.source}, page {self.page}" if self.page else self.source

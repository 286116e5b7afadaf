"""A survey and the sites it visits."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.application.models import Application
from app.kernel.db import At, Base, Id, ref, words
from app.people.models import Practice, Site, User
from app.survey.rules.committee import Result
from app.survey.rules.moves import SurveyState
from app.survey.rules.visit import SurveyKind


class VisitedSite(Base):
    """A site the surveyor goes to, and the note of its exit meeting."""

    __tablename__ = "survey_site"
    __table_args__ = (UniqueConstraint("survey_id", "site_id"),)

    id: Mapped[Id]
    survey_id: Mapped[str] = ref("survey.id")
    site_id: Mapped[str] = ref("site.id")
    position: Mapped[int]
    exit_note: Mapped[str] = mapped_column(Text, default="")

    site: Mapped[Site] = relationship(lazy="joined")


class Survey(Base):
    """One visit to one practice for one application, from the search for a surveyor to the determination."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('scheduled', 'under way', 'visit ended', 'submitted', 'in committee', 'determined')"
            " OR (visit_on IS NOT NULL AND surveyor_id IS NOT NULL)",
            name="scheduled_has_a_day_and_a_surveyor",
        ),
        CheckConstraint("state <> 'awaiting date' OR surveyor_id IS NOT NULL", name="awaiting_date_has_a_surveyor"),
        CheckConstraint("(visit_on IS NULL) = (visit_until IS NULL)", name="a_visit_ends"),
        CheckConstraint("visit_until IS NULL OR visit_until >= visit_on", name="ends_after_it_began"),
        CheckConstraint("(state = 'determined') = (determined_at IS NOT NULL)", name="determined_says_when"),
        CheckConstraint("(determined_at IS NULL) = (result IS NULL)", name="determined_has_a_result"),
        CheckConstraint("(state = 'cancelled') = (cancelled_why IS NOT NULL)", name="cancelled_says_why"),
        CheckConstraint("(kind = 'resurvey') = (scope IS NOT NULL)", name="resurvey_has_a_scope"),
        CheckConstraint("ended_at IS NULL OR started_at IS NOT NULL", name="ended_was_started"),
        CheckConstraint("submitted_at IS NULL OR ended_at IS NOT NULL", name="submitted_was_ended"),
    )

    id: Mapped[Id]
    application_id: Mapped[str] = ref("application.id")
    practice_id: Mapped[str] = ref("practice.id")
    edition_id: Mapped[str] = ref("edition.id")
    kind: Mapped[SurveyKind] = words(SurveyKind)
    scope: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[SurveyState] = words(SurveyState, default=SurveyState.AWAITING_SURVEYOR, index=True)
    opened_at: Mapped[At]
    surveyor_id: Mapped[str | None] = ref("person.id")
    draw_seed: Mapped[int]
    visit_on: Mapped[date | None]
    visit_until: Mapped[date | None]
    date_agreed: Mapped[str] = mapped_column(Text, default="")
    invitation: Mapped[int] = mapped_column(default=0)  # SEQUENCE of the calendar file: one more with every change
    started_at: Mapped[At | None]
    ended_at: Mapped[At | None]
    submitted_at: Mapped[At | None]
    checked_by_id: Mapped[str | None] = ref("person.id")
    determined_at: Mapped[At | None]
    result: Mapped[Result | None] = words(Result)
    cancelled_why: Mapped[str | None] = mapped_column(Text)

    application: Mapped[Application] = relationship()
    practice: Mapped[Practice] = relationship()
    surveyor: Mapped[User | None] = relationship(foreign_keys="Survey.surveyor_id")
    places: Mapped[list[VisitedSite]] = relationship(order_by=VisitedSite.position, cascade="all, delete-orphan")

    @property
    def case_id(self) -> str:
        return self.application_id

    @property
    def number(self) -> str:
        """How the case is called."""
        return str(self.application.number)

    @property
    def sites(self) -> list[Site]:
        """The sites that are visited, the main one first."""
        return [place.site for place in self.places]

    @property
    def open_for_rating(self) -> bool:
        """May the surveyor write on the worksheet?"""
        return self.state in (SurveyState.UNDER_WAY, SurveyState.VISIT_ENDED)

"""One surveyor asked for one survey, and what both sides said."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import At, Base, Id, ref, words
from app.people.models import User
from app.survey.models.survey import Survey
from app.survey.rules.moves import AssignmentState

STANDING = text("state IN ('proposed', 'clear', 'objected', 'confirmed')")


class Assignment(Base):
    """A surveyor proposed for a survey."""

    __tablename__ = "survey_assignment"
    __table_args__ = (
        CheckConstraint("(state = 'declined') <= (reason IS NOT NULL)", name="declined_says_why"),
        CheckConstraint("(objection IS NULL) = (objected_at IS NULL)", name="objection_has_its_hour"),
        CheckConstraint("state <> 'objected' OR objection IS NOT NULL", name="objected_says_why"),
        CheckConstraint("(state IN ('declined', 'ended')) = (ended_at IS NOT NULL)", name="over_says_when"),
        CheckConstraint(
            "state NOT IN ('clear', 'objected', 'confirmed') OR (declared_at IS NOT NULL AND declaration IS NOT NULL)",
            name="clear_is_in_writing",
        ),
        CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_says_when"),
        Index("one_standing_assignment", "survey_id", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
    )

    id: Mapped[Id]
    survey_id: Mapped[str] = ref("survey.id")
    practice_id: Mapped[str] = ref("practice.id")
    surveyor_id: Mapped[str] = ref("person.id")
    state: Mapped[AssignmentState] = words(AssignmentState, default=AssignmentState.PROPOSED, index=True)
    proposed_by_id: Mapped[str] = ref("person.id")
    proposed_at: Mapped[At]
    background: Mapped[str] = mapped_column(Text, default="")  # what the practice is told about the surveyor
    declared_at: Mapped[At | None]
    declaration: Mapped[str | None] = mapped_column(Text)  # the surveyor's own words
    confirmed_at: Mapped[At | None]
    confirmed_by_id: Mapped[str | None] = ref("person.id")
    objected_at: Mapped[At | None]
    objected_by_id: Mapped[str | None] = ref("person.id")
    objection: Mapped[str | None] = mapped_column(Text)  # private: the practice and the administrator
    reason: Mapped[str | None] = mapped_column(Text)  # why it was declined, released, upheld or overruled
    ended_at: Mapped[At | None]

    survey: Mapped[Survey] = relationship()
    surveyor: Mapped[User] = relationship(foreign_keys="Assignment.surveyor_id")

    @property
    def case_id(self) -> str:
        return self.survey.application_id

    def is_for(self, user: User) -> bool:
        """Is this the person who was asked? Whoever declined or was released has nothing more to see."""
        return self.surveyor_id == user.id and self.ended_at is None

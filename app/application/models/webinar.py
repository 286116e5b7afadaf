"""Who heard the introduction, live or recorded."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.application.rules.webinar import Kind
from app.kernel.db import At, Base, Id, JsonList, ref, words
from app.people.models import Practice, User


class Attendance(Base):
    """One person of one practice heard the introduction."""

    __tablename__ = "webinar_attendance"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="took_time"),
        CheckConstraint("(kind = 'live') = (recorded_by IS NOT NULL)", name="live_is_recorded_by_staff"),
    )

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    user_id: Mapped[str] = ref("person.id")
    kind: Mapped[Kind] = words(Kind)
    edition_code: Mapped[str] = mapped_column(String(40))
    attended_on: Mapped[date]
    minutes: Mapped[int]
    recorded_at: Mapped[At]
    recorded_by: Mapped[str | None] = ref("person.id")

    practice: Mapped[Practice] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class Watching(Base):
    """How far somebody has come in the recorded introduction."""

    __tablename__ = "webinar_watching"
    __table_args__ = (UniqueConstraint("practice_id", "user_id"),)

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    user_id: Mapped[str] = ref("person.id")
    played: Mapped[JsonList]
    last_at: Mapped[At]

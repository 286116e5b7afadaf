"""What somebody was told."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import At, Base, Id, ref
from app.people.models import User


class Notice(Base):
    """One thing told to one person: here, and by mail unless the mail was refused for good."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("mailed_at IS NULL OR mail_refused IS NULL", name="mailed_or_refused"),
        CheckConstraint("url LIKE '/%' AND url NOT LIKE '//%'", name="links_into_the_portal"),
    )

    id: Mapped[Id]
    user_id: Mapped[str] = ref("person.id")
    practice_id: Mapped[str | None] = ref("practice.id")
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str]
    url: Mapped[str] = mapped_column(String(300))
    calendar: Mapped[str | None]
    told_at: Mapped[At]
    read_at: Mapped[At | None]
    mailed_at: Mapped[At | None]
    mail_refused: Mapped[str | None] = mapped_column(String(500))

    user: Mapped[User] = relationship(lazy="joined")

    personal = True

    def is_for(self, user: User) -> bool:
        """A notice is its addressee's and nobody else's, whatever their role."""
        return user.id == self.user_id

"""Practices and their sites, people and what they may act as."""

from __future__ import annotations

from datetime import datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Boolean, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import At, Base, Id, ref, words
from app.kernel.ids import new_id
from app.people.rules import PROGRAM_ROLES, Capacity, PracticeState, Role, initials


class Practice(Base):
    """The group that is certified, with all its sites."""

    __tablename__ = "practice"
    __table_args__ = (
        CheckConstraint("state <> 'active' OR asco_member IS NOT NULL", name="active_names_a_member"),
        CheckConstraint("length(legal_name) > 0 AND length(slug) > 0", name="has_a_name"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    legal_name: Mapped[str] = mapped_column(String(200))
    public_name: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2), default="US")
    tax_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    region: Mapped[str] = mapped_column(String(80), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    time_zone: Mapped[str] = mapped_column(String(60), default="America/New_York")
    asco_member: Mapped[str | None] = mapped_column(String(12))
    state: Mapped[PracticeState] = words(PracticeState, default=PracticeState.REQUESTED)
    since: Mapped[At]

    sites: Mapped[list[Site]] = relationship(
        back_populates="practice", order_by="(Site.main.desc(), Site.code)", cascade="all, delete-orphan"
    )
    memberships: Mapped[list[Membership]] = relationship(back_populates="practice")

    @property
    def practice_id(self) -> str:
        return self.id


class Site(Base):
    """One address where patients are seen."""

    __tablename__ = "site"
    __table_args__ = (
        UniqueConstraint("practice_id", "code"),
        Index("one_main_site", "practice_id", unique=True, sqlite_where=text("main"), postgresql_where=text("main")),
    )

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    code: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    region: Mapped[str] = mapped_column(String(80), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    main: Mapped[bool] = mapped_column(Boolean, default=False)
    gives_drugs: Mapped[bool] = mapped_column(Boolean, default=True)

    practice: Mapped[Practice] = relationship(back_populates="sites")


class ProgramRole(Base, RoleMixin):  # type: ignore[misc]  # the mixin carries no types
    """A role of the Program that somebody holds."""

    __tablename__ = "program_role"
    __table_args__ = (
        UniqueConstraint("user_id", "role"),
        CheckConstraint("role IN ('staff', 'admin', 'surveyor', 'reviewer')", name="of_the_program"),
    )

    id: Mapped[Id]
    user_id: Mapped[str] = ref("person.id")
    role: Mapped[Role] = words(Role)

    @property
    def name(self) -> str:
        return str(self.role)


class User(Base, UserMixin):  # type: ignore[misc]  # the mixin carries no types
    """Somebody who signs in."""

    __tablename__ = "person"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=new_id)
    demo: Mapped[bool] = mapped_column(Boolean, default=False)
    since: Mapped[At]
    invited_by: Mapped[str | None] = mapped_column(String(32))

    memberships: Mapped[list[Membership]] = relationship(back_populates="user", lazy="selectin")
    roles: Mapped[list[ProgramRole]] = relationship(lazy="selectin")
    appointments: Mapped[list[Appointment]] = relationship(back_populates="user", lazy="selectin")

    @property
    def program_roles(self) -> set[Role]:
        return {held.role for held in self.roles}

    @property
    def is_program(self) -> bool:
        return bool(self.roles)

    @property
    def practice(self) -> Practice | None:
        """The practice of a practice's person (the first, where there are several)."""
        return self.memberships[0].practice if self.memberships else None

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def short_name(self) -> str:
        """ "Dana W.": enough among colleagues, and no more."""
        first, _, rest = self.name.split(",")[0].partition(" ")
        return f"{first} {rest.split()[-1][0]}." if rest else first

    def holds(self, role: Role, practice_id: str | None = None) -> bool:
        """Does the person hold this role (for this practice)?"""
        if role in PROGRAM_ROLES:
            return role in self.program_roles
        return any(held.role == role and held.practice_id == practice_id for held in self.memberships)

    @property
    def acting_as(self) -> str:
        """The role under which the person acts now; permission sets it for the request."""
        said: str | None = self.__dict__.get("_acting_as")
        if said:
            return said
        held = [*sorted(self.program_roles), *sorted(held.role for held in self.memberships)]
        return str(held[0]) if held else "nobody"

    @acting_as.setter
    def acting_as(self, role: str) -> None:
        self.__dict__["_acting_as"] = role


class Membership(Base):
    """A role that somebody holds in a practice; one person may hold several."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("user_id", "practice_id", "role"),
        CheckConstraint("role IN ('owner', 'contributor', 'signer')", name="of_a_practice"),
    )

    id: Mapped[Id]
    user_id: Mapped[str] = ref("person.id")
    practice_id: Mapped[str] = ref("practice.id")
    role: Mapped[Role] = words(Role)

    user: Mapped[User] = relationship(back_populates="memberships")
    practice: Mapped[Practice] = relationship(back_populates="memberships", lazy="joined")


class Appointment(Base):
    """The grant by which a surveyor or reviewer may see one case; it ends, it is never deleted."""

    __tablename__ = "appointment"
    __table_args__ = (CheckConstraint("ended_at IS NULL OR ended_at >= since", name="ends_after_it_began"),)

    id: Mapped[Id]
    user_id: Mapped[str] = ref("person.id")
    practice_id: Mapped[str] = ref("practice.id")
    case_id: Mapped[str] = mapped_column(String(32), index=True)
    capacity: Mapped[Capacity] = words(Capacity)
    since: Mapped[At]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(back_populates="appointments")

    @property
    def current(self) -> bool:
        return self.ended_at is None

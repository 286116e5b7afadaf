"""Everybody of one case: who signs in, and by what name the others know them."""

from __future__ import annotations

from dataclasses import dataclass

from app.people.models import User


@dataclass(frozen=True)
class Who:
    """One person: the address to sign in with and the name that pages show."""

    email: str
    name: str

    @classmethod
    def of(cls, user: User) -> Who:
        return cls(user.email, user.name)


@dataclass(frozen=True)
class Cast:
    """The practice, and everybody who meets over it."""

    practice: str
    owner: Who
    signer: Who
    staff: Who
    admin: Who
    surveyor: Who
    reviewer: Who

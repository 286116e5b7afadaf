"""Verbs about people and practices."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.kernel import ledger
from app.kernel.ids import new_id
from app.people.models import Appointment, Membership, Practice, ProgramRole, Site, User
from app.people.rules import PRACTICE_MOVES, Capacity, Role, why_not_remove_owner


class Refused(Exception):
    """A move that is not possible now, with every reason."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def slug_of(name: str) -> str:
    """A practice's name as it stands in an address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60] or "practice"


def ask_for_practice(
    db: Session, *, legal_name: str, public_name: str, country: str, tax_id: str | None, asco_member: str | None,
    by: User, now: datetime,
) -> Practice:  # fmt: skip
    """Somebody asks to take part for their practice; they become its owner when staff approve."""
    if tax_id and db.scalar(select(Practice.id).where(Practice.tax_id == tax_id)):
        raise Refused(["A practice with this tax id is already registered. Ask the Program who its owner is."])
    slug = slug_of(public_name)
    while db.scalar(select(Practice.id).where(Practice.slug == slug)):
        slug = f"{slug_of(public_name)}-{new_id()[:4]}"
    practice = Practice(
        slug=slug, legal_name=legal_name, public_name=public_name, country=country, tax_id=tax_id,
        asco_member=asco_member, since=now,
    )  # fmt: skip
    db.add(practice)
    db.flush()
    give_role(db, by, practice, Role.OWNER)
    ledger.record(db, "practice requested", by=by, now=now, about=practice, practice_id=practice.id)
    return practice


def move_practice(db: Session, practice: Practice, move: str, *, by: User, now: datetime, why: str = "") -> None:
    """Approve, refuse or deactivate a practice."""
    allowed, after = PRACTICE_MOVES[move]
    if practice.state not in allowed:
        raise Refused([f"This practice is {practice.state}, so it cannot be moved this way."])
    if move == "approve" and not practice.asco_member:
        raise Refused(["Name at least one active ASCO member of the practice first."])
    before, practice.state = practice.state, after
    ledger.record(
        db, f"practice {after}", by=by, now=now, about=practice, practice_id=practice.id, why=why or None,
        before={"state": before}, after={"state": after},
    )  # fmt: skip


def give_role(db: Session, user: User, practice: Practice, role: Role) -> None:
    """Let a person act for a practice; no entry of its own, the verb that calls writes it."""
    if not user.holds(role, practice.id):
        user.memberships.append(Membership(practice_id=practice.id, role=role))
        db.flush()


def set_roles(db: Session, practice: Practice, user: User, roles: set[Role], *, by: User, now: datetime) -> None:
    """Say anew what somebody may act as in a practice; no role at all means that they leave."""
    before = {held.role for held in user.memberships if held.practice_id == practice.id}
    if Role.OWNER in before and Role.OWNER not in roles:
        owners = db.scalar(
            select(func.count()).where(Membership.practice_id == practice.id, Membership.role == Role.OWNER)
        )
        if reasons := why_not_remove_owner(owners or 0):
            raise Refused(reasons)
    if before == roles:
        return
    db.execute(delete(Membership).where(Membership.user_id == user.id, Membership.practice_id == practice.id))
    db.expire(user, ["memberships"])
    for role in sorted(roles):
        give_role(db, user, practice, role)
    ledger.record(
        db, "roles changed", by=by, now=now, about=user, practice_id=practice.id,
        before={"roles": sorted(before)}, after={"roles": sorted(roles)},
    )  # fmt: skip


def invite(db: Session, *, email: str, name: str, practice: Practice | None, roles: set[Role],
           by: User, now: datetime) -> User:  # fmt: skip
    """Make an account without a password, or take the one there is, and give it the roles.

    A person of a practice never holds a role of the Program, nor the other way round. Without practice and roles it is
    somebody who will register a practice: who acts for anybody already does not.
    """
    user = db.scalar(select(User).where(func.lower(User.email) == email.lower()))
    if user is not None and _acts_otherwise(user, practice, roles):
        raise Refused(["This address cannot be used here. Use another address of the same person."])
    if user is None:
        user = User(email=email.lower(), name=name, since=now, invited_by=by.id)
        db.add(user)
        db.flush()
    for role in sorted(roles):
        if practice is not None:
            give_role(db, user, practice, role)
        elif role not in user.program_roles:
            user.roles.append(ProgramRole(user_id=user.id, role=role))
    ledger.record(
        db, "person invited", by=by, now=now, about=user, practice_id=practice.id if practice else None,
        after={"roles": sorted(roles)},
    )  # fmt: skip
    return user


def _acts_otherwise(user: User, practice: Practice | None, roles: set[Role]) -> bool:
    for_program = practice is None and bool(roles)
    return (practice is None and bool(user.memberships)) or (user.is_program and not for_program)


def accept_invitation(db: Session, user: User, *, name: str, title: str, password_hash: str, now: datetime) -> None:
    """The invited person says who they are and chooses a password; the link is then spent."""
    user.name, user.title, user.password, user.fs_uniquifier = name, title, password_hash, new_id()
    ledger.record(db, "invitation accepted", by=user, now=now, about=user)


def rename(db: Session, user: User, *, name: str, title: str, now: datetime) -> None:
    """A person changes how they are called."""
    before = {"name": user.name, "title": user.title}
    user.name, user.title = name, title
    ledger.record(
        db, "account changed", by=user, now=now, about=user, before=before, after={"name": name, "title": title}
    )


def sign_out_everywhere(db: Session, user: User, *, by: User, now: datetime) -> None:
    """End every session of a person at once."""
    user.fs_uniquifier = new_id()
    ledger.record(db, "signed out everywhere", by=by, now=now, about=user)


def keep_site(db: Session, practice: Practice, site: Site | None, *, by: User, now: datetime, **facts: object) -> Site:
    """Add a site or change one; the first site is the main one, and there is only one main site."""
    others = [other for other in practice.sites if other is not site]
    if any(other.code == facts.get("code") for other in others):
        taken = next(other for other in others if other.code == facts.get("code"))
        raise Refused([f'"{taken.code}" is already used by {taken.name}. Try another code.'])
    if not others:
        facts["main"] = True
    if facts.get("main"):
        for other in others:
            other.main = False
        db.flush()
    elif site is not None and site.main:
        raise Refused(["One site must be the main site. Make another one the main site first."])
    what = "site added" if site is None else "site changed"
    if site is None:
        site = Site(practice_id=practice.id)
        practice.sites.append(site)
    for name, value in facts.items():
        setattr(site, name, value)
    ledger.record(db, what, by=by, now=now, about=site, practice_id=practice.id, after=dict(facts))
    return site


def appoint(db: Session, user: User, *, practice_id: str, case_id: str, capacity: Capacity, by: User | None,
            now: datetime) -> Appointment:  # fmt: skip
    """Let a surveyor or reviewer into one case."""
    appointment = Appointment(user_id=user.id, practice_id=practice_id, case_id=case_id, capacity=capacity, since=now)
    user.appointments.append(appointment)
    ledger.record(db, f"{capacity} let into the case", by=by, now=now, about=appointment)
    return appointment


def end_appointment(db: Session, user: User, *, case_id: str, capacity: Capacity, by: User | None,
                    now: datetime) -> None:  # fmt: skip
    """Close the case to somebody who was let in; that they were in is kept for ever."""
    for held in user.appointments:
        if held.case_id == case_id and held.capacity is capacity and held.current:
            held.ended_at = now
            ledger.record(db, f"{capacity} left the case", by=by, now=now, about=held)

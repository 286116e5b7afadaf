"""People and practices."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.people.models import Appointment, Membership, Practice, ProgramRole, Site, User
from app.people.rules import Capacity, PracticeState, Role

SINCE = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
_number = count(1)


def practice(db: Session, **over: Any) -> Practice:
    """An active practice with two sites, Cove Street (main) and Northgate."""
    n = next(_number)
    facts = {
        "slug": f"practice-{n}", "legal_name": f"Practice {n} Oncology, PLLC", "public_name": f"Practice {n} Oncology",
        "asco_member": "1234567", "state": PracticeState.ACTIVE, "since": SINCE, "city": "Portland", "region": "ME",
    }  # fmt: skip
    made = Practice(**(facts | over))
    if "sites" not in over:
        made.sites = [
            Site(code="CS", name="Cove Street", main=True, city="Portland", region="ME"),
            Site(code="NG", name="Northgate", city="Bangor", region="ME"),
        ]
    db.add(made)
    db.flush()
    return made


def person(db: Session, **over: Any) -> User:
    """Somebody without any role."""
    n = next(_number)
    made = User(**({"email": f"person{n}@example.org", "name": f"Person Number{n}", "since": SINCE} | over))
    db.add(made)
    db.flush()
    return made


def member(db: Session, practice: Practice, *roles: Role, **over: Any) -> User:
    """Somebody of a practice; owner when nothing else is said."""
    user = person(db, **over)
    for role in roles or [Role.OWNER]:
        db.add(Membership(user_id=user.id, practice_id=practice.id, role=role))
    db.flush()
    db.refresh(user, ["memberships"])
    return user


def official(db: Session, *roles: Role, **over: Any) -> User:
    """Somebody of the Program; staff when nothing else is said."""
    user = person(db, **over)
    user.roles = [ProgramRole(role=role) for role in roles or [Role.STAFF]]
    db.flush()
    return user


def appointed(db: Session, practice: Practice, case_id: str, capacity: Capacity = Capacity.SURVEYOR,
              **over: Any) -> User:  # fmt: skip
    """A surveyor or reviewer who was let into a case."""
    user = official(db, Role(capacity), **over)
    user.appointments.append(
        Appointment(practice_id=practice.id, case_id=case_id, capacity=capacity, since=SINCE, user_id=user.id)
    )
    db.flush()
    return user

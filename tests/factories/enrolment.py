"""Enrolments, as if the owner had filled in the form."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.participation.actions import enrolments
from app.participation.models import Enrolment, Round
from app.participation.rules.modules import Module
from app.participation.rules.moves import Agreement, Statement
from app.people.models import Practice, Site, User
from tests.factories import people
from tests.factories.round import round_ as a_round

ENROLLED_AT = datetime(2026, 2, 2, 15, 0, tzinfo=UTC)


def terms(**over: Any) -> dict[str, Any]:
    """What the form says when everything is filled in."""
    return {
        "fte": "1", "modules": list(Module), "statements": list(Statement),
        "typed_names": dict.fromkeys(Agreement, "Dana Wexler"),
    } | over  # fmt: skip


def chart_practice(db: Session) -> Practice:
    """A practice whose sites are those of the sample charts."""
    sites = [
        Site(code="MAIN", name="Main", main=True),
        Site(code="NORTH", name="North"),
        Site(code="SOUTH", name="South"),
    ]
    return people.practice(db, sites=sites)


def enrolment(
    db: Session, practice: Practice | None = None, round_: Round | None = None, by: User | None = None, **over: Any
) -> Enrolment:
    """A practice enrolled in the open sample round, no chart yet."""
    practice = practice or chart_practice(db)
    by = by or people.member(db, practice)
    return enrolments.enrol(db, practice, round_ or a_round(db), by=by, now=ENROLLED_AT, **terms(**over))

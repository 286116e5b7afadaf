"""A practice with its binder and its people, for rooms that begin with one; a file that wants others says so itself."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.evidence.models import Binder
from app.people.models import Practice, User
from tests.factories import evidence as make
from tests.factories import people

CASE = "c" * 32


@pytest.fixture
def practice(db: Session) -> Practice:
    return people.practice(db)


@pytest.fixture
def binder(db: Session, practice: Practice) -> Binder:
    return make.binder(db, practice, case_id=CASE)


@pytest.fixture
def owner(db: Session, practice: Practice) -> User:
    return people.member(db, practice, name="Dana Whitfield")


@pytest.fixture
def surveyor(db: Session, practice: Practice) -> User:
    return people.appointed(db, practice, CASE, name="Sam Surveyor")

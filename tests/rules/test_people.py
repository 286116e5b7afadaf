"""Passwords and the table of permissions, without a database."""

import pytest

from app.people.access import RULES, Can, knows_of, why_not
from app.people.models import Appointment, Membership, Practice, ProgramRole, User
from app.people.rules import Capacity, Role, initials, why_not_password


def practice(id: str = "a") -> Practice:
    return Practice(id=id, slug=id, legal_name=id, public_name=id)


def member(role: Role, practice_id: str = "a") -> User:
    return User(id="u", email="u@example.org", name="U", memberships=[Membership(practice_id=practice_id, role=role)])


def official(role: Role) -> User:
    return User(id="p", email="p@example.org", name="P", roles=[ProgramRole(role=role)])


def let_in(capacity: Capacity, practice_id: str = "a", case_id: str = "c") -> User:
    user = official(Role(capacity))
    user.appointments = [Appointment(practice_id=practice_id, case_id=case_id, capacity=capacity)]
    return user


class Case:
    """Something of practice a's case c."""

    practice_id, case_id, open_to_case = "a", "c", False

    def is_for(self, user: User) -> bool:
        return False


@pytest.mark.parametrize("can", [can for can in Can if not any(w[0].__name__ == "anyone" for w in RULES[can])])
def test_nobody_without_a_role_may_do_anything_to_a_practice(can: Can) -> None:
    stranger = User(id="s", email="s@example.org", name="S")
    assert not knows_of(stranger, practice())
    assert why_not(stranger, can, Case())


def test_a_practice_never_knows_of_another() -> None:
    assert knows_of(member(Role.OWNER), practice("a"))
    assert not knows_of(member(Role.OWNER), practice("b"))


def test_a_surveyor_knows_only_the_case_they_were_let_into() -> None:
    assert knows_of(let_in(Capacity.SURVEYOR), Case())
    assert not knows_of(let_in(Capacity.SURVEYOR, case_id="other"), Case())
    assert not knows_of(official(Role.SURVEYOR), Case())


def test_a_surveyor_who_left_knows_nothing_any_more() -> None:
    from datetime import UTC, datetime

    user = let_in(Capacity.SURVEYOR)
    user.appointments[0].ended_at = datetime.now(UTC)
    assert not knows_of(user, Case())


def test_who_surveyed_a_practice_never_decides_on_it() -> None:
    from app.people.access import not_the_surveyor

    user = let_in(Capacity.REVIEWER)
    assert not_the_surveyor(user, Case()) is None
    user.appointments.append(Appointment(practice_id="a", case_id="c", capacity=Capacity.SURVEYOR, user_id="p"))
    assert not_the_surveyor(user, Case()) == "You surveyed this practice, so somebody else decides."


def test_a_person_acts_under_the_role_that_allowed_it() -> None:
    user = User(
        id="u",
        email="u@example.org",
        name="U",
        memberships=[Membership(practice_id="a", role=Role.CONTRIBUTOR), Membership(practice_id="a", role=Role.OWNER)],
    )
    assert why_not(user, Can.MANAGE_TEAM, practice()) == []
    assert user.acting_as == "owner"


def test_a_refusal_names_who_can() -> None:
    assert why_not(member(Role.CONTRIBUTOR), Can.MANAGE_TEAM, practice()) == ["Only the practice's owner can do this."]


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        ("short", False),
        ("aaaaaaaaaaaaaa", False),
        ("dana-walker-2026", False),
        ("harbor boats at dawn", True),
        ("пароль длинный да", True),
    ],
)
def test_a_password_is_long_and_not_about_oneself(password: str, fine: bool) -> None:
    assert (why_not_password(password, email="dana@example.org", name="Dana Walker") == []) is fine


@pytest.mark.parametrize(
    ("name", "two"), [("Dana Walker", "DW"), ("Ines M., RN", "IM"), ("Ravi Anand, MD", "RA"), ("Plato", "PL")]
)
def test_a_face_has_two_letters(name: str, two: str) -> None:
    assert initials(name) == two

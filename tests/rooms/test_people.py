"""Accounts, invitations, teams, sites and practices."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doors import Doors
from app.kernel import jobs
from app.kernel.ledger import Event
from app.people.models import Practice, Site, User
from app.people.rules import PracticeState, Role
from tests.factories import people

AsUser = Callable[[User], FlaskClient]
LONG = "harbor boats at dawn"


def last_event(db: Session) -> Event:
    return db.scalars(select(Event).order_by(Event.number.desc())).first()  # type: ignore[return-value]


def mails(db: Session, doors: Doors) -> list[str]:
    jobs.drain(db, doors)
    return [mail.text for mail in doors.post.sent]  # type: ignore[attr-defined]


@pytest.fixture
def dana(db: Session, app: Flask) -> User:
    with app.test_request_context():
        password = hash_password(LONG)
    return people.member(
        db, people.practice(db), Role.OWNER, email="dana@example.org", name="Dana W", password=password
    )


def sign_in(client: FlaskClient, email: str, password: str) -> object:
    return client.post("/sign-in", data={"email": email, "password": password})


def test_a_person_signs_in_with_their_password(client: FlaskClient, dana: User, db: Session) -> None:
    assert sign_in(client, "dana@example.org", LONG).location.endswith("/work")  # type: ignore[attr-defined]
    assert last_event(db).what == "signed in"
    assert client.get("/account").status_code == 200


def test_a_wrong_password_and_an_unknown_address_sound_the_same(client: FlaskClient, dana: User) -> None:
    wrong = sign_in(client, "dana@example.org", "not the password")
    unknown = sign_in(client, "nobody@example.org", "not the password")
    strip = re.compile(rb'(value="[^"]*"|nonce="[^"]*")')
    assert wrong.status_code == unknown.status_code  # type: ignore[attr-defined]
    assert strip.sub(b"", wrong.data) == strip.sub(b"", unknown.data)  # type: ignore[attr-defined]


def test_a_forgotten_password_is_renewed_by_a_mailed_link_that_works_once(
    client: FlaskClient, dana: User, db: Session, doors: Doors
) -> None:
    client.post("/forgotten-password", data={"email": "dana@example.org"})
    link = re.search(r"(/forgotten-password/\S+)", mails(db, doors)[0])
    assert link
    new = {"password": "another long sentence", "password_confirm": "another long sentence"}
    assert client.get(link[1]).status_code == 200
    assert client.post(link[1], data=new).status_code == 302
    client.post("/sign-out")
    assert client.post(link[1], data=new | {"password": "a third long sentence"}).status_code in (200, 302, 400)
    assert sign_in(client, "dana@example.org", "another long sentence").status_code == 302  # type: ignore[attr-defined]


def test_an_unknown_address_gets_no_mail_and_the_same_page(client: FlaskClient, db: Session, doors: Doors) -> None:
    assert client.post("/forgotten-password", data={"email": "nobody@example.org"}).status_code in (200, 302)
    assert mails(db, doors) == []


def test_an_owner_invites_by_a_mailed_link_that_works_once(
    as_user: AsUser, client: FlaskClient, dana: User, db: Session, doors: Doors
) -> None:
    practice = dana.memberships[0].practice
    form = {"name": "Priya N", "email": "priya@example.org", "roles": ["contributor"]}
    assert as_user(dana).post(f"/practices/{practice.id}/team", data=form).status_code == 302
    link = re.search(r"(/invitations/\S+)", mails(db, doors)[0])
    assert link
    assert client.get(link[1]).status_code == 200
    answer = {"name": "Priya N", "title": "Pharmacist", "password": LONG, "again": LONG}
    assert client.post(link[1], data=answer).location == "/work"
    priya = db.scalar(select(User).where(User.email == "priya@example.org"))
    assert priya is not None
    assert priya.holds(Role.CONTRIBUTOR, practice.id)
    assert client.post(link[1], data=answer).status_code == 410


def test_a_weak_password_comes_back_with_what_was_typed(
    as_user: AsUser, client: FlaskClient, dana: User, db: Session, doors: Doors
) -> None:
    practice = dana.memberships[0].practice
    form = {"name": "Priya N", "email": "priya@example.org", "roles": ["signer"]}
    as_user(dana).post(f"/practices/{practice.id}/team", data=form)
    link = re.search(r"(/invitations/\S+)", mails(db, doors)[0])
    assert link
    answer = client.post(link[1], data={"name": "Priya Nair", "title": "", "password": "short", "again": "short"})
    assert answer.status_code == 422
    assert b"at least 12 characters" in answer.data
    assert b"Priya Nair" in answer.data


def test_a_contributor_does_not_invite(as_user: AsUser, dana: User, db: Session) -> None:
    practice = dana.memberships[0].practice
    teo = people.member(db, practice, Role.CONTRIBUTOR)
    answer = as_user(teo).post(f"/practices/{practice.id}/team", data={})
    assert answer.status_code == 403
    assert b"Only the practice&#39;s owner can do this." in answer.data


def test_another_practice_is_as_if_it_were_not_there(as_user: AsUser, dana: User, db: Session) -> None:
    other = people.practice(db, public_name="Canary Oncology")
    answer = as_user(dana).get(f"/practices/{other.id}/team")
    assert answer.status_code == 404
    assert b"Canary" not in answer.data


def test_a_person_of_the_program_is_never_invited_into_a_practice(as_user: AsUser, dana: User, db: Session) -> None:
    people.official(db, Role.SURVEYOR, email="ines@example.org")
    practice = dana.memberships[0].practice
    form = {"name": "Ines", "email": "ines@example.org", "roles": ["owner"]}
    answer = as_user(dana).post(f"/practices/{practice.id}/team", data=form)
    assert answer.status_code == 422
    assert b"cannot be used here" in answer.data


def test_the_last_owner_stays(as_user: AsUser, dana: User) -> None:
    practice = dana.memberships[0].practice
    answer = as_user(dana).post(f"/practices/{practice.id}/team/{dana.id}", data={"roles": ["contributor"]})
    assert answer.status_code == 409
    assert dana.holds(Role.OWNER, practice.id)


def test_signing_out_everywhere_ends_every_session(as_user: AsUser, dana: User) -> None:
    here, there = as_user(dana), as_user(dana)
    assert there.get("/account").status_code == 200
    here.post("/account/sign-out-everywhere")
    assert there.get("/account").status_code == 302


def test_an_unattended_screen_is_signed_out(as_user: AsUser, dana: User) -> None:
    browser = as_user(dana)
    assert browser.get("/account").status_code == 200
    with browser.session_transaction() as session:
        session["seen"] -= 31 * 60
    answer = browser.get("/account")
    assert answer.status_code == 302
    assert "/sign-in?next=/account" in answer.location


def test_background_polls_do_not_count_as_being_there(as_user: AsUser, dana: User) -> None:
    browser = as_user(dana)
    browser.get("/account")
    with browser.session_transaction() as session:
        seen = session["seen"] = session["seen"] - 600
    browser.get("/account", headers={"HX-Request": "true"})
    with browser.session_transaction() as session:
        assert session["seen"] == seen


def test_a_site_code_is_used_once(as_user: AsUser, dana: User, db: Session) -> None:
    practice = dana.memberships[0].practice
    form = {"name": "Pier Avenue", "code": "CS", "city": "Portland", "gives_drugs": "y"}
    answer = as_user(dana).post(f"/practices/{practice.id}/sites", data=form)
    assert answer.status_code == 422
    assert "already used by Cove Street" in answer.text
    assert "Pier Avenue" in answer.text


def test_making_another_site_the_main_one_leaves_one_main_site(as_user: AsUser, dana: User, db: Session) -> None:
    practice = dana.memberships[0].practice
    north = next(site for site in practice.sites if site.code == "NG")
    form = {"name": "Northgate", "code": "NG", "city": "Bangor", "main": "y", "gives_drugs": "y"}
    assert as_user(dana).post(f"/practices/{practice.id}/sites/{north.id}", data=form).status_code == 302
    main = db.scalars(select(Site.code).where(Site.practice_id == practice.id, Site.main)).all()
    assert main == ["NG"]


def test_a_practice_asks_and_staff_approve(as_user: AsUser, db: Session) -> None:
    newcomer = people.person(db)
    form = {"legal_name": "Juniper Valley Oncology", "country": "US", "tax_id": "12-3456789", "asco_member": "998877"}
    assert as_user(newcomer).post("/join", data=form).status_code == 302
    practice = db.scalar(select(Practice).where(Practice.tax_id == "12-3456789"))
    assert practice is not None
    assert (practice.state, practice.slug) == (PracticeState.REQUESTED, "juniper-valley-oncology")
    staff = people.official(db, Role.STAFF)
    as_user(staff).post(f"/practices/{practice.id}/state", data={"move": "approve"})
    db.refresh(practice)
    assert practice.state is PracticeState.ACTIVE
    assert last_event(db).what == "practice active"


def test_staff_invite_whoever_registers_a_practice(
    as_user: AsUser, client: FlaskClient, db: Session, doors: Doors
) -> None:
    form = {"name": "Nora Vale", "email": "nora@example.org"}
    assert as_user(people.official(db, Role.STAFF)).post("/practices", data=form).status_code == 302
    link = re.search(r"(/invitations/\S+)", mails(db, doors)[0])
    assert link
    client.post(link[1], data={"name": "Nora Vale", "title": "", "password": LONG, "again": LONG})
    assert b"Register your practice" in client.get("/work").data
    assert client.get("/join").status_code == 200


def test_who_has_a_role_already_is_not_invited_to_register_a_practice(
    as_user: AsUser, dana: User, db: Session, doors: Doors
) -> None:
    people.official(db, Role.SURVEYOR, email="ines@example.org")
    staff = as_user(people.official(db, Role.STAFF))
    for email in ("ines@example.org", "dana@example.org"):
        answer = staff.post("/practices", data={"name": "Somebody", "email": email})
        assert answer.status_code == 422
        assert b"cannot be used here" in answer.data
        assert email.encode() in answer.data
    assert mails(db, doors) == []


@pytest.mark.parametrize(("move", "said"), [("approve", "is approved"), ("refuse", "is not approved: no member yet")])
def test_who_registered_a_practice_is_told_the_answer_by_mail(
    as_user: AsUser, db: Session, doors: Doors, move: str, said: str
) -> None:
    asked = people.practice(db, state=PracticeState.REQUESTED, public_name="Juniper Valley")
    people.member(db, asked, Role.OWNER, email="nora@example.org")
    as_user(people.official(db)).post(f"/practices/{asked.id}/state", data={"move": move, "why": "no member yet"})
    [letter] = mails(db, doors)
    assert f"Juniper Valley {said}" in letter


def test_a_tax_id_is_held_once_and_nobody_is_named(as_user: AsUser, db: Session) -> None:
    people.practice(db, tax_id="12-3456789", public_name="Canary Oncology")
    form = {"legal_name": "Twin", "country": "US", "tax_id": "12-3456789", "asco_member": "1"}
    answer = as_user(people.person(db)).post("/join", data=form)
    assert answer.status_code == 422
    assert b"Canary" not in answer.data


def test_a_page_with_an_error_changes_nothing(as_user: AsUser, dana: User, db: Session) -> None:
    before = last_event(db)
    as_user(dana).post("/account", data={"name": "", "title": "x"})
    assert last_event(db) is before
    db.refresh(dana)
    assert dana.name == "Dana W"


def test_lists_of_a_thousand_practices_are_paged(as_user: AsUser, db: Session) -> None:
    for _ in range(120):
        people.practice(db, sites=[])
    page = as_user(people.official(db)).get("/practices?page=2")
    assert page.status_code == 200
    assert page.text.count("<tr") <= 52

"""Accounts, as people meet them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.people.models import Practice
from app.people.rules import Role
from tests.factories import people
from tests.journeys.mails import text
from tests.journeys.pages.people import Account, Invitation, Practices, ProgramPeople, SignIn, Team
from tests.journeys.person import Person
from tests.journeys.site import PASSWORD, Site
from tests.journeys.stories.cast import Who
from tests.journeys.stories.people import (
    INVITED,
    a_password_is_forgotten,
    a_practice_is_registered,
    somebody_is_invited,
)

DANA = Who("dana@example.org", "Dana Whitfield")
ADA = Who("ada@qcp.example", "Ada Lindqvist")


@pytest.fixture
def dana(site: Site) -> Who:
    """An owner who can sign in."""
    with site.db() as db:
        practice = people.practice(db, public_name="Harbor Light Oncology")
        people.member(db, practice, Role.OWNER, email=DANA.email, name=DANA.name, title="Administrator")
    site.give_password(DANA.email)
    return DANA


def test_from_the_command_line_to_the_owner_of_a_practice_by_mailed_links(site: Site) -> None:
    site.command("people", "add-admin", ADA.email, ADA.name, "--password", PASSWORD)
    ada = site.sign_in(ADA.email)
    page = ProgramPeople(ada).open().seen("people-program")
    stefan = somebody_is_invited(site, page, Who("stefan@qcp.example", "Stefan Okoye"), "Program staff", title="Staff")
    practices = Practices(stefan).open().seen("people-practices-none").unfold()
    dana = somebody_is_invited(site, practices, DANA, title="Administrator")
    dana.look("people-no-practice")
    a_practice_is_registered(dana, "Harbor Light Oncology")
    Practices(stefan).open().seen("people-practices-asked").approve("Harbor Light Oncology")
    assert "is approved" in text(site.mails.wait(DANA.email, "Your registration"))
    dana.goto("/account")
    dana.sees("Harbor Light Oncology")


def test_an_invitation_asks_for_a_good_password_and_works_once(site: Site, dana: Who) -> None:
    owner = site.sign_in(dana.email)
    team = Team(owner)
    owner.goto(_team(site))
    team.seen("people-team").invite("Priya Nair", "priya@example.org", "Contributor")
    link = site.mails.link("priya@example.org", INVITED)
    priya = site.visitor()
    priya.goto(link)
    page = Invitation(priya).seen("people-invitation")
    page.accept("short", title="Pharmacist")
    priya.sees("Use at least 12 characters.")
    expect(priya.page.get_by_label("Title or position")).to_have_value("Pharmacist")
    page.seen("people-invitation-weak")
    page.accept(PASSWORD, title="Pharmacist")
    priya.sees_heading("My work")
    somebody_else = site.visitor()
    somebody_else.goto(link)
    somebody_else.sees_heading("This invitation no longer works")
    somebody_else.look("people-invitation-spent")
    priya.sign_out()
    SignIn(priya).open().enter("priya@example.org", PASSWORD)
    priya.sees_heading("My work")


def test_a_forgotten_password_is_chosen_anew_and_the_old_one_is_worth_nothing(site: Site, dana: Who) -> None:
    a_password_is_forgotten(site, dana, "nine gulls over the pier")
    person = site.visitor()
    page = SignIn(person).open().seen("people-sign-in")
    page.enter(dana.email, PASSWORD)
    person.sees("This e-mail address and this password do not belong together.")
    expect(person.page.get_by_label("E-mail address")).to_have_value(dana.email)
    page.seen("people-sign-in-refused")
    page.enter(dana.email, "nine gulls over the pier")
    person.sees_heading("My work")


def test_signing_out_everywhere_ends_the_session_in_the_other_browser(site: Site, dana: Who) -> None:
    here, there = site.sign_in(dana.email), site.sign_in(dana.email)
    Account(here).open().seen("people-account").sign_out_everywhere()
    here.sees("You are signed out on every device.")
    there.goto("/account")
    there.sees_heading("Sign in")


def test_who_leaves_the_screen_alone_is_signed_out_and_comes_back_to_the_same_page(site: Site, dana: Who) -> None:
    person = site.sign_in(dana.email)
    person.goto("/account")
    site.at(site.now() + timedelta(minutes=31))
    person.page.reload()
    person.sees("You were signed out because nothing happened for a while.")
    person.look("people-timed-out")
    SignIn(person).enter(dana.email, PASSWORD)
    person.sees_heading("Your account")


def test_the_keyboard_is_enough(site: Site, dana: Who) -> None:
    person = site.visitor()
    SignIn(person).open()
    _type(person, dana.email, "Tab", PASSWORD, "Enter")
    person.sees_heading("My work")
    person.goto("/account")
    person.page.keyboard.press("Tab")
    expect(person.page.get_by_role("link", name="Skip to content")).to_be_focused()
    assert person.page.get_by_role("link", name="Skip to content").bounding_box()["y"] >= 0  # type: ignore[index]
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("main")).to_be_focused()
    person.page.keyboard.press("Tab")
    expect(person.page.get_by_label("Name", exact=True)).to_be_focused()
    assert _order(person, 6) == [
        "Title or position", "Save", "Change your password", "Sign out everywhere", "Help", "Accessibility",
    ]  # fmt: skip


def test_on_a_telephone_the_menu_opens_and_escape_closes_it(site: Site, dana: Who) -> None:
    person = site.sign_in(dana.email)
    person.page.set_viewport_size({"width": 375, "height": 800})
    menu = person.page.get_by_text("Menu", exact=True)
    menu.focus()
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("link", name="Our road")).to_be_visible()
    person.look("people-menu")
    person.page.keyboard.press("Escape")
    expect(person.page.get_by_role("link", name="Our road")).to_be_hidden()
    expect(menu).to_be_focused()


def _team(site: Site) -> str:
    with site.db() as db:
        return f"/practices/{db.query(Practice).one().id}/team"


def _type(person: Person, *words: str) -> None:
    for word in words:
        if word in ("Tab", "Enter"):
            person.page.keyboard.press(word)
        else:
            person.page.keyboard.type(word)


def _order(person: Person, steps: int) -> list[str]:
    """What the keyboard reaches next, by its name."""
    name = "(e => (e.labels?.[0] ?? e).textContent.replace('(optional)', '').trim())(document.activeElement)"
    found = []
    for _ in range(steps):
        person.page.keyboard.press("Tab")
        found.append(person.page.evaluate(name))
    return found

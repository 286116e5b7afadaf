"""How people come to have an account, and keep it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.pages.people import Forgotten, Invitation, Inviting, NewPassword, SignIn
from tests.journeys.person import Person
from tests.journeys.site import PASSWORD, Site
from tests.journeys.stories.cast import Who

INVITED = "You are invited to the QCP portal"


def somebody_is_invited(site: Site, page: Inviting, who: Who, *roles: str, title: str = "") -> Person:
    """Somebody is invited from this page; they follow the mailed link and are in."""
    page.invite(who.name, who.email, *roles)
    person = site.visitor()
    person.goto(site.mails.link(who.email, INVITED))
    person.sees(f"You are invited as {who.email}")
    Invitation(person).accept(PASSWORD, title=title)
    person.sees_heading("My work")
    return person


def a_practice_is_registered(owner: Person, name: str) -> None:
    """Whoever was invited says which practice they come from; what is wrong comes back with what was typed."""
    owner.follow("Register your practice")
    owner.look("people-join")
    owner.fill("Legal name", f"{name}, P.C.")
    owner.fill("Tax id", "01-234567")
    owner.press("Register the practice")
    owner.sees("Nine digits like 12-3456789.", "Enter the number of one active ASCO member.")
    expect(owner.page.get_by_label("Legal name")).to_have_value(f"{name}, P.C.")
    owner.look("people-join-errors")
    owner.fill("Name patients know", name)
    owner.fill("Tax id", "01-2345678")
    owner.fill("ASCO member number", "1184203")
    owner.press("Register the practice")
    owner.sees("Your practice is registered.")


def a_password_is_forgotten(site: Site, who: Who, new: str) -> Person:
    """Somebody has a link mailed, and chooses a new password."""
    person = site.visitor()
    forgotten: Forgotten = SignIn(person).open().forgot().seen("people-forgotten")
    forgotten.ask_for(who.email)
    person.goto(site.mails.link(who.email, "Choose a new password"))
    NewPassword(person).seen("people-new-password").choose(new)
    return person

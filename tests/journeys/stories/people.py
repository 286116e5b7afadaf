"""How people come to have an account, and keep it."""

from __future__ import annotations

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


def a_password_is_forgotten(site: Site, who: Who, new: str) -> Person:
    """Somebody has a link mailed, and chooses a new password."""
    person = site.visitor()
    forgotten: Forgotten = SignIn(person).open().forgot().seen("people-forgotten")
    forgotten.ask_for(who.email)
    person.goto(site.mails.link(who.email, "Choose a new password"))
    NewPassword(person).seen("people-new-password").choose(new)
    return person

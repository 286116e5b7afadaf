"""Accounts: signing in, invitations, the team of a practice, its sites, the people of the Program."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Locator

from tests.journeys.pages.place import Place
from tests.journeys.person import Person


class SignIn(Place):
    """Where everybody enters."""

    def open(self) -> Self:
        self.person.goto("/sign-in")
        return self

    def enter(self, email: str, password: str) -> None:
        self.person.site.forgive()
        self.person.fill("E-mail address", email)
        self.person.fill("Password", password)
        self.press("Sign in", within=self.page.get_by_role("main"))

    def forgot(self) -> Forgotten:
        self.follow("I forgot my password")
        return Forgotten(self.person)


class Forgotten(Place):
    """Asking for a link to choose a new password."""

    def ask_for(self, email: str) -> None:
        self.person.site.forgive()
        self.person.fill("E-mail address", email)
        self.press("Send the link")


class NewPassword(Place):
    """Where the mailed link leads."""

    def choose(self, password: str) -> None:
        self.person.fill("New password", password)
        self.person.fill("The same password again", password)
        self.press("Save the password")


class Invitation(Place):
    """Where an invitation leads."""

    def accept(self, password: str, *, title: str = "") -> None:
        self.person.fill("Title or position", title)
        self.person.fill("New password", password)
        self.person.fill("The same password again", password)
        self.press("Save and sign in")


class Inviting(Place):
    """A page on which somebody is invited."""

    def invite(self, name: str, email: str, *roles: str) -> None:
        self.person.fill("Name", name, within=self._form, exact=True)
        self.person.fill("E-mail address", email, within=self._form)
        for role in roles:
            self._form.get_by_role("checkbox", name=role).check()
        self.press("Send the invitation")
        self.person.sees(f"{name} is invited.")

    @property
    def _form(self) -> Locator:
        return self.page.locator("form").filter(has=self.page.get_by_role("button", name="Send the invitation"))


class ProgramPeople(Inviting):
    """Everybody of the Program."""

    def open(self) -> Self:
        self.bar("People")
        return self


class Practices(Inviting):
    """Every practice, as the Program sees them."""

    def open(self) -> Self:
        self.bar("Practices")
        return self

    def unfold(self) -> Self:
        """The form to invite is folded once there is a practice."""
        form = self.page.get_by_text("Invite somebody who registers a practice")
        if not self._form.is_visible():
            form.click()
        return self

    def approve(self, practice: str) -> None:
        self.press(f"Approve {practice}")


class Team(Inviting):
    """The people of one practice."""

    @classmethod
    def of_own_practice(cls, person: Person) -> Self:
        """From the road of one's own practice."""
        person.follow("Our road")
        person.follow("People")
        return cls(person)

    def sites(self) -> Sites:
        self.follow("Sites")
        return Sites(self.person)


class Sites(Place):
    """The addresses where a practice sees patients."""

    @classmethod
    def of_own_practice(cls, person: Person) -> Self:
        """From the people of one's own practice."""
        return cls(Team.of_own_practice(person).sites().person)

    def add(self, name: str, code: str, address: str, city: str, region: str, postcode: str) -> Self:
        self.person.fill("Name of the site", name)
        self.person.fill("Site code", code)
        self.person.fill("Street and number", address)
        self.person.fill("City", city)
        self.person.fill("State or region", region)
        self.person.fill("ZIP or postal code", postcode)
        self.press("Save the site")
        return self.told(f"{name} is saved.")


class Account(Place):
    """One's own account."""

    def open(self) -> Self:
        self.person.goto("/account")
        return self

    def sign_out_everywhere(self) -> None:
        self.press("Sign out everywhere")

"""What all page objects share: who looks at the page, and how they get about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from playwright.sync_api import Locator

from tests.journeys.person import Person


class Place:
    """A page of the portal in one person's browser."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page

    def seen(self, name: str) -> Self:
        """Look at the page as it stands now: accessible, whole at every width, quiet."""
        self.person.look(name)
        return self

    def bar(self, words: str) -> None:
        """Follow a link of the top bar, also where it is folded under More."""
        nav = self.page.get_by_role("navigation", name="Main")
        link = nav.get_by_role("link", name=words, exact=True)
        if not link.count():
            nav.get_by_text("More", exact=True).click()
        link.click()
        self.person.arrived()

    def follow(self, name: str, within: Locator | None = None) -> None:
        """Follow the first link of this name."""
        self.person.follow(name, within=within)

    def press(self, words: str, within: Locator | None = None) -> None:
        """Press the one button that says this."""
        (within or self.page).get_by_role("button", name=words).click()
        self.person.arrived()

    def told(self, words: str) -> Self:
        """The page says this."""
        self.person.sees(words)
        return self

    def panel(self, heading: str) -> Locator:
        """The part of the page under a heading."""
        return self.page.get_by_role("region", name=heading)

    def by_itself(self, change: Callable[[], object]) -> Self:
        """The page changes while nobody turns it."""
        self.page.evaluate("window.unturned = true")
        change()
        assert self.page.evaluate("window.unturned === true"), "the page was loaded again"
        return self


def choose(box: Locator, start: str) -> None:
    """Choose from a list the option that begins so."""
    words = next(one for one in box.get_by_role("option").all_inner_texts() if one.startswith(start))
    box.select_option(label=words)

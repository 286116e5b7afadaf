"""Pages of the committee: what a reviewer was given, every standard, one standard."""

from __future__ import annotations

import re
from typing import Self

from playwright.sync_api import Locator, expect

from tests.journeys.pages.place import Place
from tests.journeys.pages.survey import Declaration


class MyReviews(Place):
    """What a reviewer was given to judge."""

    def open(self) -> Self:
        self.bar("My reviews")
        return self

    def asked(self, practice: str) -> Declaration:
        self.page.get_by_role("link", name=practice).first.click()
        return Declaration(self.person)


class Review(Place):
    """Every standard before the committee, settled and not."""

    def open_list(self) -> Self:
        """Back to the list from wherever the reviewer is in the case."""
        link = self.page.get_by_role("main").get_by_role("link", name="Committee review", exact=True)
        if link.count():
            link.click()
            self.person.arrived()
        return self

    @property
    def table(self) -> Locator:
        return self.page.get_by_role("region", name="Every standard")

    def next(self) -> StandardPage | None:
        """The next standard that is not settled: the page at hand, or the one that the list offers."""
        at_hand = StandardPage(self.person)
        if at_hand.open_to_settle:
            return at_hand
        link = self.page.get_by_role("link", name=re.compile(r"^(Read|Settle) \d"))
        if not link.count():
            return None
        link.click()
        self.person.arrived()
        return at_hand

    def standard(self, code: str) -> StandardPage:
        self.table.get_by_role("link").filter(has=self.page.get_by_text(code, exact=True)).click()
        self.person.arrived()
        return StandardPage(self.person)

    def determine(self) -> None:
        self.press("Determine")


class StandardPage(Place):
    """One standard: its evidence, the reviewer's own reading, then both."""

    @property
    def code(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text().split()[0]

    @property
    def open_to_settle(self) -> bool:
        """Is this a standard whose verdict is still to be given?"""
        return self.page.get_by_role("button", name=re.compile(r"^(Lock my first read of|Settle) \d")).count() > 0

    @property
    def shows_surveyor(self) -> bool:
        return self.page.get_by_text("Surveyor, on site").count() > 0

    def read_first(self, rating: str, note: str = "") -> Self:
        """Lock the own rating; only then the surveyor's is shown."""
        own = self.page.get_by_role("group", name="Your own rating")
        own.get_by_role("radio", name=rating, exact=True).check()
        if note:
            self.page.get_by_label("Why", exact=False).first.fill(note)
        self.press("Lock my first read of")
        expect(self.page.get_by_text("Surveyor, on site")).to_be_visible()
        return self

    def overrule(self, row: str, site: str, rating: str, reason: str) -> Self:
        """Give one line another rating than the surveyor, and say why."""
        self.page.get_by_label(f"{row} at {site}", exact=True).select_option(label=rating)
        self.page.get_by_label("Why it differs from the surveyor’s").fill(reason)
        return self

    def settle(self, must_show: str = "", *, only_a_visit: bool = False) -> None:
        if must_show:
            self.page.get_by_label("What must be shown").fill(must_show)
        if only_a_visit:
            self.page.get_by_role("radio", name="Yes, only a visit can").check()
        self.press("Settle")

    def ask(self, row: str, question: str) -> None:
        self.page.get_by_text("Ask the surveyor", exact=True).first.click()
        form = self.page.get_by_role("group").filter(has_text="Ask the surveyor")
        form.get_by_label("Row").select_option(row)
        form.get_by_label("Question").fill(question)
        form.get_by_role("button", name="Ask the surveyor").click()
        self.person.arrived()

"""The coverage map with its switches, carried passages, dates and sites, the readiness check, the thread of a row."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from playwright.sync_api import Locator, expect

from tests.journeys.pages.place import Place

READ_MS = 60_000


class MapPage(Place):
    """The coverage map on the page of the binder."""

    def open(self, binder_id: str, domain: str = "2") -> Self:
        self.person.goto(f"/binders/{binder_id}?domain={domain}")
        return self

    def switch(self, where: str, to: str) -> Self:
        self.page.get_by_role("navigation", name=where).get_by_role("link", name=to).click()
        self.person.arrived()
        return self

    def row(self, code: str) -> Locator:
        link = self.page.get_by_role("link", name=code, exact=True)
        return self.page.get_by_role("region", name="Coverage map, table").get_by_role("row").filter(has=link)

    def rows(self) -> int:
        return self.page.get_by_role("region", name="Coverage map, table").get_by_role("rowheader").count()


class CarriedPage(Place):
    """What a new version changed."""

    def passage(self, code: str) -> Locator:
        return self.panel(f"{code} ")

    def still_answers(self, code: str) -> Self:
        self.press(f"This still answers {code}")
        return self.told(f"Noted: it still answers {code}.")

    def pin_another(self, code: str, page: int, quote: str) -> Self:
        part = self.passage(code)
        part.get_by_text("Pin another passage").click()
        part.get_by_label("Page").fill(str(page))
        part.get_by_label("The words that answer").fill(quote)
        self.press(f"Pin these words to {code}", within=part)
        return self


class PaperPage(Place):
    """One document: its dates and where it is in force."""

    def open(self, title: str) -> Self:
        self.page.locator("#documents").get_by_role("link", name=title, exact=True).click()
        self.person.arrived()
        return self

    def confirm_dates(self, **days: str) -> Self:
        part = self.panel("Its dates")
        for label, day in days.items():
            part.get_by_label(label.replace("_", " ").capitalize()).fill(day)
        self.press("Confirm these dates", within=part)
        return self.told("The dates are saved.")

    def only_at(self, *sites: str) -> Self:
        part = self.panel("Where it is in force")
        part.get_by_text("Change it").click()
        part.get_by_label("Only the sites ticked here").check()
        for site in sites:
            part.get_by_label(site, exact=True).check()
        self.press("Save the sites", within=part)
        return self.told(f"Only at {', '.join(sites)}.")


class RowPage(Place):
    """One row of the binder, and what is said about it."""

    def open(self, binder_id: str, code: str) -> Self:
        self.person.goto(f"/binders/{binder_id}/slots/{code}")
        return self

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("region", name="Messages about")

    def say(self, words: str, *, asks: bool = False, file: Path | None = None) -> Self:
        self.thread.get_by_label("Message").fill(words)
        if asks:
            self.thread.get_by_label("Ask for one more file").check()
        if file:
            self.thread.get_by_label("Bring a file").set_input_files(file)
        self.press("Send", within=self.thread)
        expect(self.thread.get_by_text(words)).to_be_visible()
        return self

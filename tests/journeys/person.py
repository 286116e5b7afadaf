"""Somebody at a browser: reads, types, presses and follows by what the page says, never by its markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import BrowserContext, Download, Locator, expect

from tests.journeys import look

if TYPE_CHECKING:
    from tests.journeys.site import Site

IDS = re.compile(r"[0-9a-f]{32}|[\w.-]{40,}|\d+")  # ids, and the tokens of mailed links

SHAPES = """() => [...document.querySelectorAll("main *")].map(
  one => `${one.tagName} ${one.className} ${one.getAttribute("type")}`)"""


class Person:
    """One person, one browser of their own. `page` is Playwright's page for whatever is not said here."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site, self.context, self.email = site, context, ""
        self.watch = look.Watch(context, site.url)
        self.page = context.new_page()
        self.page.set_default_timeout(15_000)

    def __enter__(self) -> Person:
        return self

    def __exit__(self, fault: type[BaseException] | None, *_: object) -> None:
        if fault is None:
            self.leave()

    def leave(self) -> None:
        """They close their browser; what it complained about until then is told."""
        self.has_no_complaint()
        self.context.close()

    # walking

    def goto(self, path: str) -> None:
        """Type an address of the portal."""
        self.page.goto(path if path.startswith("http") else self.site.url + path)
        self.arrived()

    def follow(self, name: str, *, within: Locator | None = None, exact: bool = False) -> None:
        """Follow the first link of this name."""
        (within or self.page).get_by_role("link", name=name, exact=exact).first.click()
        self.arrived()

    def press(self, name: str, *, within: Locator | None = None, exact: bool = False) -> None:
        """Press the first button of this name."""
        (within or self.page).get_by_role("button", name=name, exact=exact).first.click()
        self.arrived()

    def download(self, name: str, *, within: Locator | None = None) -> Path:
        """Follow the first link of this name to a file, and keep it."""
        with self.page.expect_download() as coming:
            (within or self.page).get_by_role("link", name=name).first.click()
        kept: Download = coming.value
        return Path(kept.path())

    def file(self, name: str, *, within: Locator | None = None) -> bytes:
        """What the first link of this name leads to, as a file; waits for a paper that is still being made."""
        link = (within or self.page).get_by_role("link", name=name).first
        expect(link).to_be_visible(timeout=30_000)
        answer = self.context.request.get(self.site.url + str(link.get_attribute("href")))
        assert answer.ok, answer.status
        return answer.body()

    def arrived(self) -> None:
        """The page is there; where a test looks at everything, it is looked at if its like was not seen before."""
        self.page.wait_for_load_state("load")
        if self.site.seen is not None:
            self.look()

    # filling in

    def fill(self, label: str, text: str, *, within: Locator | None = None, exact: bool = False) -> None:
        """Type into the field of this label."""
        (within or self.page).get_by_label(label, exact=exact).first.fill(text)

    def choose(self, label: str, option: str, *, within: Locator | None = None) -> None:
        """Choose from the list of this label."""
        (within or self.page).get_by_label(label).first.select_option(label=option)

    def tick(self, *labels: str, within: Locator | None = None, exact: bool = False) -> None:
        """Tick the boxes, or choose the answers, of these labels."""
        for label in labels:
            (within or self.page).get_by_label(label, exact=exact).first.check()

    def attach(self, label: str, files: Sequence[Path]) -> None:
        """Choose files from one's own machine."""
        self.page.get_by_label(label).first.set_input_files(list(files))

    # seeing

    def sees(self, *words: str) -> None:
        """Each of these words is on the page, or comes soon."""
        for said in words:
            expect(self.page.get_by_text(said).first).to_be_visible()

    def sees_heading(self, words: str) -> None:
        """There is a heading with these words."""
        expect(self.page.get_by_role("heading", name=words).first).to_be_visible()

    def sees_not(self, words: str) -> None:
        """These words are not, or soon no longer, on the page."""
        expect(self.page.get_by_text(words)).to_have_count(0)

    def part(self, name: str) -> Locator:
        """The part of the page that has this name or heading."""
        return self.page.get_by_role("region", name=name).first

    def look(self, name: str = "") -> None:
        """Fail unless the page is fit to be shown; see look.py. With QCP_SHOTS it is kept as pictures."""
        if self._is_new():
            look.look(self.page, name or self._name())
        self.has_no_complaint()

    def has_no_complaint(self) -> None:
        """The browser complained about nothing, and asked no other host for anything."""
        assert not self.watch.faults, f"{self.page.url}: {self.watch.faults}"

    # account

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the page."""
        self.email = email
        self.site.forgive()
        self.goto("/sign-in")
        self.fill("E-mail address", email)
        self.fill("Password", password)
        self.press("Sign in", within=self.page.get_by_role("main"))
        expect(self.page.get_by_role("button", name="Sign out").first).to_be_attached()

    def sign_out(self) -> None:
        """Sign out by the button in the bar."""
        self.press("Sign out")

    def _is_new(self) -> bool:
        """Where everything is looked at: is there a shape on this page that no page of its kind had before?"""
        if self.site.seen is None:
            return True
        before = self.site.seen.setdefault(self._name(), set())
        shapes = set(self.page.evaluate(SHAPES))
        fresh = not before or bool(shapes - before)
        before |= shapes
        return fresh

    def _name(self) -> str:
        """What kind of page this is: its address without ids and questions."""
        kind = IDS.sub("-", self.page.url.removeprefix(self.site.url).split("?")[0].split("#")[0])
        return re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-") or "home"

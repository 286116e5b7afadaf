"""Pages of M3: the desk, one survey as each side sees it, the worksheet, the viewer."""

from __future__ import annotations

import re
from datetime import date
from typing import Self

from playwright.sync_api import Locator, expect

from app.kernel.words import day as spoken
from tests.journeys.pages.place import Place


class SurveyDesk(Place):
    """Staff's list of surveys, and of ready applications that have none."""

    def open(self) -> Self:
        self.bar("Surveys")
        return self

    def find_surveyor(self, practice: str) -> OfficeSurvey:
        self.press(f"Find a surveyor for {practice}")
        return OfficeSurvey(self.person)

    def survey_of(self, practice: str) -> OfficeSurvey:
        self.page.get_by_role("region", name="Surveys").get_by_role("link", name=practice).first.click()
        return OfficeSurvey(self.person)


class OfficeSurvey(Place):
    """One survey as staff see it."""

    def propose(self, surveyor: str, background: str) -> None:
        self.page.get_by_role("radio", name=surveyor).check()
        self.page.get_by_label("What the practice is told about the surveyor").fill(background)
        self.press("Ask this surveyor to declare")

    def set_date(self, day: date) -> None:
        self.page.get_by_role("group", name="Days the practice offered").get_by_label(spoken(day)).check()
        self.press("Set the date and invite both sides")

    def worksheet(self) -> Check:
        self.page.get_by_role("link", name="Read the worksheet").click()
        return Check(self.person)

    def assign(self, reviewer: str) -> None:
        self.page.get_by_role("radio", name=reviewer).check()
        self.press("Ask this reviewer to declare")


class Check(Place):
    """The whole worksheet before the checker."""

    def ask(self, code: str, question: str) -> None:
        self.page.get_by_text(f"Ask about {code}", exact=True).click()
        self.page.get_by_label(f"What you ask about {code}", exact=True).fill(question)
        self.press("Send these questions back")

    def pass_on(self) -> OfficeSurvey:
        self.press("Pass to the committee")
        return OfficeSurvey(self.person)


class Declaration(Place):
    """The conflict form, of a surveyor or a reviewer."""

    def declare_all(self) -> None:
        group = self.page.get_by_role("group", name="I declare that I")
        for box in group.get_by_role("checkbox").all():
            box.check()
        self.press("I declare that I have no conflict")


class PracticeSurvey(Place):
    """One survey as the practice sees it."""

    def open(self) -> Self:
        self.bar("Survey")
        return self

    def confirm(self) -> None:
        self.press("Confirm: no conflict of interest")


class MySurveys(Place):
    """What a surveyor was asked to survey."""

    def open(self) -> Self:
        self.bar("My surveys")
        return self

    def asked(self, practice: str) -> Declaration:
        self.page.get_by_role("link", name=practice).first.click()
        return Declaration(self.person)

    def survey_of(self, practice: str) -> SurveyorSurvey:
        self.page.get_by_role("region", name="Surveys").get_by_role("link", name=practice).first.click()
        return SurveyorSurvey(self.person)


class SurveyorSurvey(Place):
    """One survey as its surveyor sees it."""

    def binder(self) -> None:
        self.follow("Binder", within=self.page.get_by_role("main"))

    def start(self) -> Worksheet:
        self.press("Start the visit")
        return Worksheet(self.person)

    def worksheet(self) -> Worksheet:
        self.page.get_by_role("main").get_by_role("link", name="Worksheet", exact=True).click()
        return Worksheet(self.person)

    def end_visit(self, note: str) -> None:
        """Note the exit meeting of every site."""
        for one in self.page.get_by_label(re.compile("^Exit meeting at ")).all():
            one.fill(note)
        self.press("End the visit")

    def submit(self) -> None:
        self.press("Submit the worksheet")

    def answer_on(self, code: str) -> Worksheet:
        self.page.get_by_role("link", name=f"Answer on {code}").click()
        return Worksheet(self.person)


class Worksheet(Place):
    """One row at one site, with the practice's evidence beside it."""

    @property
    def code(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text().split()[0]

    def row(self, code: str) -> Self:
        """Open a row at the site at hand, from the list at the left."""
        rows = self.page.get_by_role("complementary", name="Rows")
        rows.get_by_role("link").filter(has=self.page.get_by_text(code, exact=True)).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(code)
        return self

    def sites(self) -> list[str]:
        """The names of the sites, the main one first."""
        links = self.page.get_by_role("navigation", name="Site").get_by_role("link").all_inner_texts()
        return [words.split(",")[0].strip() for words in links]

    def site(self, name: str) -> Self:
        """Turn to the same row at another site."""
        self.page.get_by_role("navigation", name="Site").get_by_role("link", name=re.compile(f"^{name}")).click()
        expect(self.page.get_by_role("heading", name=name)).to_be_visible()
        return self

    @property
    def ratings(self) -> Locator:
        return self.page.get_by_role("group", name=re.compile("^Rating at"))

    def rating(self, word: str) -> Locator:
        return self.ratings.get_by_role("radio", name=word, exact=True)

    def rate(self, word: str) -> Self:
        """Choose a rating; the page saves it by itself."""
        self.rating(word).check()
        return self.saved()

    def saved(self) -> Self:
        """Wait until what was typed is kept."""
        expect(self.page.locator("#saved")).to_contain_text("Saved")
        return self

    def type_note(self, words: str) -> Self:
        self.page.get_by_label("My note").fill(words)
        return self

    @property
    def note(self) -> Locator:
        return self.page.get_by_label("My note")

    def key(self, key: str) -> None:
        """One of the worksheet's keys."""
        self.page.locator("body").press(key)

    def next_open(self) -> str | None:
        """Turn to the next row that is not assessed, at this site or the next, by its key; None when there is none."""
        if self.rating("Not assessed").is_checked():
            return self.code
        if not self.page.get_by_role("link", name=re.compile("^(Next not assessed|Go on at)")).count():
            return None
        with self.page.expect_navigation():
            self.key("n")
        return self.code

    def met_everywhere(self) -> Self:
        """Rate this row met here and, where none is given yet, at the other sites: two keys; the next row comes."""
        self.key("1")
        with self.page.expect_navigation():
            self.key("a")
        return self

    @property
    def here(self) -> str:
        """The site at hand."""
        chosen = self.page.get_by_role("navigation", name="Site").locator("[aria-current]")
        return chosen.inner_text().split(",")[0].strip()

    def rated(self) -> tuple[int, int]:
        """How many rows are rated at this site, and of how many."""
        found = re.fullmatch(r"(\d+) of (\d+) rated", self.page.locator("#rated").inner_text())
        assert found
        return int(found[1]), int(found[2])

    def search(self, words: str = "", *, only_here: bool) -> Locator:
        """Search the binder beside the row; the pages found."""
        form = self.page.get_by_role("search")
        form.get_by_label(re.compile("Only what serves")).set_checked(only_here)
        form.get_by_label("Words").fill(words)
        with self.page.expect_response(re.compile("/worksheet/search")):
            form.get_by_role("button", name="Search").click()
        return self.hits

    @property
    def hits(self) -> Locator:
        return self.page.locator("#hits").get_by_role("listitem")

    @property
    def pins(self) -> Locator:
        return self.panel("Pinned by the practice")

    def quote(self, place: Locator) -> Self:
        """Rest the next observation on the page that is named there."""
        place.get_by_role("link", name="Quote it").first.click()
        return self

    def open_page(self, place: Locator) -> Viewer:
        """Open a page of the practice's documents from its pin or from what was found."""
        place.get_by_role("link").first.click()
        self.person.arrived()
        return Viewer(self.person)

    def observe(self, text: str, *, method: str = "Observation") -> Self:
        """Note one fact; its source stands there already."""
        form, before = self.page.locator("#observe"), self.observations.count()
        form.get_by_label("Add an observation").fill(text)
        form.get_by_role("radiogroup", name="Method").get_by_label(method, exact=True).check()
        form.get_by_role("button", name="Add the observation").click()
        expect(self.observations).to_have_count(before + 1)
        return self

    def source(self, kind: str, source: str) -> Self:
        form = self.page.locator("#observe")
        form.get_by_label("Kind of source").select_option(label=kind)
        form.get_by_label("Source", exact=True).fill(source)
        return self

    @property
    def observations(self) -> Locator:
        return self.page.locator("#observations .obs")

    @property
    def stale(self) -> Locator:
        """The notice that somebody else saved this row meanwhile."""
        return self.page.get_by_role("alert").filter(has_text="Nothing was overwritten")

    def save_mine(self) -> Self:
        self.page.get_by_role("button", name="Save mine instead").click()
        return self.saved()

    def answer(self, text: str) -> None:
        self.page.get_by_label(re.compile("^Your answer to")).fill(text)
        self.press("Send the answer")


class Viewer(Place):
    """Searching a binder, and a page of it with the answers lit."""

    def search(self, *, standard: str | None = None, words: str = "") -> Self:
        form = self.page.get_by_role("search")
        form.get_by_label("Standard").select_option(standard or "")
        form.get_by_label("Words").fill(words)
        form.get_by_role("button", name="Search the binder").click()
        self.person.arrived()
        return self

    @property
    def hits(self) -> Locator:
        return self.page.get_by_role("region", name="Results").get_by_role("listitem")

    @property
    def document(self) -> Locator:
        return self.page.get_by_role("region", name="Document")

    @property
    def lit(self) -> Locator:
        """The places on the page that answer."""
        return self.document.locator(".lit-box")

    def lit_words(self) -> int:
        """How many places are lit, as soon as the page is drawn."""
        expect(self.lit.first).to_be_attached()
        return self.lit.count()

    def as_text(self) -> Locator:
        """The words of the page; those that answer are marked."""
        self.follow("Read as text")
        return self.document.locator("mark")

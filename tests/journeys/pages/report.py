"""Pages of M4: the desk, the draft, the report, the plan and its lines, the reviewer's verdicts, the evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Self

from playwright.sync_api import Locator, expect

from tests.journeys.pages.place import Place, choose

TYPESET_MS = 30_000


class ReportDesk(Place):
    """What waits for a report, what is being worded, which plans run."""

    def open(self) -> Self:
        self.bar("Reports")
        return self

    def draw_up(self, practice: str) -> Draft:
        self.press(f"Draw up the report of {practice}")
        return Draft(self.person)

    def take_into_plan(self, practice: str) -> None:
        self.press(f"Take it into the plan of {practice}")


class Draft(Place):
    """A report while it is worded."""

    def word(self, code: str) -> Wording:
        self.page.get_by_role("link", name=re.compile(rf"^Word it\s*: {re.escape(code)}$")).click()
        return Wording(self.person)

    def preview(self) -> ReportPage:
        self.page.get_by_role("link", name="Preview").click()
        return ReportPage(self.person)

    def issue(self) -> ReportPage:
        confirmed = self.page.get_by_role("checkbox", name="I have read the marked words")
        if confirmed.count():
            confirmed.check()
        self.press("Issue the report")
        return ReportPage(self.person)


class Wording(Place):
    """One finding and what must be shown, while staff word it."""

    def ask_for(self, kind: str, what: str) -> Self:
        """Say what must be shown in the first place for it."""
        self.page.get_by_label("Kind", exact=True).first.select_option(kind)
        self.page.get_by_label("What must be shown", exact=True).first.fill(what)
        return self

    def missing(self, words: str) -> Self:
        self.page.get_by_label("What is missing").fill(words)
        return self

    def save(self, code: str) -> Draft:
        self.press(f"Save {code}")
        return Draft(self.person)


class ReportPage(Place):
    """A compliance report as a page."""

    def open(self) -> Self:
        """From the bar, which leads to the plan as soon as there is one, to the report that it answers."""
        self.bar("Report and plan")
        if self.page.get_by_role("link", name="The report that this plan answers").count():
            self.follow("The report that this plan answers")
        return self

    @property
    def pdf(self) -> Locator:
        return self.page.get_by_role("link", name="Signed PDF")

    def wait_for_paper(self) -> None:
        expect(self.pdf).to_be_visible(timeout=TYPESET_MS)

    def finding(self, code: str) -> Locator:
        title = self.page.get_by_role("heading", level=3, name=re.compile(f"^{re.escape(code)} "))
        return self.page.locator("article.finding").filter(has=title)

    def plan(self) -> PlanPage:
        self.follow("Open the action plan")
        return PlanPage(self.person)

    def version(self, number: int) -> Self:
        self.follow(f"Version {number}")
        return self


class PlanPage(Place):
    """The plan at a glance."""

    def open(self) -> Self:
        self.bar("Report and plan")
        return self

    def line(self, code: str) -> LinePage:
        self.lines.get_by_role("link", name=re.compile(f"^{re.escape(code)} ")).click()
        self.person.arrived()
        return LinePage(self.person)

    @property
    def lines(self) -> Locator:
        return self.page.get_by_role("region", name=re.compile(r"^\d+ lines?$"))

    def send(self) -> None:
        self.press("Send the plan to the Program")

    def show_done(self) -> EvidencePage:
        self.page.get_by_role("link", name="Show that it is done").click()
        return EvidencePage(self.person)

    def wait_for_receipt(self, number: int = 1) -> None:
        receipt = self.page.get_by_role("link", name=f"Receipt of evidence, round {number}")
        expect(receipt).to_be_visible(timeout=TYPESET_MS)

    def order_resurvey(self) -> ResurveyOrder:
        self.page.get_by_role("link", name="Order a re-survey").click()
        return ResurveyOrder(self.person)


class LinePage(Place):
    """One line of the plan."""

    def write(self, fields: Mapping[str, str]) -> Self:
        """Type into the fields, one after the other, as somebody would."""
        form = self.page.get_by_role("form", name="Your line")
        for label, text in fields.items():
            form.get_by_label(label, exact=True).fill(text)
        return self

    def value(self, label: str) -> str:
        return self.page.get_by_role("form", name="Your line").get_by_label(label, exact=True).input_value()

    def kept(self) -> Self:
        """Leave the field and wait until the line says that it is saved, without pressing anything."""
        with self.page.expect_response(lambda got: "/plan-lines/" in got.url and got.request.method == "POST"):
            self.page.get_by_role("heading", level=1).click()
        expect(self.page.locator("#saved")).to_contain_text("Saved")
        return self

    def save(self, number: int) -> Self:
        self.press(f"Save line {number}")
        return self

    def tie(self, document: str) -> Self:
        """Tie a document of the binder to this line."""
        choose(self.page.get_by_label("Document of the binder"), document)
        self.press("Tie it to this line")
        return self

    def plan(self) -> PlanPage:
        self.page.get_by_role("link", name="All lines").click()
        return PlanPage(self.person)


class Verdicts(Place):
    """The reviewer's page: every line that waits, of the plan or of the evidence."""

    def line(self, code: str) -> Locator:
        return self.page.get_by_role("region", name=re.compile(f"^{re.escape(code)} "))

    def note(self, code: str, verdict: str, comment: str = "") -> None:
        line = self.line(code)
        line.get_by_role("radio", name=verdict, exact=True).check()
        if comment:
            line.get_by_label("Comment").fill(comment)
        self.press(f"Note the verdict on {code}", line)
        expect(self.line(code).get_by_text("Verdict noted")).to_be_visible()

    def send_back(self, lines: int) -> None:
        self.press(f"Return {lines} line")

    def accept(self) -> None:
        self.press("Accept the plan")

    def ask_for_more(self) -> None:
        self.press("Ask the practice for more")

    def answer(self) -> None:
        self.press("Send the answer")


class EvidencePage(Place):
    """The practice shows that each line is done."""

    def line(self, code: str) -> Locator:
        return self.page.get_by_role("region", name=re.compile(f"^{re.escape(code)} "))

    def pin(self, code: str, document: str, page: int) -> None:
        choose(self.line(code).get_by_label("Document", exact=True), document)
        self.line(code).get_by_label("Page", exact=True).fill(str(page))
        self.press("Pin the page", self.line(code))

    def done(self, code: str, on: date) -> None:
        self.line(code).get_by_label("Done on").fill(on.isoformat())
        self.press(f"Save {code}", self.line(code))

    def send(self) -> PlanPage:
        self.press("Send the evidence to the Program")
        return PlanPage(self.person)


class ResurveyOrder(Place):
    """The administrator orders a second, narrower visit."""

    def order(self, *, lines: Sequence[str], sites: Sequence[str], ground: str, reason: str) -> PlanPage:
        wanted = self.page.get_by_role("group", name="Requirements to be seen")
        for code in lines:
            wanted.get_by_role("checkbox", name=f"{code} ").check()
        for site in sites:
            self.page.get_by_role("group", name="Sites").get_by_role("checkbox", name=site).check()
        self.page.get_by_role("radio", name=ground).check()
        self.page.get_by_label("Reason").fill(reason)
        self.press("Order the re-survey")
        return PlanPage(self.person)

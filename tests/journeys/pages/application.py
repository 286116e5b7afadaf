"""Pages of M2: the introduction, the gate, the six steps, the questionnaire, submitting."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Self

from playwright.sync_api import Locator, expect

from app.application.rules.fields import Field, Kind
from app.application.rules.questionnaire import BY_LETTER
from tests.journeys.pages.place import Place
from tests.journeys.pages.policies import Binder

PARTS = (Kind.HOURS, Kind.COUNTS, Kind.SHARES)


class Gate(Place):
    """Why the practice may or may not open an application today."""

    def open(self) -> Self:
        """The bar leads here until there is an application."""
        self.bar("Application")
        return self

    def introduction(self) -> Introduction:
        self.follow("Watch the")
        return Introduction(self.person)

    def open_application(self) -> Tracker:
        self.press("Open the application")
        return Tracker(self.person)


class Introduction(Place):
    """The recorded introduction, part by part."""

    def go_through(self) -> Self:
        while (part := self.page.get_by_role("button", name="I have gone through this part")).count():
            part.first.click()
            self.person.arrived()
        return self

    def finish(self, *, ticked: bool) -> Gate:
        self.page.get_by_label("I have watched the introduction.").set_checked(ticked)
        self.press("Record that I watched it")
        return Gate(self.person)


class Applications(Place):
    """Every application, as the Program sees them."""

    def open(self) -> Self:
        self.bar("Applications")
        return self

    def application_of(self, practice: str) -> Tracker:
        self.page.get_by_role("row").filter(has_text=practice).get_by_role("link").first.click()
        self.person.arrived()
        return Tracker(self.person)


class Tracker(Place):
    """The six steps at a glance, and the button that submits."""

    def open(self) -> Self:
        self.bar("Application")
        return self

    def step(self, title: str) -> None:
        self.panel("Six steps").get_by_role("link", name=title).click()
        self.person.arrived()

    def state(self, title: str) -> Locator:
        return self.panel("Six steps").get_by_role("listitem").filter(has_text=title)

    def eligibility(self) -> Eligibility:
        self.step("Eligibility")
        return Eligibility(self.person)

    def agreements(self) -> Agreements:
        self.step("Agreements")
        return Agreements(self.person)

    def section(self, letter: str) -> SectionPage:
        self.step("Practice questionnaire")
        self.page.get_by_role("heading", name=f"{letter}. {BY_LETTER[letter].title}").get_by_role("link").click()
        self.person.arrived()
        return SectionPage(self.person, letter)

    def payment(self) -> Payment:
        self.step("Payment")
        return Payment(self.person)

    def binder(self) -> Binder:
        self.step("Policies")
        self.follow("Open the binder")
        return Binder(self.person)

    def dates(self) -> Dates:
        self.step("Dates for the survey")
        return Dates(self.person)

    def submit(self, *, attested: bool = True) -> Self:
        self.page.get_by_label("These documents are the practice's own policies").set_checked(attested)
        self.press("Submit application")
        return self

    def submission(self) -> Submitted:
        self.follow("What was submitted")
        return Submitted(self.person)


class Eligibility(Place):
    """Step 1."""

    def confirm(self) -> Tracker:
        self.person.tick("The sites listed here", "We have a written policy")
        self.press("Confirm eligibility")
        return Tracker(self.person)


class Agreements(Place):
    """Step 2: what is to be read and signed."""

    def read(self, title: str) -> AgreementPage:
        self.follow(title)
        return AgreementPage(self.person)

    def unsigned(self) -> list[str]:
        """The agreements that can be signed now."""
        rows = self.panel("Agreements in force").get_by_role("listitem").filter(has_text="Read and sign")
        return [row.get_by_role("link").first.inner_text() for row in rows.all()]


class AgreementPage(Place):
    """One agreement, and where it is signed."""

    def sign(self, name: str, title: str, password: str) -> None:
        self.person.fill("Your full name", name)
        self.person.fill("Your title", title)
        for box in self.page.get_by_role("main").get_by_role("checkbox").all():
            box.check()
        self.person.fill("Your password again", password)
        self.press("Sign the")


class SectionPage(Place):
    """One section of the questionnaire, filled in by its labels; it saves itself."""

    def __init__(self, person: Any, letter: str) -> None:
        super().__init__(person)
        self.section = BY_LETTER[letter]

    def fill(self, answers: Mapping[str, Any]) -> Self:
        """Give these answers, groups entry by entry."""
        for asked in self.section.fields:
            if answers.get(asked.name):
                self._answer(asked, answers[asked.name], self.page.get_by_role("main"))
        if self.section.group is not None:
            self._fill_group(answers.get(self.section.group.name, []))
        return self

    def _fill_group(self, entries: Sequence[Mapping[str, Any]]) -> None:
        group = self.section.group
        assert group is not None
        for n, entry in enumerate(entries):
            if n or not self.entries.count():
                self.press(f"Add a {group.one}")
            for asked in group.fields:
                if entry.get(asked.name):
                    self._answer(asked, entry[asked.name], self.entries.last)

    def _answer(self, asked: Field, value: Any, where: Locator) -> None:
        group = where.get_by_role("group", name=asked.label, exact=True)
        words = {word.value: word.label for word in asked.words or []}
        field = where.get_by_label(asked.label, exact=True)
        if asked.kind in PARTS:
            for part, given in value.items():
                group.get_by_label(words[part], exact=True).fill(given)
        elif asked.kind is Kind.MANY:
            for one in value:
                group.get_by_label(words[one], exact=True).check()
        elif asked.kind is Kind.ONE and group.count():
            group.get_by_label(words[value], exact=True).check()
        elif asked.kind is Kind.ONE:
            field.select_option(value)
        elif asked.kind is Kind.TRUTH:
            field.check()
        else:
            field.fill(value)

    @property
    def entries(self) -> Locator:
        return self.page.locator("details.fold")

    def field(self, label: str) -> Locator:
        return self.page.get_by_role("main").get_by_label(label, exact=True)

    def change(self, label: str, text: str) -> Self:
        """Type into one field and leave it; the page then saves by itself."""
        self.field(label).fill(text)
        self.field(label).blur()
        return self

    def saved_by(self, name: str) -> Self:
        """Wait until the page says that it was saved."""
        expect(self.page.get_by_role("status").filter(has_text="Saved")).to_contain_text(f"by {name}")
        return self

    def met(self, name: str) -> Comparison:
        """Wait for the notice that somebody else saved meanwhile, and compare."""
        expect(self.page.get_by_role("status").filter(has_text=f"{name} changed this section at")).to_be_visible()
        self.follow("Compare the two")
        return Comparison(self.person)

    def go_on(self) -> Self:
        """The button that leads to the next section, or back to the review after the last."""
        self.page.get_by_role("button", name=re.compile("^(Go on|Finish)")).click()
        self.person.arrived()
        return self


class Comparison(Place):
    """What two people wrote in the same section."""

    def keep_mine(self) -> None:
        self.press("Keep mine for the whole section")


class Payment(Place):
    """Step 4, for the owner who asks for the invoice and for staff who record the money."""

    def ask_for_invoice(self) -> Self:
        self.press("Ask for the invoice")
        return self

    @property
    def due(self) -> Decimal:
        said = self.page.get_by_text("The invoice is over").inner_text()
        found = re.search(r"\$([\d,]+\.\d\d)", said)
        assert found, said
        return Decimal(found[1].replace(",", ""))

    def record(self, *, method: str, amount: Decimal, reference: str, day: str, seen: bool) -> Self:
        self.page.get_by_label(method, exact=True).check()
        self.person.fill("Amount, USD", f"{amount}")
        self.person.fill("Reference", reference)
        self.person.fill("Day on which it arrived", day)
        self.page.get_by_label("The money is in the Program's account.").set_checked(seen)
        self.press("Record the payment")
        return self


class Dates(Place):
    """Step 6."""

    @property
    def days(self) -> Locator:
        return self.page.get_by_role("main").get_by_role("checkbox")

    def offer(self, count: int) -> list[str]:
        """Offer the first days that can be offered; what each is."""
        boxes = self.days.all()[:count]
        for box in boxes:
            box.check()
        offered = [str(box.get_attribute("value")) for box in boxes]
        self.press("Offer these days")
        return offered


class Submitted(Place):
    """The locked copy of what was submitted."""

    def files(self) -> dict[str, str]:
        """Each file by name, with its SHA-256."""
        rows = self.page.locator("section").filter(has=self.page.get_by_role("heading", name=re.compile(r"^\d+ files")))
        found = {}
        for row in rows.get_by_role("listitem").all():
            name, *_, sha256 = row.inner_text().strip().split("\n")
            found[name] = sha256.strip()
        return found

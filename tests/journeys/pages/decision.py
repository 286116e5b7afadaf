"""Pages of M5: the decision, the certificate, the plaque, and what anybody may ask."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Self

from playwright.sync_api import Locator, expect

from tests.journeys.pages.place import Place

TYPESET_MS = 30_000


class Decisions(Place):
    """Cases in which everything is met and nothing is decided."""

    def open(self) -> Self:
        self.bar("Decisions")
        return self

    def case_of(self, practice: str) -> Award:
        self.page.get_by_role("region", name="Cases to decide").get_by_role("link", name=practice).click()
        return Award(self.person)


class Award(Place):
    """What an award rests on, and the award."""

    def award(self, practice: str) -> CertificationPage:
        self.press(f"Award the certification to {practice}")
        return CertificationPage(self.person)


class CertificationPage(Place):
    """What the practice holds."""

    def open(self) -> Self:
        self.bar("Certificate")
        return self

    @property
    def number(self) -> str:
        found = re.search(r"QCP-\d{4}-\d{4}-[A-Z]", self.page.get_by_role("region", name="Certification").inner_text())
        assert found
        return found[0]

    @property
    def certificate(self) -> Locator:
        return self.page.get_by_role("link", name=re.compile("^Certificate QCP-"))

    def wait_for_paper(self) -> None:
        expect(self.certificate).to_be_visible(timeout=TYPESET_MS)

    def plaque(self) -> PlaquePage:
        self.panel("Plaque").get_by_role("link").click()
        return PlaquePage(self.person)


class PlaqueDesk(Place):
    """Staff's list of plaques on their way."""

    def open(self) -> Self:
        self.bar("Plaques")
        return self

    def plaque_of(self, practice: str) -> PlaquePage:
        self.page.get_by_role("link", name=practice).first.click()
        return PlaquePage(self.person)


class PlaquePage(Place):
    """One plaque, for its owner or for the office."""

    def give_details(self, line: str, *, addressee: str, contact: str, street: str, town: str) -> None:
        self.page.get_by_label("Line to be engraved").fill(line)
        self.page.get_by_label("Practice or company").fill(addressee)
        self.page.get_by_label("Person who receives it").fill(contact)
        self.page.get_by_label("Street and number").fill(street)
        self.page.get_by_label("Town, state, ZIP").fill(town)
        self.press("Confirm these details")

    def send_proof(self) -> None:
        self.press("Send the proof to the owner")

    def take(self, words: str) -> bytes:
        """Wait until a paper has become a link by itself, and take it."""
        paper = self.page.get_by_role("link", name=words).first
        self.by_itself(lambda: expect(paper).to_be_visible(timeout=TYPESET_MS))
        return self.person.file(words)

    def ask_change(self, words: str) -> None:
        self.page.get_by_label("What is to be changed?").fill(words)
        self.press("Ask for a change")

    def save_details(self, line: str) -> None:
        self.page.get_by_label("Line to be engraved").fill(line)
        self.press("Save the changed details")

    def approve(self) -> None:
        self.press("Approve the proof")

    def order(self, maker: str) -> None:
        self.page.get_by_label("Maker").fill(maker)
        self.press("Note the order")

    def ship(self, carrier: str, tracking: str) -> None:
        self.page.get_by_label("Carrier").fill(carrier)
        self.page.get_by_label("Tracking number").fill(tracking)
        self.press("Note that it is shipped")

    def receive(self) -> None:
        self.press("The plaque has arrived")


class Registry(Place):
    """Certified practices, for anybody."""

    def open(self) -> Self:
        self.bar("Certified practices")
        return self

    def find(self, words: str) -> Self:
        self.page.get_by_label("Name or town").fill(words)
        self.press("Find")
        return self

    def row(self, practice: str) -> Locator:
        return self.page.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=practice))

    def answer(self, number: str) -> Answer:
        self.page.get_by_role("link", name=number).click()
        return Answer(self.person)


class Verify(Place):
    """Ask by a number, or let a PDF be compared."""

    def open(self) -> Self:
        self.bar("Verify")
        return self

    def ask(self, number: str) -> Answer:
        self.page.get_by_label("Certificate number or code").fill(number)
        self.page.get_by_role("button", name="Verify", exact=True).click()
        self.person.arrived()
        return Answer(self.person)

    def drop(self, file: Path) -> Locator:
        """Choose a file and have it compared; what is said about it."""
        self.page.get_by_label("Choose a PDF file").set_input_files(file)
        self.press("Check this file")
        return self.page.get_by_role("region", name="Check the PDF you hold").get_by_role("status")


class Answer(Verify):
    """What a number says today."""

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("region", name="Status")

"""Pages of step 5: dropping files on the binder, confirming what they answer, one slot of the binder."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from playwright.sync_api import Locator, expect

from tests.journeys.pages.place import Place

READ_MS = 180_000
TYPES = {".pdf": "application/pdf", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}

# What a browser does when files are let go over an element.
DROP = """(target, files) => {
  const carried = new DataTransfer();
  for (const { name, type, data } of files)
    carried.items.add(new File([Uint8Array.from(atob(data), c => c.charCodeAt(0))], name, { type }));
  for (const kind of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


class Binder(Place):
    """The practice's documents, and what they cover."""

    def open(self) -> Self:
        self.bar("Binder")
        return self

    def drop(self, files: Sequence[Path]) -> Self:
        """Let all these files go over the page at once."""
        carried = [
            {"name": one.name, "type": TYPES.get(one.suffix, ""), "data": base64.b64encode(one.read_bytes()).decode()}
            for one in files
        ]
        self.page.get_by_text("Drop files here, or choose them from this computer").evaluate(DROP, carried)
        return self

    def sent(self, file: str) -> Locator:
        """What is said of one file that was dropped."""
        return self.page.get_by_role("list", name="Files being sent").get_by_role("listitem").filter(has_text=file)

    def wait_until_read(self) -> Self:
        """The list changes by itself; the page is never loaded again."""
        expect(self.page.get_by_text("All files are read.")).to_be_visible(timeout=READ_MS)
        return self

    def titles(self) -> list[str]:
        """Every document in the list, by its title."""
        return self.page.locator("#documents").get_by_role("listitem").locator("b a").all_inner_texts()

    def document(self, title: str) -> DocumentPage:
        self.page.locator("#documents").get_by_role("link", name=title, exact=True).click()
        self.person.arrived()
        return DocumentPage(self.person)

    def domain(self, code: str) -> Self:
        self.page.get_by_role("navigation", name="Domain").get_by_role("link", name=re.compile(f"^{code}")).click()
        self.person.arrived()
        return self

    def uncovered(self) -> list[str]:
        """The rows of the domain at hand that have neither a pin nor a claim."""
        rows = self.page.get_by_role("region", name="Coverage map, table").get_by_role("row")
        open_ = rows.filter(has_text=re.compile("To confirm|Nothing yet"))
        return [row.get_by_role("rowheader").get_by_role("link").inner_text() for row in open_.all()]

    def slot(self, code: str) -> Slot:
        row = self.page.get_by_role("rowheader").get_by_role("link", name=code, exact=True)
        row.click()
        self.person.arrived()
        return Slot(self.person)


class DocumentPage(Place):
    """One document: what it seems to answer, and where it is pinned."""

    def pin_what_is_ticked(self) -> Self:
        """Confirm the passages that the portal is sure of; it has ticked them."""
        button = self.page.get_by_role("button", name="Pin the ticked passages")
        if button.count() and self.page.get_by_role("region", name="It seems to answer").get_by_role(
            "checkbox", checked=True
        ).count():  # fmt: skip
            button.click()
            self.person.arrived()
            self.told("pinned.")
        return self

    def serves(self, code: str) -> Self:
        """Say that it serves a row as a whole."""
        rows = self.page.get_by_role("group", name="Standards and elements")
        rows.get_by_label(re.compile(rf"^{re.escape(code)} ")).check()
        self.press("Save these rows")
        return self.told("Saved.")

    def serves_every_row(self) -> Self:
        """A manual serves them all, as a whole."""
        for box in self.page.get_by_role("group", name="Standards and elements").get_by_role("checkbox").all():
            box.check()
        self.press("Save these rows")
        return self.told("Saved.")

    def read(self) -> Reading:
        self.follow("Read it")
        return Reading(self.person)

    def pinned(self) -> list[str]:
        where = self.page.get_by_role("region", name="Where it is pinned")
        return where.get_by_role("listitem").locator(".code").all_inner_texts()


class Reading(Place):
    """A page of a document in the viewer."""

    def turn_to(self, number: int) -> Self:
        tools = self.page.get_by_role("toolbar", name="Document tools")
        tools.get_by_label("Page", exact=True).fill(str(number))
        tools.get_by_label("Page", exact=True).press("Enter")
        expect(self.page.get_by_role("status").filter(has_text=f"Page {number} of ")).to_be_attached()
        return self

    def pin(self, code: str, quote: str) -> Self:
        """Pin a passage of this page by its words."""
        self.page.get_by_text("Pin a passage of this page").click()
        options = self.page.get_by_label("Standard or element").locator("option")
        self.page.get_by_label("Standard or element").select_option(
            label=next(one for one in options.all_inner_texts() if one.startswith(f"{code} "))
        )
        self.person.fill("The words that answer", quote)
        self.press("Pin it")
        return self.told(f"Pinned to {code}.")


class Slot(Place):
    """The place of one row in the binder."""

    @property
    def can_be_claimed(self) -> bool:
        return self.page.get_by_role("button", name="as not applicable").count() > 0

    @property
    def has_suggestion(self) -> bool:
        return self.page.get_by_role("button", name=re.compile(r"^Pin page \d+$")).count() > 0

    def pin_first_suggestion(self) -> None:
        self.page.get_by_role("button", name=re.compile(r"^Pin page \d+$")).first.click()
        self.person.arrived()
        self.told("Pinned to")

    def claim(self, reason: str) -> Self:
        self.person.fill("Why it does not apply to you", reason)
        self.page.get_by_role("button", name="as not applicable").click()
        self.person.arrived()
        return self

    def back(self) -> Binder:
        """To the binder, at the domain of this row."""
        self.follow("Binder of")
        return Binder(self.person)

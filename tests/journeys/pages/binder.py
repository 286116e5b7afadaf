"""The binder: sending documents in, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from playwright.sync_api import Locator, expect

from tests.journeys.pages.place import Place

READ_MS = 60_000


class BinderPage(Place):
    """The files of a practice."""

    def open(self) -> Self:
        self.bar("Binder")
        return self

    def send_in(self, files: Sequence[Path]) -> Self:
        """Choose files; each is sent with its progress, and the list says when all are read."""
        self.person.attach("Drop files here", files)
        sending = self.page.get_by_role("list", name="Files being sent")
        for file in files:
            expect(sending.get_by_role("listitem").filter(has_text=file.name)).to_contain_text("Received")
        expect(self.page.get_by_text("All files are read.")).to_be_visible(timeout=READ_MS)
        return self

    def document(self, title: str) -> Locator:
        """How one document stands."""
        link = self.page.get_by_role("link", name=title)
        return self.page.get_by_role("listitem").filter(has=link).first

"""Pages of M1: the Program's rounds, enrolling, the chart desk, one chart, a chart file, the final report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Self

from playwright.sync_api import Locator, expect

from app.participation.rules.columns import COLUMNS, GROUP_TITLES, Column, Kind
from tests.journeys.pages.place import Place

READING_MS = 30_000


class Rounds(Place):
    """Every round, as staff see them."""

    def open(self) -> Self:
        self.bar("Rounds")
        return self

    def plan(self) -> PlanRound:
        self.follow("Plan a round")
        return PlanRound(self.person)

    def round(self, code: str) -> RoundPage:
        self.follow(code)
        return RoundPage(self.person)


class PlanRound(Place):
    """The dates of a new round."""

    def set_down(self, code: str, days: Mapping[str, date]) -> RoundPage:
        self.person.fill("Code", code)
        for label, day in days.items():
            self.person.fill(label, day.isoformat(), exact=True)
        self.press("Plan this round")
        return RoundPage(self.person)


class RoundPage(Place):
    """One round, as staff see it."""

    def release(self) -> Self:
        self.press("Release the final reports")
        return self.told("The final reports are out.")


class Participation(Place):
    """Where a practice stands with QOPI."""

    def open(self) -> Self:
        """The bar leads here until the practice is enrolled, then to the desk."""
        self.bar("Charts")
        return self

    def enrol(self, code: str) -> Enrol:
        self.follow(f"Enroll in round {code}")
        return Enrol(self.person)

    def report(self) -> FinalReport:
        self.follow("Read the report")
        return FinalReport(self.person)


class Enrol(Place):
    """What an owner says when the practice joins a round."""

    def size(self, fte: str) -> Self:
        """Type how many oncologists there are; the targets come by themselves."""
        self.person.fill("Full-time equivalents of your oncologists", fte)
        expect(self.page.get_by_role("status").filter(has_text="Full-time equivalents")).to_contain_text(fte)
        return self

    def tick_every_statement(self) -> Self:
        for box in self.page.get_by_role("group", name="We confirm").get_by_role("checkbox").all():
            box.check()
        return self

    def accept(self, name: str) -> Self:
        for field in self.page.get_by_label("Your full name, to accept").all():
            field.fill(name)
        return self

    def send(self) -> Desk:
        self.press("Accept and enroll in round")
        return Desk(self.person)


class Desk(Place):
    """All charts of a practice in a round, and where it stands."""

    def open(self) -> Self:
        self.bar("Charts")
        return self

    def new_chart(self) -> ChartPage:
        self.follow("Enter a chart")
        return ChartPage(self.person)

    def import_file(self) -> ChartFile:
        self.follow("Import a file")
        return ChartFile(self.person)

    def confirm_complete(self) -> Self:
        """Say of every module below its target that every eligible chart is in."""
        while (button := self.page.get_by_role("button", name="Confirm: every eligible chart of")).count():
            button.first.click()
            self.person.arrived()
            self.told("Saved.")
        return self

    def freeze(self) -> Freeze:
        self.follow("Freeze the charts")
        return Freeze(self.person)

    def all_rounds(self) -> Participation:
        self.follow("All rounds")
        return Participation(self.person)

    @property
    def standing(self) -> Locator:
        return self.panel("What still stands in the way")


class ChartPage(Place):
    """One chart in the form; its fields are the columns of the chart file."""

    def fill(self, cells: Mapping[str, str]) -> Self:
        for name, value in cells.items():
            self._fill(COLUMNS[name], value)
        return self

    def _fill(self, column: Column, value: str) -> None:
        field = self.field(column.name)
        if not field.is_visible():
            self.page.get_by_role("heading", name=GROUP_TITLES[column.group]).click()
        if column.kind is Kind.CODE:
            field.select_option(value)
        else:
            field.fill(value)

    def field(self, column: str) -> Locator:
        return self.page.get_by_label(COLUMNS[column].label, exact=True)

    def enter(self) -> None:
        self.press("Enter this chart")


class ChartFile(Place):
    """A chart file, first on trial."""

    def try_out(self, file: Path) -> Trial:
        self.person.attach("Chart file (CSV)", [file])
        self.press("Start the trial run")
        return Trial(self.person)


class Trial(Place):
    """What a trial run shows."""

    def another(self) -> ChartFile:
        self.follow("Choose another file")
        return ChartFile(self.person)

    def take(self, charts: int) -> Desk:
        self.press(f"Import {charts} charts")
        self.told(f"{charts} charts are entered.")
        return Desk(self.person)


class Freeze(Place):
    """The last look before the charts become read-only."""

    def freeze(self) -> Desk:
        self.page.get_by_role("button", name=re.compile(r"Freeze \d+ charts?")).click()
        self.person.arrived()
        return Desk(self.person)


class FinalReport(Place):
    """The final report of a round, as a page."""

    @property
    def score(self) -> str:
        return self.panel("Overall Quality Score").locator(".status-word").inner_text()

    def says(self, words: Iterable[str]) -> Self:
        for said in words:
            self.told(said)
        return self

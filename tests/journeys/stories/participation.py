"""M1: a round is planned, a practice measures itself on its charts, and reads its final report."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.pages.participation import Desk, FinalReport, Participation, Rounds
from tests.journeys.paper import signature
from tests.journeys.person import Person
from tests.journeys.site import Site

CODE = "2026-R1"
PLANNED = datetime(2025, 11, 20, 15, 0, tzinfo=UTC)
ENTERED = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
RELEASED = datetime(2026, 8, 14, 15, 0, tzinfo=UTC)
DAYS = {
    "Registration opens": date(2025, 12, 1), "Registration ends": date(2026, 5, 31),
    "First day for charts": date(2026, 1, 5), "Last day for charts": date(2026, 6, 30),
    "Last visit from": date(2025, 7, 1), "Last visit to": date(2025, 12, 31),
    "Day of death from": date(2025, 1, 1), "Day of death to": date(2025, 12, 31),
    "Earliest diagnosis": date(2023, 7, 1),
}  # fmt: skip


@dataclass(frozen=True)
class Charts:
    """What a practice enters: how many oncologists it has, and its chart file."""

    fte: str
    file: Path

    @property
    def rows(self) -> list[dict[str, str]]:
        with self.file.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def without_the_first(self, folder: Path) -> Path:
        """The same file without the chart that is typed in by hand."""
        rest = folder / f"rest-of-{self.file.name}"
        head, _, *others = self.file.read_text(encoding="utf-8").splitlines(keepends=True)
        rest.write_text("".join([head, *others]), encoding="utf-8")
        return rest


def a_round_is_planned(staff: Person) -> None:
    """Staff plan a round, with a slip that comes back; registration and the round open by themselves."""
    page = Rounds(staff).open().seen("m1-rounds").plan()
    page.set_down(CODE, DAYS | {"Last day for charts": date(2025, 12, 24)})
    page.told("These dates do not go together").seen("m1-plan-round-errors")
    expect(staff.page.get_by_label("First day for charts")).to_have_value("2026-01-05")
    page.set_down(CODE, DAYS).told(f"Round {CODE} is planned.").seen("m1-round-planned")


def the_practice_enrols(owner: Person, charts: Charts, name: str) -> Desk:
    """The owner enrolls on the QCP Track, after being told what was missing."""
    page = Participation(owner).open().seen("m1-participation").enrol(CODE)
    page.size(charts.fte).accept(name).send()
    page.told("The practice cannot enroll yet").seen("m1-enroll-errors")
    expect(owner.page.get_by_label("Full-time equivalents of your oncologists")).to_have_value(charts.fte)
    desk = page.tick_every_statement().send()
    return desk.told(f"is enrolled in round {CODE}.").seen("m1-desk-empty")


def one_chart_is_typed(desk: Desk, charts: Charts) -> None:
    """One chart by form; an error comes back beside what was typed."""
    first = charts.rows[0]
    page = desk.new_chart().seen("m1-chart-form")
    page.fill({name: value for name, value in first.items() if value} | {"birth_year": "2020"})
    page.enter()
    page.told("Some answers have to change before this can be saved").seen("m1-chart-errors")
    expect(page.field("birth_year")).to_have_value("2020")
    expect(page.field("chart_id")).to_have_value(first["chart_id"])
    page.fill({"birth_year": first["birth_year"]}).enter()
    page.told(f"Chart {first['chart_id']} is entered.")


def the_rest_comes_by_file(desk: Desk, charts: Charts, folder: Path, bad: Path | None = None) -> None:
    """The other charts by file: a bad one is shown row by row and nothing of it is stored; a sound one goes in."""
    page = desk.import_file().seen("m1-import")
    if bad is not None:
        page = page.try_out(bad).told("cannot be used").seen("m1-trial-errors").another()
    trial = page.try_out(charts.without_the_first(folder)).told("can be used.").seen("m1-trial")
    trial.take(len(charts.rows) - 1).confirm_complete().seen("m1-desk")
    expect(desk.standing).to_contain_text("Nothing")


def the_charts_are_frozen(desk: Desk, charts: Charts) -> None:
    """The owner freezes them; the desk says so."""
    frozen = desk.freeze().seen("m1-freeze").freeze()
    frozen.told("The charts are frozen since").seen("m1-desk-frozen")
    assert desk.page.get_by_role("link", name="Enter a chart").count() == 0


def the_round_is_scored(site: Site, staff_email: str) -> None:
    """The round closes by itself after its last day; weeks later staff release the reports."""
    with site.sign_in(staff_email) as staff:
        Rounds(staff).open().round(CODE).told("Open for charts.").seen("m1-round-open")
    site.at(RELEASED)
    site.wait_for_work()
    with site.sign_in(staff_email) as staff:
        page = Rounds(staff).open().round(CODE).told("Closed, reports to come.").seen("m1-round-closed")
        page.release().seen("m1-round-released")
    site.wait_for_work()


def the_report_is_read(site: Site, owner: Person) -> FinalReport:
    """The owner follows the mail to the report: a page, and a signed paper that any reader calls valid."""
    owner.goto(site.mails.link(owner.email, "final report"))
    report = FinalReport(owner).seen("m1-final-report")
    report.told("The practice qualifies to apply for certification")
    signature(owner.file("Final participation report"))
    return report


def participation(site: Site, staff_email: str, owner_email: str, owner_name: str, charts: Charts,
                  folder: Path) -> None:  # fmt: skip
    """The whole of M1, of one practice."""
    site.at(PLANNED)
    with site.sign_in(staff_email) as staff:
        a_round_is_planned(staff)
    site.at(ENTERED)
    site.wait_for_work()
    with site.sign_in(owner_email) as owner:
        desk = the_practice_enrols(owner, charts, owner_name)
        one_chart_is_typed(desk, charts)
        the_rest_comes_by_file(desk, charts, folder)
        the_charts_are_frozen(desk, charts)
    the_round_is_scored(site, staff_email)
    with site.sign_in(owner_email) as owner:
        the_report_is_read(site, owner)

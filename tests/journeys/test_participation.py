"""Milestone 1 in a browser."""

from __future__ import annotations

from pathlib import Path

from app.people.rules import Role
from tests.factories import chart, people
from tests.factories.enrolment import chart_practice
from tests.journeys import paper
from tests.journeys.pages.participation import Desk
from tests.journeys.site import Site
from tests.journeys.stories import participation as story
from tests.journeys.stories.participation import CODE, ENTERED, PLANNED, Charts

SAMPLE = Charts("1", chart.FILES / "charts-sample.csv")
BAD = chart.FILES / "charts-bad.csv"


def test_from_a_planned_round_to_the_signed_final_report(site: Site, tmp_path: Path) -> None:
    with site.db() as db:
        people.member(db, chart_practice(db), Role.OWNER, email="dana@example.org", name="Dana Whitfield")
        people.official(db, Role.STAFF, email="stefan@qcp.example", name="Stefan Okoye")
    site.at(PLANNED)
    with site.sign_in("stefan@qcp.example") as staff:
        story.a_round_is_planned(staff)
    site.at(ENTERED)
    site.wait_for_work()
    with site.sign_in("dana@example.org") as owner:
        desk = story.the_practice_enrols(owner, SAMPLE, "Dana Whitfield")
        story.one_chart_is_typed(desk, SAMPLE)
        story.the_rest_comes_by_file(desk, SAMPLE, tmp_path, bad=BAD)
        story.the_charts_are_frozen(desk, SAMPLE)
    story.the_round_is_scored(site, "stefan@qcp.example")
    with site.sign_in("dana@example.org") as owner:
        report = story.the_report_is_read(site, owner)
        said = paper.words(owner.file("Final participation report"))
        assert report.score in said
        assert CODE in said
        desk = Desk(owner).open().told("The final report of this round is out.")
        desk.all_rounds().told("Opens an application").seen("m1-participation-reported")

"""Milestone 2 in browsers: the owner, a contributor, the signer and staff, each in their own."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.application.actions import steps
from app.application.actions.opening import open_for
from app.participation.models import ScoreReport
from app.people.models import Practice, User
from app.people.models import Site as PracticeSite
from app.people.rules import Role
from tests.factories import application as factory
from tests.factories import people
from tests.factories.answers import answers
from tests.journeys.pages.application import SectionPage, Tracker
from tests.journeys.site import Site
from tests.journeys.stories import application as story
from tests.journeys.stories.cast import Who

NOW = datetime(2026, 8, 19, 15, 0, tzinfo=UTC)
DANA = Who("dana@harborlight.example", "Dana Whitfield")
PRIYA = Who("priya@harborlight.example", "Priya Nair")
TEO = Who("teo@harborlight.example", "Teo Brandt")
STEFAN = Who("stefan@qcp.example", "Stefan Okoye")
PRACTICE = "Harbor Light Oncology"


@pytest.fixture
def reported(site: Site) -> Site:
    """A practice whose final report qualifies, with its people, on the day after."""
    with site.db() as db:
        made = people.practice(
            db, public_name=PRACTICE, legal_name="Harbor Light Oncology, P.C.", tax_id="01-2345678",
            sites=[PracticeSite(code="CS", name="Cove Street", main=True, address="18 Cove Street", city="Seabrook",
                                region="ME", postcode="04000")],
        )  # fmt: skip
        people.member(db, made, Role.OWNER, email=DANA.email, name=DANA.name, title="Administrator")
        people.member(db, made, Role.CONTRIBUTOR, email=PRIYA.email, name=PRIYA.name, title="Pharmacist")
        people.member(db, made, Role.SIGNER, email=TEO.email, name=TEO.name, title="Medical Director")
        people.official(db, Role.STAFF, email=STEFAN.email, name=STEFAN.name)
        factory.report(db, made)
    site.at(NOW)
    return site


def test_from_the_introduction_to_the_receipt(reported: Site, tmp_path: Path) -> None:
    site, what = reported, story.policies(tmp_path)
    with site.sign_in(DANA.email) as owner:
        tracker = story.the_introduction_is_heard(owner)
        tracker = story.the_sites_are_confirmed(tracker)
        story.the_agreements_are_signed(site, TEO)
        story.the_questionnaire_is_answered(tracker.open(), answers())
        story.it_is_paid(site, owner, STEFAN, PRACTICE)
        binder = story.the_policies_come_in(owner, what)
        binder = story.what_is_suggested_is_pinned(owner, binder, row="3.7")
        story.every_slot_is_settled(owner, binder)
        assert len(story.days_are_offered(owner)) == 8
        story.it_is_submitted(site, TEO, what.files)
        Tracker(owner).open().told("Ready for survey since")


def test_what_is_typed_is_saved_and_gone_on_with_in_another_browser(reported: Site) -> None:
    _opened(reported)
    with reported.sign_in(DANA.email) as here:
        page = Tracker(here).open().section("A").seen("m2-section-a")
        page.fill(answers()["A"]).change("Phone", "(207) 555-0188").saved_by("Dana W.")
    with reported.sign_in(DANA.email) as there:
        page = Tracker(there).open().section("A")
        for label, text in (("Legal name", "Harbor Light Oncology, P.C."), ("Phone", "(207) 555-0188")):
            expect(page.field(label)).to_have_value(text)
        page.change("Phone", "12").go_on()
        page.told("1 answer to change before this section is complete").seen("m2-section-a-errors")
        expect(page.field("Phone")).to_have_value("12")
        page.change("Phone", "(207) 555-0100").go_on()
        expect(there.page.get_by_role("heading", level=1)).to_contain_text("B. One practice or several")


def test_two_people_in_the_same_section_are_told_and_choose(reported: Site) -> None:
    _opened(reported)
    with reported.sign_in(DANA.email) as dana, reported.sign_in(PRIYA.email) as priya:
        mine, hers = (Tracker(person).open().section("G") for person in (dana, priya))
        hers.change("Name of the electronic record", "Tidewater Record").saved_by("Priya N.")
        mine.change("Name of the electronic record", "Recordia 4")
        comparison = mine.met("Priya N.").seen("m2-compare")
        comparison.told("Tidewater Record").told("Recordia 4").keep_mine()
        comparison.told("Your answers are saved.")
        priya.page.reload()
        expect(SectionPage(priya, "G").field("Name of the electronic record")).to_have_value("Recordia 4")


def _opened(site: Site) -> None:
    """The application is open and its first step is complete."""
    with site.db() as db:
        owner = db.query(User).filter_by(email=DANA.email).one()
        factory.heard(db, db.query(Practice).one(), owner)
        made = open_for(db, db.query(ScoreReport).one(), by=owner, now=NOW)
        steps.affirm(db, made, fte=Decimal("2.5"), by=owner, now=NOW)

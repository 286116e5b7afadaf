"""Documents and rows in a browser: a new version comes, somebody looks, a file is asked for and brought."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from app.evidence import actions, queries
from app.evidence.models import Binder
from app.people.models import User
from tests.conftest import NOW
from tests.factories import people, survey
from tests.journeys.pages.mapping import CarriedPage, MapPage, PaperPage, RowPage
from tests.journeys.site import Site
from tests.journeys.stories import binder
from tests.journeys.stories.cast import Who

CODES = ("2.1", "2.2", "2.2.1", "3.9", "3.10", "3.18", "4.1")
CONSENT, LABELS = "HLO-201 Informed Consent", "HLO-307 Labeling and Dispensing"


@dataclass(frozen=True)
class Made:
    owner: Who
    surveyor: Who
    binder_id: str


@pytest.fixture
def revised(site: Site) -> Made:
    """Two documents are pinned to rows; then their revised versions come in, and one more file."""
    with site.db() as db:
        one = survey.under_way(db, practice=binder.practice(db))
        folder = one.application.binder
        binder.add(db, site.doors, folder, one.owner, "HLO-201", "HLO-307", "HLO-401")
        made = Made(Who.of(one.owner), Who.of(one.surveyor), folder.id)
        owner_id = one.owner.id
    site.wait_for_work()
    with site.db() as db:
        binder.pin_gold(db, made.binder_id, owner_id, *CODES)
        owner = db.get_one(User, owner_id)
        folder = db.get_one(Binder, made.binder_id)
        label = queries.pins(db, folder, "3.9")[0].version
        actions.pin(db, label, "3.11", page=1, quote="A product without a label, or with a damaged label, is",
                    by=owner, now=NOW)  # fmt: skip
        actions.claim_not_applicable(db, folder, "3.19", reason="All drugs are prepared by our own staff at our sites.",
                                     by=owner, now=NOW)  # fmt: skip
        binder.add(db, site.doors, folder, owner, "HLO-201", "HLO-307", folder=binder.REVISED)
        binder.add(db, site.doors, folder, owner, "HLO-312")
    site.wait_for_work()
    return made


def test_a_new_version_is_looked_at_before_anybody_reviews(site: Site, revised: Made) -> None:
    with site.sign_in(revised.owner.email) as owner:
        page = MapPage(owner).open(revised.binder_id)
        expect(page.row("2.2.1")).to_contain_text("Passage to check")
        page.seen("map-by-document")
        paper = PaperPage(owner).open(CONSENT).seen("map-document")
        paper.follow("Look at them before your surveyor does")
        carried = CarriedPage(owner).seen("map-carried")
        expect(carried.passage("2.2.1").locator("ins").first).to_be_visible()
        carried.still_answers("2.2.1")
        carried.press("still answer")
        carried.told("Nothing to look at").seen("map-carried-done")
        page.open(revised.binder_id)
        expect(page.row("2.2.1")).to_contain_text("it takes effect only on Mon 12 Oct 2026")
    with site.sign_in(revised.surveyor.email) as surveyor:
        RowPage(surveyor).open(revised.binder_id, "2.2.1").told("Changed since, checked by the practice on")


def test_what_is_gone_is_handled_and_another_passage_pinned(site: Site, revised: Made) -> None:
    with site.sign_in(revised.owner.email) as owner:
        MapPage(owner).open(revised.binder_id, "3")
        PaperPage(owner).open(LABELS).follow("Look at them before your surveyor does")
        carried = CarriedPage(owner).seen("map-carried-gone")
        expect(carried.passage("3.11").locator("del").first).to_be_visible()
        carried.pin_another("3.11", 1, "no such words at all").told("These words are not on page 1")
        carried.seen("map-carried-refused")
        part = carried.passage("3.11")
        part.get_by_label("The words that answer").fill("4.4 Syringes are labeled on the barrel")
        carried.press("Pin these words to 3.11", within=part)
        carried.told("Pinned to 3.11.")


def test_dates_and_sites_show_on_the_map_and_in_the_readiness_check(site: Site, revised: Made) -> None:
    with site.sign_in(revised.owner.email) as owner:
        page = MapPage(owner).open(revised.binder_id)
        paper = PaperPage(owner).open(CONSENT)
        paper.confirm_dates(last_reviewed="2024-01-15", next_review_due="2026-01-15").only_at("Cove Street")
        paper.told("Its review was due on Thu 15 Jan 2026.").seen("map-dates")
        page.open(revised.binder_id).switch("Columns", "By site").seen("map-by-site")
        expect(page.row("2.1")).to_contain_text("Dates not in order")
        many = page.rows()
        page.switch("Rows", "Only what is open").switch("Domain", "All").seen("map-open")
        assert page.rows() != many
        page.follow("Open the readiness check")
        page.told("Dates not in order").told("Documents tied to nothing").told("Claims that wait").seen("map-readiness")
        page.press("All are as the documents say")
        page.told("are confirmed.")


def test_a_file_is_asked_for_by_the_surveyor_and_brought_by_the_practice(site: Site, revised: Made) -> None:
    with site.sign_in(revised.surveyor.email) as surveyor:
        RowPage(surveyor).open(revised.binder_id, "3.9").say("Please add the log of labels for June.", asks=True)
        RowPage(surveyor).told("One more file is asked for").seen("map-thread-program")
    with site.sign_in(revised.owner.email) as owner:
        owner.goto("/work")
        owner.sees("Send 1 file that the Program asks for")
        owner.follow("Send 1 file that the Program asks for")
        owner.look("map-threads")
        owner.follow("3.9")
        row = RowPage(owner)
        owner.sees("The Program")
        owner.sees_not(revised.surveyor.name)
        log = next(binder.FIRST.glob("HLO-315*"))
        row.say("Here it is, with the days of June.", file=log)
        site.wait_for_work()
        owner.page.reload()
        expect(row.thread.get_by_text("A file has come")).to_be_visible()
        expect(row.thread.get_by_text("Visible since").first).to_be_visible()
        row.seen("map-thread-practice")
    with site.sign_in(revised.surveyor.email) as surveyor:
        RowPage(surveyor).open(revised.binder_id, "3.9").told("HLO-315")


def test_the_office_says_its_word_on_a_claim(site: Site, revised: Made) -> None:
    with site.db() as db:
        staff = Who.of(people.official(db, email="noor@qcp.example", name="Noor Office"))
    with site.sign_in(staff.email) as office:
        row = RowPage(office).open(revised.binder_id, "3.19").seen("map-claim-office")
        row.press("Send the answer")
        row.told("Accept the claim or refuse it.").seen("map-claim-errors")
        row.page.get_by_label("Refuse: the row applies").check()
        row.person.fill("Why", "Your questionnaire names an outside pharmacy.", exact=True)
        row.press("Send the answer")
        row.told("Not accepted by the Program")
    with site.sign_in(revised.owner.email) as owner:
        RowPage(owner).open(revised.binder_id, "3.19").told("Your questionnaire names an outside pharmacy.").seen(
            "map-claim"
        )

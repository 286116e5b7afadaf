"""M3 in a browser: from a ready application to the committee's determination."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from app.people.rules import Role
from tests.factories import people, survey
from tests.journeys.pages.survey import MySurveys, SurveyDesk, Viewer
from tests.journeys.site import Site
from tests.journeys.stories import binder
from tests.journeys.stories import survey as story
from tests.journeys.stories.cast import Cast, Who
from tests.journeys.stories.survey import Finding, Visit

LABELS = Finding(
    "3.9", {"Cove Street": "Partially met", "Northgate": "Partially met"},
    "None of five bags carried the time after which it must not be given.", "Preparation room",
    must_show="HLO-307 revised, and ten photographs of labels from each site.",
)  # fmt: skip
CART = Finding("4.1.1", {"Northgate": "Not met"}, "The seal of the emergency cart was not checked on nine of ten days.",
               "Infusion suite", must_show="HLO-401 revised, and eight weeks of the cart log.")  # fmt: skip
VISIT = Visit(survey.VISIT, (LABELS, CART))


@dataclass(frozen=True)
class Made:
    """What a test needs of the survey that a factory made."""

    cast: Cast
    survey_id: str
    binder_id: str


def made(site: Site, moment: Callable[..., survey.Cast], **over: Any) -> Made:
    """A survey at this moment of its life, of the sample practice; three of its documents are read and pinned."""
    with site.db() as db:
        one = moment(db, practice=binder.practice(db), **over)
        folder = one.application.binder
        binder.add(db, site.doors, folder, one.owner, "HLO-201", "HLO-307", "HLO-401")
        people_of = (one.owner, one.signer, one.staff, one.admin, one.surveyor, one.reviewer)
        survey_id = one.survey.id if hasattr(one, "survey") else ""
        found = Made(Cast(one.practice.public_name, *(Who.of(user) for user in people_of)), survey_id, folder.id)
        owner_id = one.owner.id
    site.wait_for_work()
    with site.db() as db:
        binder.pin_gold(db, found.binder_id, owner_id, "3.9", "4.1.1", "2.2.1")
    return found


def test_a_survey_from_the_proposal_to_the_committees_word(site: Site) -> None:
    cast = made(site, survey.cast).cast
    story.a_surveyor_is_named(site, cast, VISIT)
    sheet = story.the_visit_begins(site, cast, VISIT)
    story.every_row_is_rated(sheet, VISIT.findings)
    story.the_sheet_is_sent(sheet, cast)
    story.staff_pass_it_on(site, cast)
    review = story.the_reviewer_declares(site, cast)
    story.one_standard_is_argued(site, cast, review, LABELS)
    story.every_standard_is_settled(review, VISIT.findings)
    story.the_committee_determines(review)


def test_a_surveyor_searches_the_evidence_and_rests_an_observation_on_a_page(site: Site) -> None:
    cast = made(site, survey.under_way).cast
    site.at(VISIT.morning)
    sheet = MySurveys(site.sign_in(cast.surveyor.email)).open().survey_of(cast.practice).worksheet()
    sheet.row("3.9").seen("m3-sheet-3.9")
    by_row = sheet.search(only_here=True)
    expect(by_row.first).to_contain_text("HLO-307")
    by_both = sheet.search("two identifiers", only_here=True)
    expect(by_both.first).to_contain_text("HLO-307")
    by_words = sheet.search("defibrillator", only_here=False)
    expect(by_words.first).to_contain_text("HLO-401")
    sheet.seen("m3-sheet-found").quote(by_words.first)
    sheet.observe("The cart is described, its daily check is not.", method="Policy")
    expect(sheet.observations).to_contain_text("HLO-401 Emergency and Infusion Reaction Response, page")
    sheet.seen("m3-sheet-observed")
    viewer = sheet.open_page(sheet.observations)
    expect(viewer.document).to_contain_text("HLO-401 Emergency and Infusion Reaction Response")
    assert viewer.lit_words() > 0
    viewer.seen("m3-viewer-quote")


def test_a_surveyor_searches_the_binder_by_standard_by_words_and_by_both(site: Site) -> None:
    cast = made(site, survey.under_way).cast
    site.at(VISIT.morning)
    page = MySurveys(site.sign_in(cast.surveyor.email)).open().survey_of(cast.practice)
    page.binder()
    page.follow("Search the binder")
    viewer = Viewer(page.person).seen("m3-viewer-empty")
    for standard, words, first in (
        ("3.9", "", "HLO-307"),
        (None, "emergency cart", "HLO-401"),
        ("2.2.1", "side effects", "HLO-201"),
    ):
        viewer.search(standard=standard, words=words)
        expect(viewer.hits.first).to_contain_text(first)
        expect(viewer.document).to_contain_text(first)
        assert viewer.lit_words() > 0, words
    viewer.seen("m3-viewer")
    expect(viewer.as_text().first).to_be_visible()
    viewer.seen("m3-viewer-text")


def test_what_is_typed_is_kept_and_a_second_window_is_told(site: Site) -> None:
    cast = made(site, survey.under_way).cast
    site.at(VISIT.morning)
    survey_page = MySurveys(site.sign_in(cast.surveyor.email)).open().survey_of(cast.practice)
    first = survey_page.worksheet().row("3.9")
    person = site.sign_in(cast.surveyor.email)
    second = MySurveys(person).open().survey_of(cast.practice).worksheet().row("3.9")
    first.rate("Partially met").type_note("Five labels of five without an expiry.").saved()
    first.page.reload()
    expect(first.note).to_have_value("Five labels of five without an expiry.")
    expect(first.rating("Partially met")).to_be_checked()
    second.rating("Not met").check()
    expect(second.stale).to_contain_text("Saved: partially met")
    second.seen("m3-sheet-stale")
    first.page.reload()
    expect(first.rating("Partially met")).to_be_checked()
    second.save_mine()
    first.page.reload()
    expect(first.rating("Not met")).to_be_checked()


def test_staff_ask_back_about_a_row_and_only_that_row_opens(site: Site) -> None:
    cast = made(site, survey.submitted).cast
    site.at(VISIT.morning)
    staff = site.sign_in(cast.staff.email)
    check = SurveyDesk(staff).open().survey_of(cast.practice).worksheet()
    check.ask("3.9", "How many labels were looked at?")
    check.told("The surveyor is asked; those rows are open again.").seen("m3-office-asked-back")
    sheet = story.answered(site, cast, "3.9", "Five at each site, all of the same morning.")
    sheet.rate("Partially met").source("Place", "Preparation room").observe("Two of five without an expiry.")
    sheet.row("4.1.1").told("Locked").seen("m3-sheet-locked")
    page = MySurveys(sheet.person).open().survey_of(cast.practice)
    page.submit()
    page.told("The worksheet is with the Program.")


def test_nobody_else_hears_of_a_survey(site: Site) -> None:
    one = made(site, survey.under_way)
    with site.db() as db:
        stranger = survey.surveyor(db, name="Sten Stranger, RN")
        other = people.member(db, people.practice(db), Role.OWNER, Role.SIGNER, email="other@elsewhere.example")
        emails = [stranger.email, other.email]
    site.at(VISIT.morning)
    paths = [f"/surveys/{one.survey_id}", f"/surveys/{one.survey_id}/worksheet", f"/binders/{one.binder_id}",
             f"/binders/{one.binder_id}/search?q=cart"]  # fmt: skip
    for email in emails:
        person = site.sign_in(email)
        for path in paths:
            answer = person.page.goto(site.url + path)
            assert answer is not None
            assert answer.status == 404, path
        person.look("m3-not-found")

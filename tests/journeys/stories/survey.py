"""M3: a surveyor is named, visits and rates; the committee judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar

from tests.journeys.pages.committee import MyReviews, Review, StandardPage
from tests.journeys.pages.survey import MySurveys, PracticeSurvey, SurveyDesk, Worksheet
from tests.journeys.site import Site
from tests.journeys.stories.cast import Cast, Who

BELOW = ("Partially met", "Not met")


@dataclass(frozen=True)
class Finding:
    """What the surveyor finds in one row: the rating by site, what was seen, where; and what must be shown for it."""

    code: str
    ratings: Mapping[str, str]
    seen: str
    place: str
    must_show: str = "The revised policy, and ten photographs from each site."
    only_a_visit: bool = False

    @property
    def standard(self) -> str:
        return ".".join(self.code.split(".")[:2])


@dataclass(frozen=True)
class Visit:
    """The day of the visit and what is found on it."""

    day: date
    findings: Sequence[Finding] = field(default=())

    @property
    def morning(self) -> datetime:
        """Half past eight in the morning at the practice."""
        return datetime.combine(self.day, time(12, 30), UTC)


def a_surveyor_is_named(site: Site, cast: Cast, visit: Visit) -> None:
    """Staff propose, the surveyor declares, the practice confirms, staff set one of the offered dates."""
    staff = site.sign_in(cast.staff.email)
    office = SurveyDesk(staff).open().seen("m3-desk").find_surveyor(cast.practice)
    office.seen("m3-office-propose").propose(cast.surveyor.name, "Oncology nurse, 14 years at the chair.")
    office.told("The surveyor is asked to declare.").seen("m3-office-asked")
    the_surveyor_declares(site, cast)
    the_practice_confirms(site, cast)
    office = SurveyDesk(staff).open().survey_of(cast.practice)
    office.seen("m3-office-date").set_date(visit.day)
    office.told("Both sides have the calendar file.").seen("m3-office-scheduled")
    for who in {cast.surveyor, cast.signer, cast.owner}:
        has_the_date(site, who, visit.day)


def the_surveyor_declares(site: Site, cast: Cast) -> None:
    """Every statement is made in writing, or it is no declaration."""
    person = site.sign_in(cast.surveyor.email)
    form = MySurveys(person).open().seen("m3-my-surveys").asked(cast.practice).seen("m3-declaration")
    form.press("I declare that I have no conflict")
    form.told("Make every statement, or decline.").seen("m3-declaration-refused")
    form.declare_all()
    form.told("The practice is asked to confirm you.")


def the_practice_confirms(site: Site, cast: Cast) -> None:
    """Only a signer can; an owner who is none reads why."""
    if cast.owner != cast.signer:
        owner = PracticeSurvey(site.sign_in(cast.owner.email)).open()
        owner.told("Only a signer of your practice can confirm or object.").seen("m3-practice-owner")
    signer = PracticeSurvey(site.sign_in(cast.signer.email)).open()
    signer.told(cast.surveyor.name).seen("m3-practice-confirm").confirm()
    signer.told("Your surveyor is confirmed and can now read your binder.").seen("m3-practice-confirmed")


def has_the_date(site: Site, who: Who, day: date) -> None:
    """The mail of the date carries a file that a calendar takes."""
    letter = site.mails.wait(who.email, "The date of the survey is set")
    files = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    assert len(files) == 1
    event = next(iter(Calendar.from_ical(files[0].get_content()).walk("VEVENT")))
    assert event["DTSTART"].dt.date() == day
    assert any(who.email in str(one) for one in event["ATTENDEE"])


def the_visit_begins(site: Site, cast: Cast, visit: Visit) -> Worksheet:
    """On its day the surveyor starts the visit; the worksheet opens."""
    site.at(visit.morning)
    survey = MySurveys(site.sign_in(cast.surveyor.email)).open().survey_of(cast.practice)
    sheet = survey.seen("m3-surveyor-scheduled").start()
    return sheet.told("The visit has started.").seen("m3-sheet")


def every_row_is_rated(sheet: Worksheet, findings: Sequence[Finding]) -> None:
    """Every row at every site, by the keys of the page; what is below met with what was seen."""
    found, several = {one.code: one for one in findings}, len(sheet.sites()) > 1
    while (code := sheet.next_open()) is not None:
        if code in found:
            rate_finding(sheet, found[code])
        elif several:
            sheet.met_everywhere()
        else:
            sheet.rate("Met")
    done, of = sheet.rated()
    assert done == of


def rate_finding(sheet: Worksheet, finding: Finding) -> None:
    """One row at one site; what is below met rests on something seen."""
    rating = finding.ratings.get(sheet.here, "Met")
    sheet.rate(rating)
    if rating in BELOW and not sheet.observations.count():
        sheet.source("Place", finding.place).observe(finding.seen)


def the_sheet_is_sent(sheet: Worksheet, cast: Cast) -> None:
    """The exit meetings are noted, then the worksheet is locked and sent."""
    survey = MySurveys(sheet.person).open().survey_of(cast.practice)
    survey.seen("m3-surveyor-under-way").end_visit("4:45 pm, nurse manager and pharmacist")
    survey.told("The visit has ended.").seen("m3-surveyor-ended").submit()
    survey.told("The worksheet is with the Program.").seen("m3-surveyor-submitted")


def staff_pass_it_on(site: Site, cast: Cast) -> None:
    """Staff read the whole worksheet, give it to the committee, and ask a reviewer."""
    office = SurveyDesk(site.sign_in(cast.staff.email)).open().survey_of(cast.practice)
    office = office.seen("m3-office-submitted").worksheet().seen("m3-check").pass_on()
    office.seen("m3-office-reviewer").assign(cast.reviewer.name)
    office.told("The reviewer is asked to declare.").seen("m3-office-in-committee")


def the_reviewer_declares(site: Site, cast: Cast) -> Review:
    """The reviewer finds the case, declares, and sees every standard."""
    reviews = MyReviews(site.sign_in(cast.reviewer.email)).open().seen("m3-my-reviews")
    reviews.asked(cast.practice).seen("m3-review-declare").declare_all()
    return Review(reviews.person).seen("m3-review")


def every_standard_is_settled(review: Review, findings: Sequence[Finding]) -> None:
    """Standard by standard: the own reading first, then the surveyor's beside it, then the verdict."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        found.setdefault(one.standard, []).append(one)
    while (page := review.next()) is not None:
        settle(page, found.get(page.code, []))


def one_standard_is_argued(site: Site, cast: Cast, review: Review, finding: Finding) -> None:
    """The reviewer reads it alone, compares, asks the surveyor, is answered, and rates one line otherwise."""
    page = review.standard(finding.standard).seen("m3-standard-first-read")
    page.read_first("Not met", "Nothing in the policy asks for it.")
    page.seen("m3-standard-compare").ask(finding.code, "Were the labels of both sites looked at?")
    page.told(f"The surveyor is asked about {finding.code}.").seen("m3-standard-asked")
    answered(site, cast, finding.code, "Yes, five at each site.")
    site.mails.wait(cast.reviewer.email, "The surveyor has answered")
    review.person.page.reload()
    page.told("Yes, five at each site.")
    main = next(iter(finding.ratings))
    page.overrule(finding.code, main, "Not met", "No bag of five carried the time: that is not met, not partially.")
    page.settle(finding.must_show)
    review.open_list().told("Settled, differs").seen("m3-review-one-settled")


def settle(page: StandardPage, findings: Sequence[Finding]) -> None:
    """One standard: as the surveyor has it, and what must be shown where it is below met."""
    if not page.shows_surveyor:
        page.read_first("Partially met" if findings else "Met")
    page.settle(findings[0].must_show if findings else "", only_a_visit=any(one.only_a_visit for one in findings))


def the_committee_determines(review: Review) -> None:
    """When all is settled the reviewer makes it official."""
    review.open_list().seen("m3-review-settled").determine()
    review.told("The survey is determined.").seen("m3-review-determined")


def the_survey(site: Site, cast: Cast, visit: Visit) -> None:
    """All of M3, from the ready application to the committee's word."""
    a_surveyor_is_named(site, cast, visit)
    sheet = the_visit_begins(site, cast, visit)
    every_row_is_rated(sheet, visit.findings)
    the_sheet_is_sent(sheet, cast)
    staff_pass_it_on(site, cast)
    review = the_reviewer_declares(site, cast)
    every_standard_is_settled(review, visit.findings)
    the_committee_determines(review)


def answered(site: Site, cast: Cast, code: str, words: str) -> Worksheet:
    """The surveyor finds the question on the survey's page and answers it on the row."""
    survey = MySurveys(site.sign_in(cast.surveyor.email)).open().survey_of(cast.practice)
    sheet = survey.seen("m3-surveyor-asked").answer_on(code).seen("m3-sheet-asked")
    sheet.answer(words)
    return sheet.told("Your answer is sent.").seen("m3-sheet-answered")


def later(site: Site, **span: float) -> None:
    """Some time passes."""
    site.at(site.now() + timedelta(**span))

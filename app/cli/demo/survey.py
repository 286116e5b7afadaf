"""M3 of the demonstration: the surveyor, the visit, the worksheet, the committee."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.cli.demo.stage import Scene, Story, read
from app.kernel import clock
from app.people.rules import Role
from app.standards.rules import Method
from app.survey import actions, queries
from app.survey.actions.worksheet import Seen
from app.survey.models import Assignment, Entry, Review, Survey
from app.survey.rules.assignment import CONFLICT_QUESTIONS
from app.survey.rules.worksheet import BELOW_MET, Rating, SourceKind

STATED = list(CONFLICT_QUESTIONS)


def _assignment(story: Story) -> Assignment:
    return story.db.scalars(select(Assignment).where(Assignment.survey_id == story.survey.id)).one()


def _review(story: Story) -> Review:
    return story.db.scalars(select(Review).where(Review.survey_id == story.survey.id)).one()


def propose(story: Story) -> None:
    """Staff open the survey and ask a surveyor."""
    surveyor, staff, now = story.stage.cast[Role.SURVEYOR], story.stage.staff, clock.now()
    story.survey = story.db.scalar(
        select(Survey).where(Survey.application_id == story.application.id)
    ) or actions.open_for(story.db, story.application, by=staff, now=now)
    story.db.flush()
    actions.propose(story.db, story.survey, surveyor, by=staff, now=now)


def declare(story: Story) -> None:
    """The surveyor has no conflict."""
    actions.declare_clear(
        story.db, _assignment(story), stated=STATED, declaration="", by=story.stage.cast[Role.SURVEYOR],
        now=clock.now(),
    )  # fmt: skip


def confirm(story: Story) -> None:
    """Nor has the practice."""
    actions.confirm(story.db, _assignment(story), by=story.signer, now=clock.now())


def schedule(story: Story) -> None:
    """The first offered day on which the surveyor is free."""
    days = [one.on_day for one in story.application.dates]
    free = [day for day in days if not queries.wish(story.db, story.survey, day, "", clock.now()).surveyor_busy_with]
    actions.schedule(story.db, story.survey, free[0], by=story.stage.staff, now=clock.now())


def start(story: Story) -> None:
    """The visit begins."""
    actions.start(story.db, story.survey, by=story.stage.cast[Role.SURVEYOR], now=clock.now())


def rate(story: Story) -> None:
    """Each row at each site is rated; what is below met is observed with its source, and so is good practice."""
    _rate(story, queries.entries(story.db, story.survey))


def rate_half(story: Story) -> None:
    """The surveyor has come as far as the second domain at the main site."""
    main = story.survey.sites[0].id
    half = [one for one in queries.entries(story.db, story.survey) if one.site_id == main and one.code < "3"]
    _rate(story, half)


def _rate(story: Story, entries: list[Entry]) -> None:
    told, surveyor = read("worksheet"), story.stage.cast[Role.SURVEYOR]
    findings = {} if story.facts.get("clean") else told["findings"]
    for entry in entries:
        found = findings.get(entry.code, {})
        rating = Rating(found.get("ratings", {}).get(entry.site.code, found.get("rating", Rating.MET)))
        said = {name: told[name].get(entry.code, "") for name in ("suggestion", "good_practice")}
        first = entry.site_id == story.survey.sites[0].id
        methods = [Method(one) for one in found.get("methods", ["policy"])]
        values: dict[str, Any] = {"rating": rating, "methods": methods} | (said if first else {})
        actions.rate(story.db, entry, values, version=entry.version, by=surveyor, now=clock.now())
        for one in found.get("seen", []) if rating in BELOW_MET else []:
            if one["source_kind"] == SourceKind.DOCUMENT and not first:
                continue  # what the policy says is noted once, at the main site
            actions.observe(story.db, entry, _seen(story, entry, one), by=surveyor, now=clock.now())


def _seen(story: Story, entry: Entry, told: dict[str, str]) -> Seen:
    version = story.versions.get(told.get("document", ""))
    return Seen(
        text=told["text"], method=Method(told["method"]), source_kind=SourceKind(told["source_kind"]),
        source=told["source"].format(site=entry.site.name), version_id=version.id if version else None,
        page=int(told["page"]) if version else None, pages=version.pages if version else None,
        quote=told["text"] if version else "",
    )  # fmt: skip


def end_visit(story: Story) -> None:
    """An exit meeting at each site, without a decision."""
    notes = {site.id: "4:45 pm, with the lead nurse and the pharmacist" for site in story.survey.sites}
    actions.end_visit(story.db, story.survey, notes, by=story.stage.cast[Role.SURVEYOR], now=clock.now())


def send_worksheet(story: Story) -> None:
    """The surveyor sends the worksheet."""
    actions.submit(story.db, story.survey, by=story.stage.cast[Role.SURVEYOR], now=clock.now())


def check(story: Story) -> None:
    """Staff check it, pass it to the committee and choose a reviewer."""
    actions.pass_to_committee(story.db, story.survey, by=story.stage.staff, now=clock.now())
    actions.assign_reviewer(
        story.db, story.survey, story.stage.cast[Role.REVIEWER], by=story.stage.staff, now=clock.now()
    )


def clear_reviewer(story: Story) -> None:
    """The reviewer has no conflict either."""
    actions.clear_reviewer(story.db, _review(story), stated=STATED, by=story.stage.cast[Role.REVIEWER], now=clock.now())


def determine(story: Story) -> None:
    """The reviewer reads each standard first, then settles it, and determines the survey."""
    told, reviewer, review, now = read("worksheet"), story.stage.cast[Role.REVIEWER], _review(story), clock.now()
    for case in queries.review_case(story.db, review):
        actions.read_first(story.db, review, case.code, case.surveyor_rating, by=reviewer, now=now)
    for case in queries.review_case(story.db, review):
        below = any(rating in BELOW_MET for rating in case.surveyor.values())
        show = told["must_show"].get(case.code, "") if below else ""
        actions.judge(story.db, review, case.code, must_show=show, by=reviewer, now=now)
    actions.determine(story.db, review, by=reviewer, now=now)


SCENES = [
    Scene(20, propose),
    Scene(21, declare),
    Scene(23, confirm),
    Scene(24, schedule),
    Scene(0, start, from_visit=True, hour=8),
    Scene(0, rate, from_visit=True, hour=15),
    Scene(1, end_visit, from_visit=True, hour=17),
    Scene(3, send_worksheet, from_visit=True),
    Scene(6, check, from_visit=True),
    Scene(7, clear_reviewer, from_visit=True),
    Scene(13, determine, from_visit=True),
]

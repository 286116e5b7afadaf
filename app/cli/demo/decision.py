"""M5 of the demonstration: the award and the plaque."""

from __future__ import annotations

from sqlalchemy import select

from app.cli.demo.stage import Scene, Story
from app.decision import actions, queries
from app.decision.actions import plaque as desk
from app.decision.models import Plaque
from app.kernel import clock
from app.report import queries as reports


def award(story: Story) -> None:
    """An administrator awards the certification."""
    report = reports.clean_report(story.db, story.application.id)
    if report is None:
        raise LookupError("not every standard is met")
    actions.award(story.db, report, by=story.stage.admin, now=clock.now())


def _plaque(story: Story) -> Plaque:
    held = queries.of_practice(story.db, story.practice.id)
    if held is None:
        raise LookupError("there is no plaque without an award")
    return story.db.scalars(select(Plaque).where(Plaque.certification_id == held.id)).one()


def confirm_details(story: Story) -> None:
    """The owner says what is engraved and where it goes."""
    ship_to = [story.facts["public_name"], *story.facts["sites"][0][2:3],
               "{3}, {4} {5}".format(*story.facts["sites"][0])]  # fmt: skip
    desk.confirm_details(story.db, _plaque(story), line=story.facts["public_name"], ship_to=ship_to, by=story.owner,
                         now=clock.now())  # fmt: skip


def draw(story: Story) -> None:
    """Staff send the proof."""
    desk.draw(story.db, _plaque(story), by=story.stage.staff, now=clock.now())


def approve(story: Story) -> None:
    """The owner finds every letter right."""
    desk.approve(story.db, _plaque(story), by=story.owner, now=clock.now())


def order(story: Story) -> None:
    """Staff order it."""
    desk.order(story.db, _plaque(story), maker="Bronze Works of Bath", by=story.stage.staff, now=clock.now())


def ship(story: Story) -> None:
    """It is on its way."""
    desk.ship(story.db, _plaque(story), carrier="Parcel post", tracking="PP 4471 0932 US", by=story.stage.staff,
              now=clock.now())  # fmt: skip


def receive(story: Story) -> None:
    """It hangs on the wall."""
    desk.receive(story.db, _plaque(story), by=story.owner, now=clock.now())


# The plaque is ordered at once, so that the whole road lies behind a practice that was certified some weeks ago.
SCENES = [
    Scene(84, award, from_visit=True),
    Scene(85, confirm_details, from_visit=True),
    Scene(86, draw, from_visit=True),
    Scene(87, approve, from_visit=True),
    Scene(88, order, from_visit=True),
    Scene(92, ship, from_visit=True),
    Scene(95, receive, from_visit=True),
]

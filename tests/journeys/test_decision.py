"""M5 in a browser: from a clean report to the plaque on the wall."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.people.rules import Role
from tests.factories import decision, people
from tests.journeys.site import Site
from tests.journeys.stories import binder
from tests.journeys.stories import decision as story
from tests.journeys.stories.cast import Cast, Who
from tests.journeys.stories.decision import Plate


@pytest.fixture
def cast(site: Site) -> Cast:
    """A case in which everything is met and paid, on the day of its decision."""
    site.at(decision.AWARDED)
    with site.db() as db:
        made = binder.practice(db)
        decision.clean_report(db, decision.application(db, made))
        signer, owner = people.member(db, made, Role.SIGNER), people.member(db, made, Role.OWNER)
        office = {
            role: Who.of(people.official(db, role)) for role in (Role.STAFF, Role.ADMIN, Role.SURVEYOR, Role.REVIEWER)
        }
        return Cast(made.public_name, Who.of(owner), Who.of(signer), *office.values())


def test_a_certification_from_the_award_to_the_plaque(site: Site, cast: Cast, tmp_path: Path) -> None:
    number = story.the_award(site, cast)
    certificate = story.the_certificate(site, cast, number)
    story.the_plaque(site, cast, Plate("Harbor Light Oncology"), misspelt="Harbour Light Onkology")
    story.anybody_asks(site, cast, number)
    story.anybody_drops(site, certificate, tmp_path)

"""M3 in a browser: from a ready application to the committee's determination."""

from __future__ import annotations

import pytest

from tests.factories import survey
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


@pytest.fixture
def cast(site: Site) -> Cast:
    """A ready application with documents in its binder, and everybody who will meet over it."""
    with site.db() as db:
        made = survey.cast(db, practice=binder.practice(db))
        folder = made.application.binder
        binder.add(db, site.doors, folder, made.owner, "HLO-201", "HLO-307", "HLO-401")
        cast = Cast(made.practice.public_name, Who.of(made.owner), Who.of(made.signer), Who.of(made.staff),
                    Who.of(made.admin), Who.of(made.surveyor), Who.of(made.reviewer))  # fmt: skip
        binder_id, owner_id = folder.id, made.owner.id
    site.wait_for_work()
    with site.db() as db:
        binder.pin_gold(db, binder_id, owner_id, "3.9", "4.1.1", "2.2.1")
    return cast


def test_a_survey_from_the_proposal_to_the_committees_word(site: Site, cast: Cast) -> None:
    story.the_survey(site, cast, VISIT)

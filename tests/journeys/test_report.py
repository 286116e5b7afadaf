"""M4 in a browser: from the committee's word to the closing report."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.evidence.models import Binder
from app.people.models import User
from app.survey.models import Survey
from app.survey.rules.visit import SurveyKind
from app.survey.rules.worksheet import Rating
from tests.factories import report
from tests.journeys.paper import words
from tests.journeys.site import Site
from tests.journeys.stories import binder
from tests.journeys.stories import report as story
from tests.journeys.stories.cast import Cast, Who

LABELS = story.a_line(
    "3.9", "HLO-307", 1, done_by=date(2026, 10, 12),
    cause="The label template had no field for the expiry at all.",
    action="Switch on the field at both sites, revise HLO-307 and train every nurse.",
)  # fmt: skip
CART = story.a_line(
    "4.1.1", "HLO-401", 2, done_by=date(2026, 10, 20),
    cause="Nobody was named for the daily check of the seal.",
    action="The charge nurse checks the seal each morning and signs the log.",
)  # fmt: skip
CODES = ("3.9", "4.1.1")
ORDERED = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


def cast_of(made: report.Case) -> Cast:
    """Everybody of a case that a factory made."""
    people_of = (made.owner, made.signer, made.staff, made.admin, made.surveyor, made.reviewer)
    return Cast(made.practice.public_name, *(Who.of(user) for user in people_of))


@pytest.fixture
def cast(site: Site) -> Cast:
    """A determined survey of a practice whose documents lie in its binder."""
    site.at(datetime(2026, 9, 10, 15, 0, tzinfo=UTC))
    with site.db() as db:
        made = report.case(db, practice=binder.practice(db))
        folder = db.get_one(Binder, made.application.binder_id)
        binder.add(db, site.doors, folder, made.owner, "HLO-307", "HLO-401")
        cast = cast_of(made)
    site.wait_for_work()
    return cast


def test_a_plan_from_the_report_to_the_closing_report(site: Site, cast: Cast) -> None:
    paper = story.the_report_is_issued(site, cast, asks={"3.9": "HLO-307, revised, and ten photographs of labels."})
    said = words(paper)
    assert "Harbor Light Oncology" in said
    assert cast.reviewer.name not in said
    plan = story.the_practice_reads_it(site, cast, CODES)
    story.the_plan_is_written(plan, [LABELS, CART])
    story.the_plan_is_sent(site, cast)
    story.the_reviewer_answers(site, cast, CODES, {"4.1.1": "Say what happens on weekends."})
    story.a_line_is_changed(
        site, cast, "4.1.1", "What you will do",
        "The charge nurse of the day checks the seal each morning, on weekends too, and signs the log.",
        "Weekends are named now.",
    )  # fmt: skip
    story.the_plan_is_sent(site, cast)
    story.the_reviewer_answers(site, cast, ["4.1.1"], {})
    site.at(datetime(2026, 10, 26, 15, 0, tzinfo=UTC))
    files = sorted(binder.REVISED.glob("HLO-307*")) + sorted(binder.REVISED.glob("HLO-401*"))
    story.the_revised_documents_come_in(site, cast, files)
    story.the_evidence_is_pinned(site, cast, [LABELS, CART], date(2026, 10, 20))
    story.the_evidence_is_sent(site, cast)
    story.the_evidence_is_judged(site, cast, CODES, {"4.1.1": "The log of the last two weeks is missing."})
    story.more_evidence_comes(site, cast, CART, page=1)
    story.the_evidence_is_sent(site, cast, round_=2)
    story.the_evidence_is_judged(site, cast, ["4.1.1"], {})
    closing = story.the_closing_report(site, cast)
    assert "closing report: every requirement shown and met" in " ".join(words(closing).split())


def test_a_second_visit_closes_what_only_a_visit_can_show(site: Site) -> None:
    site.at(ORDERED)
    with site.db() as db:
        made = report.case(db, {"4.1.1": {"NG": Rating.NOT_MET}}, practice=binder.practice(db))
        plan_id = report.accepted(db, made).id
        cast = cast_of(made)
    site.wait_for_work()
    story.a_second_visit_is_ordered(site, cast, plan_id, ["4.1.1"], ["Northgate"])
    with site.db() as db:
        survey = db.query(Survey).filter_by(kind=SurveyKind.RESURVEY).one()
        surveyor, reviewer = (db.query(User).filter_by(email=who.email).one() for who in (cast.surveyor, cast.reviewer))
        report.determined(db, survey.application, surveyor, reviewer, {}, survey=survey, kind=survey.kind,
                          scope=survey.scope)  # fmt: skip
    story.the_second_visit_is_taken_in(site, cast)
    story.the_closing_report(site, cast)

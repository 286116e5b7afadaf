"""The signed paper of a final report, from what really comes out of a round."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pypdf
import pytest
from sqlalchemy.orm import Session

from app.documents.rules import PaperState
from app.doors import Doors
from app.kernel import clock, jobs
from app.participation.actions import enrolments, rounds
from app.participation.models import ScoreReport
from app.participation.rules.modules import Module
from tests.factories import chart as made
from tests.factories import enrolment as enrolling
from tests.factories import people
from tests.factories.round import round_ as a_round

MARCH = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 14, 15, 0, tzinfo=UTC)


def _report(db: Session, kind: str) -> ScoreReport:
    """A report with every figure, or one of a single chart with hardly any."""
    enrolment = enrolling.enrolment(db, round_=a_round(db), modules=list(Module) if kind == "full" else [Module.CORE])
    owner = people.member(db, enrolment.practice)
    if kind == "full":
        made.sample_charts(db, enrolment, owner)
    elif kind == "one chart":
        made.chart(db, enrolment, owner)
    else:
        made.chart(db, enrolment, owner, last_visit_on=made.cells()["first_visit_on"])
    enrolments.freeze(db, enrolment, by=owner, now=MARCH)
    rounds.close_round(db, enrolment.round, by=None, now=MARCH)
    return rounds.release_round(db, enrolment.round, by=owner, now=AUGUST)[0]


@pytest.mark.parametrize(
    ("kind", "says"),
    [("full", "The practice qualifies"), ("one chart", "does not yet qualify"), ("none counts", "There is no score")],
)
def test_the_paper_of_any_final_report_is_pressed_signed_and_says_the_result(
    db: Session, doors: Doors, kind: str, says: str
) -> None:
    with clock.at(AUGUST):
        report = _report(db, kind)
        jobs.drain(db, doors)
    assert report.paper is not None and report.paper.sha256 is not None, report.paper and report.paper.error
    assert report.paper.state is PaperState.ISSUED
    pdf = pypdf.PdfReader(io.BytesIO(doors.blobs.get(report.paper.sha256)))
    words = " ".join(page.extract_text() for page in pdf.pages)
    assert says in words and report.number in words

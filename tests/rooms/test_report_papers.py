"""The papers of M4 are typeset from the frozen data, and the Word file opens."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from docx import Document
from sqlalchemy.orm import Session

from app.documents.models import Paper
from app.documents.press import Press
from app.report import actions
from app.report.plan.word import action_plan
from app.report.queries import plans
from app.report.rules.plan import Verdict
from tests.factories import report as at

DONE = datetime(2027, 2, 1, 15, 0, tzinfo=UTC)


@pytest.fixture
def papers(db: Session) -> list[Paper]:
    """Every paper that a case of M4 leaves behind: report, plan, receipt, closing report."""
    made = at.case(db)
    plan = at.accepted(db, made)
    at.shown(db, made, plan.lines, at.version(db, made), now=DONE)
    sending = actions.send_evidence(db, plan, by=made.signer, now=DONE)
    for line in plan.lines:
        actions.judge_evidence(db, line, Verdict.MEET, "", by=made.reviewer, now=DONE)
    closing = actions.answer_evidence(db, plan, by=made.reviewer, now=DONE)
    assert closing is not None
    ids = [plan.report.paper_id, plan.paper_id, sending.paper_id, closing.paper_id]
    return [db.get_one(Paper, paper_id) for paper_id in ids]


def test_every_paper_of_the_case_can_be_typeset(papers: list[Paper], press: Press) -> None:
    for paper in papers:
        pdf = press.make(paper.kind, paper.data, paper.verify_code, at=DONE, sign=False)
        assert pdf.startswith(b"%PDF-")


def test_the_plan_opens_in_word_with_every_line(db: Session) -> None:
    made = at.case(db)
    plan = at.submitted(db, made)
    document = Document(io.BytesIO(action_plan(plans.plan_data(db, plan, made.practice))))
    text = "\n".join(
        [one.text for one in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    assert "Compliance Action Plan" in text and made.practice.public_name in text
    for line in plan.lines:
        assert f"{line.requirement.label}   {line.requirement.code}" in text
        assert line.root_cause in text and "Pharmacy Manager" in text
    assert "Sample edition" in document.sections[0].header.paragraphs[0].text

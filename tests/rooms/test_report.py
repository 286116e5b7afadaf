"""Drafting and issuing the compliance report."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.documents.models import Paper
from app.kernel.ledger import Event
from app.program import queries as program
from app.report import actions, queries
from app.report.models import Plan
from app.report.rules.ccr import NotNow, ReportState, Result, Show
from app.survey.rules.worksheet import Rating
from tests.factories import report as at
from tests.factories.report import DETERMINED, ISSUED


def test_a_draft_holds_a_requirement_for_each_row_that_asks(db: Session) -> None:
    draft = actions.draft(db, at.case(db).survey, now=DETERMINED)
    assert [(one.code, one.rating, one.sites) for one in draft.requirements] == [
        ("3.9", "partial", ["CS", "NG"]),
        ("4.1.1", "notmet", ["NG"]),
    ]
    assert draft.result is Result.REQUIREMENTS and not draft.issued


def test_the_committees_own_words_say_what_must_be_shown(db: Session) -> None:
    draft = actions.draft(db, at.case(db).survey, now=DETERMINED)
    assert draft.requirements[0].show[0]["what"] == "The revised policy and ten photographs per site."


def test_a_finding_cites_what_was_seen_and_quotes_the_edition(db: Session) -> None:
    one = actions.draft(db, at.case(db).survey, now=DETERMINED).requirements[0]
    assert one.seen[0]["text"] == "Five of five bags carried no expiry."
    assert one.seen[0]["source"] == "Preparation room, Cove Street"
    assert "label" in one.asks.lower()


def test_a_standard_takes_its_elements_rating_and_domains_are_counted(db: Session) -> None:
    data = actions.draft(db, at.case(db).survey, now=DETERMINED).data
    rows = {row["row"]: row for row in data["rows"]}
    assert rows["4.1"]["ratings"] == {"CS": "met", "NG": "notmet"} and rows["4.1"]["overall"] == "notmet"
    assert data["totals"] == {"met": 42, "partial": 1, "notmet": 1, "na": 0, "total": 44}
    assert [one["total"] for one in data["domains"]] == [10, 5, 20, 9]


def test_evidence_is_due_28_days_before_the_outer_limit(db: Session) -> None:
    draft = actions.draft(db, at.case(db).survey, now=DETERMINED)
    assert draft.requirements[0].due_on is not None
    assert draft.requirements[0].due_on.isoformat() == "2027-05-20"


def test_a_survey_has_one_report(db: Session) -> None:
    made = at.case(db)
    actions.draft(db, made.survey, now=DETERMINED)
    with pytest.raises(NotNow, match="has its report already"):
        actions.draft(db, made.survey, now=DETERMINED)


def test_a_survey_waits_for_its_report_until_it_is_drafted(db: Session) -> None:
    made = at.case(db)
    assert made.survey in queries.awaiting_report(db)
    actions.draft(db, made.survey, now=DETERMINED)
    assert made.survey not in queries.awaiting_report(db)


def test_issuing_freezes_signs_tells_and_starts_the_clocks(db: Session) -> None:
    made = at.case(db)
    issued = at.report(db, made)
    assert issued.state is ReportState.ISSUED and issued.issued_on.isoformat() == "2026-09-14"
    paper = db.get_one(Paper, issued.paper_id)
    assert paper.number == f"CCR-{made.application.number}" and paper.signed
    dues = {due.key: due.due_on.isoformat() for due in program.running(db, made.application.id)}
    assert dues["plan.submit"] == "2026-09-28"
    assert dues["ccr.clarify"] == "2026-09-24"
    assert dues["evidence.submit"] == "2027-05-20"
    assert "ccr.issue" not in dues
    assert db.query(Plan).filter_by(report_id=issued.id).one().lines


def test_issuing_ends_the_surveyors_access(db: Session) -> None:
    made = at.case(db)
    at.report(db, made)
    assert not any(held.current for held in made.surveyor.appointments)
    assert all(held.current for held in made.reviewer.appointments)


def test_the_paper_names_no_patient_staff_or_reviewer(db: Session) -> None:
    made = at.case(db)
    text = json.dumps(db.get_one(Paper, at.report(db, made).paper_id).data)
    for user in (made.owner, made.contributor, made.signer, made.reviewer, made.staff):
        assert user.name not in text
    assert "Rowan" not in text and "private" not in text
    assert made.surveyor.name in text


def test_the_surveyors_own_rating_and_the_committees_reason_stay_in_the_case_file(db: Session) -> None:
    text = json.dumps(at.report(db, at.case(db)).data)
    assert "thinks so" not in text


def test_a_requirement_that_says_nothing_stops_the_issuing(db: Session) -> None:
    made = at.case(db)
    draft = actions.draft(db, made.survey, now=DETERMINED)
    draft.requirements[0].show = []
    with pytest.raises(NotNow, match=r"3\.9: say what must be shown"):
        actions.issue(db, draft, by=made.staff, now=ISSUED)
    assert not draft.issued


def word(db: Session, made: at.Case, draft: object, text: str) -> None:
    one = draft.requirements[0]  # type: ignore[attr-defined]
    actions.save_requirement(db, one, show=[(Show.POLICY, text)], missing="", seen=["Seen."] * len(one.seen),
                             resurvey=False, why_resurvey="", by=made.staff, now=ISSUED)  # fmt: skip


def test_a_persons_name_stops_the_issuing_whatever_is_confirmed(db: Session) -> None:
    made = at.case(db)
    draft = actions.draft(db, made.survey, now=DETERMINED)
    word(db, made, draft, f"Show that {made.contributor.name} was trained.")
    with pytest.raises(NotNow, match="the report names nobody"):
        actions.issue(db, draft, by=made.staff, now=ISSUED, wording_confirmed=True)


def test_suspect_words_are_confirmed_by_a_person_who_read_them(db: Session) -> None:
    made = at.case(db)
    draft = actions.draft(db, made.survey, now=DETERMINED)
    word(db, made, draft, "The log of line 207-555-0134.")
    with pytest.raises(NotNow, match="telephone number"):
        actions.issue(db, draft, by=made.staff, now=ISSUED)
    actions.issue(db, draft, by=made.staff, now=ISSUED, wording_confirmed=True)


def test_an_issued_report_is_not_worded_any_more(db: Session) -> None:
    made = at.case(db)
    issued = at.report(db, made)
    with pytest.raises(NotNow, match="not changed any more"):
        word(db, made, issued, "Something else.")


def test_remarks_can_be_reworded_or_left_out(db: Session) -> None:
    made = at.case(db)
    draft = actions.draft(db, made.survey, now=DETERMINED)
    assert draft.data["suggestions"] == [{"row": "4.1.1", "text": "Numbered seals help."}]
    actions.save_remarks(db, draft, suggestions=[""], good=[], by=made.staff, now=ISSUED)
    assert draft.data["suggestions"] == []


def test_everything_met_goes_straight_to_the_decision(db: Session) -> None:
    made = at.case(db, below={})
    assert queries.clean_report(db, made.application.id) is None
    issued = at.report(db, made)
    assert queries.clean_report(db, made.application.id) is issued
    assert issued.result is Result.ALL_MET and issued.data["clocks"] == []
    assert queries.plan_of(db, made.application.id) is None
    assert "decision.record" in {due.key for due in program.running(db, made.application.id)}


def test_a_report_with_requirements_is_not_clean(db: Session) -> None:
    made = at.case(db)
    issued = at.report(db, made)
    assert queries.clean_report(db, made.application.id) is None
    assert [one.code for one in queries.open_requirements(db, made.application.id)] == ["3.9", "4.1.1"]
    assert queries.latest(db, made.application.id) is issued


def test_each_step_is_one_line_of_the_ledger(db: Session) -> None:
    made = at.case(db)
    at.report(db, made)
    said = [event.what for event in db.query(Event).filter_by(practice_id=made.practice.id).order_by(Event.number)]
    assert said.count("report drafted") == said.count("report issued") == 1


def test_what_does_not_apply_anywhere_is_not_counted_against_the_practice(db: Session) -> None:
    nowhere = {"3.19": {"CS": Rating.NOT_APPLICABLE, "NG": Rating.NOT_APPLICABLE}}
    issued = at.report(db, at.case(db, below=nowhere))
    assert issued.result is Result.ALL_MET
    assert issued.data["totals"] == {"met": 43, "partial": 0, "notmet": 0, "na": 1, "total": 44}


def test_the_text_of_a_line_is_a_plain_value(db: Session) -> None:
    line = at.plan(db, at.case(db)).lines[0]
    assert replace(line.text, root_cause="x") != line.text

"""The pages of M4: who sees what, what bad input gets, and the loop by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.models import User
from app.people.rules import Capacity, Role
from app.report import actions
from app.report.models import Plan
from app.report.rules.plan import PlanState
from tests.factories import people
from tests.factories import report as at
from tests.factories.report import DETERMINED, ISSUED

SignIn = Callable[[User], FlaskClient]
NOW = datetime(2026, 9, 25, 15, 0, tzinfo=UTC)
FIELDS = {name: value for name, value in vars(at.FULL).items() if name != "target"} | {"target": "2026-10-12"}


def text(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.text[:500]
    return unescape(answer.text)


def test_a_practice_does_not_know_of_a_draft(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    draft = actions.draft(db, made.survey, now=DETERMINED)
    for user in (made.owner, made.signer):
        assert as_user(user).get(f"/reports/{draft.id}").status_code == 404
        assert as_user(user).get(f"/requirements/{draft.requirements[0].id}").status_code == 404
    assert as_user(made.surveyor).get(f"/reports/{draft.id}/draft").status_code == 403


def test_before_the_report_its_page_says_when_it_is_due(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    assert "Tue 15 Sep 2026" in text(as_user(made.owner), f"/applications/{made.application.id}/report")


def test_another_practice_and_the_surveyor_find_nothing(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    issued = at.report(db, made)
    plan = db.query(Plan).filter_by(report_id=issued.id).one()
    stranger = people.member(db, people.practice(db), Role.OWNER, Role.CONTRIBUTOR, Role.SIGNER)
    for user in (stranger, made.surveyor):
        for url in (f"/reports/{issued.id}", f"/plans/{plan.id}", f"/plan-lines/{plan.lines[0].id}",
                    f"/plans/{plan.id}/word", f"/reports/{issued.id}/data.json"):  # fmt: skip
            assert as_user(user).get(url).status_code == 404, url


def test_a_reviewer_who_surveyed_the_practice_does_not_judge(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    plan = at.submitted(db, made)
    both = people.appointed(db, made.practice, made.application.id, Capacity.REVIEWER)
    both.appointments.append(type(both.appointments[0])(
        user_id=both.id, practice_id=made.practice.id, case_id=made.application.id, capacity=Capacity.SURVEYOR,
        since=ISSUED, ended_at=ISSUED,
    ))  # fmt: skip
    answer = as_user(both).get(f"/plans/{plan.id}/review")
    assert answer.status_code == 403 and "somebody else decides" in unescape(answer.text)


def test_the_report_is_a_page_with_findings_dates_and_the_paper(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    issued = at.report(db, made)
    page = text(as_user(made.owner), f"/reports/{issued.id}")
    assert "meets 42 of the 44 standards" in page
    assert "Five of five bags carried no expiry." in page and "Preparation room, Northgate" in page
    assert "Mon 28 Sep 2026" in page and "How this date was worked out" in page
    assert "Sample edition" in page and "is being typeset" in page
    assert made.reviewer.name not in page and made.staff.name not in page


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [("", "Emergency response", "Spoken orders"), ("?show=all", "Spoken orders", "Nothing differs"),
     ("?show=notmet", "Emergency response", "R1</a>"), ("?domain=3", "R1</a>", "R2</a>"),
     ("?site=CS&show=notmet", "No standard fits", "R2</a>"), ("?show=nonsense", "R1</a>", "Spoken orders")],
)  # fmt: skip
def test_the_standards_are_filtered_without_a_script(
    db: Session, as_user: SignIn, query: str, there: str, gone: str
) -> None:
    made = at.case(db)
    page = text(as_user(made.owner), f"/reports/{at.report(db, made).id}{query}")
    assert there in page
    table = page.split('id="all"')[1].split('id="fin"')[0]
    assert gone not in table


def test_the_data_of_the_report_can_be_taken_along(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    data = as_user(made.signer).get(f"/reports/{at.report(db, made).id}/data.json").get_json()
    assert data["kind"] == "ccr" and len(data["rows"]) == 81


def test_staff_draw_up_word_preview_and_issue(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    client = as_user(made.staff)
    assert made.practice.public_name in text(client, "/reports")
    with clock.at(ISSUED):
        where = client.post(f"/surveys/{made.survey.id}/report").headers["Location"]
        draft_id = where.split("/")[-2]
        assert "2 requirements" in text(client, where)
        assert "if it were issued today" in text(client, f"/reports/{draft_id}/preview")
        assert client.post(f"/reports/{draft_id}/issue").status_code == 302
        assert "signed by the Program" in text(client, f"/reports/{draft_id}")


def test_a_requirement_is_worded_on_its_page(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    draft = actions.draft(db, made.survey, now=DETERMINED)
    one = draft.requirements[0]
    client = as_user(made.staff)
    assert "The revised policy" in text(client, f"/requirements/{one.id}")
    body = {"show-0-kind": "Policy", "show-0-what": "HLO-307 with the expiry", "show-1-kind": "Photo",
            "show-1-what": "ten labels per site", "show-2-kind": "Log", "show-3-kind": "Log", "missing": "The expiry.",
            "seen-0": one.seen[0]["text"], "seen-1": ""}  # fmt: skip
    assert client.post(f"/requirements/{one.id}", data=body).status_code == 302
    db.refresh(one)
    assert [shown["kind"] for shown in one.show] == ["Policy", "Photo"] and len(one.seen) == 1


def test_a_draft_with_a_name_in_it_is_not_issued_and_says_so(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    draft = actions.draft(db, made.survey, now=DETERMINED)
    draft.requirements[0].missing = f"{made.owner.name} did not know."
    answer = as_user(made.staff).post(f"/reports/{draft.id}/issue", data={"confirmed": "y"})
    assert answer.status_code == 422 and "names nobody" in unescape(answer.text)


def test_only_staff_draft_and_a_surveyor_never_issues(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    draft = actions.draft(db, made.survey, now=DETERMINED)
    assert as_user(made.surveyor).post(f"/reports/{draft.id}/issue").status_code == 403
    assert as_user(made.reviewer).post(f"/reports/{draft.id}/issue").status_code == 403
    assert as_user(made.owner).post(f"/reports/{draft.id}/issue").status_code == 404


def test_a_contributor_writes_a_line_and_a_signer_alone_sends(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    plan = at.plan(db, made)
    writer = as_user(made.contributor)
    for line in plan.lines:
        answer = writer.post(f"/plan-lines/{line.id}", data=FIELDS | {"seen": "0"})
        assert answer.status_code == 302
    assert writer.post(f"/plans/{plan.id}/submit").status_code == 403
    assert "Only a signer can send" in text(writer, f"/plans/{plan.id}")
    assert as_user(made.signer).post(f"/plan-lines/{plan.lines[0].id}", data=FIELDS).status_code == 403
    with clock.at(NOW):
        assert as_user(made.signer).post(f"/plans/{plan.id}/submit").status_code == 302
    assert db.get_one(Plan, plan.id).state is PlanState.SUBMITTED


def test_a_plan_with_gaps_comes_back_with_every_gap(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    plan = at.plan(db, made)
    answer = as_user(made.signer).post(f"/plans/{plan.id}/submit")
    assert answer.status_code == 422
    assert unescape(answer.text).count("Say what evidence will come.") >= 2


def test_a_lost_update_is_shown_with_both_wordings(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    line = at.plan(db, made).lines[0]
    as_user(made.contributor).post(f"/plan-lines/{line.id}", data=FIELDS | {"seen": "0"})
    mine = FIELDS | {"seen": "0", "goal": "my own goal"}
    answer = as_user(made.owner).post(f"/plan-lines/{line.id}", data=mine)
    page = unescape(answer.text)
    assert answer.status_code == 422 and "Nothing was overwritten" in page
    assert "my own goal" in page and "all ten carry it" in page
    db.refresh(line)
    assert line.goal == "all ten carry it"


def test_a_line_saves_itself_and_answers_with_a_mark_only(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    line = at.plan(db, made).lines[0]
    answer = as_user(made.contributor).post(
        f"/plan-lines/{line.id}", data=FIELDS | {"seen": "0"}, headers={"HX-Request": "true"}
    )
    assert "Saved" in answer.text and "<html" not in answer.text and 'value="1"' in answer.text


def test_a_date_that_is_no_date_comes_back_with_what_was_typed(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    line = at.plan(db, made).lines[0]
    answer = as_user(made.contributor).post(
        f"/plan-lines/{line.id}", data=FIELDS | {"seen": "0", "target": "soon", "goal": "kept"}
    )
    assert answer.status_code == 422 and "kept" in answer.text


def test_the_reviewer_returns_one_line_and_the_practice_reads_the_program(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    plan = at.submitted(db, made)
    first, second = plan.lines
    client = as_user(made.reviewer)
    assert "Review of the action plan" in text(client, f"/plans/{plan.id}/review")
    bad = client.post(f"/plan-lines/{first.id}/verdict", data={"R1-verdict": "return", "R1-comment": ""})
    assert bad.status_code == 422 and "Say what is missing" in unescape(bad.text)
    with clock.at(NOW):
        client.post(f"/plan-lines/{first.id}/verdict", data={"R1-verdict": "return", "R1-comment": "Add the downtime."})
        client.post(f"/plan-lines/{second.id}/verdict", data={"R2-verdict": "accept"})
        assert client.post(f"/plans/{plan.id}/return").status_code == 302
    page = text(as_user(made.contributor), f"/plan-lines/{first.id}")
    assert "Add the downtime." in page and "The Program" in page and made.reviewer.name not in page
    assert "This line is locked" in text(as_user(made.contributor), f"/plan-lines/{second.id}")


def test_evidence_is_pinned_sent_and_judged_by_hand(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    plan, file = at.accepted(db, made), at.version(db, made)
    writer, reviewer = as_user(made.contributor), as_user(made.reviewer)
    later = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    with clock.at(later):
        for line in plan.lines:
            label = line.requirement.label
            pinned = {f"{label}-version_id": file.id, f"{label}-page": "2"}
            assert writer.post(f"/plan-lines/{line.id}/proofs", data=pinned).status_code == 302
            shown = {f"{label}-done_on": "2026-10-12"}
            assert writer.post(f"/plan-lines/{line.id}/showing", data=shown).status_code == 302
        assert "Ready to send" in text(writer, f"/plans/{plan.id}/evidence")
        assert as_user(made.signer).post(f"/plans/{plan.id}/evidence/send").status_code == 302
        assert "Judge the evidence" in text(reviewer, f"/plans/{plan.id}/judge")
        for line in plan.lines:
            verdict = {f"{line.requirement.label}-verdict": "meet"}
            reviewer.post(f"/plan-lines/{line.id}/evidence-verdict", data=verdict)
        assert reviewer.post(f"/plans/{plan.id}/answer").status_code == 302
    where = as_user(made.owner).get(f"/applications/{made.application.id}/report").headers["Location"]
    page = text(as_user(made.owner), where)
    assert "Closing Certification Compliance Report" in page and "Met on Mon 2 Nov 2026" in page


def test_the_plan_can_be_taken_along_in_word(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    plan = at.submitted(db, made)
    answer = as_user(made.contributor).get(f"/plans/{plan.id}/word")
    assert answer.data.startswith(b"PK") and plan.number in answer.headers["Content-Disposition"]


def test_documents_of_the_binder_are_tied_to_a_line_and_taken_off(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    line, file = at.plan(db, made).lines[0], at.version(db, made)
    writer = as_user(made.contributor)
    writer.post(f"/plan-lines/{line.id}/documents", data={"version_id": file.id})
    assert "HLO-307 Labeling and Dispensing, version 1" in text(writer, f"/plan-lines/{line.id}")
    writer.post(f"/plan-lines/{line.id}/documents/take-off", data={"which": file.id})
    db.refresh(line)
    assert line.documents == []
    assert writer.post(f"/plan-lines/{line.id}/documents", data={"version_id": "other"}).status_code == 422


def test_an_administrator_orders_a_resurvey_with_a_reason(db: Session, as_user: SignIn) -> None:
    made = at.case(db)
    plan = at.accepted(db, made)
    assert as_user(made.staff).get(f"/plans/{plan.id}/resurvey").status_code == 403
    client = as_user(made.admin)
    body = {"lines": [plan.lines[1].id], "sites": ["NG"], "ground": "observe", "reason": ""}
    bad = client.post(f"/plans/{plan.id}/resurvey", data=body)
    assert bad.status_code == 422 and "Write the reason" in unescape(bad.text)
    good = client.post(f"/plans/{plan.id}/resurvey", data=body | {"reason": "Only a look at the cart shows it."})
    assert good.status_code == 302
    assert "Re-survey" in text(as_user(made.owner), f"/plans/{plan.id}")

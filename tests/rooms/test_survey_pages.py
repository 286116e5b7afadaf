"""The pages of the survey: who sees what, what is never shown, what a second window is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.models import Site, User
from app.people.rules import Role
from app.survey import actions, queries
from app.survey.rules.moves import AssignmentState, ReviewState, SurveyState
from app.survey.rules.worksheet import Rating
from tests.factories import people
from tests.factories import survey as make
from tests.factories.survey import STATED, VISIT, VISIT_DAY

As = Callable[[User], FlaskClient]
WHY = {"reason": "A reason that is long enough."}


@pytest.fixture(autouse=True)
def on_the_day():
    """Every page is looked at on the day of the visit."""
    with clock.at(VISIT_DAY):
        yield


def sheet_url(made: make.Cast, code: str, site: Site | None = None) -> str:
    return f"/surveys/{made.survey.id}/worksheet?row={code}&site={(site or made.sites[0]).id}"


# From the desk to the date


def test_staff_find_a_surveyor_for_a_ready_application(db: Session, as_user: As):
    made = make.cast(db)
    staff = as_user(made.staff)
    assert made.practice.public_name in staff.get("/surveys").text
    page = staff.post(f"/applications/{made.application.id}/survey", follow_redirects=True)
    assert "Propose a surveyor" in page.text and made.surveyor.name in page.text
    survey = queries.latest(db, made.application.id)
    refused = staff.post(f"/surveys/{survey.id}/propose", data={"background": "RN"})
    assert refused.status_code == 422 and "Choose a surveyor." in refused.text
    asked = {"surveyor": made.surveyor.id, "background": "RN, OCN, 14 years"}
    assert staff.post(f"/surveys/{survey.id}/propose", data=asked).status_code == 302
    assert queries.standing(db, survey.id).background == "RN, OCN, 14 years"


def test_a_tie_stands_beside_the_name_and_the_name_cannot_be_chosen(db: Session, as_user: As):
    made = make.opened(db)
    tied = people.official(db, Role.SURVEYOR, email=f"x@{made.practice.slug}.example", name="Tess Tied")
    page = as_user(made.staff).get(f"/surveys/{made.survey.id}").text
    assert "Same e-mail domain" in page and f'value="{tied.id}"' not in page
    forced = as_user(made.staff).post(f"/surveys/{made.survey.id}/propose", data={"surveyor": tied.id})
    assert forced.status_code == 422 and queries.standing(db, made.survey.id) is None


def test_the_desk_filters_by_state_and_words(db: Session, as_user: As):
    made, other = make.opened(db), make.scheduled(db)
    page = as_user(made.staff).get("/surveys?state=scheduled").text
    assert other.practice.public_name in page and made.practice.public_name not in page
    page = as_user(made.staff).get(f"/surveys?q={made.survey.number}").text
    assert made.practice.public_name in page and other.practice.public_name not in page


def test_a_surveyor_declares_and_the_practice_confirms(db: Session, as_user: As):
    made = make.proposed(db)
    surveyor, address = as_user(made.surveyor), f"/assignments/{made.assignment.id}"
    assert "did not work or consult for this practice or its parent in the last 5 years" in surveyor.get(address).text
    half = surveyor.post(f"{address}/clear", data={"stated": STATED[:1]})
    assert half.status_code == 422 and "Make every statement, or decline." in half.text
    assert surveyor.post(f"{address}/clear", data={"stated": STATED}).status_code == 302
    signer = as_user(made.signer)
    page = signer.get(f"/surveys/{made.survey.id}").text
    assert made.surveyor.name in page and "Confirm: no conflict of interest" in page
    assert as_user(made.owner).post(f"{address}/confirm").status_code == 403
    assert signer.post(f"{address}/confirm").status_code == 302
    assert made.assignment.state is AssignmentState.CONFIRMED


def test_an_objection_is_read_by_the_administrator_alone(db: Session, as_user: As):
    made = make.clear(db)
    said = {"reason": "She worked for our parent until 2024."}
    assert as_user(made.signer).post(f"/assignments/{made.assignment.id}/object", data=said).status_code == 302
    assert said["reason"] in as_user(made.admin).get(f"/surveys/{made.survey.id}").text
    for user in (made.staff, made.signer):
        assert said["reason"] not in as_user(user).get(f"/surveys/{made.survey.id}").text
    assert said["reason"] not in as_user(made.surveyor).get(f"/assignments/{made.assignment.id}").text
    assert as_user(made.staff).post(f"/assignments/{made.assignment.id}/uphold", data=WHY).status_code == 403
    assert as_user(made.admin).post(f"/assignments/{made.assignment.id}/uphold", data=WHY).status_code == 302


def test_the_practice_does_not_hear_a_name_before_the_declaration(db: Session, as_user: As):
    made = make.proposed(db)
    assert made.surveyor.name not in as_user(made.signer).get(f"/surveys/{made.survey.id}").text


def test_staff_set_a_date_that_both_can_download(db: Session, as_user: As):
    made = make.confirmed(db)
    staff, address = as_user(made.staff), f"/surveys/{made.survey.id}"
    assert staff.post(f"{address}/schedule", data={}).status_code == 422
    with clock.at(make.NOW):
        assert staff.post(f"{address}/schedule", data={"offered": VISIT.isoformat()}).status_code == 302
    for user in (made.signer, made.surveyor):
        answer = as_user(user).get(f"{address}/visit.ics")
        assert answer.mimetype == "text/calendar" and "DTSTART" in answer.text
        assert "Tue 4 Aug 2026" in as_user(user).get(address).text
    assert as_user(made.signer).post(f"{address}/move", data=WHY).status_code == 302
    assert as_user(made.signer).get(f"{address}/visit.ics").status_code == 404


# Who may not


def test_another_surveyor_or_practice_may_not_know_of_it(db: Session, as_user: As):
    made = make.under_way(db)
    stranger = as_user(make.surveyor(db))
    other = as_user(people.member(db, people.practice(db), Role.OWNER, Role.SIGNER))
    entry = make.entry(db, made, "3.9")
    for client in (stranger, other):
        for address in (f"/surveys/{made.survey.id}", sheet_url(made, "3.9"), f"/assignments/{made.assignment.id}"):
            assert client.get(address).status_code == 404
        assert client.post(f"/worksheet-entries/{entry.id}", data={"version": 0}).status_code == 404
        assert client.post(f"/worksheet-entries/{entry.id}/observations").status_code == 404


def test_the_practice_never_opens_the_worksheet(db: Session, as_user: As):
    made = make.under_way(db)
    for user in (made.owner, made.signer):
        assert as_user(user).get(sheet_url(made, "3.9")).status_code == 403
        assert as_user(user).get(f"/surveys/{made.survey.id}/check").status_code == 403
        assert as_user(user).get(f"/surveys/{made.survey.id}/worksheet/search?q=label").status_code == 403


def test_an_asked_surveyor_sees_nothing_of_the_case_before_both_sides_are_clear(db: Session, as_user: As):
    made = make.clear(db)
    client = as_user(made.surveyor)
    assert client.get(f"/assignments/{made.assignment.id}").status_code == 200
    assert client.get(f"/surveys/{made.survey.id}").status_code == 404
    assert client.get(f"/surveys/{made.survey.id}/worksheet").status_code == 404


def test_staff_read_the_worksheet_and_do_not_rate(db: Session, as_user: As):
    made = make.under_way(db)
    entry = make.entry(db, made, "3.9")
    staff = as_user(made.staff)
    assert staff.get(sheet_url(made, "3.9")).status_code == 200
    assert staff.post(f"/worksheet-entries/{entry.id}", data={"version": 0, "rating": "met"}).status_code == 403


def test_after_the_case_is_closed_to_the_surveyor_nothing_opens(db: Session, as_user: As):
    made = make.determined(db)
    actions.close_to_surveyor(db, made.survey, by=None, now=VISIT_DAY)
    assert as_user(made.surveyor).get(f"/surveys/{made.survey.id}").status_code == 404


# From the visit to the determination


def test_the_whole_way_through_the_pages(db: Session, as_user: As):
    made = make.scheduled(db)
    surveyor, staff, address = as_user(made.surveyor), as_user(made.staff), f"/surveys/{made.survey.id}"
    assert surveyor.post(f"{address}/start").status_code == 302
    assert surveyor.post(f"{address}/end-visit", data={}).status_code == 422
    make.fill(db, made, {"3.9": Rating.PARTIALLY})
    notes = {f"exit-{site.id}": "4:45 pm, lead nurse" for site in made.sites}
    assert surveyor.post(f"{address}/end-visit", data=notes).status_code == 302
    assert "Submit the worksheet" in surveyor.get(address).text
    assert surveyor.post(f"{address}/submit").status_code == 302
    assert "partially met" in staff.get(f"{address}/check").text.lower()
    assert staff.post(f"{address}/ask", data={"ask-3.9": "Which bags?"}).status_code == 302
    question = queries.open_questions(db, made.survey.id)[0]
    assert "Which bags?" in surveyor.get(address).text
    assert surveyor.post(f"/survey-questions/{question.id}/answer", data={"answer": "All three."}).status_code == 302
    assert surveyor.post(f"{address}/submit").status_code == 302
    assert staff.post(f"{address}/pass").status_code == 302
    assert staff.post(f"{address}/reviewer", data={"reviewer": made.reviewer.id}).status_code == 302
    made.review = queries.live_review(db, made.survey.id)
    _judge_through_pages(db, as_user(made.reviewer), made)
    assert made.survey.state is SurveyState.DETERMINED
    assert "determined" in as_user(made.signer).get(address).text.lower()
    assert made.reviewer.name not in as_user(made.signer).get(address).text


def _judge_through_pages(db: Session, reviewer: FlaskClient, made: make.Cast) -> None:
    address = f"/reviews/{made.review.id}"
    assert reviewer.get(f"{address}/standards/3.9").status_code == 403
    assert reviewer.post(f"{address}/clear", data={"stated": STATED}).status_code == 302
    assert "to read" in reviewer.get(address).text.lower()
    for case in queries.review_case(db, made.review):
        read = {"rating": "met", "note": "As written."}
        assert reviewer.post(f"{address}/standards/{case.code}/first-read", data=read).status_code == 302
    assert reviewer.post(f"{address}/determine").status_code == 422
    for case in queries.review_case(db, made.review):
        lines = {f"line:{code}:{site}": rating.value for (code, site), rating in case.surveyor.items()}
        settled = reviewer.post(f"{address}/standards/{case.code}/settle", data=lines | {"must_show": "A label."})
        assert settled.status_code == 302
    assert reviewer.post(f"{address}/determine").status_code == 302


def test_the_first_read_is_blind_on_the_page(db: Session, as_user: As):
    made = make.reading(db, {"3.9": Rating.NOT_MET})
    reviewer, address = as_user(made.reviewer), f"/reviews/{made.review.id}"
    before = reviewer.get(f"{address}/standards/3.9").text
    assert "rate-not" not in before and "Surveyor, on site" not in before and "line:3.9" not in before
    assert "rate-not" not in reviewer.get(address).text
    for hidden in (f"/surveys/{made.survey.id}", sheet_url(made, "3.9"), f"/surveys/{made.survey.id}/check"):
        assert reviewer.get(hidden).status_code == 403
    reviewer.post(f"{address}/standards/3.9/first-read", data={"rating": "partially met"})
    after = reviewer.get(f"{address}/standards/3.9").text
    assert "Surveyor, on site" in after and "rate-not" in after


def test_an_overrule_without_a_reason_comes_back_as_it_was_typed(db: Session, as_user: As):
    made = make.reading(db, {"3.9": Rating.NOT_MET})
    reviewer, address = as_user(made.reviewer), f"/reviews/{made.review.id}/standards/3.9"
    reviewer.post(f"{address}/first-read", data={"rating": "partially met"})
    lines = {f"line:3.9:{site.id}": "partially met" for site in made.sites}
    refused = reviewer.post(f"{address}/settle", data=lines | {"must_show": "Ten photographs."})
    assert refused.status_code == 422
    assert "Write why your rating differs" in refused.text and "Ten photographs." in refused.text
    asked = reviewer.post(f"{address}/ask", data={"code": "3.9", "question": "How many?"})
    assert asked.status_code == 302 and made.review.state is ReviewState.ASKING
    assert "The committee" in as_user(made.surveyor).get(sheet_url(made, "3.9")).text
    assert made.reviewer.name not in as_user(made.surveyor).get(sheet_url(made, "3.9")).text


def test_lists_show_what_is_mine(db: Session, as_user: As):
    made, other = make.reading(db), make.under_way(db)
    mine = as_user(made.surveyor).get("/my-surveys").text
    assert made.practice.public_name in mine and other.practice.public_name not in mine
    assert made.practice.public_name in as_user(made.reviewer).get("/my-reviews").text
    assert as_user(made.signer).get("/my-surveys").status_code == 403
    assert as_user(made.surveyor).get("/surveys").status_code == 403


def test_a_cancelled_survey_says_why_to_the_office(db: Session, as_user: As):
    made = make.opened(db)
    assert as_user(made.staff).post(f"/surveys/{made.survey.id}/cancel", data=WHY).status_code == 403
    assert as_user(made.admin).post(f"/surveys/{made.survey.id}/cancel", data=WHY).status_code == 302
    assert WHY["reason"] in as_user(made.staff).get(f"/surveys/{made.survey.id}").text


def test_an_empty_desk_says_how_a_survey_begins_and_a_search_that_it_found_none(db: Session, as_user: As):
    client = as_user(people.official(db))
    assert "One begins when you find a surveyor" in client.get("/surveys").text
    assert "Nothing matches" in client.get("/surveys?q=nowhere").text

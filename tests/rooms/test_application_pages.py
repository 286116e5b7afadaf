"""The pages of milestone 2, as each role sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy.orm import Session

from app.application import queries
from app.application.models import Application, Invoice, Snapshot
from app.application.rules.case import State
from app.kernel import clock
from app.people.models import User
from app.people.rules import Role
from tests.factories import application as make
from tests.factories import people
from tests.factories.answers import answers

SignIn = Callable[[User], FlaskClient]
NOW = make.OPENED_AT
JSON = dict[str, Any]


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    """The clock stands at the hour of the factories."""
    with clock.at(NOW):
        yield


def flat(answers: JSON) -> list[tuple[str, str]]:
    """Answers as a browser sends them."""
    found: list[tuple[str, str]] = []
    for name, value in answers.items():
        if isinstance(value, dict):
            found += [(f"{name}-{key}", text) for key, text in flat(value)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            found += [(f"{name}-{n}-{key}", text) for n, part in enumerate(value) for key, text in flat(part)]
        elif isinstance(value, list):
            found += [(name, item) for item in value]
        elif value is not False:
            found.append((name, "y" if value is True else str(value)))
    return found


def send(client: FlaskClient, url: str, answers: JSON, **more: str) -> Any:
    pairs = [*flat(answers), *more.items()]
    data: dict[str, list[str]] = {}
    for name, text in pairs:
        data.setdefault(name, []).append(text)
    return client.post(url, data=data)


def url(one: Application, path: str = "") -> str:
    return f"/applications/{one.id}{path}"


# Before an application


def test_the_gate_lists_what_is_in_the_way_and_opens_when_nothing_is(db: Session, as_user: SignIn) -> None:
    practice, owner, _ = make.practice(db)
    make.report(db, practice)
    client = as_user(owner)
    page = client.get(f"/practices/{practice.id}/apply").text
    assert "1 thing is in the way" in page and "Nobody from the practice has heard the introduction." in page
    for part in range(1, 7):
        assert client.post(f"/practices/{practice.id}/introduction/{part}").status_code == 302
    assert client.post(f"/practices/{practice.id}/introduction", data={"watched": "y"}).status_code == 302
    answer = client.post(f"/practices/{practice.id}/applications", follow_redirects=True)
    assert "0 of 6 steps are complete" in answer.text


def test_ticking_without_watching_comes_back_with_the_minutes(db: Session, as_user: SignIn) -> None:
    practice, owner, _ = make.practice(db)
    answer = as_user(owner).post(f"/practices/{practice.id}/introduction", data={"watched": "y"})
    assert answer.status_code == 422 and "0 of 45 minutes were played" in answer.text


def test_opening_with_a_reason_against_it_says_the_reason(db: Session, as_user: SignIn) -> None:
    practice, owner, _ = make.practice(db)
    make.report(db, practice)
    answer = as_user(owner).post(f"/practices/{practice.id}/applications", follow_redirects=True)
    assert "Nobody from the practice has heard the introduction" in answer.text
    assert queries.open_of(db, practice.id) is None


def test_staff_record_live_attendance(db: Session, as_user: SignIn) -> None:
    practice, owner, _ = make.practice(db)
    client = as_user(people.official(db))
    where = f"/practices/{practice.id}/introduction/attendance"
    assert client.post(where, data={"person": owner.id, "minutes": "0"}).status_code == 422
    data = {"person": owner.id, "attended_on": "2026-06-20", "minutes": "60"}
    assert "Counts until" in client.post(where, data=data, follow_redirects=True).text


# The tracker


def test_the_greyed_button_says_who_can_submit(db: Session, as_user: SignIn) -> None:
    one, owner, _ = make.complete(db)
    page = as_user(owner).get(url(one)).text
    assert 'aria-disabled="true"' in page and "Only Teo B. (signer) can submit." in page


def test_a_stranger_never_learns_of_an_application(db: Session, as_user: SignIn) -> None:
    one, _, _ = make.application(db)
    stranger = people.member(db, people.practice(db))
    client = as_user(stranger)
    for path in ("", "/answers", "/steps/payment", "/questionnaire/A", "/agreements/baa"):
        assert client.get(url(one, path)).status_code == 404


def test_an_unknown_step_or_section_is_a_missing_page(db: Session, as_user: SignIn) -> None:
    one, owner, _ = make.application(db)
    client = as_user(owner)
    for path in ("/steps/plaque", "/questionnaire/Z", "/agreements/nothing", "/submissions/1"):
        assert client.get(url(one, path)).status_code == 404
    assert client.post(url(one, "/steps/policies")).status_code == 405


@pytest.mark.parametrize("slug", ["eligibility", "agreements", "questionnaire", "payment", "policies", "dates"])
def test_every_step_can_be_read_by_everybody_of_the_case(db: Session, as_user: SignIn, slug: str) -> None:
    one, owner, signer = make.complete(db)
    for user in (owner, signer, people.member(db, one.practice, Role.CONTRIBUTOR), people.official(db)):
        assert as_user(user).get(url(one, f"/steps/{slug}")).status_code == 200


def test_a_surveyor_reads_the_case_but_neither_bills_nor_agreements(db: Session, as_user: SignIn) -> None:
    one, _ = make.ready(db)
    client = as_user(people.appointed(db, one.practice, one.id))
    page = client.get(url(one)).text
    assert "Ready for survey since" in page and "Papers so far" not in page
    assert client.get(url(one, "/answers")).status_code == 200
    for path in ("/steps/payment", "/steps/agreements", "/agreements/baa"):
        assert client.get(url(one, path)).status_code == 403


# Steps


def test_eligibility_comes_back_with_what_was_typed(db: Session, as_user: SignIn) -> None:
    one, owner, _ = make.application(db)
    client = as_user(owner)
    answer = client.post(url(one, "/steps/eligibility"), data={"fte": "lots", "sites": "y"})
    assert answer.status_code == 422 and 'value="lots"' in answer.text and 'href="#fte"' in answer.text
    answer = client.post(url(one, "/steps/eligibility"), data={"fte": "2.5", "sites": "y", "policies": "y"})
    assert answer.status_code == 302
    assert one.fte == "2.5" or db.get_one(Application, one.id).fte == "2.5"


def test_the_signer_signs_with_the_password_again(app: Flask, db: Session, as_user: SignIn) -> None:
    one, owner, signer = make.affirmed(db)
    with app.app_context():
        signer.password = hash_password("a long enough password")
    make.press(db)
    client = as_user(signer)
    page = client.get(url(one, "/agreements/program_terms")).text
    shown = page.split('name="text_sha256" value="')[1][:64]
    data = {"text_sha256": shown, "typed_name": "Teo Brandt", "title": "Medical Director", "authority": "y",
            "consent": "y", "password": "wrong"}  # fmt: skip
    answer = client.post(url(one, "/agreements/program_terms"), data=data)
    assert answer.status_code == 422 and "not your password" in answer.text
    wrong = client.post(url(one, "/agreements/program_terms"), data=data | {"typed_name": "TB"})
    assert wrong.status_code == 422
    answer = client.post(url(one, "/agreements/program_terms"), data=data | {"password": "a long enough password"})
    assert answer.status_code == 302
    assert "Signed by Teo Brandt" in client.get(url(one, "/steps/agreements")).text
    assert as_user(owner).post(url(one, "/agreements/baa"), data=data).status_code == 403


def test_a_section_is_saved_and_read_back_as_typed(db: Session, as_user: SignIn) -> None:
    one, owner, _ = make.affirmed(db)
    client = as_user(owner)
    for letter, given in answers().items():
        answer = send(client, url(one, f"/questionnaire/{letter}"), given, version="0", page="p", go="1")
        assert answer.status_code == 302, letter
    found = queries.examined(db, db.get_one(Application, one.id), clock.today())
    assert [(letter, problem.line) for letter, part in found.items() for problem in part.problems] == []
    for letter in answers():
        assert client.get(url(one, f"/questionnaire/{letter}")).status_code == 200


def test_wrong_answers_come_back_at_their_field_and_at_the_top(db: Session, as_user: SignIn) -> None:
    one, owner, _ = make.affirmed(db)
    client = as_user(owner)
    given = answers(A={"phone": "555", "npi": "1234567890"})["A"]
    answer = send(client, url(one, "/questionnaire/A"), given, version="0", page="p", go="1")
    page = client.get(answer.location).text
    assert "2 answers to change before this section is complete" in page
    assert 'href="#phone"' in page and 'value="555"' in page and 'id="phone-err"' in page


def test_entries_are_added_and_removed_without_losing_the_others(db: Session, as_user: SignIn) -> None:
    one, owner, _ = make.affirmed(db)
    client = as_user(owner)
    given = answers()["E"]
    answer = send(client, url(one, "/questionnaire/E"), given, version="0", page="p", add="1")
    assert 'name="staff-2-staff_role"' in client.get(answer.location).text
    send(client, url(one, "/questionnaire/E"), given, version="1", page="p", remove="0")
    assert [row["staff_role"] for row in queries.typed(db, one)["E"]["staff"]] == ["rn"]


def test_saving_by_itself_answers_with_the_new_version(db: Session, as_user: SignIn) -> None:
    one, owner, _ = make.affirmed(db)
    client = as_user(owner)
    client.environ_base["HTTP_HX_REQUEST"] = "true"
    answer = send(client, url(one, "/questionnaire/H"), answers()["H"], version="0", page="p")
    assert answer.status_code == 200 and "Saved 11:00 am ET by Dana W." in answer.text
    assert 'value="1" hx-swap-oob="true"' in answer.text


def test_two_people_in_one_section_compare_and_choose(db: Session, as_user: SignIn) -> None:
    one, owner, _ = make.affirmed(db)
    priya = people.member(db, one.practice, Role.CONTRIBUTOR, name="Priya Nair")
    hers, mine = as_user(priya), as_user(owner)
    send(hers, url(one, "/questionnaire/H"), answers()["H"], version="0", page="hers")
    answer = send(mine, url(one, "/questionnaire/H"), answers(H={"interpreter": "no"})["H"], version="0", page="mine")
    page = mine.get(answer.location).text
    assert "Priya Nair saved it" in page and "Is an interpreter at hand when needed?" in page
    assert "Yours is kept beside it" in mine.get(url(one, "/questionnaire/H")).text
    mine.post(url(one, "/questionnaire/H/compare"), data={"keep": "mine", "version": "1"})
    assert queries.typed(db, one)["H"]["interpreter"] == "no"


def test_a_contributor_sees_only_the_end_of_the_tax_id(db: Session, as_user: SignIn) -> None:
    one, owner, _ = make.affirmed(db)
    make.answer_all(db, one, owner)
    contributor = people.member(db, one.practice, Role.CONTRIBUTOR)
    assert "01-2345678" in as_user(owner).get(url(one, "/questionnaire/A")).text
    client = as_user(contributor)
    for path in ("/questionnaire/A", "/answers"):
        page = client.get(url(one, path)).text
        assert "01-2345678" not in page and "ends in 5678" in page


def test_staff_record_and_confirm_a_payment(db: Session, as_user: SignIn) -> None:
    one, owner, signer = make.affirmed(db)
    make.sign_all(db, one, signer)
    make.answer_all(db, one, owner)
    assert as_user(signer).post(url(one, "/invoices")).status_code == 403
    assert as_user(owner).post(url(one, "/invoices")).status_code == 302
    invoice = queries.invoices(db, db.get_one(Application, one.id))[0]
    client = as_user(people.official(db))
    where = f"/invoices/{invoice.id}/payment"
    data = {"method": "check", "amount": "60", "reference": "4711", "paid_on": "2026-07-01", "seen": "y"}
    answer = client.post(where, data=data)
    assert answer.status_code == 422 and "The invoice is over $6,000.00; $60.00 was entered." in answer.text
    assert 'value="4711"' in answer.text
    assert client.post(where, data=data | {"amount": "6000"}).status_code == 302
    assert db.get_one(Invoice, invoice.id).state == "confirmed"
    assert "Confirmed" in client.get(url(one, "/steps/payment")).text


def test_dates_that_do_not_fit_come_back(db: Session, as_user: SignIn) -> None:
    one, owner, _ = make.affirmed(db)
    make.answer_all(db, one, owner)
    client = as_user(owner)
    answer = client.post(url(one, "/steps/dates"), data={"days": ["2026-07-04", "never"]})
    assert answer.status_code == 422
    few = client.post(url(one, "/steps/dates"), data={"days": ["2026-08-03"]}, follow_redirects=True).text
    assert "Saved. 1 day is offered; at least 5 are needed." in few
    days = ["2026-08-03", "2026-08-04", "2026-08-05", "2026-08-10", "2026-08-11"]
    assert "This step is complete." in client.post(
        url(one, "/steps/dates"), data={"days": days}, follow_redirects=True
    ).text  # fmt: skip


# Submission


def test_the_signer_submits_under_the_attestation_and_staff_return_a_step(db: Session, as_user: SignIn) -> None:
    one, owner, signer = make.complete(db)
    client = as_user(signer)
    untold = client.post(url(one, "/submission"))
    assert untold.status_code == 422
    assert "the answers given are true: Tick the statement" in untold.text
    answer = client.post(url(one, "/submission"), data={"attested": "y"}, follow_redirects=True)
    assert "Ready for survey since" in answer.text
    assert client.get(url(one, "/submissions/1")).status_code == 200
    assert as_user(owner).post(url(one, "/submission"), data={"attested": "y"}).status_code == 403
    staff = as_user(people.official(db))
    assert staff.post(url(one, "/return")).status_code == 422
    answer = staff.post(url(one, "/return"), data={"return-dates": "Offer days in September."}, follow_redirects=True)
    assert "Offer days in September." in answer.text
    assert db.get_one(Application, one.id).state is State.RETURNED


def test_submitting_too_early_lists_what_is_missing(db: Session, as_user: SignIn) -> None:
    one, _, signer = make.affirmed(db)
    answer = as_user(signer).post(url(one, "/submission"), data={"attested": "y"})
    assert answer.status_code == 422 and "Step 6, dates for the survey" in answer.text
    assert db.query(Snapshot).count() == 0


def test_withdrawing_asks_for_a_reason(db: Session, as_user: SignIn) -> None:
    one, _, signer = make.application(db)
    client = as_user(signer)
    assert client.post(url(one, "/withdrawal")).status_code == 422
    answer = client.post(url(one, "/withdrawal"), data={"withdraw-reason": "We merge."}, follow_redirects=True)
    assert "is withdrawn" in answer.text


def test_the_list_of_staff_is_searched_and_paged(db: Session, as_user: SignIn) -> None:
    one, _, _ = make.application(db)
    client = as_user(people.official(db))
    assert one.number in client.get(f"/applications?q={one.number}&state=draft").text
    assert "No application found" in client.get("/applications?q=nothing-of-the-kind&page=99").text
    assert as_user(people.member(db, one.practice)).get("/applications").status_code == 403

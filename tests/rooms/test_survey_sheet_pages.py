"""The pages of the worksheet: saved with and without a script, what a second window is told, the evidence beside."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.models import Site, User
from app.survey import queries
from app.survey.rules.worksheet import Rating
from tests.factories import evidence, people
from tests.factories import survey as make
from tests.factories.survey import VISIT_DAY

As = Callable[[User], FlaskClient]
WHY = {"reason": "A reason that is long enough."}


@pytest.fixture(autouse=True)
def on_the_day():
    """Every page is looked at on the day of the visit."""
    with clock.at(VISIT_DAY):
        yield


def sheet_url(made: make.Cast, code: str, site: Site | None = None) -> str:
    return f"/surveys/{made.survey.id}/worksheet?row={code}&site={(site or made.sites[0]).id}"


def test_a_row_is_saved_with_and_without_a_script(db: Session, as_user: As):
    made = make.under_way(db)
    entry, client = make.entry(db, made, "4.1.1"), as_user(made.surveyor)
    typed = {"version": 0, "rating": "not met", "methods": ["records", "policy"], "harm": "high"}
    plain = client.post(f"/worksheet-entries/{entry.id}", data=typed)
    assert plain.status_code == 302 and "row=4.1.1" in plain.location
    part = client.post(
        f"/worksheet-entries/{entry.id}", data=typed | {"version": 1, "suggestion": "Seals."},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert 'id="version" value="2"' in part.text and "<html" not in part.text
    db.refresh(entry)
    assert (entry.rating, entry.methods, entry.suggestion) == (Rating.NOT_MET, ["policy", "records"], "Seals.")


def test_a_second_window_gets_a_notice_with_both_versions_and_can_then_decide(db: Session, as_user: As):
    made = make.under_way(db)
    entry, client = make.entry(db, made, "4.1.1"), as_user(made.surveyor)
    client.post(f"/worksheet-entries/{entry.id}", data={"version": 0, "rating": "met", "note": "First"})
    late = {"version": 0, "rating": "not met", "note": "Second"}
    part = client.post(f"/worksheet-entries/{entry.id}", data=late, headers={"HX-Request": "true"})
    assert part.status_code == 409 and part.headers["HX-Retarget"] == "#trouble"
    assert "First" in part.text and "Second" in part.text
    whole = client.post(f"/worksheet-entries/{entry.id}", data=late)
    assert whole.status_code == 409 and "Save mine instead" in whole.text
    assert 'id="version" value="1"' in whole.text and "Second" in whole.text
    db.refresh(entry)
    assert (entry.rating, entry.note) == (Rating.MET, "First")
    assert client.post(f"/worksheet-entries/{entry.id}", data=late | {"version": 1}).status_code == 302
    db.refresh(entry)
    assert entry.rating is Rating.NOT_MET


def test_a_rating_is_taken_to_the_other_site_and_the_next_row_comes(db: Session, as_user: As):
    made = make.under_way(db)
    entry, client = make.entry(db, made, "3.9"), as_user(made.surveyor)
    assert "Same at Northgate" not in client.get(sheet_url(made, "3.9")).text
    part = client.post(
        f"/worksheet-entries/{entry.id}", data={"version": 0, "rating": "met"}, headers={"HX-Request": "true"}
    )
    assert "Same at Northgate, next row" in part.text
    answer = client.post(f"/worksheet-entries/{entry.id}/alike")
    assert answer.status_code == 302 and "row=3.10&" in answer.location
    other = make.entry(db, made, "3.9", made.sites[1])
    assert other.rating is Rating.MET
    assert "Same at Northgate" not in client.get(sheet_url(made, "3.9")).text


def test_a_site_that_is_done_leads_on_to_the_next_one(db: Session, as_user: As):
    made = make.under_way(db)
    for one in queries.entries(db, made.survey):
        if one.site_id == made.sites[0].id:
            one.rating, one.version, one.saved_at = Rating.MET, 1, VISIT_DAY
    page = as_user(made.surveyor).get(sheet_url(made, "3.9")).text
    assert "Go on at Northgate" in page and "Every row is rated" not in page
    make.fill(db, made)
    assert "Every row is rated at every site" in as_user(made.surveyor).get(sheet_url(made, "3.9")).text


def test_an_observation_with_a_quoted_page_links_to_it(db: Session, as_user: As):
    made = make.under_way(db)
    version = evidence.document(db, made.application.binder, "HLO-401.pdf", "1. Cart", "2. Drugs and equipment")
    entry, client = make.entry(db, made, "4.1.1"), as_user(made.surveyor)
    quoting = client.get(sheet_url(made, "4.1.1") + f"&quote={version.id}:2").text
    assert f'name="version_id" value="{version.id}"' in quoting
    facts = {
        "text": "No check is asked for.", "method": "policy", "source_kind": "document", "source": "HLO-401",
        "version_id": version.id, "page": 2,
    }  # fmt: skip
    part = client.post(f"/worksheet-entries/{entry.id}/observations", data=facts, headers={"HX-Request": "true"})
    assert f"/versions/{version.id}/view?page=2" in part.text
    assert "HLO-401, page 2" in client.get(sheet_url(made, "4.1.1")).text
    missing = client.post(f"/worksheet-entries/{entry.id}/observations", data=facts | {"source": ""})
    assert missing.status_code == 422 and "No check is asked for." in missing.text


def test_a_document_of_another_binder_cannot_be_cited(db: Session, as_user: As):
    made = make.under_way(db)
    foreign = evidence.document(db, evidence.binder(db), "Theirs.pdf")
    entry = make.entry(db, made, "4.1.1")
    facts = {"text": "It says so.", "method": "policy", "source_kind": "document", "source": "X"}
    cited = facts | {"version_id": foreign.id}
    answer = as_user(made.surveyor).post(f"/worksheet-entries/{entry.id}/observations", data=cited)
    assert answer.status_code == 422 and "not in the binder" in answer.text


def test_the_evidence_is_found_beside_the_row(db: Session, as_user: As):
    made = make.under_way(db)
    evidence.document(db, made.application.binder, "HLO-401.pdf", "The emergency cart is opened and checked monthly.")
    address = f"/surveys/{made.survey.id}/worksheet/search?q=emergency+cart&row=4.1.1"
    part = as_user(made.surveyor).get(address, headers={"HX-Request": "true"}).text
    assert "HLO-401" in part and "<mark>" in part and "<html" not in part
    assert "<html" in as_user(made.surveyor).get(address).text


def test_a_passage_that_was_found_and_quoted_is_found_again_on_its_page(db: Session, as_user: As):
    made = make.under_way(db)
    before, after = "Nobody waits for the doctor here. " * 9, "Nurses hold a drill twice a year, one unannounced. " * 9
    text = f"{before}The emergency cart is opened and checked monthly. {after}"
    version = evidence.document(db, made.application.binder, "HLO-401.pdf", text)
    client = as_user(made.surveyor)
    address = f"/surveys/{made.survey.id}/worksheet/search?q=emergency+cart&row=4.1.1"
    quote = re.search(r'data-text="([^"]+)"', client.get(address, headers={"HX-Request": "true"}).text)
    assert quote and "emergency cart" in quote[1] and quote[1] in text
    page = client.get(f"/versions/{version.id}/view", query_string={"page": 1, "quote": quote[1]}).text
    assert "<rect" in page


def test_before_the_visit_the_worksheet_is_for_reading(db: Session, as_user: As):
    made = make.scheduled(db)
    page = as_user(made.surveyor).get(f"/surveys/{made.survey.id}/worksheet?row=3.9").text
    assert "Ratings open when the visit starts" in page and "Sample edition" in page


def test_unknown_rows_and_sites_are_not_found(db: Session, as_user: As):
    made = make.under_way(db)
    client = as_user(made.surveyor)
    assert client.get(f"/surveys/{made.survey.id}/worksheet?row=9.9").status_code == 404
    assert client.get(f"/surveys/{made.survey.id}/worksheet?row=3.9&site=nowhere").status_code == 404


def test_a_worksheet_page_of_three_sites_costs_few_queries(db: Session, as_user: As):
    practice = people.practice(db)
    practice.sites.append(Site(code="PA", name="Pier Avenue", city="Saco", region="ME"))
    made = make.under_way(db, practice=practice)
    make.fill(db, made, {"3.9": Rating.NOT_MET})
    assert len(queries.entries(db, made.survey)) == 3 * len(queries.sheet_rows(db, made.survey)) >= 240
    client, address = as_user(made.surveyor), sheet_url(made, "3.9")
    client.get(address)
    db.expire_all()
    asked: list[str] = []
    event.listen(db.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert client.get(address).status_code == 200
    assert len(asked) < 40

"""Pages of the map: carried passages, dates, sites, coverage, readiness, claims, threads."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.models import Binder, Pin, Version
from app.evidence.rules import Carried
from app.kernel import clock, jobs
from app.people.models import Practice, User
from app.people.rules import Capacity, Role
from tests.factories import evidence as make
from tests.factories import people
from tests.rooms.conftest import CASE

As = Callable[[User], FlaskClient]
LABELS = next((Path(__file__).parents[2] / "demo/harbor-light").glob("HLO-307*"))
TALK = "The prescriber holds the talk and signs the form with the patient."
COPY = "A copy of the form is given to the patient and another is kept in the chart."
PHONE = "Telephone consent is allowed when two staff listen to the whole call."
NEWER = COPY.replace("the form", "the signed form in large print")
LATER = datetime(2026, 7, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def consent(db: Session, binder: Binder, now: datetime) -> Version:
    """The second version of a document: one passage moved, one changed, one gone."""
    first = make.document(db, binder, "Consent.pdf", f"Next review: June 2026\n{TALK}", f"{COPY}\n{PHONE}")
    for code, page, quote in (("2.1", 1, TALK), ("2.2", 2, COPY), ("2.3", 2, PHONE)):
        actions.pin(db, first, code, page=page, quote=quote, by=None, now=now)
    return make.document(db, binder, "Consent.pdf", "Next review: June 2026", TALK, NEWER, now=now)


def pin_of(db: Session, binder: Binder, code: str) -> Pin:
    return queries.pins(db, binder, code)[0]


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def test_what_a_new_version_changed_stands_old_beside_new(as_user: As, owner: User, consent: Version) -> None:
    page = text(as_user(owner), f"/documents/{consent.document_id}/carried")
    assert "<ins>signed</ins>" in page.replace("\n", "") or "<ins>signed form in large print</ins>" in page
    assert "no longer in the document" in page and "This still answers 2.2" in page
    assert "This still answers 2.3" not in page and "from page 1 to page 2" in page


def test_the_practice_says_of_each_passage_what_is_true(
    db: Session, as_user: As, owner: User, binder: Binder, consent: Version
) -> None:
    client, of = as_user(owner), f"/documents/{consent.document_id}/carried"
    client.post(f"/pins/{pin_of(db, binder, '2.2').id}/check")
    client.post(f"{of}/moved")
    gone = pin_of(db, binder, "2.3").id
    wrong = client.post(f"/pins/{gone}/again", data={"page": "1", "quote": "no such words"})
    assert wrong.status_code == 422 and "These words are not on page 1" in wrong.get_data(as_text=True)
    assert "no such words" in wrong.get_data(as_text=True)
    for bad in ({"page": "x", "quote": "y"}, {"page": "", "quote": ""}, {"page": "-1", "quote": "y"}):
        assert client.post(f"/pins/{gone}/again", data=bad).status_code == 422
    assert client.post(f"/pins/{gone}/remove", data={"carried": "1"}).location.endswith(of)
    assert "Nothing to look at" in text(client, of)
    assert pin_of(db, binder, "2.2").checked_at is not None


def test_a_lost_passage_that_still_answers_is_pinned_again(
    db: Session, as_user: As, owner: User, binder: Binder, consent: Version
) -> None:
    gone = pin_of(db, binder, "2.3").id
    answer = as_user(owner).post(f"/pins/{gone}/again", data={"page": "2", "quote": "signs the form"})
    pin = pin_of(db, binder, "2.3")
    assert answer.status_code == 302 and (pin.carried, pin.page, pin.quote) == (Carried.CHANGED, 2, "signs the form")


def test_the_surveyor_sees_what_changed_and_whether_the_practice_looked(
    db: Session, as_user: As, owner: User, surveyor: User, binder: Binder, consent: Version, now: datetime
) -> None:
    client = as_user(surveyor)
    slot = text(client, f"/binders/{binder.id}/slots/2.2")
    assert "Words changed with version 2, not yet checked" in slot
    assert "This still answers" not in text(client, f"/documents/{consent.document_id}/carried")
    actions.check_pin(db, pin_of(db, binder, "2.2"), by=owner, now=now)
    assert "Changed since, checked by the practice on Wed 1 Jul 2026" in text(client, f"/binders/{binder.id}/slots/2.2")
    assert client.post(f"/pins/{pin_of(db, binder, '2.3').id}/check").status_code == 403


def test_dates_are_what_the_document_says_until_somebody_confirms_them(
    db: Session, as_user: As, owner: User, consent: Version, now: datetime
) -> None:
    client, of = as_user(owner), f"/documents/{consent.document_id}"
    with clock.at(now):
        page = text(client, of)
        assert "The document says, not confirmed yet" in page and "Its review was due on Tue 30 Jun 2026." in page
        wrong = client.post(f"/versions/{consent.id}/dates", data={"reviewed_on": "2030-01-01"})
        assert wrong.status_code == 422 and "cannot lie in the future" in wrong.get_data(as_text=True)
        assert client.post(f"/versions/{consent.id}/dates", data={"effective_on": "soon"}).status_code == 422
        client.post(f"/versions/{consent.id}/dates", data={"effective_on": "2026-05-01", "review_due_on": "2028-05-01"})
        assert "Confirmed Wed 1 Jul 2026" in text(client, of)
    assert queries.dates_of(consent).review_due_on == date(2028, 5, 1)


def test_sites_are_chosen_among_the_practices_own(
    db: Session, as_user: As, owner: User, practice: Practice, consent: Version
) -> None:
    client, of = as_user(owner), f"/documents/{consent.document_id}"
    other = people.practice(db).sites[0].id
    for bad in ({"where": "named"}, {"where": "named", "sites": other}, {"where": "somewhere"}, {}):
        assert client.post(f"{of}/sites", data=bad).status_code == 422, bad
    client.post(f"{of}/sites", data={"where": "named", "sites": practice.sites[1].id})
    assert "Only at Northgate." in text(client, of)
    client.post(f"{of}/sites", data={"where": "every", "sites": practice.sites[1].id})
    assert "At every site." in text(client, of)


def test_the_map_is_read_by_document_or_by_site_and_narrowed(
    as_user: As, owner: User, surveyor: User, binder: Binder, consent: Version, now: datetime
) -> None:
    client, of = as_user(owner), f"/binders/{binder.id}"
    with clock.at(now):
        whole = text(client, f"{of}?domain=2")
        assert "Passage to check" in whole and "2.1 in Consent: dates not in order" in whole
        sites = text(client, f"{of}?domain=2&by=sites")
        assert "2.1 at Northgate: dates not in order" in sites and "2.2 at Cove Street: passage to check" in sites
        every = text(client, f"{of}?domain=all&open=1")
        assert "4.1" in every and "Nothing yet" in every
        assert text(client, f"{of}?domain=nonsense&by=nonsense&open=nonsense").count("<tr") > 3
        assert "Open the readiness check" not in text(as_user(surveyor), of)


def test_four_hundred_documents_are_told_as_a_list(db: Session, as_user: As, owner: User, binder: Binder) -> None:
    for number in range(60):
        version = make.document(db, binder, f"P-{number:03}.pdf", f"Page {number}")
        actions.map_to(db, version.document, [f"3.{number % 8 + 1}"], by=None, now=make.AT)
    page = text(as_user(owner), f"/binders/{binder.id}?domain=3")
    assert "60 documents answer these rows, too many for columns" in page and "cover-list" in page
    assert "and 2 more" in page


def test_the_readiness_check_is_the_practices_own(
    as_user: As, owner: User, surveyor: User, binder: Binder, consent: Version, now: datetime
) -> None:
    with clock.at(now):
        page = text(as_user(owner), f"/binders/{binder.id}/readiness")
    for said in ("Passages that are gone", "2.3, Consent", "Before you submit", "Dates not in order", "Worth doing"):
        assert said in page
    assert as_user(surveyor).get(f"/binders/{binder.id}/readiness").status_code == 403


def test_all_dates_are_confirmed_from_the_readiness_check(
    as_user: As, owner: User, binder: Binder, consent: Version
) -> None:
    client = as_user(owner)
    page = client.post(f"/binders/{binder.id}/dates", follow_redirects=True).get_data(as_text=True)
    assert "The dates of 1 document are confirmed." in page and "Dates to confirm" not in page


def test_a_claim_gets_the_programs_word(
    db: Session, as_user: As, owner: User, surveyor: User, binder: Binder, now: datetime
) -> None:
    claim = actions.claim_not_applicable(
        db, binder, "3.19", reason="All our sites prepare their own drugs.", by=owner, now=now
    )
    staff, slot = as_user(people.official(db, Role.STAFF)), f"/binders/{binder.id}/slots/3.19"
    assert "Send the answer" in text(staff, slot)
    assert "1 claim waits for the Program's answer" in text(staff, f"/binders/{binder.id}")
    for who in (owner, surveyor):
        assert "Send the answer" not in text(as_user(who), slot)
        assert as_user(who).post(f"/na-claims/{claim.id}/answer", data={}).status_code == 403
    answer = f"/na-claims/{claim.id}/answer"
    assert staff.post(answer, data={"word": "refused", "answer": "no"}).status_code == 422
    assert staff.post(answer, data={"answer": "The questionnaire says otherwise."}).status_code == 422
    staff.post(answer, data={"word": "refused", "answer": "The questionnaire says otherwise."})
    page = text(as_user(owner), slot)
    assert "Not accepted by the Program" in page and "The questionnaire says otherwise." in page
    assert "as not applicable again" in page


def test_a_file_is_asked_for_and_brought_in_the_thread(
    db: Session, doors: Doors, as_user: As, owner: User, surveyor: User, binder: Binder
) -> None:
    slot = f"/binders/{binder.id}/slots/3.9"
    as_user(surveyor).post(f"{slot}/messages", data={"text": "Please send the label.", "asks_file": "y"})
    page = text(as_user(owner), slot)
    assert "The Program" in page and "Sam Surveyor" not in page and "One more file is asked for" in page
    assert "Ask for one more file" not in page
    data = {"text": "Here it is.", "file": (io.BytesIO(LABELS.read_bytes()), LABELS.name)}
    answer = as_user(owner).post(f"{slot}/messages", data=data)
    assert answer.location.endswith("#thread")
    jobs.drain(db, doors)
    page = text(as_user(surveyor), slot)
    assert "Dana Whitfield" in page and "A file has come" in page and "Visible since" in page
    assert "Bring a file" not in page


def test_a_message_that_cannot_be_sent_says_why_and_keeps_what_was_typed(
    db: Session, as_user: As, owner: User, practice: Practice, binder: Binder
) -> None:
    slot = f"/binders/{binder.id}/slots/3.9/messages"
    empty = as_user(owner).post(slot, data={"text": " "})
    assert empty.status_code == 422 and "Write what you want to say." in empty.get_data(as_text=True)
    bad = as_user(owner).post(slot, data={"text": "Kept words", "file": (io.BytesIO(b"no document"), "x.exe")})
    assert bad.status_code == 422 and "Kept words" in bad.get_data(as_text=True)
    signer = people.member(db, practice, Role.SIGNER)
    data = {"text": "", "file": (io.BytesIO(LABELS.read_bytes()), LABELS.name)}
    assert "Only the practice&#39;s owners and contributors" in as_user(signer).post(slot, data=data).get_data(
        as_text=True
    )
    assert queries.threads(db, binder) == [] and queries.documents(db, binder) == []


def test_a_question_is_settled_by_who_asked(
    db: Session, as_user: As, owner: User, surveyor: User, practice: Practice, binder: Binder, now: datetime
) -> None:
    asked = actions.write(db, binder, "3.9", "Please send it.", by=surveyor, now=now, asks_file=True)
    reviewer = people.appointed(db, practice, CASE, Capacity.REVIEWER)
    settle = f"/messages/{asked.id}/settle"
    assert as_user(owner).post(settle).status_code == 403
    as_user(reviewer).post(settle)
    assert len(queries.open_questions(db, binder)) == 1
    as_user(surveyor).post(settle)
    assert "Settled" in text(as_user(owner), f"/binders/{binder.id}/slots/3.9")
    assert "No records" not in text(as_user(owner), f"/binders/{binder.id}/threads")


def test_nobody_outside_the_case_gets_a_hint(
    db: Session, as_user: As, surveyor: User, binder: Binder, consent: Version, now: datetime
) -> None:
    asked = actions.write(db, binder, "3.9", "Please send it.", by=surveyor, now=now, asks_file=True)
    strangers = (
        people.member(db, people.practice(db)), people.official(db, Role.SURVEYOR),
        people.appointed(db, db.get_one(Practice, binder.practice_id), "d" * 32),
    )  # fmt: skip
    for stranger in strangers:
        client = as_user(stranger)
        for path in (f"/documents/{consent.document_id}/carried", f"/binders/{binder.id}/readiness",
                     f"/binders/{binder.id}/threads", f"/binders/{binder.id}/slots/3.9"):  # fmt: skip
            assert client.get(path).status_code == 404, path
        for path in (f"/messages/{asked.id}/settle", f"/binders/{binder.id}/slots/3.9/messages"):
            assert client.post(path, data={"text": "Hello"}).status_code == 404, path


def test_a_file_that_is_not_visible_yet_is_named_to_nobody_of_the_program(
    db: Session, as_user: As, owner: User, surveyor: User, binder: Binder, now: datetime
) -> None:
    coming = make.received(db, binder, "Secret name.pdf")
    actions.map_to(db, coming.document, ["3.9"], by=owner, now=now)
    for path in (
        f"/binders/{binder.id}",
        f"/binders/{binder.id}/slots/3.9",
        f"/binders/{binder.id}?by=sites&domain=all",
    ):
        assert "Secret name" not in text(as_user(surveyor), path), path
    assert "Secret name" in text(as_user(owner), f"/binders/{binder.id}/slots/3.9")

"""Ordering, pressing, recognizing and handing out official paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.documents import actions, queries
from app.documents.models import Paper
from app.documents.press import PressError
from app.documents.rules import PaperKind, PaperState
from app.doors import Doors
from app.kernel import clock, jobs
from app.kernel.ledger import Event
from app.people.models import User
from app.people.rules import Capacity, Role
from storage.blobs import key_of
from tests.factories import people

SignIn = Callable[[User], FlaskClient]


def letter(**over: Any) -> dict[str, Any]:
    return {
        "ref": [["Case", "2026-0117"]], "to": ["Medical Director"], "subject": "News", "salutation": "Dear colleagues:",
        "paragraphs": ["It is so."], "closing": "With regards,", "enclosures": [],
        "signatories": [{"name": "B. Placeholder, RN", "title": "Program Director"}],
    } | over  # fmt: skip


def ordered(db: Session, now: datetime, *, practice: Any = None, **over: Any) -> Paper:
    practice = practice or people.practice(db)
    facts = {
        "kind": PaperKind.LETTER, "data": letter(), "practice_id": practice.id, "number": f"LTR-{practice.slug}",
        "version": 1, "title": "Letter", "by": None, "now": now,
    }  # fmt: skip
    return actions.order(db, **(facts | over))


def issued(db: Session, doors: Doors, now: datetime, **over: Any) -> Paper:
    with clock.at(now):
        paper = ordered(db, now, **over)
        db.commit()
        jobs.drain(db, doors)
    db.refresh(paper)
    return paper


def test_a_paper_that_is_ordered_is_issued_by_the_worker(db: Session, doors: Doors, now: datetime) -> None:
    paper = ordered(db, now)
    assert (paper.state, paper.sha256) == (PaperState.ORDERED, None)
    paper = issued(db, doors, now)
    assert paper.state is PaperState.ISSUED
    assert paper.sha256 in doors.blobs
    assert paper.size == doors.blobs.size(str(paper.sha256))


def test_the_data_is_frozen_with_what_every_paper_says(db: Session, now: datetime) -> None:
    practice = people.practice(db, legal_name="Harbor Light Oncology, P.C.", address="18 Cove Street", postcode="04000")
    data = ordered(db, now, practice=practice).data
    assert data["practice"]["legal_name"] == "Harbor Light Oncology, P.C."
    assert data["practice"]["address"] == ["18 Cove Street", "Portland, ME 04000"]
    assert (data["kind"], data["version"], data["issued"]) == ("letter", 1, "2026-07-01")


def test_letters_that_turn_the_reading_direction_about_are_left_out(db: Session, now: datetime) -> None:
    paper = ordered(db, now, data=letter(subject="cer\u202etificate\x00"))
    assert paper.data["subject"] == "certificate"


def test_pressing_twice_gives_one_file_and_one_entry_in_the_ledger(db: Session, doors: Doors, now: datetime) -> None:
    paper = issued(db, doors, now)
    before = paper.sha256
    actions.press(db, doors, paper_id=paper.id)
    assert paper.sha256 == before
    assert len(db.scalars(select(Event).where(Event.what == "paper issued", Event.about_id == paper.id)).all()) == 1


def test_a_paper_that_cannot_be_made_says_why_and_can_be_made_again(db: Session, doors: Doors, now: datetime) -> None:
    paper = issued(db, doors, now, data=letter(subject="腫瘍科"))
    assert paper.state is PaperState.FAILED
    assert "no typeface" in str(paper.error)
    paper.data = letter() | {k: v for k, v in paper.data.items() if k not in letter()}
    actions.press_again(db, paper, by=people.official(db), now=now)
    db.commit()
    jobs.drain(db, doors)
    db.refresh(paper)
    assert (paper.state, paper.error) == (PaperState.ISSUED, None)


def test_what_did_not_fail_is_not_pressed_again(db: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="has not failed"):
        actions.press_again(db, ordered(db, now), by=people.official(db), now=now)


def test_a_store_that_is_down_leaves_the_paper_ordered_for_the_next_try(
    db: Session, doors: Doors, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = ordered(db, now)
    db.commit()

    def down(data: bytes) -> str:
        raise OSError("the store is down")

    monkeypatch.setattr(doors.blobs, "put", down)
    jobs.drain(db, doors)
    monkeypatch.undo()
    assert db.get_one(Paper, paper.id).state is PaperState.ORDERED
    with clock.at(clock.now() + timedelta(minutes=5)):
        jobs.drain(db, doors)
    db.refresh(paper)
    assert paper.state is PaperState.ISSUED


def test_the_database_refuses_an_issued_paper_without_bytes(db: Session, now: datetime) -> None:
    paper = ordered(db, now)
    paper.state = PaperState.ISSUED
    with pytest.raises(IntegrityError, match="issued_has_bytes"):
        db.flush()


def test_the_same_version_is_never_ordered_twice(db: Session, now: datetime) -> None:
    practice = people.practice(db)
    ordered(db, now, practice=practice)
    with pytest.raises(IntegrityError):
        ordered(db, now, practice=practice)


def test_a_correction_is_the_next_version_and_the_old_one_is_no_longer_current(
    db: Session, doors: Doors, now: datetime
) -> None:
    practice = people.practice(db)
    first = issued(db, doors, now, practice=practice)
    assert queries.is_current(db, first)
    second = issued(db, doors, now, practice=practice, version=queries.next_version(db, first.kind, first.number))
    assert second.version == 2
    assert not queries.is_current(db, first)
    assert [paper.version for paper in queries.versions(db, first.kind, first.number)] == [2, 1]


def test_our_own_file_is_recognized(db: Session, doors: Doors, now: datetime) -> None:
    paper = issued(db, doors, now)
    found = queries.recognize(db, doors.blobs.get(str(paper.sha256)), doors.press)
    assert (found.ours, found.intact, found.paper, found.why) == (True, True, paper, [])
    assert found.signed_at == now


def test_a_changed_file_is_not_and_says_why(db: Session, doors: Doors, now: datetime) -> None:
    pdf = bytearray(doors.blobs.get(str(issued(db, doors, now).sha256)))
    pdf[len(pdf) // 3] ^= 1
    found = queries.recognize(db, bytes(pdf), doors.press)
    assert (found.intact, found.paper) == (False, None)
    assert found.why


def test_a_file_with_our_signature_that_is_in_no_register_is_not_genuine(
    db: Session, doors: Doors, now: datetime
) -> None:
    data = letter() | ordered(db, now).data
    found = queries.recognize(db, doors.press.make(PaperKind.LETTER, data, "CODE", at=now), doors.press)
    assert found.paper is None
    assert found.why == ["The Program signed it, but it is not in this register"]


@pytest.mark.parametrize("junk", [b"", b"not a pdf", b"%PDF-1.7 nonsense", b"%PDF-1.7\n" + b"<<" * 20_000])
def test_whatever_is_sent_is_answered(db: Session, doors: Doors, junk: bytes) -> None:
    found = queries.recognize(db, junk, doors.press)
    assert (found.ours, found.paper) == (False, None)
    assert found.why


def test_the_practice_opens_its_paper_in_the_browser(db: Session, doors: Doors, now: datetime, as_user: SignIn) -> None:
    practice = people.practice(db)
    paper = issued(db, doors, now, practice=practice)
    answer = as_user(people.member(db, practice, Role.CONTRIBUTOR)).get(f"/papers/{paper.id}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    assert answer.data == doors.blobs.get(str(paper.sha256))


def test_while_it_is_made_there_is_a_page_that_waits_and_a_link_that_changes(
    db: Session, doors: Doors, now: datetime, as_user: SignIn
) -> None:
    practice = people.practice(db)
    browser = as_user(people.member(db, practice))
    paper = ordered(db, now, practice=practice)
    db.commit()
    assert "being typeset" in browser.get(f"/papers/{paper.id}").text
    assert "hx-trigger" in browser.get(f"/papers/{paper.id}/state").text
    jobs.drain(db, doors)
    assert f'href="/papers/{paper.id}"' in browser.get(f"/papers/{paper.id}/state").text


def test_a_page_that_waits_gets_the_link_under_the_name_by_which_it_called_the_paper(
    db: Session, doors: Doors, now: datetime, as_user: SignIn
) -> None:
    practice = people.practice(db)
    browser = as_user(people.member(db, practice))
    paper = ordered(db, now, practice=practice)
    db.commit()
    waiting = browser.get(f"/papers/{paper.id}/state?called=Signed+%3Cb%3EPDF").text
    assert "Signed &lt;b&gt;PDF" in waiting and "called=Signed+%3Cb%3EPDF" in waiting
    jobs.drain(db, doors)
    assert ">Signed &lt;b&gt;PDF</a>" in browser.get(f"/papers/{paper.id}/state?called=Signed+%3Cb%3EPDF").text


def test_nobody_of_another_practice_knows_of_a_paper(db: Session, now: datetime, as_user: SignIn) -> None:
    paper = ordered(db, now)
    assert as_user(people.member(db, people.practice(db))).get(f"/papers/{paper.id}").status_code == 404


def test_the_surveyor_of_the_case_reads_reports_and_receipts_but_no_letters(
    db: Session, now: datetime, as_user: SignIn
) -> None:
    practice = people.practice(db)
    browser = as_user(people.appointed(db, practice, "case-1", Capacity.SURVEYOR))
    own = ordered(db, now, practice=practice, kind=PaperKind.RECEIPT, number="REC-1", case_id="case-1")
    other = ordered(db, now, practice=practice, kind=PaperKind.RECEIPT, number="REC-2", case_id="case-2")
    private = ordered(db, now, practice=practice, case_id="case-1")
    assert browser.get(f"/papers/{own.id}").status_code == 200
    assert browser.get(f"/papers/{other.id}").status_code == 404
    assert browser.get(f"/papers/{private.id}").status_code == 403


def test_staff_make_a_failed_paper_again(db: Session, doors: Doors, now: datetime, as_user: SignIn) -> None:
    paper = issued(db, doors, now, data=letter(subject="腫瘍科"))
    browser = as_user(people.official(db))
    assert "Make this paper again" in browser.get(f"/papers/{paper.id}").text
    assert browser.post(f"/papers/{paper.id}/again").status_code == 302
    assert db.get_one(Paper, paper.id).state is PaperState.ORDERED


def test_a_press_error_is_words_for_people(doors: Doors) -> None:
    with pytest.raises(PressError):
        doors.press.typeset(PaperKind.LETTER, letter() | {"issued": "2026-01-01"}, "CODE")


def test_a_paper_whose_file_is_gone_is_said_and_breaks_nothing(
    db: Session, doors: Doors, now: datetime, as_user: SignIn
) -> None:
    paper = issued(db, doors, now)
    paper.sha256 = key_of(b"an object that was never kept")
    page = as_user(people.official(db)).get(f"/papers/{paper.id}")
    assert page.status_code == 503

"""The binder: what comes in, what is tied to rows, what replaces what."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.models import Page, Version
from app.evidence.rules import Refusal, Refused, State
from app.kernel import clock, jobs
from app.kernel.ledger import Event
from storage.blobs import Memory
from tests.factories import evidence as make
from tests.factories import people

DEMO = Path(__file__).parents[2] / "demo"


def demo(name: str, folder: str = "harbor-light") -> tuple[str, bytes]:
    path = next((DEMO / folder).glob(f"{name}*"))
    return path.name, path.read_bytes()


def receive(db: Session, binder: object, doors: Doors, name: str, data: bytes, now: datetime) -> Version:
    return actions.receive(db, binder, filename=name, data=data, by=None, now=now, blobs=doors.blobs)  # type: ignore[arg-type]


def test_a_file_that_comes_in_is_kept_untouched_read_and_then_visible(db: Session, doors: Doors, now: datetime) -> None:
    binder = make.binder(db)
    name, data = demo("HLO-307")
    with clock.at(now):
        version = receive(db, binder, doors, name, data, now)
        assert (version.state, version.visible_since) == (State.CHECKING, None)
        db.commit()
        jobs.drain(db, doors)
    assert (version.state, version.pages, version.visible_since) == (State.READABLE, 2, now)
    assert doors.blobs.get(version.sha256) == data
    page = queries.page(db, version.id, 1)
    assert page is not None and "Label for drugs given on site" in page.text and len(page.boxes) > 100


def test_a_word_file_gets_a_reading_copy_and_what_is_struck_through_is_not_found(
    db: Session, doors: Doors, now: datetime
) -> None:
    binder = make.binder(db)
    version = receive(db, binder, doors, *demo("HLO-301"), now)
    db.commit()
    jobs.drain(db, doors)
    assert version.copy_key != version.sha256 and doors.blobs.get(version.copy_key or "").startswith(b"%PDF-")
    text = " ".join(
        " ".join(page.text.split()) for page in db.scalars(select(Page).where(Page.version_id == version.id))
    )
    assert "reviewed at least every two years" in text
    assert "three years" not in text and "pharmacist alone is sufficient" not in text


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.pdf", b"", Refusal.EMPTY),
        ("notes.pdf", b"just some words", Refusal.NEITHER),
        ("page.pdf", b"<html>%PDF" + b"x" * 5000, Refusal.NEITHER),
        ("stub.pdf", b"%PDF-1.7\n%%EOF", Refusal.DAMAGED_PDF),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Refusal.OLD_WORD),
    ],
)
def test_a_file_that_is_no_document_is_refused_with_its_reason_and_leaves_nothing(
    db: Session, now: datetime, name: str, data: bytes, reason: str
) -> None:
    binder, blobs = make.binder(db), Memory()
    with pytest.raises(Refused, match=reason[:30]):
        actions.receive(db, binder, filename=name, data=data, by=None, now=now, blobs=blobs)
    assert (blobs.objects, db.scalar(select(func.count()).select_from(Version))) == ({}, 0)


def test_a_file_named_as_what_it_is_not_is_refused(db: Session, now: datetime) -> None:
    with pytest.raises(Refused, match=r"does not end in \.pdf"):
        actions.receive(
            db, make.binder(db), filename="x.docx", data=demo("HLO-307")[1], by=None, now=now, blobs=Memory()
        )


def test_a_file_over_50_mb_is_refused_with_its_size(db: Session, now: datetime) -> None:
    with pytest.raises(Refused, match=r"has 51.0 MB; 50 MB is the most"):
        actions.receive(
            db, make.binder(db), filename="x.pdf", data=bytes(51 * 1024**2), by=None, now=now, blobs=Memory()
        )


def test_the_same_file_twice_is_one_but_another_practice_may_have_it_too(db: Session) -> None:
    binder = make.binder(db)
    make.received(db, binder, "A.pdf", b"the same bytes")
    with pytest.raises(Refused, match="already in this binder"):
        make.received(db, binder, "B.pdf", b"the same bytes")
    assert make.received(db, make.binder(db), "A.pdf", b"the same bytes").state is State.CHECKING


def test_the_database_refuses_the_same_file_twice_in_a_binder(db: Session) -> None:
    version = make.received(db, make.binder(db), "A.pdf", b"the same bytes")
    twin = {column.name: getattr(version, column.name) for column in Version.__table__.columns} | {
        "id": "2",
        "number": 2,
    }
    db.add(Version(**twin))
    with pytest.raises(IntegrityError):
        db.flush()


def test_a_job_that_runs_twice_leaves_one_set_of_pages(db: Session, doors: Doors, now: datetime) -> None:
    binder = make.binder(db)
    version = receive(db, binder, doors, *demo("HLO-110"), now)
    actions.read(db, doors, version_id=version.id)
    revision = binder.revision
    actions.read(db, doors, version_id=version.id)
    assert db.scalar(select(func.count()).where(Page.version_id == version.id)) == 2
    assert binder.revision == revision


def test_a_reader_that_dies_costs_that_file_only(
    db: Session, doors: Doors, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    binder = make.binder(db)
    version = receive(db, binder, doors, *demo("HLO-110"), now)
    monkeypatch.setattr(actions.reading.child, "READ_SECONDS", 0.01)
    actions.read(db, doors, version_id=version.id)
    assert (version.state, version.trouble) == (State.WITHDRAWN, Refusal.CANNOT_BE_READ)
    assert [one.id for one in queries.failed(db, binder)] == [version.id]
    assert queries.documents(db, binder) == []


def test_a_new_file_of_the_same_name_is_a_new_version_and_pins_follow_their_quote(db: Session, now: datetime) -> None:
    binder = make.binder(db)
    old = make.document(
        db, binder, "Consent.pdf", "Patients sign the form before the first dose.", "An interpreter helps."
    )
    kept = actions.pin(db, old, "2.2", page=1, quote="sign the form before the first dose", by=None, now=now)
    lost = actions.pin(db, old, "2.1", page=2, quote="An interpreter helps", by=None, now=now)
    new = make.document(db, binder, "Consent.pdf", "Cover", "Patients sign  the form\nbefore the first dose.", now=now)
    assert (new.document_id, new.number, old.state) == (old.document_id, 2, State.REPLACED)
    assert (kept.version_id, kept.page) == (new.id, 2)
    assert (lost.version_id, lost.page, lost.quote) == (new.id, None, None)
    event = db.scalar(select(Event).where(Event.what == "document replaced"))
    said = [(one["code"], one["became"]) for one in event.detail["after"]["passages"]] if event else []
    assert said == [("2.2", "moved"), ("2.1", "lost")]


def test_until_the_new_version_is_read_the_program_sees_the_old_one(db: Session) -> None:
    binder = make.binder(db)
    old = make.document(db, binder, "Consent.pdf")
    new = make.received(db, binder, "Consent.pdf", b"second")
    assert (queries.shown(old.document), queries.newest(old.document)) == (old, new)


def test_a_document_is_mapped_to_rows_and_a_passage_stays_when_the_mapping_changes(db: Session, now: datetime) -> None:
    binder = make.binder(db)
    version = make.document(db, binder)
    actions.map_to(db, version.document, ["2.1", "2.2"], by=None, now=now)
    actions.pin(db, version, "2.2.1", page=1, quote="first dose", by=None, now=now)
    actions.map_to(db, version.document, ["2.3"], by=None, now=now)
    assert sorted((pin.code, pin.page) for pin in queries.pins(db, binder)) == [("2.2.1", 1), ("2.3", None)]


def test_a_slot_takes_nine_pins_a_page_must_exist_and_a_row_too(db: Session, now: datetime) -> None:
    binder = make.binder(db)
    version = make.document(db, binder)
    for _ in range(9):
        actions.pin(db, version, "2.2", page=1, quote="", by=None, now=now)
    for code, page, reason in (("2.2", 1, "9 pins"), ("2.1", 2, "has 1 page"), ("9.9", 1, "not a row")):
        with pytest.raises(Refused, match=reason):
            actions.pin(db, version, code, page=page, quote="", by=None, now=now)


def test_a_row_is_open_until_it_has_a_pin_or_a_reason(db: Session, now: datetime) -> None:
    binder = make.binder(db)
    open_at_first = {row.code for row in queries.uncovered_slots(db, binder)}
    make_pin = actions.pin(db, make.document(db, binder), "2.2", page=1, quote="sign", by=None, now=now)
    claim = actions.claim_not_applicable(
        db, binder, "3.19", reason="All our sites prepare their own drugs.", by=None, now=now
    )
    assert open_at_first - {row.code for row in queries.uncovered_slots(db, binder)} == {"2.2", "3.19"}
    someone = people.official(db)
    actions.unpin(db, make_pin, by=someone, now=now)
    actions.drop_claim(db, claim, by=someone, now=now)
    assert {row.code for row in queries.uncovered_slots(db, binder)} == open_at_first


def test_a_row_that_applies_to_all_cannot_be_claimed_away_and_a_claim_says_why(db: Session, now: datetime) -> None:
    binder = make.binder(db)
    with pytest.raises(Refused, match="applies to every practice"):
        actions.claim_not_applicable(db, binder, "2.2", reason="We would rather not do this one.", by=None, now=now)
    with pytest.raises(Refused, match="20 letters"):
        actions.claim_not_applicable(db, binder, "3.19", reason="no", by=None, now=now)


def test_a_withdrawn_document_is_found_no_more_but_its_history_stays(db: Session, doors: Doors, now: datetime) -> None:
    binder = make.binder(db)
    version = make.document(db, binder, "Consent.pdf", "Patients sign the consent form.")
    actions.pin(db, version, "2.2", page=1, quote="sign", by=None, now=now)
    assert len(queries.search(db, binder, "consent", None, doors.indexes)) == 1
    actions.withdraw(db, version.document, reason="An old draft.", by=people.official(db), now=now)
    assert len(queries.search(db, binder, "consent", None, doors.indexes)) == 0
    assert queries.pins(db, binder) == [] and db.get(Version, version.id) is version


def test_every_step_is_one_line_of_the_ledger(db: Session, now: datetime) -> None:
    binder = make.binder(db)
    version = make.document(db, binder)
    actions.pin(db, version, "2.2", page=1, quote="sign", by=None, now=now)
    said = db.scalars(select(Event.what).where(Event.practice_id == binder.practice_id).order_by(Event.number)).all()
    assert said == ["binder opened", "document received", "document read", "passage pinned"]

"""Pins outlive versions, documents have dates and sites, rows are covered or not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence import actions, queries
from app.evidence.models import Binder, Pin, Version
from app.evidence.rules import Carried, ClaimState, CoverState, Dates, Refused
from app.kernel.ledger import Event
from app.people.models import Practice, User
from app.people.rules import Role
from tests.factories import evidence as make
from tests.factories import people

TALK = "2.1 The prescriber holds the talk and signs the form with the patient."
COPY = "2.2 A copy of the form is given to the patient and another is kept in the chart."
PHONE = "2.3 Telephone consent is allowed when two staff listen to the whole call."
NEWER = COPY.replace("2.2", "2.4").replace("the form", "the signed form in large print")
TODAY = date(2026, 7, 1)


@pytest.fixture
def practice(db: Session) -> Practice:
    return people.practice(db)


@pytest.fixture
def owner(db: Session, practice: Practice) -> User:
    return people.member(db, practice)


@pytest.fixture
def binder(db: Session, practice: Practice) -> Binder:
    return make.binder(db, practice)


@pytest.fixture
def pins(db: Session, binder: Binder, now: datetime) -> dict[str, Pin]:
    """Three passages of a document, pinned."""
    version = make.document(db, binder, "Consent.pdf", f"1. Purpose\n{TALK}", f"{COPY}\n{PHONE}")
    return {
        name: actions.pin(db, version, code, page=page, quote=quote, by=None, now=now)
        for name, code, page, quote in (("talk", "2.1", 1, TALK), ("copy", "2.2", 2, COPY), ("phone", "2.3", 2, PHONE))
    }


def revise(db: Session, binder: Binder, now: datetime, *pages: str) -> Version:
    return make.document(db, binder, "Consent.pdf", *(pages or ("Contents", TALK, NEWER)), now=now)


def state(db: Session, binder: Binder, code: str, **over: object) -> CoverState:
    found = queries.coverage(db, binder, TODAY, **over)  # type: ignore[arg-type]
    return next(slot.cover.state for slot in found.slots if slot.row.code == code)


def test_a_pin_keeps_the_places_of_its_words_and_the_words_as_the_page_has_them(
    db: Session, binder: Binder, now: datetime
) -> None:
    version = make.document(db, binder, "Consent.pdf", "Patients sign\nthe Form today.")
    pin = actions.pin(db, version, "2.2", page=1, quote="sign the form", by=None, now=now)
    assert pin.quote == "sign the Form"
    assert pin.boxes == [[1000, 650, 800, 120], [1000, 800, 800, 120], [1000, 950, 800, 120]]
    assert queries.places_of(db, pin) == [tuple(box) for box in pin.boxes]


def test_words_that_are_not_on_the_page_are_not_pinned(db: Session, binder: Binder, now: datetime) -> None:
    version = make.document(db, binder, "Consent.pdf", "One.", "Two.", "Patients sign.")
    with pytest.raises(Refused, match=r"^These words are not on page 2. Copy them from Read as text.$"):
        actions.pin(db, version, "2.2", page=2, quote="Patients sign", by=None, now=now)
    assert queries.pins(db, binder) == []


def test_a_new_version_moves_changes_and_loses_pins_and_says_which(
    db: Session, binder: Binder, pins: dict[str, Pin], now: datetime
) -> None:
    version = revise(db, binder, now)
    talk, copy, phone = pins["talk"], pins["copy"], pins["phone"]
    assert {pin.version_id for pin in pins.values()} == {version.id}
    assert (talk.carried, talk.page, talk.was_page) == (Carried.MOVED, 2, 1)
    assert (copy.carried, copy.page, copy.quote, copy.was_quote) == (Carried.CHANGED, 3, NEWER, COPY)
    assert copy.boxes and len(copy.boxes) == len(NEWER.split())
    assert (phone.carried, phone.page, phone.quote, phone.was_quote) == (Carried.LOST, None, None, PHONE)
    assert [pin.code for pin in queries.carried(db, binder)] == ["2.3", "2.2", "2.1"]
    kinds = {part.kind for one in queries.carries(db, version.document) for part in one.changes if one.pin is copy}
    assert kinds == {"same", "out", "in"}


def test_an_unmoved_passage_is_nothing_to_look_at(
    db: Session, binder: Binder, pins: dict[str, Pin], now: datetime
) -> None:
    revise(db, binder, now, f"1. Purpose\n{TALK}", f"{COPY}\n{PHONE}\nMore.")
    assert {pin.carried for pin in pins.values()} == {Carried.SAME}
    assert queries.carried(db, binder) == []


def test_a_person_looks_and_it_is_done(
    db: Session, binder: Binder, pins: dict[str, Pin], owner: User, now: datetime
) -> None:
    version = revise(db, binder, now)
    actions.check_pin(db, pins["copy"], by=owner, now=now)
    assert actions.check_moved(db, version.document, by=owner, now=now) == 1
    actions.pin_again(db, pins["phone"], page=2, quote="signs the form with the patient", by=owner, now=now)
    assert queries.carried(db, binder) == []
    assert (pins["phone"].page, pins["phone"].carried, pins["phone"].was_quote) == (2, Carried.CHANGED, PHONE)
    with pytest.raises(Refused, match="looked at already"):
        actions.check_pin(db, pins["copy"], by=owner, now=now)
    said = [event.what for event in db.scalars(select(Event).order_by(Event.number.desc()).limit(3))]
    assert said == ["passage pinned again", "moved passages checked", "passage checked"]


def test_another_passage_has_to_stand_on_its_page_and_something_must_have_changed(
    db: Session, binder: Binder, pins: dict[str, Pin], owner: User, now: datetime
) -> None:
    with pytest.raises(Refused, match="has not changed"):
        actions.pin_again(db, pins["copy"], page=1, quote="the talk", by=owner, now=now)
    revise(db, binder, now)
    with pytest.raises(Refused, match="not on page 1"):
        actions.pin_again(db, pins["phone"], page=1, quote="no such words", by=owner, now=now)


def test_what_nobody_looked_at_is_measured_by_the_wording_that_somebody_knew(
    db: Session, binder: Binder, pins: dict[str, Pin], now: datetime
) -> None:
    revise(db, binder, now)
    revise(db, binder, now + timedelta(days=1), "Contents", TALK, f"{NEWER}\nMore.")
    assert (pins["copy"].carried, pins["copy"].was_quote, pins["copy"].quote) == (Carried.CHANGED, COPY, NEWER)
    assert pins["phone"].lost
    revise(db, binder, now + timedelta(days=2), f"1. Purpose\n{TALK}", f"{COPY}\n{PHONE}")
    assert (pins["copy"].carried, pins["copy"].was_quote) == (Carried.SAME, None)
    assert (pins["phone"].carried, pins["phone"].page, pins["phone"].quote) == (Carried.SAME, 2, PHONE)


def test_a_lost_passage_covers_nothing_until_it_is_handled(
    db: Session, binder: Binder, pins: dict[str, Pin], owner: User, now: datetime
) -> None:
    revise(db, binder, now)
    assert "2.3" in {row.code for row in queries.uncovered_slots(db, binder)}
    assert state(db, binder, "2.3") is state(db, binder, "2.2") is CoverState.CHANGED
    actions.map_to(db, pins["talk"].document, ["2.3"], by=owner, now=now)
    assert "2.3" not in {row.code for row in queries.uncovered_slots(db, binder)}
    assert pins["phone"] in queries.carried(db, binder), "a lost pin stays listed until somebody handles it"
    actions.unpin(db, pins["phone"], by=owner, now=now)
    assert state(db, binder, "2.3") is CoverState.WHOLE


def test_a_page_that_was_pinned_without_words_stays_on_its_page(db: Session, binder: Binder, now: datetime) -> None:
    version = make.document(db, binder, "Consent.pdf", "One.", "Two.", "Three.")
    pin = actions.pin(db, version, "2.2", page=3, quote="", by=None, now=now)
    revise(db, binder, now, "One.", "Two.", "Other three.")
    assert (pin.carried, pin.page) == (Carried.SAME, 3)
    revise(db, binder, now + timedelta(days=1), "One.")
    assert (pin.carried, pin.page, pin.was_page) == (Carried.MOVED, 1, 3)


def test_a_version_that_cannot_be_read_takes_its_own_pins_with_it(db: Session, binder: Binder, now: datetime) -> None:
    coming = make.received(db, binder, "Labels.pdf")
    actions.map_to(db, coming.document, ["3.9"], by=None, now=now)
    actions.give_up(db, coming, "It cannot be read.", now=now)
    assert queries.pins(db, binder) == []


def test_a_document_says_its_dates_and_a_person_stands_for_them(
    db: Session, binder: Binder, owner: User, now: datetime
) -> None:
    head = "Policy X-1  Effective date 20 January 2025\nLast reviewed: 5/6/2025  Next review: June 2026"
    version = make.document(db, binder, "Consent.pdf", head)
    assert queries.dates_of(version) == Dates(date(2025, 1, 20), date(2025, 5, 6), date(2026, 6, 30))
    assert version.dated_at is None
    assert queries.dates_trouble(version, TODAY) == ["Its review was due on Tue 30 Jun 2026."]
    with pytest.raises(Refused, match="after the last one"):
        actions.date_version(db, version, Dates(None, TODAY, TODAY), by=owner, now=now)
    actions.date_version(db, version, Dates(date(2025, 1, 20), TODAY), by=owner, now=now)
    assert (version.dated_at, version.dated_by, queries.dates_trouble(version, TODAY)) == (now, owner.id, [])


def test_all_that_documents_say_can_be_confirmed_at_once(
    db: Session, binder: Binder, owner: User, now: datetime
) -> None:
    said, silent = make.document(db, binder, "A.pdf", "Effective: 1/2/2026"), make.document(db, binder, "B.pdf")
    assert actions.confirm_dates(db, binder, by=owner, now=now) == 1
    assert (said.dated_at, silent.dated_at) == (now, None)


def test_a_document_is_in_force_everywhere_or_at_named_sites(
    db: Session, binder: Binder, practice: Practice, owner: User, now: datetime
) -> None:
    version = make.document(db, binder, "Consent.pdf", TALK)
    actions.pin(db, version, "2.1", page=1, quote=TALK, by=owner, now=now)
    assert state(db, binder, "2.1") is CoverState.PINNED
    actions.set_sites(db, version.document, practice.sites[:1], by=owner, now=now)
    slot = next(one for one in queries.coverage(db, binder, TODAY).slots if one.row.code == "2.1")
    assert (slot.cover.state, slot.cover.why) == (CoverState.PARTIAL, "No document here is in force at Northgate.")
    assert {site.name: slot.sites[site.id].state for site in practice.sites} == {
        "Cove Street": CoverState.PINNED, "Northgate": CoverState.EMPTY}  # fmt: skip
    with pytest.raises(Refused, match="Choose the sites"):
        actions.set_sites(db, version.document, [], by=owner, now=now)
    actions.set_sites(db, version.document, None, by=owner, now=now)
    assert state(db, binder, "2.1") is CoverState.PINNED


def test_the_map_tells_every_state_apart(db: Session, binder: Binder, owner: User, now: datetime) -> None:
    old = make.document(db, binder, "Old.pdf", f"Next review: June 2026\n{TALK}")
    actions.pin(db, old, "2.1", page=1, quote=TALK, by=owner, now=now)
    scan = make.document(db, binder, "Scan.pdf", "")
    actions.map_to(db, scan.document, ["2.2"], by=owner, now=now)
    actions.map_to(db, make.received(db, binder, "Coming.pdf").document, ["2.3"], by=owner, now=now)
    actions.claim_not_applicable(db, binder, "3.19", reason="All our sites prepare their own.", by=owner, now=now)
    loose = make.document(db, binder, "Loose.pdf")
    guess = {"2.2.1": {loose.document_id}}
    found = queries.coverage(db, binder, TODAY, ideas=guess)
    states = {slot.row.code: slot.cover.state for slot in found.slots}
    assert [states[code] for code in ("2.1", "2.2", "2.3", "3.19", "2.2.1", "1.1")] == [
        CoverState.EXPIRED, CoverState.UNREADABLE, CoverState.UNREADABLE, CoverState.CLAIMED, CoverState.SUGGESTED,
        CoverState.EMPTY,
    ]  # fmt: skip
    assert {one.title for one in found.documents} == {"Old", "Scan", "Coming", "Loose"}
    assert [one.title for one in found.loose] == ["Loose"]
    seen = queries.coverage(db, binder, TODAY, seen=True)
    assert "Coming" not in {one.title for one in seen.documents}
    narrowed = queries.coverage(db, binder, TODAY, domain="2", only_open=True)
    assert {slot.row.domain for slot in narrowed.slots} == {"2"} and all(not one.cover.done for one in narrowed.slots)


def test_the_readiness_check_lists_every_gap_once_by_kind(
    db: Session, binder: Binder, practice: Practice, owner: User, pins: dict[str, Pin], now: datetime
) -> None:
    version = revise(db, binder, now, "Effective: 1/2/2020", TALK, NEWER)
    actions.set_sites(db, version.document, practice.sites[:1], by=owner, now=now)
    make.document(db, binder, "Scan.pdf", "")
    make.received(db, binder, "Coming.pdf")
    actions.claim_not_applicable(db, binder, "3.19", reason="All our sites prepare their own.", by=owner, now=now)
    found = {group.key: group for group in queries.readiness(db, binder, TODAY)}
    names = {key: [gap.name for gap in group.gaps] for key, group in found.items()}
    assert names["lost"] == ["2.3, Consent"] and names["changed"] == ["2.2, Consent"] and names["moved"] == ["Consent"]
    assert names["reading"] == ["Coming"] and names["unreadable"] == ["Scan"] and names["expired"] == ["Consent"]
    assert names["loose"] == ["Coming", "Scan"] and names["claimed"][0].startswith("3.19 ")
    assert names["undated"] == ["Consent", "Scan"]
    assert not any(name.startswith(("2.1 ", "2.2 ", "2.3 ", "3.19 ")) for name in names["empty"])
    assert {key for key, group in found.items() if group.blocks} == {"lost", "empty", "reading"}


def test_a_file_that_is_held_back_is_one_gap_and_no_other(db: Session, binder: Binder) -> None:
    make.document(db, binder, "Form.pdf", "Patient: Rosalind Vantongeren MRN 00481625")
    found = {group.key: [gap.name for gap in group.gaps] for group in queries.readiness(db, binder, TODAY)}
    assert found["held"] == ["Form"]
    assert not {"undated", "loose"} & set(found)


def test_sites_left_out_are_listed_when_nothing_worse_is_true(
    db: Session, binder: Binder, practice: Practice, owner: User, now: datetime
) -> None:
    version = make.document(db, binder, "Consent.pdf", TALK)
    actions.pin(db, version, "2.1", page=1, quote=TALK, by=owner, now=now)
    actions.set_sites(db, version.document, practice.sites[:1], by=owner, now=now)
    found = {group.key: group.gaps for group in queries.readiness(db, binder, TODAY)}
    assert [(gap.name[:4], gap.why) for gap in found["sites"]] == [
        ("2.1 ", "No document here is in force at Northgate.")]  # fmt: skip


def test_the_office_accepts_or_refuses_a_claim_with_a_sentence(
    db: Session, binder: Binder, owner: User, now: datetime
) -> None:
    staff = people.official(db, Role.STAFF)
    reason, word = "All our sites prepare their own.", "You buy them ready to give at Northgate."
    claim = actions.claim_not_applicable(db, binder, "3.19", reason=reason, by=owner, now=now)
    with pytest.raises(Refused, match="20 letters"):
        actions.answer_claim(db, claim, ClaimState.REFUSED, "no", by=staff, now=now)
    actions.answer_claim(db, claim, ClaimState.REFUSED, word, by=staff, now=now)
    assert "3.19" in {row.code for row in queries.uncovered_slots(db, binder)}
    with pytest.raises(Refused, match="has been answered"):
        actions.answer_claim(db, claim, ClaimState.ACCEPTED, word, by=staff, now=now)
    found = {group.key: group.gaps for group in queries.readiness(db, binder, TODAY)}
    assert found["refused"][0].why.endswith(word)
    again = actions.claim_not_applicable(db, binder, "3.19", reason=f"{reason} We stopped.", by=owner, now=now)
    assert (again.id, again.state, again.answer) == (claim.id, ClaimState.CLAIMED, None)
    actions.answer_claim(db, claim, ClaimState.ACCEPTED, "The questionnaire says so too.", by=staff, now=now)
    assert state(db, binder, "3.19") is CoverState.ACCEPTED

"""Searching a binder: people's own words, standards, both; nothing of another binder, and nothing is an error."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions, passages, queries
from app.evidence.models import Binder, Version
from app.evidence.queries import finding
from app.evidence.queries.narrowing import Only
from app.people.models import Site
from app.standards import queries as standards
from tests.factories import evidence as make


@pytest.fixture
def binder(db: Session) -> Binder:
    binder = make.binder(db)
    make.document(
        db, binder, "Checks.pdf",
        "1. First check\nA second pharmacist verifies each order before preparation.",
        "2. At the chair\nTwo nurses read the pump aloud. Is the <b>rate</b> right? Intrathecal doses wait.",
    )  # fmt: skip
    make.document(
        db, binder, "Consent.pdf", "1. Consent\nPatients sign before chemotherapy. IT therapy needs its own form."
    )
    return binder


def found(db: Session, doors: Doors, binder: Binder, words: str, code: str | None = None) -> list[tuple[str, int]]:
    return [(hit.document.title, hit.page) for hit in queries.search(db, binder, words, code, doors.indexes)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("verify orders", ("Checks", 1)),
        ("verification", ("Checks", 1)),
        ("double check of the order", ("Checks", 1)),
        ("who reads the pump", ("Checks", 2)),
        ('"read the pump aloud"', ("Checks", 2)),
        ("pharmacst", ("Checks", 1)),
        ("antineoplastic", ("Consent", 1)),
        ("pharm*", ("Checks", 1)),
        ("pump OR consent -nurses", ("Consent", 1)),
    ],
)
def test_a_question_finds_its_page(
    db: Session, doors: Doors, binder: Binder, words: str, first: tuple[str, int]
) -> None:
    assert found(db, doors, binder, words)[0] == first


def test_words_in_quotes_must_stand_just_so(db: Session, doors: Doors, binder: Binder) -> None:
    assert found(db, doors, binder, '"pump the read"') == []


def test_it_in_capitals_is_intrathecal_and_it_in_small_letters_is_not(
    db: Session, doors: Doors, binder: Binder
) -> None:
    assert set(found(db, doors, binder, "IT")) == {("Checks", 2), ("Consent", 1)}
    assert ("Consent", 1) in found(db, doors, binder, "intrathecal")


def test_a_misspelt_word_is_looked_for_and_the_likely_one_offered(db: Session, doors: Doors, binder: Binder) -> None:
    answer = queries.search(db, binder, "pharmasist order", None, doors.indexes)
    assert answer.did_you_mean == "pharmacist order"
    assert "<mark>pharmacist</mark>" in str(answer.hits[0].snippet)


def test_words_that_were_found_though_nobody_typed_them_are_named(db: Session, doors: Doors, binder: Binder) -> None:
    answer = queries.search(db, binder, "verify antineoplastic", None, doors.indexes)
    assert set(answer.also) == {"verifies", "chemotherapy"}


def test_a_snippet_is_safe_and_lights_every_reason(db: Session, doors: Doors, binder: Binder) -> None:
    snippet = str(queries.search(db, binder, "rate of the pump", None, doors.indexes).hits[0].snippet)
    assert "<b>" not in snippet and "&lt;b&gt;<mark>rate</mark>&lt;/b&gt;" in snippet and "<mark>pump</mark>" in snippet


def test_a_standard_narrows_to_the_documents_that_serve_it(
    db: Session, doors: Doors, binder: Binder, now: datetime
) -> None:
    consent = next(one for one in queries.documents(db, binder) if one.title == "Consent")
    actions.map_to(db, consent, ["2.2.1"], by=None, now=now)
    assert found(db, doors, binder, "pharmacist nurses patients", "2.2") == [("Consent", 1)]


def test_a_standard_alone_shows_its_pins_and_then_what_seems_to_answer(
    db: Session, doors: Doors, binder: Binder, now: datetime
) -> None:
    version = queries.shown(next(one for one in queries.documents(db, binder) if one.title == "Consent"))
    assert version is not None
    actions.pin(db, version, "3.7", page=1, quote="Patients sign", by=None, now=now)
    hits = queries.search(db, binder, "", "3.7", doors.indexes).hits
    assert str(hits[0].snippet) == "<mark>Patients sign</mark>" and hits[0].standards == ("3.7",)


def test_no_other_binder_is_ever_found(db: Session, doors: Doors, binder: Binder) -> None:
    make.document(db, make.binder(db), "Secret.pdf", "The canary verifies orders before preparation.")
    assert {title for title, _ in found(db, doors, binder, "canary verifies orders")} <= {"Checks", "Consent"}


def test_what_the_places_light_is_where_the_words_stand(db: Session, doors: Doors, binder: Binder) -> None:
    hit = queries.search(db, binder, "pump", None, doors.indexes).hits[0]
    page = queries.page(db, hit.version.id, hit.page)
    assert page is not None
    spans = queries.lit(page, queries.index(db, binder, doors.indexes), words="pump")
    assert [page.text[start:end] for start, end in spans] == ["pump"]
    assert passages.boxes(page.boxes, spans) == [
        tuple(place[2:]) for place in page.boxes if page.text[place[0] : place[1]] == "pump"
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60) | st.text(alphabet='"-*()[]{}~^:&|!\\/ ORab', max_size=60), only=st.booleans())
def test_nothing_that_can_be_typed_is_an_error(
    db: Session, doors: Doors, binder: Binder, words: str, only: bool
) -> None:
    answer = queries.search(db, binder, words, "3.7" if only else None, doors.indexes)
    assert all(db.get_one(Version, hit.version.id).binder_id == binder.id for hit in answer)


ASKED = st.text(alphabet='"-*()[]{}~^:&|!\\/<>\x00\u2028 ORabdosecheck', max_size=60) | st.sampled_from(
    ["dose", "canary verifies orders", '"first dose"', "*", "a*", "- -", '"', "OR OR", "<mark>", "x" * 400]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=ASKED, exact=st.booleans(), standard=st.none() | st.sampled_from(["3.7", "3", "9.99", "%"]), data=st.data()
)
def test_however_a_search_is_narrowed_it_is_no_error_and_stays_in_its_binder(
    db: Session, doors: Doors, binder: Binder, words: str, exact: bool, standard: str | None, data: st.DataObject
) -> None:
    """Also with the documents and sites of another practice."""
    foreign = db.scalar(select(Version).where(Version.binder_id != binder.id).limit(1))
    foreign = foreign or make.document(db, make.binder(db), "Secret.pdf", "The canary verifies orders before dose.")
    ids = st.none() | st.sampled_from([foreign.document_id, foreign.binder_id, "%", "nobody"])
    days = st.none() | st.dates()
    only = Only(data.draw(ids), data.draw(st.none() | st.sampled_from(["policy", "nothing"])), data.draw(ids),
                data.draw(days), data.draw(days))  # fmt: skip
    answer = queries.search(db, binder, words, standard, doors.indexes, 20, only, exact)
    assert all(db.get_one(Version, hit.version.id).binder_id == binder.id for hit in answer)
    assert "canary" not in str(answer.also) + str(answer.did_you_mean if "canary" not in words else "")


def test_suggestions_name_the_page_and_quote_it_and_say_what_is_nowhere(
    db: Session, doors: Doors, binder: Binder
) -> None:
    make.document(
        db, binder, "Teach.pdf", "1. Teach-back\nWe use the teach-back method. The patient verbalizes understanding."
    )
    suggested = queries.suggest(db, binder, doors.indexes)
    ideas = {idea.row.code: idea for idea in reversed(suggested.ideas)}
    assert ideas["2.5"].quote == "The patient verbalizes understanding." and ideas["2.5"].page == 1
    assert "3.17" in {row.code for row in suggested.uncovered}


def test_the_map_names_the_documents_that_suggestions_quote_and_no_withdrawn_one(
    db: Session, doors: Doors, binder: Binder, now: datetime
) -> None:
    teach = make.document(db, binder, "Teach.pdf", "We use the teach-back method. The patient verbalizes it.")
    quoted: dict[str, set[str]] = {}
    for idea in queries.suggest(db, binder, doors.indexes).ideas:
        quoted.setdefault(idea.row.code, set()).add(idea.version.document_id)
    assert queries.answering(db, binder, doors.indexes) == quoted
    assert teach.document_id in quoted["2.5"]
    actions.withdraw(db, teach.document, reason="Out of date", by=None, now=now)
    db.flush()
    assert "2.5" not in queries.answering(db, binder, doors.indexes)


def test_more_hits_ask_the_database_no_more_questions(db: Session, doors: Doors, binder: Binder) -> None:
    for number in range(8):
        make.document(db, binder, f"More {number}.pdf", f"Nurses read the label aloud, {number}.")
    queries.search(db, binder, "pump", None, doors.indexes)  # the index is there
    few, many = (_statements(db, doors, binder, words) for words in ("pump", "nurses aloud"))
    assert few == many


def _statements(db: Session, doors: Doors, binder: Binder, words: str) -> int:
    db.commit()
    db.expire_all()
    asked: list[str] = []

    def note(*call: Any) -> None:
        asked.append(call[2])

    event.listen(db.get_bind(), "before_cursor_execute", note)
    try:
        assert [(hit.document.title, hit.version.filename) for hit in queries.search(
            db, binder, words, None, doors.indexes)]  # fmt: skip
    finally:
        event.remove(db.get_bind(), "before_cursor_execute", note)
    return len(asked)


def test_a_search_is_narrowed_to_a_document_a_site_a_method_and_the_days_files_came_in(
    db: Session, doors: Doors, binder: Binder
) -> None:
    def titles(**only: Any) -> set[str]:
        answer = queries.search(db, binder, "order therapy", None, doors.indexes, only=queries.Only(**only), exact=True)
        return {hit.document.title for hit in answer}

    checks, consent = sorted(binder.documents, key=lambda one: one.title)
    north, south = (Site(practice_id=binder.practice_id, code=code, name=code) for code in ("N", "S"))
    db.add_all([north, south])
    consent.sites = [south]
    db.flush()
    assert titles() == {"Checks", "Consent"}
    assert titles(document_id=consent.id) == {"Consent"}
    assert (titles(site_id=north.id), titles(site_id=south.id)) == ({"Checks"}, {"Checks", "Consent"})
    assert titles(since=make.AT.date()) == titles(until=make.AT.date()) == {"Checks", "Consent"}
    assert titles(since=make.AT.date() + timedelta(days=1)) == titles(until=make.AT.date() - timedelta(days=1)) == set()
    actions.pin(db, checks.versions[-1], "3.7", page=1, quote=None, by=None, now=make.AT)
    [row] = [one for one in standards.rows(db, binder.edition_id) if one.code == "3.7"]
    assert all("Checks" in titles(method=method) for method in row.methods)
    assert titles(method="no such method") == set()


def test_a_page_found_by_its_meaning_says_so_and_lights_its_passage(db: Session, doors: Doors, binder: Binder) -> None:
    make.document(db, binder, "Calls.pdf", "Loose bowels and stomach cramps are reported the same day.")
    [hit] = queries.search(db, binder, "diarrhea", None, doors.indexes)
    assert (hit.document.title, hit.meant) == ("Calls", True) and str(hit.snippet).startswith("<mark>Loose bowels")
    page = queries.page(db, hit.version.id, 1)
    assert page is not None
    assert queries.lit(page, queries.index(db, binder, doors.indexes), words="diarrhea") == [(0, len(page.text) - 1)]


@pytest.mark.parametrize("words", ['"diarrhea"', "diarr*", "zzzz qqwx"])
def test_quoted_words_begun_words_and_words_that_nobody_knows_are_not_looked_for_by_meaning(
    db: Session, doors: Doors, binder: Binder, words: str
) -> None:
    make.document(db, binder, "Calls.pdf", "Loose bowels and stomach cramps are reported the same day.")
    assert list(queries.search(db, binder, words, None, doors.indexes)) == []


def test_a_search_for_words_only_leaves_meaning_out(db: Session, doors: Doors, binder: Binder) -> None:
    make.document(db, binder, "Calls.pdf", "Loose bowels and stomach cramps are reported the same day.")
    assert list(queries.search(db, binder, "diarrhea", None, doors.indexes, exact=True)) == []


def test_pages_are_looked_up_by_their_index_however_many_there_are(db: Session, binder: Binder) -> None:
    places = {(version.id, 1) for document in binder.documents for version in document.versions}
    asked = str(finding._pages(len(places)))
    given = {
        f"{name}{at}": value
        for at, place in enumerate(places)
        for name, value in zip(("version", "page"), place, strict=True)
    }
    steps = [str(row[3]) for row in db.execute(text(f"EXPLAIN QUERY PLAN {asked}"), given)]
    assert [step for step in steps if "SCAN" in step and "place" not in step and "CONSTANT" not in step] == []
    assert len(finding.pages(db, places)) == len(places) == 2

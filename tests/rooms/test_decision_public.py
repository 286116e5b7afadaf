"""What anybody may ask, without signing in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.decision.models import Certification
from app.decision.rules import CertificationState, VersionState
from app.decision.views import public
from app.documents.models import Paper
from app.doors import Doors
from app.kernel import clock, jobs
from app.people.models import Site, User
from tests.factories import decision, people
from tests.factories.decision import AWARDED

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def held(db: Session) -> Certification:
    own = people.practice(
        db, legal_name="Harbor Light Oncology, P.C.", public_name="Harbor Light Oncology", phone="+12075550100",
        website="https://harborlight.example", tax_id="01-2345678",
        sites=[
            Site(code="CS", name="Cove Street", address="18 Cove Street", city="Seabrook", region="ME", main=True),
            Site(code="NG", name="Northgate", city="Alder Falls", region="NH"),
        ],
    )  # fmt: skip
    return decision.certified(db, own)


def certificate(db: Session, doors: Doors, held: Certification) -> bytes:
    db.commit()
    with clock.at(max(clock.now(), AWARDED) + timedelta(hours=1)):
        jobs.drain(db, doors)
    return doors.blobs.get(str(db.get_one(Paper, held.current.paper_id).sha256))


def ended(held: Certification, state: CertificationState) -> None:
    held.state, held.ended_on, held.ended_why = state, date(2026, 11, 20), "Because"


def test_a_valid_number_says_the_word_first_then_who_until_when_and_where(
    client: FlaskClient, held: Certification
) -> None:
    page = client.get(f"/verify/{held.number}").text
    places = [
        page.index(words) for words in ("Valid</span>", "Harbor Light Oncology", "Mon 12 Nov 2029", "Cove Street")
    ]
    assert places == sorted(places)
    assert "Main site" in page


def test_the_public_page_holds_no_contacts_numbers_or_scores(client: FlaskClient, held: Certification) -> None:
    for path in (f"/verify/{held.number}", "/registry", "/registry.json", "/registry.csv"):
        page = client.get(path).text
        assert "0100" not in page and "2345678" not in page and "81.03" not in page and held.case_id not in page, path


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (CertificationState.SUSPENDED, "Suspended"), (CertificationState.REVOKED, "Revoked"),
        (CertificationState.EXPIRED, "Expired"), (CertificationState.SUPERSEDED, "Superseded"),
        (CertificationState.WITHDRAWN, "Expired"), (CertificationState.PENDING_RENEWAL, "Valid"),
    ],
)  # fmt: skip
def test_every_state_has_its_public_word(
    client: FlaskClient, db: Session, held: Certification, state: CertificationState, word: str
) -> None:
    held.state = state
    if state not in (CertificationState.SUSPENDED, CertificationState.PENDING_RENEWAL):
        ended(held, state)
    db.flush()
    assert f'<span class="status-word">{word}</span>' in client.get(f"/verify/{held.number}").text


def test_the_day_after_the_term_the_word_is_expired(client: FlaskClient, held: Certification) -> None:
    with clock.at(AWARDED.replace(year=2029, day=13)):
        assert "Expired</span>" in client.get(f"/verify/{held.number}").text
        assert "Harbor Light" not in client.get("/registry").text


@pytest.mark.parametrize("number", ["QCP-2026-9999-A", "nonsense", "%3Cscript%3E", "K7QW-3M2F", "..%2F..%2Fetc"])
def test_an_unknown_number_gets_a_calm_page(client: FlaskClient, number: str) -> None:
    answer = client.get(f"/verify/{number}")
    assert answer.status_code in (200, 404)
    assert "<script>" not in answer.text
    if "%2F" not in number:
        assert "Unknown</span>" in answer.text and "We have issued nothing" in answer.text


def test_a_number_typed_by_hand_is_understood(client: FlaskClient, held: Certification) -> None:
    typed = held.number.lower().replace("-", " ")
    answer = client.get("/verify", query_string={"number": f" {typed} "})
    assert answer.headers["Location"] == f"/verify/{held.number}"


def test_a_paper_without_a_number_of_its_own_is_found_by_its_code(
    client: FlaskClient, db: Session, doors: Doors, held: Certification
) -> None:
    certificate(db, doors, held)
    paper = db.get_one(Paper, held.current.paper_id)
    page = client.get(f"/verify/{paper.code}").text
    assert "Valid</span>" in page and "Certificate" in page


def upload(client: FlaskClient, pdf: bytes, **more: str) -> tuple[int, str]:
    answer = client.post("/verify", data={"file": (io.BytesIO(pdf), "held.pdf"), **more})
    return answer.status_code, answer.text


def test_our_own_file_is_ours_and_unchanged(
    client: FlaskClient, db: Session, doors: Doors, held: Certification
) -> None:
    status, page = upload(client, certificate(db, doors, held))
    assert status == 200
    assert "held.pdf is ours and unchanged." in page and "It is the current version." in page
    assert f'href="/verify/{held.number}"' in page


def test_a_changed_file_is_not_ours_and_nothing_is_kept(
    client: FlaskClient, db: Session, doors: Doors, held: Certification
) -> None:
    pdf = bytearray(certificate(db, doors, held))
    pdf[len(pdf) // 2] ^= 1
    before = set(doors.blobs.keys())
    status, page = upload(client, bytes(pdf))
    assert status == 200
    assert "is not a paper that the Program issued" in page
    assert set(doors.blobs.keys()) == before


def test_the_certificate_of_one_does_not_stand_for_the_number_of_another(
    client: FlaskClient, db: Session, doors: Doors, held: Certification
) -> None:
    other = decision.certified(db)
    _, page = upload(client, certificate(db, doors, held), number=other.number)
    assert f"It is not the paper of {other.number}" in page


def test_a_superseded_paper_says_so_though_its_signature_holds(
    client: FlaskClient, db: Session, doors: Doors, held: Certification
) -> None:
    pdf = certificate(db, doors, held)
    held.current.superseded_on, held.current.state = AWARDED.date(), VersionState.SUPERSEDED
    db.flush()
    _, page = upload(client, pdf)
    assert "ours and unchanged" in page and "A newer version has taken its place." in page


def test_a_revoked_certificate_says_so_though_its_signature_holds(
    client: FlaskClient, db: Session, doors: Doors, held: Certification
) -> None:
    pdf = certificate(db, doors, held)
    ended(held, CertificationState.REVOKED)
    db.flush()
    assert "What it says today: revoked" in upload(client, pdf)[1]


def test_no_file_and_a_file_too_large_are_refused_in_words(
    client: FlaskClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "MOST_BYTES", 1000)
    assert "Choose a PDF file first." in client.post("/verify").text
    status, page = upload(client, b"%PDF-" + b"0" * 1000)
    assert status == 422 and "over 20 MB" in page


@pytest.mark.parametrize("words", ["harbor", "light onco", "seabrook", "Alder", "Maine", "NH", "new hampshire"])
def test_the_registry_finds_by_name_town_and_state(client: FlaskClient, held: Certification, words: str) -> None:
    assert held.number in client.get("/registry", query_string={"q": words}).text


@pytest.mark.parametrize("words", ["zanzibar", "harbor zanzibar", "%", "_", "' OR 1=1 --"])
def test_the_registry_finds_nothing_else(client: FlaskClient, held: Certification, words: str) -> None:
    assert held.number not in client.get("/registry", query_string={"q": words}).text


def test_the_registry_lists_by_state_and_leaves_out_what_has_ended(
    client: FlaskClient, db: Session, held: Certification
) -> None:
    assert held.number in client.get("/registry?state=NH").text
    assert held.number not in client.get("/registry?state=VT").text
    ended(held, CertificationState.REVOKED)
    db.flush()
    assert held.number not in client.get("/registry").text


def test_the_registry_for_machines_says_the_same(client: FlaskClient, held: Certification) -> None:
    (entry,) = [one for one in client.get("/registry.json").json["practices"] if one["number"] == held.number]
    assert entry == {
        "number": held.number, "name": "Harbor Light Oncology", "website": "https://harborlight.example",
        "status": "valid", "certified_since": "2026-11-12", "valid_through": "2029-11-12",
        "sites": [
            {"name": "Cove Street", "town": "Seabrook", "state": "ME", "country": "US"},
            {"name": "Northgate", "town": "Alder Falls", "state": "NH", "country": "US"},
        ],
    }  # fmt: skip
    rows = [
        row for row in csv.DictReader(io.StringIO(client.get("/registry.csv").text)) if row["number"] == held.number
    ]
    assert [row["site"] for row in rows] == ["Cove Street", "Northgate"]


def test_a_name_like_a_formula_stays_a_name_in_a_spreadsheet(client: FlaskClient, db: Session) -> None:
    decision.certified(db, people.practice(db, public_name="=HYPERLINK(1)"))
    assert "'=HYPERLINK(1)" in client.get("/registry.csv").text


def test_the_command_answers_like_the_page(
    db: Session, doors: Doors, held: Certification, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli import verify as command

    @contextmanager
    def opened() -> Iterator[tuple[Flask, Doors]]:
        yield app, doors

    monkeypatch.setattr(command, "opened", opened)
    file = tmp_path / "certificate.pdf"
    file.write_bytes(certificate(db, doors, held))
    done = CliRunner().invoke(command.verify, [str(file), "--json"])
    answer = json.loads(done.output)
    assert (done.exit_code, answer["ours"], answer["unchanged"], answer["says"]) == (0, True, True, "valid")
    assert answer["document"]["number"] == held.number

    file.write_bytes(file.read_bytes() + b" ")
    done = CliRunner().invoke(command.verify, [str(file)])
    assert done.exit_code == 1 and "not a paper as the Program issued it" in done.output

    assert CliRunner().invoke(command.verify, [str(file) + ".none"]).exit_code != 0

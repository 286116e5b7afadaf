"""What the viewer asks of the portal: parts of files, what is lit on pages, pins; and the page around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions, queries
from app.evidence.models import Binder, Version
from app.evidence.passages import lines
from app.evidence.queries.lighting import MOST_PAGES
from app.kernel import jobs
from app.people.models import User
from tests.factories import evidence as make
from tests.factories import people

As = Callable[[User], FlaskClient]
LABELS = next((Path(__file__).parents[2] / "demo/harbor-light").glob("HLO-307*"))
LONG = [f"Chapter {n}\nCart\nThe seal of the cart is read on day {n}.\nCart\nPage {n}" for n in range(1, 31)]


@pytest.fixture
def labels(db: Session, doors: Doors, binder: Binder, now: datetime) -> Version:
    version = actions.receive(
        db, binder, filename=LABELS.name, data=LABELS.read_bytes(), by=None, now=now, blobs=doors.blobs
    )
    db.commit()
    jobs.drain(db, doors)
    return version


@pytest.fixture
def manual(db: Session, binder: Binder) -> Version:
    return make.document(db, binder, "Manual.pdf", *LONG)


def marks(client: FlaskClient, version: Version, **asked: object) -> dict[str, list[dict[str, object]]]:
    answer = client.get(f"/versions/{version.id}/marks", query_string=asked)
    assert answer.status_code == 200
    found: dict[str, list[dict[str, object]]] = answer.get_json()
    return found


def test_a_part_is_given_only_of_the_file_that_the_viewer_knows(as_user: As, owner: User, labels: Version) -> None:
    client, data, path = as_user(owner), LABELS.read_bytes(), f"/versions/{labels.id}/copy.pdf"
    mark = client.get(path).headers["ETag"]
    part = client.get(path, headers={"Range": "bytes=0-9", "If-Range": mark})
    assert (part.status_code, part.data) == (206, data[:10])
    for other in ('"another"', f"W/{mark}", "Wed, 01 Jul 2026 15:00:00 GMT"):
        answer = client.get(path, headers={"Range": "bytes=0-9", "If-Range": other})
        assert (answer.status_code, answer.data) == (200, data), other


def test_the_last_bytes_of_a_file_that_is_shorter_are_all_of_it(as_user: As, owner: User, labels: Version) -> None:
    data, path = LABELS.read_bytes(), f"/versions/{labels.id}/copy.pdf"
    answer = as_user(owner).get(path, headers={"Range": "bytes=-99999999"})
    assert (answer.status_code, answer.data) == (206, data)
    assert answer.headers["Content-Range"] == f"bytes 0-{len(data) - 1}/{len(data)}"


def test_the_head_of_a_file_says_its_size_and_brings_no_bytes(as_user: As, owner: User, labels: Version) -> None:
    answer = as_user(owner).head(f"/versions/{labels.id}/copy.pdf")
    assert (answer.data, answer.headers["Accept-Ranges"]) == (b"", "bytes")
    assert answer.headers["Content-Length"] == str(LABELS.stat().st_size)


def test_marks_say_where_the_words_of_a_page_stand(as_user: As, owner: User, labels: Version) -> None:
    found = marks(as_user(owner), labels, page=1, q="handwritten", all=1)
    page = found["pages"][0]
    assert (page["page"], page["source"], len(page["hits"])) == (1, "text", 1)  # type: ignore[arg-type]
    [[left, top, width, height]] = page["hits"][0]  # type: ignore[index]
    assert 0 < left < 10_000 and 0 < top < 10_000 and 100 < width < 2_000 and 50 < height < 400
    assert found["answering"][0] == 1


def test_a_quote_is_lit_instead_of_the_words_where_it_stands(as_user: As, owner: User, manual: Version) -> None:
    asked = {"from": 1, "to": 2, "q": "seal", "quote": "read on day 2."}
    first, second = marks(as_user(owner), manual, **asked)["pages"]
    assert len(first["hits"]) == 1 and len(second["hits"]) == 1  # type: ignore[arg-type]
    assert first["hits"] != second["hits"]


def test_pins_come_with_their_row_and_their_place(db: Session, as_user: As, owner: User, manual: Version) -> None:
    actions.pin(db, manual, "3.9", page=3, quote="read on day 3", by=owner, now=make.AT)
    db.commit()
    [page] = marks(as_user(owner), manual, page=3)["pages"]
    [pin] = page["pins"]  # type: ignore[misc]
    assert (pin["code"], pin["quote"]) == ("3.9", "read on day 3")  # type: ignore[index]
    assert pin["boxes"]  # type: ignore[index]


def test_a_request_brings_a_few_pages_however_many_it_asks_for(as_user: As, owner: User, manual: Version) -> None:
    client = as_user(owner)
    assert [page["page"] for page in marks(client, manual, **{"from": 5, "to": 5000})["pages"]] == list(
        range(5, 5 + MOST_PAGES)
    )
    for asked in ({"from": -3, "to": "x"}, {"page": "10" * 50}, {"from": 9, "to": 2}, {"page": 99}):
        marks(client, manual, **asked)


def test_marks_are_of_one_practice_and_of_visible_files(
    db: Session, doors: Doors, as_user: As, binder: Binder, owner: User, surveyor: User, labels: Version, now: datetime
) -> None:
    checking = actions.receive(
        db, binder, filename="new.pdf", data=LABELS.read_bytes() + b"%", by=owner, now=now, blobs=doors.blobs
    )
    db.commit()
    stranger = people.member(db, people.practice(db))
    assert as_user(stranger).get(f"/versions/{labels.id}/marks?page=1").status_code == 404
    assert as_user(surveyor).get(f"/versions/{labels.id}/marks?page=1").status_code == 200
    assert as_user(surveyor).get(f"/versions/{checking.id}/marks?page=1").status_code == 404
    assert as_user(owner).get(f"/versions/{checking.id}/marks?page=1").status_code == 200


def test_the_viewers_script_hears_how_a_pin_went(db: Session, as_user: As, owner: User, labels: Version) -> None:
    client, path = as_user(owner), f"/versions/{labels.id}/pins"
    data = {"code": "3.9", "page": "1", "quote": "applied at once"}
    heard = client.post(path, data=data, headers={"Accept": "application/json"})
    assert (heard.status_code, heard.get_json()) == (200, {"code": "3.9", "page": 1})
    assert [pin.quote for pin in queries.pins(db, labels.document.binder)] == ["applied at once"]
    for wrong in ({"code": ""}, {"code": "99.99"}, {"page": "77"}, {"page": "x"}):
        refused = client.post(path, data=data | wrong, headers={"Accept": "application/json"})
        assert refused.status_code == 422 and refused.get_json()["refused"], wrong


def test_the_page_of_the_viewer_lets_nothing_run_but_its_own(as_user: As, owner: User, labels: Version) -> None:
    policy = as_user(owner).get(f"/versions/{labels.id}/view?page=1").headers["Content-Security-Policy"]
    said = dict(part.split(" ", 1) for part in policy.split("; "))
    assert said["default-src"] == said["object-src"] == said["frame-src"] == "'none'"
    assert said["script-src"] == said["worker-src"] == said["connect-src"] == said["style-src"] == "'self'"


@pytest.mark.parametrize(("path", "said"), [
    ("/surveys/1f/worksheet/3.9?site=2", "Back to 3.9"), ("/binders/1f", "Back to where you were"),
    ("//elsewhere.example/3.9", None), ("https://elsewhere.example/", None), ("/\\elsewhere.example", None),
    ("javascript:alert(1)", None), ("/\t/elsewhere.example", None), ("/" + "a" * 500, None), ("", None),
])  # fmt: skip
def test_the_way_back_leads_to_a_page_of_ours_or_is_not_there(
    as_user: As, owner: User, labels: Version, path: str, said: str | None
) -> None:
    answer = as_user(owner).get(f"/versions/{labels.id}/view", query_string={"page": 1, "back": path})
    found = re.search(r'href="([^"]*)" data-back>.*?</svg>([^<]+)<', answer.get_data(as_text=True))
    assert (found[2] if found else None) == said
    assert found is None or found[1] == path.replace("&", "&amp;")


def test_a_version_out_of_force_leads_to_the_passage_in_the_one_in_force(
    db: Session, as_user: As, owner: User, binder: Binder
) -> None:
    old = make.document(db, binder, "Cart.pdf", "The seal is read daily.")
    new = make.document(db, binder, "Cart.pdf", "A new first page.", "The seal is read daily.", data=b"another")
    page = as_user(owner).get(f"/versions/{old.id}/view?page=1&quote=seal+is+read").get_data(as_text=True)
    assert "This is version 1, which was replaced." in page
    assert f"/versions/{new.id}/view?page=2" in page and "at the same passage" in page


def test_a_page_beyond_the_end_is_the_last_one(as_user: As, owner: User, manual: Version) -> None:
    page = as_user(owner).get(f"/versions/{manual.id}/view?page=999&as=text").get_data(as_text=True)
    assert "Page 30 of 30" in page


def test_results_stand_under_their_document_once(db: Session, as_user: As, owner: User, binder: Binder) -> None:
    make.document(db, binder, "Manual.pdf", *LONG[:3])
    make.document(db, binder, "Other.pdf", "The seal of the box.")
    page = as_user(owner).get(f"/binders/{binder.id}/search?q=seal&exact=1").get_data(as_text=True)
    results = page[page.index('id="results"') : page.index('id="page"')]
    assert results.count("<b>Manual</b>") == 1 and results.count('class="hit"') == 4
    assert "4 pages, 2 documents" in results


def test_a_search_is_narrowed_to_a_document_and_to_days(
    db: Session, as_user: As, owner: User, binder: Binder, manual: Version
) -> None:
    make.document(db, binder, "Other.pdf", "The seal of the box.")
    client, path = as_user(owner), f"/binders/{binder.id}/search?q=seal&exact=1"
    only = client.get(f"{path}&document={manual.document_id}").get_data(as_text=True)
    assert "Other</b>" not in only and "<b>Manual</b>" in only and "(narrowed)" in only
    none = client.get(f"{path}&since=2026-12-01").get_data(as_text=True)
    assert "No page within what you chose answers" in none and "Look in everything" in none
    assert client.get(f"{path}&since=never&site=x&method=y").status_code == 200


def test_nothing_found_says_which_files_no_search_reaches(
    db: Session, as_user: As, owner: User, binder: Binder
) -> None:
    make.document(db, binder, "Manual.pdf", *LONG[:3])
    make.document(db, binder, "Drawing.pdf", "")
    page = as_user(owner).get(f"/binders/{binder.id}/search?q=zebra&exact=1").get_data(as_text=True)
    assert "1 file cannot be searched" in page and "Drawing" in page and "Try fewer words" in page


def test_the_first_search_of_an_empty_binder_says_what_to_do(as_user: As, owner: User, binder: Binder) -> None:
    page = as_user(owner).get(f"/binders/{binder.id}/search").get_data(as_text=True)
    assert "Nothing can be searched yet." in page and "Add your policies" in page and "viewer.js" not in page


def test_words_side_by_side_make_one_box_a_line() -> None:
    boxes = [(100, 500, 90, 20), (200, 502, 50, 18), (100, 530, 40, 20)]
    assert lines(boxes) == [(100, 500, 150, 20), (100, 530, 40, 20)]

"""Bringing in editions and reading them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.people.models import User
from app.people.rules import Role
from app.standards import actions, queries
from app.standards.actions import Refused
from app.standards.rules import EditionState, Kind
from tests.factories.people import official, person

SMALL = """\
code,parent,domain,kind,title,requirement,methods,evidence_kinds,policy_types,na_allowed,na_condition,search_terms,typical_finding
1,-,1,domain,People,Good people.,policy,POL,consent,false,-,people,None seen
1.10,1,1,standard,Ten,The tenth.,policy,POL,consent,false,-,ten,Seen
1.9,1,1,standard,Nine,The ninth.,records,CHT,consent,false,-,nine,Seen
"""


def take_in(db: Session, now: datetime, **over: object) -> object:
    facts = {"code": "small", "title": "Small", "sample": False, "by": official(db, Role.ADMIN), "now": now}
    return actions.import_edition(db, SMALL, **(facts | over))  # type: ignore[arg-type]  # facts are its own


def test_the_sample_edition_is_in_force_and_sorted_by_numbers(db: Session) -> None:
    edition = queries.current_edition(db)
    codes = [row.code for row in queries.rows(db, edition.id)]
    assert (edition.sample, len(codes)) == (True, 85)
    assert codes.index("3.10") == codes.index("3.9") + 1
    assert len(queries.slots(db, edition.id)) == 65
    assert all(row.rated for row in queries.slots(db, edition.id))


def test_a_row_is_found_by_its_code(db: Session) -> None:
    edition = queries.current_edition(db)
    row = queries.row(db, edition.id, "1.1.1.1")
    assert row is not None
    assert (row.parent, row.kind, row.depth) == ("1.1.1", Kind.ELEMENT, 3)
    assert queries.row(db, edition.id, "9.9") is None


def test_rows_make_a_tree(db: Session) -> None:
    domains = queries.tree(queries.rows(db, queries.current_edition(db).id))
    assert [domain.row.code for domain in domains] == ["1", "2", "3", "4"]
    assert sum(len(domain.rows) for domain in domains) == 85
    assert sum(len(domain.below) for domain in domains) == 44


def test_a_file_with_a_fault_leaves_nothing(db: Session, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        actions.import_edition(
            db, SMALL.replace("1.9,1,", "1.9,7,"), code="bad", title="Bad", sample=False, by=None, now=now
        )
    assert [str(fault) for fault in refused.value.faults] == ["Line 4: its parent 7 is not in the file"]
    assert queries.edition(db, "bad") is None


def test_an_edition_is_never_replaced_under_the_same_code(db: Session, now: datetime) -> None:
    take_in(db, now)
    with pytest.raises(Refused, match="already here"):
        take_in(db, now)


def test_a_drafted_edition_is_offered_when_it_is_published_and_not_when_it_is_retired(
    db: Session, now: datetime
) -> None:
    admin = official(db, Role.ADMIN)
    take_in(db, now, in_force=False)
    edition = queries.edition(db, "small")
    assert edition is not None
    assert edition not in queries.in_force(db)
    actions.publish(db, edition, by=admin, now=now)
    assert edition in queries.in_force(db)
    actions.retire(db, edition, by=admin, now=now, why="A newer one holds")
    assert edition.state is EditionState.RETIRED
    assert edition not in queries.in_force(db)
    with pytest.raises(ValueError, match="retired"):
        actions.publish(db, edition, by=admin, now=now)


def test_a_newer_edition_becomes_the_current_one(db: Session, now: datetime) -> None:
    take_in(db, now.replace(day=2))
    assert queries.current_edition(db).code == "small"
    assert [row.code for row in queries.rows(db, queries.current_edition(db).id)] == ["1", "1.9", "1.10"]


def test_words_narrow_the_rows_and_keep_their_place(db: Session) -> None:
    rows = queries.rows(db, queries.current_edition(db).id)
    found = [row.code for row in queries.matching(rows, "  Vinca ")]
    assert "3" in found
    assert 1 < len(found) < 10
    assert [row.code for row in queries.matching(rows, "1.1.1")] == ["1", "1.1", "1.1.1", "1.1.1.1"]
    assert queries.matching(rows, "no such words anywhere") == []
    assert queries.matching(rows, "") == rows


def test_the_page_shows_the_sample_edition_as_one(db: Session, as_user: Callable[[User], FlaskClient]) -> None:
    client = as_user(person(db))
    page = client.get("/standards").text
    assert "Sample edition" in page
    assert page.count('<article class="standard') == 81
    assert "4 domains" in page and "44 standards" in page
    narrow = client.get("/standards?q=vinca").text
    assert 0 < narrow.count('<article class="standard') < 10
    assert "No standard holds these words" in client.get("/standards?q=%3Cscript%3E").text


def test_the_page_is_for_those_who_are_signed_in(client: FlaskClient) -> None:
    assert client.get("/standards").status_code == 302

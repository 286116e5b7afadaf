"""Whoever only reads changes nothing: every page that may be read, with real things, over real transactions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from app.journey.views import GOES
from app.people.access import knows_of, why_not
from app.people.models import User
from tests.walks.walking import NOBODY, Route, Walk, routes
from tests.walks.world import looking

# Pages that answer otherwise than with themselves, and how.
OTHERWISE = {
    "journey.health": (503,),  # the world's tables were made without migrations
    "people.accept": (410,),  # the link of an invitation that was never sent
}


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def contents(engine: Engine) -> dict[str, tuple[int, str]]:
    """Every table's number of rows, and a hash over them."""
    found = {}
    connection = engine.raw_connection()
    names = connection.cursor().execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for (name,) in names.fetchall():
        rows = connection.cursor().execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()
        found[name] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    connection.close()
    return found


def readers(walk: Walk, route: Route) -> str:
    """The first of the world's people who may read what the route shows."""
    if route.may == "public":
        return NOBODY
    with looking(walk.world) as db:
        thing = db.get_one(route.kind, next(walk.fillings(route))[route.names[0]]) if route.kind else None
        for name, user in walk.world.people.items():
            known = db.get_one(User, user.id)
            if (thing is None or knows_of(known, thing)) and not why_not(known, route.may, thing):
                return name
    raise AssertionError(f"Nobody of the world may read {route.rule.rule}. Give tests/walks/world.py such a person.")


def pages(walk: Walk) -> Iterator[tuple[Route, str, str]]:
    """Every page with everything its address may say, and who reads it."""
    for route in routes(walk.app):
        if "GET" in route.methods:
            who = readers(walk, route)
            for given in walk.fillings(route, every=True):
                yield route, route.address(given), who


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_changes_nothing_and_every_page_answers(portal: Flask, walk: Walk, method: str) -> None:
    before = contents(walk.world.engine)
    for route, address, who in pages(walk):
        with statements(walk.world.engine) as seen:
            answer = walk.browser(who).open(address, method=method)
        fine = answer.status_code < 400 or answer.status_code in OTHERWISE.get(route.rule.endpoint, ())
        assert fine, (address, who, answer.status_code)
        assert [one for one in seen if one.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE", "REPLAC")] == []
        assert method == "GET" or answer.data == b""
    assert contents(walk.world.engine) == before


@pytest.mark.usefixtures("bare_errors")
def test_nobody_reads_of_another_practice_on_any_page(portal: Flask, walk: Walk) -> None:
    """The names of practices B and C stand on no page of practice A's people, nor of those who work on its case."""
    for route, address, _ in pages(walk):
        if route.may == "public":
            continue
        for who in ("owner", "surveyor", "reviewer", "reviewer of the second case"):
            answer = walk.browser(who).get(address)
            said = answer.get_data() if answer.status_code < 400 else b""
            assert b"Birch" not in said and b"Cedar" not in said, (address, who)


def test_every_link_of_the_bar_leads_to_a_page_once_there_is_one(walk: Walk) -> None:
    road = f"/practices/{walk.world.a.practice.id}/go"
    assert {what: walk.go("owner", f"{road}/{what}").status_code for what in GOES} == dict.fromkeys(GOES, 302)

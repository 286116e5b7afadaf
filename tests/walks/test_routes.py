"""Walks over the application: what every route must say and refuse, without anybody having to remember."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.people.access import RULES, Can
from app.people.models import User
from app.people.rules import Role
from tests.factories import people

LIBRARY = ("static", "bootstrap.static", "security.static")
PUBLIC_PAGES = {"/", "/registry", "/verify", "/healthz"}


def routes(app: Flask) -> Iterator[tuple[Rule, Any]]:
    """Every route with its view, the library's static files aside."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in LIBRARY:
            yield rule, app.view_functions[rule.endpoint]


def test_every_route_declares_who_may_use_it(portal: Flask) -> None:
    silent = [rule.rule for rule, view in routes(portal) if getattr(view, "may", None) is None]
    assert silent == []


def test_every_permission_has_its_row_and_every_row_is_used(portal: Flask) -> None:
    assert set(RULES) == set(Can)
    asked = {view.may for _rule, view in routes(portal)}
    templates = " ".join(path.read_text() for path in _templates(portal))
    spoken = {Can[name] for name in re.findall(r"Can\.([A-Z_]+)", templates)}
    assert set(Can) - asked - spoken == set()


def test_every_route_of_an_object_loads_it_through_the_table(portal: Flask) -> None:
    """An id in the address is never looked up without asking who may know of it."""
    loose = [
        rule.rule
        for rule, view in routes(portal)
        if "_id>" in rule.rule and view.may != "public" and getattr(view, "kind", None) is None
    ]
    assert loose == []


def test_what_is_public_is_meant_to_be(portal: Flask) -> None:
    rooms = {rule.rule for rule, view in routes(portal) if view.may == "public"}
    assert rooms >= PUBLIC_PAGES
    for address in rooms - PUBLIC_PAGES:
        assert re.match(
            r"/(registry|verify|papers|invitations|sign-in|sign-out|forgotten-password|account/(password|confirm)|help"
            r"|privacy|accessibility|favicon|verify-password|healthz)\b",
            address,
        ), address


def test_nobody_gets_in_without_signing_in(portal: Flask, client: FlaskClient, db: Session) -> None:
    for rule, view in routes(portal):
        if view.may == "public":
            continue
        for method in rule.methods & {"GET", "POST"}:  # type: ignore[operator]
            answer = client.open(_address(rule), method=method)
            assert answer.status_code == 302, (rule.rule, method, answer.status_code)
            assert "/sign-in" in answer.location


def test_an_object_that_is_not_there_is_404_for_everybody(
    portal: Flask, db: Session, as_user: Callable[[User], FlaskClient]
) -> None:
    browser = as_user(people.official(db, Role.STAFF, Role.ADMIN))
    for rule, view in routes(portal):
        if getattr(view, "kind", None) is None:
            continue
        for method in rule.methods & {"GET", "POST"}:  # type: ignore[operator]
            answer = browser.open(_address(rule), method=method)
            assert answer.status_code == 404, (rule.rule, method, answer.status_code)


def _address(rule: Rule) -> str:
    return re.sub(r"<(?:(int|float):)?[^>]+>", lambda found: "1" if found[1] else "0" * 32, rule.rule)


def _templates(app: Flask) -> Any:
    from pathlib import Path

    return (Path(app.root_path) / "templates").rglob("*.html")

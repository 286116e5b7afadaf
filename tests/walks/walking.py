"""How a walk goes: every route with real things in its address, a browser for everybody, nothing left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.application.rules.steps import Slug
from app.journey.views import GOES
from app.kernel import clock
from app.kernel import db as kernel_db
from app.people.models import User
from tests.walks.world import World

LIBRARY = ("static", "bootstrap.static", "security.static")
MISSING = "0" * 32
NOBODY = "nobody"


@dataclass(frozen=True)
class Route:
    """One rule of the map with its view."""

    rule: Rule
    view: Any

    @property
    def kind(self) -> Any:
        return getattr(self.view, "kind", None)

    @property
    def may(self) -> Any:
        return self.view.may

    @property
    def methods(self) -> list[str]:
        return sorted(set(self.rule.methods or ()) & {"GET", "POST"})

    @property
    def names(self) -> list[str]:
        """What the address asks for, in its order."""
        return re.findall(r"<(?:\w+:)?(\w+)>", self.rule.rule)

    def address(self, given: dict[str, Any]) -> str:
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(given[found[1]]), self.rule.rule)


def routes(app: Flask) -> list[Route]:
    """Every route with its view, the library's static files aside."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in LIBRARY]
    return [Route(rule, app.view_functions[rule.endpoint]) for rule in rules]


@dataclass(repr=False)
class Walk:
    """The application over the world."""

    app: Flask
    world: World
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def browser(self, who: str) -> FlaskClient:
        """A browser in which one of the world's people is signed in, or nobody."""
        if who not in self.browsers:
            self.browsers[who] = self.app.test_client()
            if who != NOBODY:
                sign_in(self.browsers[who], self.world.people[who])
        return self.browsers[who]

    def go(self, who: str, address: str, method: str = "GET", **options: Any) -> TestResponse:
        """One request, of which nothing stays in the database."""
        with forgetting(self.world):
            return self.browser(who).open(address, method=method, **options)

    def fillings(self, route: Route, *, every: bool = False) -> Iterator[dict[str, Any]]:
        """Real values for what an address asks for: those of practice A, or with `every` all that are worth a visit."""
        names = route.names
        choices = [self._values(route, name, first=n == 0) for n, name in enumerate(names)]
        for values in product(*(found if every else found[:1] for found in choices)):
            yield dict(zip(names, values, strict=True))

    def _values(self, route: Route, name: str, *, first: bool) -> list[Any]:
        if first and route.kind is not None:
            found = self.world.things.get(route.kind.__name__)
            assert found, f"The world has no {route.kind.__name__}. Make one in tests/walks/world.py."
            return found[:1]
        said = VALUES.get(f"{route.rule.endpoint}:{name}") or VALUES.get(name)
        assert said, f"{route.rule.rule}: say in VALUES of tests/walks/walking.py what <{name}> may be."
        return said(self.world) if callable(said) else said


VALUES: dict[str, Any] = {
    "slug": [slug.value for slug in Slug],
    "letter": list("ABCDEFGHIJ"),
    "key": lambda world: [world.words["agreement"]],
    "program.setting:key": ["plan.submit", "survey.sites_all"],
    "program.change_setting:key": ["plan.submit"],
    "chapter": [1],
    "turn": [1],
    "page": [1],
    "module": ["core"],
    "move": ["close"],
    "what": list(GOES),
    "code": lambda world: [world.words["slot"], "3.9"],
    "participation.enrol:code": lambda world: [world.words["round"]],
    "survey.standard:code": ["3.9", "1.1"],
    "survey.first_read:code": ["3.9"],
    "survey.settle:code": ["3.9"],
    "survey.ask_surveyor:code": ["3.9"],
    "user_id": lambda world: [world.a.contributor.id],
    "site_id": lambda world: [world.words["site"]],
    "number": lambda world: [world.words["certificate"], "QCP-1900-00001"],
    "token": ["no-such-token"],
}


def sign_in(browser: FlaskClient, user: User) -> None:
    """As if they had just given their password."""
    with browser.session_transaction() as session:
        session["_user_id"] = session["identity"] = user.fs_uniquifier
        session["_fresh"] = True
        session["fs_cc"] = "set"
        session["fs_paa"] = datetime.now(UTC).timestamp()
        session["seen"] = session["since"] = clock.now().timestamp()


class forgetting:
    """Whatever happens inside is rolled back, commits included."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __enter__(self) -> Any:
        kernel_db.db.remove()
        self.connection = self.world.engine.connect()
        self.outer = self.connection.begin()
        kernel_db.db.configure(bind=self.connection, join_transaction_mode="create_savepoint")
        return self.connection

    def __exit__(self, *_: object) -> None:
        kernel_db.db.remove()
        self.outer.rollback()
        self.connection.close()
        kernel_db.db.configure(bind=self.world.engine, join_transaction_mode="conditional_savepoint")

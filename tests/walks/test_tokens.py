"""Every change needs the token of the person's own session, and is asked for by POST alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.walks.test_reading import contents
from tests.walks.walking import NOBODY, Walk, routes

ANYBODYS = "owner"
STRANGE = ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")


@pytest.fixture
def guarded(portal: Flask) -> Iterator[None]:
    """With tokens, as in production."""
    portal.config["WTF_CSRF_ENABLED"] = True
    yield
    portal.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.usefixtures("guarded", "bare_errors")
def test_no_change_without_the_token_of_ones_own_session(portal: Flask, walk: Walk) -> None:
    """Whether it is missing, made up, or somebody else's; in the form or in the header that htmx sends."""
    theirs = token(walk, "staff")
    before = contents(walk.world.engine)
    wrong = (({}, {}, NOBODY), ({}, {}, ANYBODYS), ({"csrf_token": theirs}, {}, ANYBODYS),
             ({}, {"X-CSRFToken": "made-up"}, ANYBODYS))  # fmt: skip
    for route in routes(portal):
        if "POST" in route.methods:
            address = route.address(next(walk.fillings(route)))
            for data, headers, who in wrong:
                answer = walk.browser(who).post(address, data=data, headers=headers)
                assert answer.status_code == 400, (route.rule.rule, who, data, headers)
    assert contents(walk.world.engine) == before


@pytest.mark.usefixtures("guarded")
def test_the_header_of_htmx_carries_the_token_as_well_as_a_field_does(walk: Walk) -> None:
    own, address = token(walk, ANYBODYS), "/notices/read"
    assert walk.go(ANYBODYS, address, "POST", headers={"X-CSRFToken": own}).status_code == 302
    assert walk.go(ANYBODYS, address, "POST", data={"csrf_token": own}).status_code == 302


@pytest.mark.usefixtures("bare_errors")
def test_what_changes_something_is_not_asked_for_by_reading_it(portal: Flask, walk: Walk) -> None:
    """A GET of an address that only takes a POST, and every method that no page has, are refused."""
    open_to: dict[str, set[str]] = {}
    for route in routes(portal):
        open_to.setdefault(route.rule.rule, set()).update(route.rule.methods or ())
    before = contents(walk.world.engine)
    for number, route in enumerate(routes(portal)):
        address = route.address(next(walk.fillings(route)))
        for method in {"GET", "HEAD", "POST", STRANGE[number % len(STRANGE)]} - open_to[route.rule.rule]:
            answer = walk.browser(ANYBODYS).open(address, method=method, headers={"X-HTTP-Method-Override": "POST"})
            assert answer.status_code == 405, (method, route.rule.rule, answer.status_code)
    assert contents(walk.world.engine) == before


def token(walk: Walk, who: str) -> str:
    """The token that a person's pages carry."""
    found = re.search(r'"X-CSRFToken": "([^"]+)"', walk.browser(who).get("/account").get_data(as_text=True))
    assert found is not None
    return found[1]

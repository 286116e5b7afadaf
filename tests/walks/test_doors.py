"""Every route x every person, with real things: what the table says happens, and what must never happen does not.

Generated from the map of routes: a new route is walked without anybody having to remember it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import ROOMS
from app.people.access import Can, knows_of, why_not
from app.people.models import User
from tests.walks.walking import MISSING, NOBODY, Route, Walk, forgetting, routes
from tests.walks.world import World, looking

SIGN_IN, MISSES, REFUSED, DONE = "asked to sign in", "404", "403", "let in"

# One route for many pages, some of them for fewer people: the view asks a second time.
NARROWER = {("application.step", "agreements"): Can.SEE_GATE, ("application.step", "payment"): Can.SEE_GATE}

# A page that is not there yet, for anybody.
NOT_YET = {
    "survey.calendar_file": lambda survey: survey.visit_on is None,
    "application.snapshot": lambda application: not application.snapshots,
}

# Who has nothing to do with practice A at all, or no longer, or not yet.
STRANGERS = (
    "owner of another practice", "surveyor of another practice", "reviewer of another practice",
    "surveyor only proposed", "surveyor released", "surveyor of a closed case", "somebody new",
)  # fmt: skip
# For whom it matters which case of a practice a thing belongs to; the others are asked about one of them.
OF_CASES = ("owner", "surveyor", "surveyor only proposed", "surveyor of a closed case", "reviewer",
            "reviewer of the second case", "reviewer who once surveyed")  # fmt: skip
OF_PRACTICE = ("owner", "contributor", "signer")
OF_OFFICE = ("staff", "admin")


def test_the_world_has_a_thing_of_every_kind_that_an_address_names(portal: Flask, world: World) -> None:
    kinds = {route.kind.__name__ for route in routes(portal) if route.kind is not None}
    bare = sorted(kind for kind in kinds if len(owners(world, kind)) < (1 if kind == "Round" else 2))
    assert bare == [], f"Make each of these for both practices in tests/walks/world.py: {bare}"


def owners(world: World, kind: str) -> set[str | None]:
    """Whose things of a kind there are."""
    with looking(world) as db:
        return {practice_of(thing) for thing in things(db, world, kind)}


def things(db: Session, world: World, kind: str) -> Iterator[Any]:
    model = next(mapper.class_ for mapper in User.registry.mappers if mapper.class_.__name__ == kind)
    for number in world.things.get(kind, []):
        yield db.get_one(model, number)


def practice_of(thing: Any) -> str | None:
    return getattr(thing, "practice_id", None)


def samples(db: Session, world: World, kind: str) -> list[Any]:
    """One thing of every case of practice A and of the practice whose surveyor is only proposed."""
    found: dict[Any, Any] = {}
    for thing in things(db, world, kind):
        if practice_of(thing) != world.b.practice.id and getattr(thing, "calendar", "") is not None:
            found.setdefault((practice_of(thing), getattr(thing, "case_id", None)), thing)
    return list(found.values())


@pytest.mark.usefixtures("bare_errors")
@pytest.mark.parametrize("room", ROOMS)
def test_everybody_gets_what_the_table_says_and_no_stranger_gets_in(portal: Flask, walk: Walk, room: str) -> None:
    with looking(walk.world) as db:
        people = {name: db.get_one(User, user.id) for name, user in walk.world.people.items()}
        for route in routes(portal):
            if route.kind is None or route.rule.endpoint.partition(".")[0] != room:
                continue
            not_yet = NOT_YET.get(route.rule.endpoint, lambda _: False)
            found = [thing for thing in samples(db, walk.world, route.kind.__name__) if not not_yet(thing)]
            for number, thing in enumerate(found if "GET" in route.methods else found[:1]):
                given = next(walk.fillings(route)) | {route.names[0]: thing.id}
                for who in OF_CASES if number else [*people, NOBODY]:
                    for method in route.methods:
                        got = outcome(walk.go(who, route.address(given), method))
                        where = (method, route.rule.rule, given, who)
                        assert got == by_the_table(people.get(who), route, thing, given), where
                        assert got in by_common_sense(who, thing, walk.world), where


def outcome(answer: TestResponse) -> str:
    """In one word."""
    if answer.status_code == 302 and "/sign-in" in answer.location:
        return SIGN_IN
    assert answer.status_code < 500
    return {404: MISSES, 403: REFUSED}.get(answer.status_code, DONE)


def by_the_table(user: User | None, route: Route, thing: Any, given: dict[str, Any]) -> str:
    """What RULES and knows_of say."""
    if user is None:
        return SIGN_IN
    if not knows_of(user, thing):
        return MISSES
    narrower = NARROWER.get((route.rule.endpoint, str(given.get("slug"))))
    refused = why_not(user, route.may, thing) or (narrower and why_not(user, narrower, thing))
    return REFUSED if refused else DONE


def by_common_sense(who: str, thing: Any, world: World) -> set[str]:
    """What the program's rules allow at most, said a second time without looking at the table."""
    if who == NOBODY:
        return {SIGN_IN}
    if hasattr(thing, "is_for") and thing.is_for(world.people[who]):
        return {DONE, REFUSED}
    if type(thing).__name__ == "Notice":
        return {MISSES}
    if getattr(thing, "kept_from_program", False) and who not in OF_PRACTICE:
        return {MISSES}
    if practice_of(thing) is None:  # a thing of the Program
        return {DONE, REFUSED} if who in OF_OFFICE else {REFUSED}
    if practice_of(thing) != world.a.practice.id:
        return {DONE, REFUSED} if who in OF_OFFICE else {MISSES}
    return of_practice_a(who, thing, world)


def of_practice_a(who: str, thing: Any, world: World) -> set[str]:
    """Practice A's people and the office know of everything; surveyors and reviewers of their own case only."""
    if who in STRANGERS:
        return {MISSES}
    if who in OF_PRACTICE and getattr(thing, "kept_from_practice", False):
        return {MISSES}
    if who in OF_PRACTICE or who in OF_OFFICE:
        return {DONE, REFUSED}
    own = world.a.case.id if who in ("surveyor", "reviewer") else world.a.closed.application.id
    if getattr(thing, "case_id", None) not in (own, None):
        return {MISSES}
    return {REFUSED} if who == "reviewer who once surveyed" else {DONE, REFUSED}


def test_what_one_may_not_know_of_answers_exactly_as_what_is_not_there(portal: Flask, walk: Walk) -> None:
    """To the byte, for one stranger after the other and every route in turn."""
    guarded = [route for route in routes(portal) if route.kind is not None and route.kind.__name__ != "Round"]
    for number, route in enumerate(guarded):
        given = next(walk.fillings(route))
        who = STRANGERS[number % len(STRANGERS)]
        if route.kind.__name__ == "Notice":
            given[route.names[0]] = mine(walk.world)
        for method in route.methods:
            real = walk.go(who, route.address(given), method)
            none = walk.go(who, route.address(given | {route.names[0]: MISSING}), method)
            assert (real.status_code, none.status_code) == (404, 404), (method, route.rule.rule, who)
            assert plain(real) == plain(none), (method, route.rule.rule, who)


def mine(world: World) -> str:
    """A notice of the owner's."""
    with looking(world) as db:
        return next(one.id for one in things(db, world, "Notice") if one.user_id == world.people["owner"].id)


def plain(answer: TestResponse) -> tuple[str, list[tuple[str, str]]]:
    """What an answer says, without what differs each time."""
    body = re.sub(r"\bI[\w-]+\.[\w-]+\.[\w-]+", "a token", answer.get_data(as_text=True))
    return body, [(name, value) for name, value in answer.headers if name not in ("Set-Cookie", "X-Request-ID")]


def test_a_second_thing_in_an_address_belongs_to_the_first(portal: Flask, walk: Walk) -> None:
    """Practice A's own owner does not reach a site or a person of practice B by naming them under practice A."""
    others = {"site_id": walk.world.words["site of another practice"], "user_id": walk.world.b.owner.id}
    for route in routes(portal):
        for name in route.names[1:]:
            if not name.endswith("_id"):
                continue
            assert name in others, f"{route.rule.rule}: say which {name} of another practice to try."
            for method in route.methods:
                given = next(walk.fillings(route))
                assert walk.go("owner", route.address(given), method).status_code != 404
                for wrong in (others[name], MISSING):
                    answer = walk.go("owner", route.address(given | {name: wrong}), method)
                    assert answer.status_code == 404, (method, route.rule.rule)


def test_a_form_that_names_a_thing_of_another_practice_changes_nothing(walk: Walk) -> None:
    """Ids that are typed into fields: documents, people, lines, charts, notices of others."""
    world, ours, theirs = walk.world, walk.world.a, walk.world.b
    line, lines = ours.plan.lines[1], f"/plan-lines/{ours.plan.lines[1].id}"
    label = line.requirement.label
    tries = [
        ("contributor", f"{lines}/proofs", {f"{label}-version_id": theirs.version.id, f"{label}-page": "1"}),
        ("contributor", f"{lines}/proofs/take-off", {"which": world.things["Proof"][-1]}),
        ("contributor", f"{lines}/documents", {"version_id": theirs.version.id}),
        ("contributor", f"{lines}/documents/take-off", {"which": theirs.version.id}),
        ("owner", f"/applications/{ours.case.id}/steps/policies/holder", {"holder": theirs.owner.id}),
        ("owner", f"/enrolments/{world.things['Enrolment'][0]}/duplicates", {"chart": world.things["Chart"][-2:]}),
        ("admin", f"/plans/{ours.plan.id}/resurvey", {"lines": [theirs.plan.lines[0].id], "sites": ["CS"],
                                                      "ground": "repeated", "reason": "To see it with our own eyes."}),
        ("staff", f"/surveys/{world.asked.survey.id}/propose", {"surveyor": theirs.owner.id}),
        ("staff", f"/surveys/{ours.survey.survey.id}/reviewer", {"reviewer": theirs.owner.id}),
    ]  # fmt: skip
    for who, address, data in tries:
        assert posted(walk, who, address, data) == 0, (address, data)
    with looking(world) as db:
        mine = next(one.id for one in things(db, world, "Version") if one.case_id == ours.closed.application.id)
    for who, address, data in (
        ("contributor", f"{lines}/proofs", {f"{label}-version_id": mine, f"{label}-page": "1"}),
        ("owner", f"/applications/{ours.case.id}/steps/policies/holder", {"holder": ours.contributor.id}),
    ):
        assert posted(walk, who, address, data) == 1, (address, data)


def posted(walk: Walk, who: str, address: str, data: dict[str, Any]) -> int:
    """How many entries a change wrote into the ledger: one for every change, none for what was refused."""
    with forgetting(walk.world) as connection:
        before = written(connection)
        answer = walk.browser(who).post(address, data=data)
        assert answer.status_code in (302, 404, 409, 422), (address, answer.status_code)
        return written(connection) - before


def written(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM event").scalar_one())

"""A page asks the database as often for many rows as for few, and stays of a sane size with a thousand."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import Connection

from tests.walks.crowd import multiply
from tests.walks.test_reading import pages, statements
from tests.walks.walking import Walk, forgetting
from tests.walks.world import World

MOST_QUERIES = 60

# Tables that are no list on any page, and long.
ASIDE = ("survey_entry", "survey_observation", "survey_verdict", "chart", "job", "event", "na_claim", "appointment")
LONG = ("notice", "application_step", "survey_site", "plan_turn", "version", "page", "pin", "answer_section")
FEW = 8
MOST_BYTES = 1_000_000

# What practice A has more of, and how much of it a case can have at most.
INSIDE = {
    "document": ("Document", 1000), "pin": ("Pin", 20), "chart_draft": ("ChartDraft", 100), "paper": ("Paper", 1000),
    "due": ("Due", 100), "survey_observation": ("Observation", 40), "survey_question": ("Question", 40),
    "plan_proof": ("Proof", 100), "site": ("Site", 20), "invoice": ("Invoice", 20), "chart": ("Chart", 1000),
}  # fmt: skip

# Files to take along: they hold everything, and nobody reads them on a screen.
FILES = {
    "decision.registry_csv", "decision.registry_json", "evidence.copy", "evidence.original", "evidence.picture",
    "evidence.marked", "report.plan_word",
}  # fmt: skip


def test_no_page_asks_more_often_because_there_is_more(portal: Flask, walk: Walk) -> None:
    small = counted(walk)
    with forgetting(walk.world) as connection:
        crowd(connection, walk.world, FEW)
        many = counted(walk)
    grown = {address: (small[address], many[address]) for address in small if many[address] > small[address] + 1}
    assert grown == {}
    assert {address: count for address, count in many.items() if count > MOST_QUERIES} == {}


def counted(walk: Walk) -> dict[str, int]:
    """How many SELECTs each page takes."""
    found = {}
    for route, address, who in pages(walk):
        with statements(walk.world.engine) as seen:
            answer = walk.browser(who).get(address)
        assert answer.status_code < 400 or route.may == "public", (address, answer.status_code)
        found[address] = sum(one.lstrip().upper().startswith("SELECT") for one in seen)
    return found


def crowd(connection: Connection, world: World, times: int) -> None:
    """More practices on the road, and more of everything in practice A."""
    for other in world.things["Practice"][1:]:
        multiply(connection, "practice", other, times, without=ASIDE)
    first = {kind: ids[0] for kind, ids in world.things.items() if ids}
    for table, (kind, _most) in INSIDE.items():
        multiply(connection, table, first[kind], times, **over(table))
    for user in world.people.values():
        multiply(connection, "notice", notice_of(connection, user.id), times)


def test_no_list_grows_without_end(portal: Flask, walk: Walk) -> None:
    """With a thousand of everything each list is still a page that a browser and a person can take in."""
    with forgetting(walk.world) as connection:
        thousand(connection, walk.world)
        lists = [(address, who) for route, address, who in pages(walk) if route.rule.endpoint not in FILES]
        lists += [(address, "staff") for address in ("/work", "/notices", "/board?by=holder&page=3", "/surveys?page=3")]
        sizes = {address: len(walk.browser(who).get(address).data) for address, who in lists}
    assert {address: size for address, size in sizes.items() if size > MOST_BYTES} == {}


def thousand(connection: Connection, world: World) -> None:
    """A thousand practices with what each list needs of them, and a thousand of everything in practice A."""
    for other in world.things["Practice"][1:]:
        multiply(connection, "practice", other, 1000 // (len(world.things["Practice"]) - 1), without=(*ASIDE, *LONG))
    first = {kind: ids[0] for kind, ids in world.things.items() if ids}
    for table, (kind, most) in INSIDE.items():
        multiply(connection, table, first[kind], most, **over(table))
    for user in world.people.values():
        multiply(connection, "notice", notice_of(connection, user.id), 1000)


def over(table: str) -> dict[str, Any]:
    """Only one site is the main one."""
    return {"main": False} if table == "site" else {}


def notice_of(connection: Connection, user_id: str) -> str:
    return str(connection.exec_driver_sql("SELECT id FROM notice WHERE user_id = ? LIMIT 1", (user_id,)).scalar())

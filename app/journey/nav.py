"""The links of the top bar, by role, and the address of the page where a thing is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_security import current_user as whoever

from app.journey.rules import Task
from app.people.access import allowed, current_user
from app.people.models import User

PUBLIC = (("The program", "journey.home"), ("Certified practices", "decision.registry"), ("Verify", "decision.verify"))
OF_PRACTICE = (
    ("Charts", "charts", "participation"), ("Application", "application", "application"),
    ("Binder", "binder", "evidence"), ("Survey", "survey", "survey"), ("Report and plan", "report", "report"),
    ("Certificate", "certificate", "decision"),
)  # fmt: skip
OF_PROGRAM = (
    ("Board", ("journey.board",)),
    ("Rounds", ("participation.rounds", "participation.desk")),
    ("Applications", ("application.index",)),
    ("Surveys", ("survey.desk",)),
    ("My surveys", ("survey.my_surveys",)),
    ("My reviews", ("survey.my_reviews",)),
    ("Reports", ("report.desk",)),
    ("Decisions", ("decision.awaiting",)),
    ("Plaques", ("decision.desk",)),
    ("Practices", ("people.practices",)),
    ("Settings", ("program.settings",)),
    ("People", ("people.program_people",)),
    ("Ledger", ("people.ledger",)),
)


@dataclass(frozen=True)
class Link:
    """One link of the bar."""

    words: str
    url: str
    here: bool


def links() -> list[Link]:
    """What the bar offers to whoever looks at it."""
    if not whoever.is_authenticated:
        return [Link(words, url_for(name), request.endpoint == name) for words, name in PUBLIC]
    user = current_user()
    work = [Link("My work", url_for("journey.work"), request.endpoint == "journey.work")]
    return work + (_of_program() if user.is_program else _of_practice(user))


def _of_practice(user: User) -> list[Link]:
    if user.practice is None:
        return []
    practice_id = user.practice.id
    road = Link("Our road", url_for("journey.road", practice_id=practice_id), request.endpoint == "journey.road")
    return [road] + [
        Link(words, url_for("journey.go", practice_id=practice_id, what=what), request.blueprint == room)
        for words, what, room in OF_PRACTICE
    ]


def _of_program() -> list[Link]:
    found = ((words, next((name for name in names if _open(name)), None)) for words, names in OF_PROGRAM)
    return [Link(words, url_for(name), request.endpoint == name) for words, name in found if name]


def _open(name: str) -> bool:
    """Does this page need nothing more to be found, and may this person see it?"""
    if any(rule.arguments for rule in current_app.url_map.iter_rules(name)):
        return False
    return allowed(vars(current_app.view_functions[name])["may"])


def page_for(task: Task) -> str | None:
    """Where a task is done: the first page of its station that can be addressed."""
    known = dict(task.facts.ids) | ({"slug": task.slug} if task.slug else {})
    return first_page(task.station.pages, known)


def first_page(names: Iterable[str], known: Mapping[str, str]) -> str | None:
    """The first of these pages whose address needs no more than what is known."""
    for name in names:
        for rule in current_app.url_map.iter_rules(name):
            if "GET" in (rule.methods or ()) and rule.arguments <= set(known):
                needed: dict[str, Any] = {key: known[key] for key in rule.arguments}
                return url_for(name, **needed)
    return None

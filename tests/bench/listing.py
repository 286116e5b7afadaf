"""The portal once more, with one page more than it has: the search page with its list out of the process's memory."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from app.cli import run
from app.evidence.models import Binder
from app.evidence.queries import Answer
from app.evidence.views import searching
from app.evidence.views.searching import Search

FROM_MEMORY = "from-memory"  # in the address


def web() -> Flask:
    """The portal; a search that says so in its address is answered with what was found the first time."""
    ask, known = searching.answered, {}  # type: ignore[var-annotated]

    def answered(binder: Binder, search: Search) -> Answer:
        if not request.args.get(FROM_MEMORY):
            return ask(binder, search)
        if search not in known:
            known[search] = ask(binder, search)
        return known[search]

    module: Any = searching
    module.answered = answered
    return run.web()

"""The blueprint of the room, and what all its pages share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, abort

from app.participation.rules import sentences
from app.participation.rules.modules import CHARTS, TITLES
from app.participation.rules.reports import METHOD_WORDS
from app.people.actions import Refused
from forms.participation import said

bp = Blueprint("participation", __name__)

STATE_WORDS = {
    "planned": "planned",
    "registering": "registration open",
    "open": "open for charts",
    "closed": "closed, reports to come",
    "released": "reports out",
    "cancelled": "canceled",
    "enrolled": "enrolled, no chart yet",
    "abstracting": "entering charts",
    "frozen": "charts frozen",
    "reported": "final report out",
    "lapsed": "lapsed without charts",
    "withdrawn": "withdrawn",
}


@bp.app_context_processor
def words() -> dict[str, object]:
    """The words that several templates of the room need."""
    return {
        "module_titles": TITLES,
        "module_charts": CHARTS,
        "chart_word": said,
        "method_words": METHOD_WORDS,
        "participation_words": STATE_WORDS,
        "why_excluded": sentences.of_exclusion,
        "why_wrong": sentences.of_error,
        "why_not_qualified": sentences.of_reason,
    }


@contextmanager
def told() -> Iterator[None]:
    """A button that cannot be pressed now answers with every reason."""
    try:
        yield
    except Refused as refused:
        abort(422, description=" ".join(refused.reasons))

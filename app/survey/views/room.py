"""The blueprint of the room, and how its pages say that something is not possible now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request

from app.survey.rules.moves import Refused

bp = Blueprint("survey", __name__)


def refused_by(form: Any, verb: Callable[[], Any]) -> bool:
    """Try the verb; where a guard says no, its reasons stand on top of the form."""
    try:
        verb()
    except Refused as refused:
        form.form_errors = [*form.form_errors, *refused.reasons]
        return True
    return False


def in_place() -> bool:
    """Does htmx ask for a part of the page?"""
    return request.headers.get("HX-Request") == "true"

"""The blueprint of the room, and how a refused action comes back to its form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash

from app.application.models import Application
from app.application.rules.case import Refused
from app.people.access import current_user
from app.people.rules import Role

bp = Blueprint("application", __name__)


def tell(form: Any, refused: Refused) -> None:
    """Put the reasons of a refusal at the top of the form that asked."""
    form.form_errors = [*form.form_errors, *refused.reasons]


def flash_reasons(refused: Refused) -> None:
    """Say the reasons of a refusal on the next page, where there is no form to say them at."""
    for reason in refused.reasons:
        flash(reason, "error")


def shows_secrets(application: Application) -> bool:
    """The tax id is shown whole to the owner and to the Program's office, to others only its end."""
    user = current_user()
    return user.holds(Role.OWNER, application.practice_id) or bool({Role.STAFF, Role.ADMIN} & user.program_roles)

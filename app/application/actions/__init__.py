"""Verbs of milestone 2. What other rooms call stands here; the rest stands with its subject."""

from app.application.actions.opening import open_for
from app.application.actions.submission import end, resubmit, return_, submit, withdraw

__all__ = ["end", "open_for", "resubmit", "return_", "submit", "withdraw"]

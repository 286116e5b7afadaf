"""The pages of milestone 2."""

from app.application.views import agreements, desk, gate, payment, sections, steps, submission
from app.application.views.room import bp

__all__ = ["agreements", "bp", "desk", "gate", "payment", "sections", "steps", "submission"]

"""The pages of M3, one file per subject."""

from app.survey.views import assignment, committee, desk, visit, worksheet
from app.survey.views.room import bp

__all__ = ["assignment", "bp", "committee", "desk", "visit", "worksheet"]

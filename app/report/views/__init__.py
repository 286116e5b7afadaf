"""The pages of M4, one file per subject."""

from app.report.views import draft, evidence, plan, read, resurvey, review
from app.report.views.room import bp

__all__ = ["bp", "draft", "evidence", "plan", "read", "resurvey", "review"]

"""The verbs of M5."""

from app.decision.actions.award import award, issue_version
from app.decision.actions.term import expire_ended

__all__ = ["award", "expire_ended", "issue_version"]

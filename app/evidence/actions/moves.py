"""A version moves from state to state as the table says, and no other way."""

from __future__ import annotations

from app.evidence.models import Version
from app.evidence.rules import MOVES, Refused


def move(version: Version, name: str) -> None:
    """Make the move; raises Refused when somebody else was faster."""
    allowed, after = MOVES[name]
    if version.state not in allowed:
        raise Refused("Somebody else has just changed this document. Look again.")
    version.state = after

"""Rounds: the sample round, wherever in its life it is needed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.participation.models import Round
from app.participation.rules.moves import RoundState
from app.participation.rules.windows import sample_round


def round_(db: Session, **over: Any) -> Round:
    """The sample round, open, its reports not out yet."""
    facts: dict[str, Any] = vars(sample_round()) | {
        "final_report_on": None, "state": RoundState.OPEN, "registers_from": date(2025, 12, 1),
        "registers_until": date(2026, 5, 31),
    }  # fmt: skip
    made = Round(**(facts | over))
    db.add(made)
    db.flush()
    return made

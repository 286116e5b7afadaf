"""Every permission, move and setting stands in the reference, and every move is made somewhere."""

from __future__ import annotations

import pytest

from tests.walks.reference import REFERENCE, ROOT, TO_COME, Moves, every_table, text

# Moves that their verb makes without naming them, and what it writes instead.
MADE_BY = {
    "documents: issue": "PaperState.ISSUED, key",
    "documents: fail": "PaperState.FAILED, error",
    "participation: begin": "enrolment.state = EnrolmentState.ABSTRACTING",
    "participation: lapse": "enrolment.state = EnrolmentState.LAPSED",
    "participation: report": "enrolment.state = EnrolmentState.REPORTED",
    "participation: enter": "def enter_chart",
    "participation: lock": "_set_charts(db, enrolment, ChartState.LOCKED)",
    "participation: unlock": "_set_charts(db, enrolment, ChartState.ENTERED)",
    "decision: grant": "def _grant",
}


def test_the_reference_says_what_the_code_says() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == text(), "Run python -m tests.walks.reference."


@pytest.mark.parametrize("moves", list(every_table()), ids=lambda one: f"{one.room}-{one.name}")
def test_every_move_is_made_by_the_room_or_is_said_to_come(moves: Moves) -> None:
    made = code(moves.room)
    names = [f"{moves.room}: {name}" for name in moves.table]
    missing = {name for name in names if MADE_BY.get(name, f'"{name.split(": ")[1]}"') not in made}
    assert missing - TO_COME == set()
    assert TO_COME & set(names) == missing, "A move that is made now is not to come any more."


def code(room: str) -> str:
    """What a room does, without its tables of moves; and the words that a form lets people choose."""
    files = [path for path in (ROOT / "app" / room).rglob("*.py") if "rules" not in path.parts]
    files = [path for path in files if path.name != "rules.py"] + [*ROOT.glob(f"forms/{room}*.py")]
    return "".join(path.read_text(encoding="utf-8") for path in files)

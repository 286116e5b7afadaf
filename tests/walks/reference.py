"""The reference, written from the code: who may do what, how things move, and the dated settings.

`python -m tests.walks.reference` writes docs/reference.md anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from app import ROOMS
from app.people.access import RULES
from app.people.can import Can
from app.program import defaults

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs/reference.md"

# Moves that the program knows and the portal does not make yet.
TO_COME = {
    "participation: cancel",
    "application: reinstate",
    "application: refund",
}


@dataclass(frozen=True)
class Moves:
    """One table of moves, and the room it belongs to."""

    room: str
    name: str
    table: Mapping[str, tuple[Any, Any]]


def every_table() -> Iterator[Moves]:
    """Every table of moves of every room, in the order of the rooms."""
    for room in ROOMS:
        folder = ROOT / "app" / room
        for path in sorted([*folder.glob("rules.py"), *folder.glob("rules/**/*.py")]):
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            for name, value in vars(import_module(dotted)).items():
                if name.endswith("MOVES") and isinstance(value, Mapping) and f"\n{name}" in path.read_text():
                    yield Moves(room, name, value)


def permissions() -> Iterator[str]:
    """The table of who may do what, one row each."""
    yield "| may | who |"
    yield "|---|---|"
    for can in Can:
        ways = [" and ".join(test.__name__.replace("_", " ") for test in way) for way in RULES[can]]
        yield f"| {can.value.replace('_', ' ')} | {'; '.join(ways)} |"


def moves() -> Iterator[str]:
    """Every thing that moves: from where to where."""
    yield "| thing | move | from | to |"
    yield "|---|---|---|---|"
    for one in every_table():
        for name, (before, after) in one.table.items():
            came = ", ".join(sorted(str(state) for state in before))
            later = " (to come)" if f"{one.room}: {name}" in TO_COME else ""
            thing = type(after).__name__.removesuffix("State").lower() or one.room
            yield f"| {one.room}, {thing} | {name.replace('_', ' ')}{later} | {came} | {after} |"


def settings() -> Iterator[str]:
    """Every dated setting with the value that ships."""
    yield "| setting | what it is | value that ships |"
    yield "|---|---|---|"
    for key, one in defaults.definitions().items():
        yield f"| `{key}` | {one.title}: {one.help} | {one.value} |"


def text() -> str:
    """The whole reference."""
    parts = [
        "# Reference", "Written from the code by `python -m tests.walks.reference`; a test keeps the two the same.",
        "## Who may do what", "\n".join(permissions()),
        "## How things move", "\n".join(moves()),
        "## Dated settings", "An administrator gives a setting a new value from a day on, under Settings.",
        "\n".join(settings()),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    REFERENCE.write_text(text(), encoding="utf-8")

"""The values that ship with the portal, as data."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from app.program.rules.clocks import Basis
from app.program.rules.days import Direction
from app.program.rules.fees import Item
from app.program.rules.values import CLOCKS, ClockDefinition, Definition


@dataclass(frozen=True)
class ShippedFee:
    """One row of the fee table that ships."""

    effective_from: date
    item: Item
    over: Decimal | None
    up_to: Decimal | None
    dollars: int | None
    words: str
    basis: Basis


@cache
def definitions() -> dict[str, Definition]:
    """Every setting by its key: the clocks first, then the others, in the order of their groups."""
    return {one.key: one for one in [*_clocks(), *_settings()]}


def clock(key: str) -> ClockDefinition:
    """The clock of this key; raises KeyError for any other word."""
    found = definitions()[key]
    if not isinstance(found, ClockDefinition):
        raise KeyError(key)
    return found


def fees() -> list[ShippedFee]:
    """The rows of the fee table that ships."""
    return [
        ShippedFee(
            date.fromisoformat(row["effective_from"]), Item(row["item"]), _decimal(row["over"]),
            _decimal(row["up_to"]), int(row["dollars"]) if row["dollars"] else None, row["words"], Basis(row["basis"]),
        )
        for row in _rows("fees.csv")
    ]  # fmt: skip


def _clocks() -> Iterator[ClockDefinition]:
    for row in _rows("clocks.csv"):
        yield ClockDefinition(
            key=row["key"], group=CLOCKS, title=row["title"], kind="span", value=row["value"],
            basis=Basis(row["basis"]), help=row["rule"].format(span="this time") + ".",
            effective_from=date.fromisoformat(row["effective_from"]), direction=Direction(row["direction"]),
            runs_from=row["runs_from"], rule=row["rule"], owed_by=row["owed_by"], if_missed=row["if_missed"],
        )  # fmt: skip


def _settings() -> Iterator[Definition]:
    for row in _rows("settings.csv"):
        yield Definition(
            key=row["key"], group=row["group"], title=row["title"], kind=row["kind"], value=row["value"],
            basis=Basis(row["basis"]), help=row["help"], effective_from=date.fromisoformat(row["effective_from"]),
        )  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    with files("app.program").joinpath("data", name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None

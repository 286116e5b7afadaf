"""Reads the sample edition's tables, which are data and not code."""

import csv
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def table(name: str) -> list[dict[str, str]]:
    """The rows of one of our own CSV files, by column name."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

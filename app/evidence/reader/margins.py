"""What stands at the head or foot of every page, as rows of cells: each once, none that is only a page's number."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_ROWS = 16
MOST_CELLS = 6
ONLY_NUMBERS = re.compile(r"[\W\d_]*(page|pg|p)?[\W\d_]*(of)?[\W\d_]*", re.IGNORECASE)


def tidy(rows: Iterable[list[str]]) -> list[list[str]]:
    """The rows that say something."""
    found: list[list[str]] = []
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        said = [cell for cell in cells if cell and not ONLY_NUMBERS.fullmatch(cell)]
        if said and said not in found:
            found.append(said[:MOST_CELLS])
    return found[:MOST_ROWS]

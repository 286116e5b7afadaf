"""How the process that reads hands over its pages: one line of JSON for each, in a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.evidence.reader.lines import Page


def keep(folder: Path, made: Iterable[Page]) -> dict[str, Any]:
    """Write them, and say how many."""
    count = 0
    with (folder / "pages").open("w", encoding="utf-8") as file:
        for page in made:
            file.write(json.dumps(asdict(page)) + "\n")
            count += 1
    return {"pages": count}


def kept(folder: Path) -> Iterator[Page]:
    """Read them again."""
    with (folder / "pages").open(encoding="utf-8") as file:
        for line in file:
            yield Page(**json.loads(line))

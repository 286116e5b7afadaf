"""How the process that reads hands over its pages: one line of JSON for each, in a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.evidence.reader.lines import Page
from app.evidence.rules import Refusal, Refused


def keep(folder: Path, made: Iterable[Page]) -> dict[str, Any]:
    """Write them, and say how many."""
    count = 0
    with (folder / "pages").open("w", encoding="utf-8") as file:
        for page in made:
            file.write(json.dumps(vars(page)) + "\n")
            count += 1
    return {"pages": count}


def kept(folder: Path) -> list[Page]:
    """Read them again. A file may have taken over whoever wrote them: nothing but pages comes through."""
    try:
        with (folder / "pages").open(encoding="utf-8") as file:
            return [Page(**json.loads(line)) for line in file]
    except (ValueError, TypeError, RecursionError, OSError):
        raise Refused(Refusal.CANNOT_BE_READ) from None

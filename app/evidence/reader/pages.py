"""How the process that reads hands over its pages: in a file, a line for each, of JSON and the JSON of its words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.evidence.reader.lines import Page
from app.evidence.rules import Refusal, Refused
from app.evidence.rules.places import Written


def keep(folder: Path, made: Iterable[Page]) -> dict[str, Any]:
    """Write them, and say how many."""
    count = 0
    with (folder / "pages").open("w", encoding="utf-8") as file:
        for page in made:
            file.write(line(page))
            count += 1
    return {"pages": count}


def line(page: Page) -> str:
    """What stands in the file for a page."""
    return f"{json.dumps({**vars(page), 'words': None})}\t{json.dumps(page.words)}\n"


def kept(folder: Path) -> list[Page]:
    """Read them again. A file may have taken over whoever wrote them: nothing but pages comes through."""
    try:
        with (folder / "pages").open(encoding="utf-8") as file:
            return [_page(*line.rstrip("\n").split("\t")) for line in file]
    except (ValueError, TypeError, RecursionError, OSError):
        raise Refused(Refusal.CANNOT_BE_READ) from None


def _page(facts: str, words: str) -> Page:
    return Page(**{**json.loads(facts), "words": Written(json.loads(words), words)})

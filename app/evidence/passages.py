"""Finding a quoted passage again, and where it stands on its page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Box = tuple[int, int, int, int]
Span = tuple[int, int]


def locate(text: str, quote: str) -> Span | None:
    """Where the quote stands in the text; spaces, line ends, case and broken words make no difference."""
    words = re.findall(r"[^\W_]+|[^\w\s\-\u2010\u2011]", quote.casefold())
    if not words:
        return None
    pattern = r"[\s\-\u2010\u2011]*".join(map(re.escape, words))
    match = re.search(pattern, text.casefold()) if len(text.casefold()) == len(text) else None
    return match.span() if match else None


def find(pages: Iterable[tuple[int, str]], quote: str, first: int | None) -> int | None:
    """The page that holds the quote: the one it was on, if it is still there, else the first that does."""
    held = [number for number, text in pages if quote and locate(text, quote)]
    return first if first in held else held[0] if held else None


def boxes(words: Sequence[Sequence[int]], spans: Iterable[Span]) -> list[Box]:
    """The places on the page of all words that touch these spans of its text."""
    wanted = list(spans)
    return [
        (left, top, width, height)
        for start, end, left, top, width, height, *_ in words  # a word of which recognition was unsure also says how
        if any(start < last and first < end for first, last in wanted)
    ]

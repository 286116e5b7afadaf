"""The places of a page's words, as they came over from the process that read them."""

from __future__ import annotations

from collections.abc import Sequence


class Written(list[Sequence[int]]):
    """Places that were read from JSON; its text is kept, so that it need not be made again to be stored."""

    def __init__(self, places: list[Sequence[int]], text: str) -> None:
        super().__init__(places)
        self.text = text

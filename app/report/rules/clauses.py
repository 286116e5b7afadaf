"""The old and the new wording of a clause, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"“A-Z0-9])")
ALIKE = 0.45  # below it two sentences have only common words in common


@dataclass(frozen=True)
class Piece:
    """Some words, and whether they stayed (""), went ("del") or came ("ins")."""

    kind: str
    words: str


def sentences(text: str) -> list[str]:
    """The sentences of a page, white space collapsed."""
    return [one for one in _SENTENCE.split(" ".join(text.split())) if one]


def closest(clause: str, candidates: Sequence[str]) -> str | None:
    """The sentence that is most like the clause; none if none is."""
    words = clause.lower().split()
    scored = [(SequenceMatcher(None, words, one.lower().split(), autojunk=False).ratio(), one) for one in candidates]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= ALIKE else None


def compared(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both wordings in pieces: what went is marked in the old one, what came in the new one."""
    before, after = old.split(), new.split()
    was, now = [], []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if a < b:
            was.append(Piece("" if tag == "equal" else "del", " ".join(before[a:b])))
        if c < d:
            now.append(Piece("" if tag == "equal" else "ins", " ".join(after[c:d])))
    return was, now

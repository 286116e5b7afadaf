"""Files: what they are, where they stand, and what makes one unfit for a binder."""

from __future__ import annotations

import math
import re
import unicodedata
from enum import StrEnum

MOST_BYTES = 50 * 1024 * 1024
MOST_PAGES = 3000
NAME_LENGTH = 180


class Kind(StrEnum):
    """What a file is, by its content."""

    PDF = "pdf"
    WORD = "docx"
    OPEN = "odt"
    RICH = "rtf"
    TEXT = "txt"


class State(StrEnum):
    """Where a version of a document stands."""

    CHECKING = "checking"
    HELD = "held"
    READABLE = "readable"
    UNREADABLE = "unreadable"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


STATE_WORDS = {
    State.CHECKING: "Being read",
    State.HELD: "Held back: it may name patients",
    State.READABLE: "Readable",
    State.UNREADABLE: "Cannot be searched",
    State.REPLACED: "Replaced",
    State.WITHDRAWN: "Withdrawn",
}

CURRENT = frozenset({State.CHECKING, State.HELD, State.READABLE, State.UNREADABLE})

MOVES: dict[str, tuple[frozenset[State], State]] = {
    "read": (frozenset({State.CHECKING}), State.READABLE),
    "find_no_text": (frozenset({State.CHECKING}), State.UNREADABLE),
    "hold": (frozenset({State.CHECKING}), State.HELD),
    "clear": (frozenset({State.HELD}), State.READABLE),
    "replace": (CURRENT, State.REPLACED),
    "withdraw": (CURRENT, State.WITHDRAWN),
}


class Source(StrEnum):
    """Where the words of a page come from."""

    TEXT = "text"
    OCR = "ocr"
    NONE = "none"


class Refused(Exception):
    """A file that a binder does not take, with one plain sentence that says what to do."""

    @property
    def reason(self) -> str:
        return str(self.args[0])


class Refusal(StrEnum):
    """Every sentence with which a file can be refused."""

    EMPTY = "This file is empty. Choose it again, or save it again first."
    NEITHER = "This is neither a PDF nor a Word document (.docx). Save it as one of these and add it again."
    PASSWORD = "This file needs a password to be opened. Save it without the password and add it again."  # noqa: S105
    OLD_WORD = "This is in the old Word format (.doc). Save it as .docx or PDF and add it again."
    MACROS = "This file holds macros. Save it as a plain Word document (.docx) or PDF and add it again."
    TEMPLATE = "This is a Word template. Save it as a Word document (.docx) and add it again."
    OTHER_OFFICE = "This is an Office file, but not a Word document. Save it as PDF and add it again."
    DAMAGED_PDF = "This PDF is damaged and cannot be opened safely. Print or save it as a new PDF and add that."
    DAMAGED_WORD = "This Word document is damaged. Open it in Word, save it again and add it again."
    UNSAFE_WORD = "This Word document is built in a way that Word never builds one. Save it as PDF and add that."
    BOMB = "This file unpacks to far more than a document holds. Save it as PDF and add that."
    NO_PAGES = "This PDF has no pages. Save it again and add it again."
    TOO_MANY_PAGES = "This file has more than 3,000 pages. Split it and add the parts."
    CANNOT_BE_READ = "This file could not be processed within our limits. Save it as a new PDF and add that."
    ALREADY_HERE = "The same file is already in this binder."


def why_not_size(size: int) -> str | None:
    """Why a file of this many bytes is refused, if it is."""
    if size == 0:
        return Refusal.EMPTY
    if size > MOST_BYTES:
        shown = math.ceil(size * 10 / 1024**2) / 10  # one byte too many is not 50.0
        return f"This file has {shown:.1f} MB; 50 MB is the most. Split it, or save it with smaller pictures."
    return None


def clean_name(name: str) -> str:
    """A file's name as data: no folder, no control or direction marks, one way of writing each letter."""
    plain = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    last = re.split(r"[/\\]", plain)[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    shown = re.sub(r"\s+", " ", shown).strip().lstrip(".") or "unnamed"
    if len(shown) <= NAME_LENGTH:
        return shown
    stem, dot, end = shown.rpartition(".")
    return f"{stem[: NAME_LENGTH - len(end) - 1]}.{end}" if dot and len(end) <= 10 else shown[:NAME_LENGTH]


def title_of(filename: str) -> str:
    """What a document is called until somebody names it: its file's name without the ending."""
    stem, dot, end = filename.rpartition(".")
    return stem if dot and 0 < len(end) <= 5 else filename

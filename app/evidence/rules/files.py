"""Files: what they are, where they stand, and what makes one unfit for a binder."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

NAME_LENGTH = 180


@dataclass
class Limits:
    """How large a file may be. What the operator sets is written here once, when the program starts."""

    megabytes: int = 50
    pages: int = 3000

    @property
    def size(self) -> int:
        """The most bytes."""
        return self.megabytes * 1024 * 1024


LIMITS = Limits()


class Kind(StrEnum):
    """What a file is, by its content."""

    PDF = "pdf"
    WORD = "docx"
    OPEN = "odt"
    RICH = "rtf"
    TEXT = "txt"


@dataclass(frozen=True)
class Format:
    """How files of one kind are called: what they are, the ending of their names, their media type."""

    noun: str
    ending: str
    media: str


FORMATS = {
    Kind.PDF: Format("a PDF", ".pdf", "application/pdf"),
    Kind.WORD: Format("a Word document", ".docx",
                      "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    Kind.OPEN: Format("an OpenDocument text", ".odt", "application/vnd.oasis.opendocument.text"),
    Kind.RICH: Format("rich text", ".rtf", "application/rtf"),
    Kind.TEXT: Format("plain text", ".txt", "text/plain"),
}  # fmt: skip

KINDS_WORDS = "PDF, Word (.docx), OpenDocument (.odt), rich text (.rtf) or plain text (.txt)"


def accepted() -> str:
    """What a field for files offers to choose: every ending and every media type."""
    return ",".join([one.ending for one in FORMATS.values()] + [one.media for one in FORMATS.values()])


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

SEEN = (State.READABLE, State.UNREADABLE)  # what the Program can see
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


class LeftOut(StrEnum):
    """What a reading copy does not carry over from its file, because it could act or fetch."""

    SCRIPTS = "scripts"
    STARTING = "actions that start by themselves"
    SUBMITTING = "form submission"
    PROGRAM = "a form that is drawn by a program"
    ATTACHED = "attached files"
    MEDIA = "media"
    LINKED = "links to other files"
    PICTURES = "pictures from other places"
    EMBEDDED = "embedded objects"
    FETCHING = "fields that fetch from other places"
    TEMPLATE = "a template from another place"


class Refused(Exception):
    """A file that a binder does not take, with one plain sentence that says what to do."""

    @property
    def reason(self) -> str:
        return str(self.args[0])


class Refusal(StrEnum):
    """Every sentence with which a file can be refused."""

    EMPTY = "This file is empty. Choose it again, or save it again first."
    NEITHER = ("This is neither a PDF nor a Word, OpenDocument, rich text or plain text file."
               " Save it as PDF and add it again.")  # fmt: skip
    PASSWORD = "This file needs a password to be opened. Save it without the password and add it again."  # noqa: S105
    OLD_WORD = "This is in an old Office format (.doc, .xls, .ppt). Save it as .docx or PDF and add it again."
    MACROS = "This file holds macros. Save it as a plain Word document (.docx) or PDF and add it again."
    TEMPLATE = "This is a template. Save it as a document and add it again."
    OTHER_OFFICE = "This is an Office file, but not a text document. Save it as PDF and add it again."
    DAMAGED_PDF = "This PDF is damaged and cannot be opened safely. Print or save it as a new PDF and add that."
    DAMAGED_WORD = "This Word document is damaged. Open it in Word, save it again and add it again."
    DAMAGED_OPEN = "This OpenDocument text is damaged. Open it, save it again and add it again."
    UNSAFE_WORD = "This Word document is built in a way that Word never builds one. Save it as PDF and add that."
    UNSAFE_OPEN = "This OpenDocument text is built in a way that no program builds one. Save it as PDF and add that."
    ACTIVE = "This PDF holds scripts or actions that cannot be taken out. Print it to a new PDF and add that."
    BOMB = "This file unpacks to far more than a document holds. Save it as PDF and add that."
    NO_PAGES = "This PDF has no pages. Save it again and add it again."
    CANNOT_BE_READ = "This file could not be processed within our limits. Save it as a new PDF and add that."
    ALREADY_HERE = "The same file is already in this binder."


def why_not_size(size: int) -> str | None:
    """Why a file of this many bytes is refused, if it is."""
    if size == 0:
        return Refusal.EMPTY
    if size > LIMITS.size:
        shown = math.ceil(size * 10 / 1024**2) / 10  # one byte too many is not 50.0
        most = LIMITS.megabytes
        return f"This file has {shown:.1f} MB; {most} MB is the most. Split it, or save it with smaller pictures."
    return None


def why_not_pages(pages: int, most: int) -> str | None:
    """Why a file of this many pages is refused, if it is."""
    return f"This file has more than {most:,} pages. Split it and add the parts." if pages > most else None


def why_not_name(kind: Kind, filename: str) -> str | None:
    """Why the name of a file of this kind is refused, if it is: its ending says something else."""
    form = FORMATS[kind]
    if clean_name(filename).lower().endswith(form.ending):
        return None
    if kind is Kind.TEXT:  # much is text that is no document: pages of the web, programs, tables
        return Refusal.NEITHER
    return f"This file is {form.noun}, but its name does not end in {form.ending}. Rename it and add it again."


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

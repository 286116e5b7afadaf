"""Uploads: a file on its way in, piece by piece, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from app.evidence.rules.files import Refusal, Refused, why_not_size

PIECE = 4 * 1024 * 1024  # bytes that are sent at once
MOST_OPEN = 1000  # uploads that one person may have begun and not finished
MOST_A_DAY = 5 * 1024**3  # bytes that one practice may send within a day
DAY = timedelta(days=1)
GIVEN_UP = timedelta(days=1)  # an upload that nothing came for since
KEPT = timedelta(days=30)  # what is said of a refused file, unless it is dismissed before
ASK_AGAIN = timedelta(seconds=30)  # until the virus check is asked once more
MOST_STARTS = 3  # of reading one file anew after its work was given up, each of several tries

WHOLE_PAGE = 10_000  # a place on a page is in ten-thousandths of its width and height

MOST_ENTRIES = 500
MOST_PACKED = MOST_UNPACKED = 500 * 1024 * 1024
PASSED_OVER = ("thumbs.db", "desktop.ini")


class UploadState(StrEnum):
    """Where an upload stands."""

    RECEIVING = "receiving"
    SCANNING = "scanning"
    UNPACKING = "unpacking"
    TAKEN = "taken"
    REFUSED = "refused"


class Unfit(StrEnum):
    """Every sentence with which a ZIP, a file in it, or an upload can be refused."""

    NO_FILES = "There is no file in this ZIP. Add the files themselves."
    DAMAGED = "This ZIP is damaged. Make it again, or add the files themselves."
    UNSAFE = "This ZIP is built in a way that no packing program builds one. Add the files themselves."
    BOMB = "This ZIP unpacks to far more than its files can hold. Add the files themselves."
    TOO_MANY = f"There are more than {MOST_ENTRIES} files in this ZIP. Make several, or add the files themselves."
    TOO_LARGE = f"The files in this ZIP have more than {MOST_UNPACKED // 1024**2} MB together. Make several ZIPs of it."
    PACKED_TOO_LARGE = f"This ZIP has more than {MOST_PACKED // 1024**2} MB. Make several, or add the files themselves."
    LOCKED = "This file needs a password to be unpacked. Add it by itself, without the password."
    NESTED = "A ZIP inside of a ZIP is not unpacked. Add it by itself."
    LEADS_OUTSIDE = "This file's place in the ZIP leads outside of it. Add the file by itself."
    INFECTED = "The virus check found something harmful in this file, so it was not kept. Clean it and add it again."
    NO_SCANNER = "The virus check does not answer now. Try again later."
    GIVEN_UP = "This upload was given up before it was taken in. Choose the file again."
    STOPPED = "This file could not be unpacked within our limits. Add the files themselves."


def why_not_begin(*, size: int, begun: int, sent_today: int) -> str | None:
    """Why nothing more can be sent just now, if so: a pause helps, the file itself is not at fault."""
    if begun >= MOST_OPEN:
        return f"You have {MOST_OPEN:,} files on their way. Wait until some have arrived, then go on."
    if sent_today + size > MOST_A_DAY:
        return f"Your practice has sent {MOST_A_DAY // 1024**3} GB within a day, which is the most. Go on tomorrow."
    return None


def why_not_announced(name: str, size: int) -> str | None:
    """Why a file need not even be sent; a ZIP may hold what many files have together."""
    if name.casefold().endswith(".zip"):
        return Refusal.EMPTY if size == 0 else Unfit.PACKED_TOO_LARGE if size > MOST_PACKED else None
    return why_not_size(size)


def passed_over(name: str) -> bool:
    """Does this entry of a ZIP hold nothing that anybody meant to send? Left by systems and by Word."""
    parts = name.replace("\\", "/").split("/")
    last = parts[-1].casefold()
    return not last or "__MACOSX" in parts or last.startswith((".", "~$")) or last in PASSED_OVER


def leads_outside(name: str) -> bool:
    """Does the place of this entry lead out of the ZIP?"""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or parts[0].endswith(":") or "\0" in name


def box_from(edges: Sequence[object]) -> tuple[int, int, int, int]:
    """Left, top, width and height in ten-thousandths of the page; raises Refused for what is no box on it."""
    found = [edge for edge in edges if isinstance(edge, int) and not isinstance(edge, bool)]
    if len(found) != 4 or len(edges) != 4:
        raise Refused("A box needs four numbers: left, top, width and height.")
    left, top, width, height = found
    right, bottom = min(left + width, WHOLE_PAGE), min(top + height, WHOLE_PAGE)
    left, top = max(left, 0), max(top, 0)
    if right <= left or bottom <= top:
        raise Refused(
            "This box is not on the page. Left, top, width and height are percent of the page, from 0 to 100."
        )
    return left, top, right - left, bottom - top

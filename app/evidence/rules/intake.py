"""Uploads: a file on its way in, piece by piece, and what became of it."""

from __future__ import annotations

from enum import StrEnum


class UploadState(StrEnum):
    """Where an upload stands."""

    RECEIVING = "receiving"
    UNPACKING = "unpacking"
    TAKEN = "taken"
    REFUSED = "refused"

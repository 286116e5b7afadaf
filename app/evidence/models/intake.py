"""Uploads on their way in: piece by piece, so that a lost connection loses nothing that has arrived."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.evidence.rules.intake import UploadState
from app.kernel.db import At, Base, Id, ref, words


class Upload(Base):
    """One file (or ZIP of files) that somebody is sending; its pieces are objects of the store until it is whole."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("received >= 0 AND received <= size AND size > 0", name="no_more_than_was_said"),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused_says_why"),
    )

    id: Mapped[Id]
    binder_id: Mapped[str] = ref("binder.id")
    practice_id: Mapped[str] = ref("practice.id")
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    by_id: Mapped[str] = ref("person.id")
    filename: Mapped[str] = mapped_column(String(255))
    code: Mapped[str | None] = mapped_column(String(16))  # the row whose thread asked for it
    size: Mapped[int]
    modified: Mapped[int] = mapped_column(BigInteger, default=0)  # by it, name and size a browser knows its file again
    received: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[list[str]] = mapped_column(JSON, default=list)  # keys in the store, in order
    state: Mapped[UploadState] = words(UploadState, default=UploadState.RECEIVING, index=True)
    reason: Mapped[str | None] = mapped_column(String(400))
    entries: Mapped[int | None]  # of a ZIP: how many files are in it
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # what came of each file
    opened_at: Mapped[At]
    changed_at: Mapped[At]

    kept_from_program = True

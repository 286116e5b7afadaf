"""What became of pins when new versions came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.evidence.models import Binder, Document, Pin
from app.evidence.passages import Change, changes
from app.evidence.rules import Carried
from app.standards import queries as standards
from app.standards.models import StandardRow

ORDER = {Carried.LOST: 0, Carried.CHANGED: 1, Carried.MOVED: 2}


@dataclass(frozen=True)
class Carry:
    """One pin that was carried over: its row, and the two wordings word by word."""

    pin: Pin
    row: StandardRow | None
    changes: Sequence[Change]


def carried(db: Session, binder: Binder, document: Document | None = None) -> list[Pin]:
    """Pins whose passage moved, changed or is gone, and that nobody has looked at yet: the worst first."""
    asked = select(Pin).where(Pin.binder_id == binder.id, Pin.carried.in_(list(ORDER)), Pin.checked_at.is_(None))
    if document is not None:
        asked = asked.where(Pin.document_id == document.id)
    found = db.scalars(asked.options(selectinload(Pin.document), selectinload(Pin.version)))
    return sorted(found, key=lambda pin: (ORDER[pin.carried or Carried.MOVED], pin.was_page or 0, pin.code, pin.id))


def carries(db: Session, document: Document) -> list[Carry]:
    """The same for one document, with the old wording beside the new."""
    rows = {row.code: row for row in standards.rows(db, document.binder.edition_id)}
    return [
        Carry(pin, rows.get(pin.code), changes(pin.was_quote or "", pin.quote or ""))
        for pin in carried(db, document.binder, document)
    ]

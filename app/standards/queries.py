"""Questions about editions and their rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.standards.models import Edition, StandardRow
from app.standards.rules import EditionState


class NoEdition(LookupError):
    """No edition of the Standards is in force."""


@dataclass
class Branch:
    """A row and the rows below it."""

    row: StandardRow
    below: list[Branch] = field(default_factory=list)

    @property
    def rows(self) -> list[StandardRow]:
        """The row and everything below it, in order."""
        return [self.row, *(row for branch in self.below for row in branch.rows)]


def editions(db: Session) -> list[Edition]:
    """Every edition, the newest first."""
    return list(db.scalars(select(Edition).order_by(Edition.imported_at.desc(), Edition.code)))


def in_force(db: Session, on: date | None = None) -> list[Edition]:
    """The editions that new applications may choose (on that day), the newest first."""
    found = select(Edition).where(Edition.state == EditionState.IN_FORCE)
    if on is not None:
        found = found.where(Edition.in_force_from <= on)
    return list(db.scalars(found.order_by(Edition.in_force_from.desc(), Edition.imported_at.desc())))


def current_edition(db: Session) -> Edition:
    """The newest edition in force; raises NoEdition before the first one is."""
    found = in_force(db)
    if not found:
        raise NoEdition("No edition of the Standards is in force yet.")
    return found[0]


def edition(db: Session, code: str) -> Edition | None:
    """The edition of this code."""
    return db.scalar(select(Edition).where(Edition.code == code))


def rows(db: Session, edition_id: str) -> list[StandardRow]:
    """Every row of an edition, sorted by its numbers."""
    found = select(StandardRow).where(StandardRow.edition_id == edition_id)
    return list(db.scalars(found.order_by(StandardRow.position)))


def row(db: Session, edition_id: str, code: str) -> StandardRow | None:
    """One row by its code."""
    return db.scalar(select(StandardRow).where(StandardRow.edition_id == edition_id, StandardRow.code == code))


def slots(db: Session, edition_id: str) -> list[StandardRow]:
    """The rows that want a policy or a form."""
    return [row for row in rows(db, edition_id) if row.needs_document]


def tree(rows: list[StandardRow]) -> list[Branch]:
    """Sorted rows as domains with their standards with their elements; orphans of a filter become roots."""
    branches: dict[str, Branch] = {}
    roots: list[Branch] = []
    for row in rows:
        branch = branches[row.code] = Branch(row)
        parent = branches.get(row.parent or "")
        (parent.below if parent else roots).append(branch)
    return roots


def matching(rows: list[StandardRow], words: str) -> list[StandardRow]:
    """Rows that hold every word (or begin with a code), with their ancestors so that they can be placed."""
    wanted = words.casefold().split()
    if not wanted:
        return rows
    hits = {row.code for row in rows if all(_holds(row, word) for word in wanted)}
    kept = {code.rsplit(".", n)[0] for code in hits for n in range(code.count(".") + 1)}
    return [row for row in rows if row.code in kept]


def _holds(row: StandardRow, word: str) -> bool:
    said = " ".join([row.title, row.requirement, row.typical_finding, *row.search_terms]).casefold()
    return word in said or row.code == word or row.code.startswith(word + ".")

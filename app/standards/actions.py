"""Bringing in an edition of the Standards, putting it in force, retiring it."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

from sqlalchemy.orm import Session

from app.kernel import clock, ledger
from app.kernel.ledger import Actor
from app.standards import queries
from app.standards.models import Edition, StandardRow
from app.standards.rules import (
    EDITION_MOVES,
    EditionState,
    Fault,
    Kind,
    Line,
    read_lines,
    sort_key,
    why_not_an_edition,
)

SAMPLE_CODE = "sample-2026"
SAMPLE_TITLE = "Sample edition of the Standards, 2026"


class Refused(Exception):
    """The file makes no edition; `faults` says each line and reason."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def import_edition(
    db: Session, csv_text: str, *, code: str, title: str, sample: bool, by: Actor | None, now: datetime,
    in_force: bool = True,
) -> Edition:  # fmt: skip
    """Take in a whole edition, all or nothing; raises Refused with every fault."""
    lines, faults = read_lines(csv_text)
    faults = faults or why_not_an_edition(lines)
    if queries.edition(db, code):
        faults = [Fault(0, f"edition {code} is already here; a changed edition needs a code of its own"), *faults]
    if faults:
        raise Refused(faults)
    edition = Edition(
        code=code, title=title, sample=sample, imported_at=now,
        state=EditionState.IN_FORCE if in_force else EditionState.DRAFT,
        in_force_from=clock.day_of(now) if in_force else None,
        lines=[_row(at, line) for at, line in enumerate(sorted(lines, key=lambda line: sort_key(line.code)))],
    )  # fmt: skip
    db.add(edition)
    ledger.record(db, "edition imported", by=by, now=now, about=edition,
                  after={"code": code, "rows": len(lines), "state": edition.state})  # fmt: skip
    return edition


def load_sample_edition(db: Session, now: datetime) -> Edition:
    """The sample edition that ships with the portal, in force; a second call changes nothing."""
    found = queries.edition(db, SAMPLE_CODE)
    if found:
        return found
    text = files("app.standards").joinpath("data", "standards-sample-edition.csv").read_text("utf-8")
    return import_edition(db, text, code=SAMPLE_CODE, title=SAMPLE_TITLE, sample=True, by=None, now=now)


def publish(db: Session, edition: Edition, *, by: Actor, now: datetime) -> None:
    """Put a drafted edition in force, so that new applications may choose it."""
    _move(db, edition, "publish", by=by, now=now)


def retire(db: Session, edition: Edition, *, by: Actor, now: datetime, why: str) -> None:
    """Offer the edition to no new application; pinned ones keep it."""
    _move(db, edition, "retire", by=by, now=now, why=why)


def _move(db: Session, edition: Edition, move: str, *, by: Actor, now: datetime, why: str | None = None) -> None:
    states, to = EDITION_MOVES[move]
    if edition.state not in states:
        raise ValueError(f"An edition that is {edition.state} cannot be moved by {move}.")
    before, edition.state = edition.state, to
    edition.in_force_from = edition.in_force_from or clock.day_of(now)
    ledger.record(db, f"edition {to}", by=by, now=now, about=edition, why=why,
                  before={"state": before}, after={"state": to})  # fmt: skip


def _row(position: int, line: Line) -> StandardRow:
    return StandardRow(
        position=position, code=line.code, parent=line.parent, domain=line.domain, kind=Kind(line.kind),
        title=line.title, requirement=line.requirement, methods=line.methods, evidence_kinds=line.evidence_kinds,
        policy_types=line.policy_types, na_allowed=line.na_allowed == "true",
        na_condition=line.na_condition if line.na_allowed == "true" else None,
        search_terms=line.search_terms, typical_finding=line.typical_finding,
    )  # fmt: skip

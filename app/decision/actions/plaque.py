"""The plaque, from the owner's details to the wall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.decision import queries
from app.decision.models import Plaque
from app.decision.rules import PLAQUE_MOVES, why_not_details, why_not_move
from app.documents import actions as documents
from app.documents import queries as papers
from app.documents.models import Paper
from app.documents.rules import PaperKind, plain, why_not_printable
from app.kernel import clock, ledger
from app.kernel.words import day as said
from app.notices.actions import tell
from app.people.models import User
from app.people.queries import holders
from app.people.rules import Role
from app.program import actions as program
from app.program import queries as settings
from app.program.actions import Refused


def confirm_details(
    db: Session, plaque: Plaque, *, line: str, ship_to: Sequence[str], by: User, now: datetime
) -> None:  # fmt: skip
    """The owner says what is engraved and where it goes."""
    line, lines = plain(line).strip(), [plain(part).strip() for part in ship_to if part.strip()]
    most = settings.whole(db, "plaque.name_length", clock.day_of(now))
    _may(plaque, "confirm_details", why_not_details(line, lines, most) + why_not_printable([line, *lines]))
    before = {"line": plaque.line, "ship_to": plaque.ship_to} if plaque.line else None
    plaque.line, plaque.ship_to = line, lines
    program.meet_clock(db, plaque, "plaque.details", now=now)
    _move(db, plaque, "confirm_details", "plaque details confirmed", by=by, now=now, before=before,
          after={"line": line, "ship_to": lines})  # fmt: skip


def draw(db: Session, plaque: Plaque, *, by: User, now: datetime) -> Paper:
    """Staff send the proof: the plate as it will be, for approval."""
    _may(plaque, "draw")
    plaque.proof_round += 1
    answer_by = program.start_clock(
        db, "plaque.proof", practice_id=plaque.practice_id, case_id=plaque.case_id, about=plaque, event="proof sent",
        start=clock.day_of(now), now=now,
    )  # fmt: skip
    asked = {
        "approve_by": answer_by.due_on.isoformat(),
        "derivation": f"Proof sent {said(answer_by.starts_on)} + {answer_by.sum[0]['span']} = {said(answer_by.due_on)}",
    }
    plaque.proof = _paper(db, plaque, PaperKind.PLAQUE, asked, by=by, now=now)
    plaque.comment = ""
    _move(db, plaque, "draw", "plaque proof sent", by=by, now=now, after={"round": plaque.proof_round})
    _tell_owner(db, plaque, "The proof of your plaque is ready", "Approve it, or ask for a change.", now)
    return plaque.proof


def approve(db: Session, plaque: Plaque, *, by: User, now: datetime) -> None:
    """The owner finds every letter right; the engraver's file is made from the same data."""
    _may(plaque, "approve")
    program.meet_clock(db, plaque, "plaque.proof", now=now)
    plaque.engraving = _paper(db, plaque, PaperKind.PLAQUE_ENGRAVING, {}, by=by, now=now)
    program.start_clock(
        db, "plaque.ship", practice_id=plaque.practice_id, case_id=plaque.case_id, about=plaque,
        event="proof approved", start=clock.day_of(now), now=now,
    )  # fmt: skip
    _move(db, plaque, "approve", "plaque proof approved", by=by, now=now, after={"line": plaque.line})


def ask_change(db: Session, plaque: Plaque, *, comment: str, by: User, now: datetime) -> None:
    """The owner wants something else on the plate, or another address."""
    _may(plaque, "ask_change", _needs(comment, "Say what is to be changed."))
    program.meet_clock(db, plaque, "plaque.proof", now=now)
    plaque.comment = comment.strip()
    _move(db, plaque, "ask_change", "change of the plaque asked for", by=by, now=now, why=plaque.comment)


def order(db: Session, plaque: Plaque, *, maker: str, by: User, now: datetime) -> None:
    """Staff give the approved plate to its maker."""
    _may(plaque, "order", _needs(maker, "Name the maker."))
    plaque.maker = maker.strip()
    _move(db, plaque, "order", "plaque ordered", by=by, now=now, after={"maker": plaque.maker})


def ship(db: Session, plaque: Plaque, *, carrier: str, tracking: str, by: User, now: datetime) -> None:
    """The plaque is on its way, and can be followed."""
    _may(plaque, "ship", _needs(carrier, "Name the carrier.") + _needs(tracking, "Give the tracking number."))
    plaque.carrier, plaque.tracking, plaque.shipped_on = carrier.strip(), tracking.strip(), clock.day_of(now)
    program.meet_clock(db, plaque, "plaque.ship", now=now)
    _move(db, plaque, "ship", "plaque shipped", by=by, now=now,
          after={"carrier": plaque.carrier, "tracking": plaque.tracking})  # fmt: skip
    _tell_owner(db, plaque, "Your plaque is on its way", f"{plaque.carrier}, {plaque.tracking}.", now)


def receive(db: Session, plaque: Plaque, *, by: User, now: datetime) -> None:
    """The plaque has arrived."""
    _may(plaque, "receive")
    plaque.delivered_on = clock.day_of(now)
    _move(db, plaque, "receive", "plaque delivered", by=by, now=now)


def report_fault(db: Session, plaque: Plaque, *, reason: str, by: User, now: datetime) -> None:
    """Something is wrong with the plate: it is made again, for free."""
    _may(plaque, "report_fault", _needs(reason, "Say what is wrong with the plaque."))
    plaque.comment, plaque.delivered_on = reason.strip(), None
    _move(db, plaque, "report_fault", "fault of the plaque reported", by=by, now=now, why=plaque.comment)


def cancel(db: Session, plaque: Plaque, *, reason: str, by: User, now: datetime) -> None:
    """No plaque is made after all."""
    _may(plaque, "cancel", _needs(reason, "Say why no plaque is made."))
    for key in ("plaque.details", "plaque.proof", "plaque.ship"):
        program.end_clock(db, plaque, key, why="the plaque was cancelled")
    plaque.comment = reason.strip()
    _move(db, plaque, "cancel", "plaque cancelled", by=by, now=now, why=plaque.comment)


def _needs(text: str, reason: str) -> list[str]:
    return [] if text.strip() else [reason]


def _may(plaque: Plaque, move: str, reasons: Sequence[str] = ()) -> None:
    if refused := [*why_not_move(move, plaque.state), *reasons]:
        raise Refused(refused)


def _move(db: Session, plaque: Plaque, move: str, what: str, *, by: User, now: datetime, **said: Any) -> None:
    plaque.state, plaque.moved_at = PLAQUE_MOVES[move][1], now
    ledger.record(db, what, by=by, now=now, about=plaque, **said)


def _paper(
    db: Session, plaque: Plaque, kind: PaperKind, asked: dict[str, Any], *, by: User, now: datetime
) -> Paper:  # fmt: skip
    certification, today = plaque.certification, clock.day_of(now)
    proof = kind is PaperKind.PLAQUE
    data = asked | {
        "sample": certification.edition.sample,
        "line": plaque.line,
        "awarded_year": certification.awarded_on.year,
        "valid_through": certification.valid_through.isoformat(),
        "ship_to": plaque.ship_to,
        "proof_round": plaque.proof_round,
        "maker": queries.text_setting(db, "plaque.maker", today),
        "material": queries.text_setting(db, "plaque.material", today),
    }
    return documents.order(
        db,
        kind=kind,
        data=data,
        practice_id=plaque.practice_id,
        case_id=plaque.case_id,
        number=certification.number,
        version=papers.next_version(db, kind, certification.number),
        title=f"Plaque {'proof' if proof else 'engraving'}, {certification.public_name}",
        by=by,
        now=now,
        sign=proof,  # the engraver's file is opened in a drawing program, which would break a signature
    )


def _tell_owner(db: Session, plaque: Plaque, subject: str, body: str, now: datetime) -> None:
    owners = holders(db, Role.OWNER, plaque.practice_id)
    tell(db, owners, subject=subject, body=body, url=f"/plaques/{plaque.id}", practice_id=plaque.practice_id, now=now)

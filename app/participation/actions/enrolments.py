"""A practice joins a round, freezes its charts, and says what is complete or different."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.kernel import clock, ledger
from app.kernel.ledger import Actor
from app.participation.models import Chart, DuplicateDecision, Enrolment, EnrolmentAgreement, Round
from app.participation.queries import desk
from app.participation.queries import rounds as queries
from app.participation.rules import moves
from app.participation.rules.modules import TITLES, Module
from app.participation.rules.moves import (
    AGREEMENTS,
    ENROLMENT_MOVES,
    Agreement,
    ChartState,
    EnrolmentState,
    RoundState,
    Statement,
    Track,
)
from app.participation.rules.qualify import read_fte
from app.people.actions import Refused
from app.people.models import Practice, User
from app.people.rules import PracticeState


def enrol(
    db: Session, practice: Practice, round_: Round, *, fte: str, modules: Collection[Module],
    statements: Collection[Statement], typed_names: Mapping[Agreement, str], by: User, now: datetime,
) -> Enrolment:  # fmt: skip
    """The owner enrols the practice on the QCP Track, and accepts what must be accepted before any chart."""
    size = read_fte(fte)
    reasons = moves.why_not_enroll(
        round_state=round_.state, fte=size, statements=statements, today=clock.day_of(now),
        agreements=[key for key, name in typed_names.items() if name.strip()], registers_until=round_.registers_until,
    )  # fmt: skip
    if practice.state is not PracticeState.ACTIVE:
        reasons.append("Only an active practice can enroll; the Program must approve it first.")
    if queries.enrolment(db, practice.id, round_.id):
        reasons.append(f"The practice is already enrolled in round {round_.code}.")
    if reasons or size is None:
        raise Refused(reasons)
    enrolment = Enrolment(
        practice_id=practice.id, practice=practice, round=round_, fte=size, complete=[], enrolled_at=now,
        track=Track.QCP,
        modules=[module.value for module in Module if module in modules or module is Module.CORE],
        statements=[one.value for one in Statement if one in statements], enrolled_by=by.id,
    )  # fmt: skip
    enrolment.agreements = [_accepted(enrolment, key, typed_names[key].strip(), by, now) for key in Agreement]
    db.add(enrolment)
    ledger.record(
        db, "practice enrolled", by=by, now=now, about=enrolment,
        after={"round": round_.code, "track": enrolment.track.value, "fte": size, "modules": enrolment.modules},
    )  # fmt: skip
    return enrolment


def _accepted(enrolment: Enrolment, key: Agreement, typed_name: str, by: User, now: datetime) -> EnrolmentAgreement:
    text = AGREEMENTS[key][1]
    return EnrolmentAgreement(
        practice_id=enrolment.practice_id, key=key, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(),
        typed_name=typed_name, title=by.title, accepted_by=by.id, accepted_at=now,
    )  # fmt: skip


def confirm_module_complete(db: Session, enrolment: Enrolment, module: Module, *, by: User, now: datetime) -> None:
    """The owner says that every eligible chart of a module was entered; its missed target is then no obstacle."""
    reasons = queries.why_not_enter(enrolment)
    if module not in enrolment.chosen:
        reasons.append(f"The practice did not choose the module {TITLES[module]}.")
    if reasons:
        raise Refused(reasons)
    if module.value in enrolment.complete:
        return
    enrolment.complete = [*enrolment.complete, module.value]
    ledger.record(db, "module confirmed complete", by=by, now=now, about=enrolment, after={"module": module.value})


def take_back_module_complete(db: Session, enrolment: Enrolment, module: Module, *, by: User, now: datetime) -> None:
    """The owner says that charts of a module are still missing after all."""
    if reasons := queries.why_not_enter(enrolment):
        raise Refused(reasons)
    if module.value not in enrolment.complete:
        return
    enrolment.complete = [name for name in enrolment.complete if name != module.value]
    ledger.record(db, "module not complete", by=by, now=now, about=enrolment, after={"module": module.value})


def decide_duplicates(
    db: Session, enrolment: Enrolment, labels: Collection[str], *, by: User, now: datetime
) -> DuplicateDecision:
    """Somebody says of a whole group of charts that look alike: these are different patients."""
    reasons = queries.why_not_enter(enrolment)
    if sorted(labels) not in [sorted(group.labels) for group in desk.groups(db, enrolment) if group.open]:
        reasons.append("These charts are no open group of possible duplicates any more. Look at the list again.")
    if reasons:
        raise Refused(reasons)
    decision = DuplicateDecision(
        practice_id=enrolment.practice_id, chart_ids=sorted(labels), decided_by=by.id, decided_by_name=by.name,
        decided_as=by.acting_as, decided_at=now,
    )  # fmt: skip
    enrolment.decisions.append(decision)
    ledger.record(db, "duplicates decided", by=by, now=now, about=enrolment, after={"different": sorted(labels)})
    return decision


def freeze(db: Session, enrolment: Enrolment, *, by: User, now: datetime) -> None:
    """The owner freezes the charts; from now on they are read-only."""
    reasons = moves.why_not_move("enrollment", enrolment.state, ENROLMENT_MOVES["freeze"][0])
    if enrolment.round.state is not RoundState.OPEN:
        reasons.append(f"Round {enrolment.round.code} is {enrolment.round.state.value}.")
    if queries.chart_count(db, enrolment.id) == 0:
        reasons.append("There is no chart to freeze.")
    if reasons:
        raise Refused(reasons)
    _freeze(db, enrolment, "charts frozen", by=by, now=now)


def reopen(db: Session, enrolment: Enrolment, *, by: User, now: datetime) -> None:
    """The owner takes the freeze back while the round is open."""
    reasons = moves.why_not_move("enrollment", enrolment.state, ENROLMENT_MOVES["reopen"][0])
    if enrolment.round.state is not RoundState.OPEN:
        reasons.append(f"Round {enrolment.round.code} is {enrolment.round.state.value}; charts stay as they are.")
    if reasons:
        raise Refused(reasons)
    enrolment.state, enrolment.frozen_at = EnrolmentState.ABSTRACTING, None
    _set_charts(db, enrolment, ChartState.ENTERED)
    ledger.record(db, "charts reopened", by=by, now=now, about=enrolment)


def withdraw(db: Session, enrolment: Enrolment, *, why: str, by: User, now: datetime) -> None:
    """The owner leaves the round; charts are kept and not scored."""
    reasons = moves.why_not_move("enrollment", enrolment.state, ENROLMENT_MOVES["withdraw"][0])
    if not why.strip():
        reasons.append("Say why the practice leaves the round.")
    if reasons:
        raise Refused(reasons)
    enrolment.state = EnrolmentState.WITHDRAWN
    ledger.record(db, "enrolment withdrawn", by=by, now=now, about=enrolment, why=why.strip())


def close_enrolment(db: Session, enrolment: Enrolment, *, now: datetime) -> None:
    """The clock's part at the close of a round: freeze what has charts, let the rest lapse."""
    if queries.chart_count(db, enrolment.id) == 0:
        enrolment.state = EnrolmentState.LAPSED
        ledger.record(db, "enrolment lapsed", by=None, now=now, about=enrolment, why="No chart was entered.")
        return
    _freeze(db, enrolment, "charts frozen at the close", by=None, now=now)


def _freeze(db: Session, enrolment: Enrolment, what: str, *, by: Actor | None, now: datetime) -> None:
    enrolment.state, enrolment.frozen_at = EnrolmentState.FROZEN, now
    _set_charts(db, enrolment, ChartState.LOCKED)
    charts = queries.chart_count(db, enrolment.id)
    ledger.record(db, what, by=by, now=now, about=enrolment, after={"charts": charts})


def _set_charts(db: Session, enrolment: Enrolment, state: ChartState) -> None:
    db.execute(update(Chart).where(Chart.enrolment_id == enrolment.id).values(state=state))

"""Questions about rounds and who takes part in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.participation.models import Chart, Enrolment, Round, ScoreReport
from app.participation.rules.moves import ENTERING, EnrolmentState, RoundState
from app.participation.rules.qualify import Rulebook
from app.participation.rules.score import Method
from app.program import queries as program


def rulebook(db: Session, on: date) -> Rulebook:
    """The program's settings for scores that hold on a day."""
    threshold = program.setting(db, "score.threshold", on)
    return Rulebook(
        threshold=Fraction(Decimal(str(threshold))) / 100,
        method=Method(str(program.setting(db, "score.formula", on))),
        fewest_compared=program.whole(db, "score.peer_least", on),
    )


def rounds(db: Session) -> list[Round]:
    """Every round, the newest first."""
    return list(db.scalars(select(Round).order_by(Round.opens_on.desc())))


def by_code(db: Session, code: str) -> Round | None:
    """The round of this code."""
    return db.scalar(select(Round).where(Round.code == code))


def enrolment(db: Session, practice_id: str, round_id: str) -> Enrolment | None:
    """A practice in a round."""
    asked = select(Enrolment).where(Enrolment.practice_id == practice_id, Enrolment.round_id == round_id)
    return db.scalar(asked)


def current_enrolment(db: Session, practice_id: str) -> Enrolment | None:
    """The newest enrolment of a practice, whatever its state."""
    asked = select(Enrolment).join(Enrolment.round).where(Enrolment.practice_id == practice_id)
    return db.scalar(asked.order_by(Round.opens_on.desc()).limit(1))


def chart_count(db: Session, enrolment_id: str) -> int:
    """How many charts an enrolment holds, excluded ones included."""
    return db.scalar(select(func.count()).where(Chart.enrolment_id == enrolment_id)) or 0


@dataclass(frozen=True)
class Progress:
    """One enrolment as the round desk lists it."""

    enrolment: Enrolment
    charts: int
    report: ScoreReport | None


def progress(db: Session, round_: Round) -> list[Progress]:
    """Every enrolment of a round with how far it is."""
    asked = select(Enrolment).where(Enrolment.round_id == round_.id).order_by(Enrolment.enrolled_at)
    asked = asked.options(joinedload(Enrolment.practice))
    counted = select(Chart.enrolment_id, func.count()).join(Enrolment, Enrolment.id == Chart.enrolment_id)
    counted = counted.where(Enrolment.round_id == round_.id).group_by(Chart.enrolment_id)
    charts = {row[0]: row[1] for row in db.execute(counted)}
    reports = {
        one.enrolment_id: one for one in db.scalars(select(ScoreReport).where(ScoreReport.round_id == round_.id))
    }
    return [Progress(one, charts.get(one.id, 0), reports.get(one.id)) for one in db.scalars(asked)]


def unscored(db: Session, round_: Round) -> list[Enrolment]:
    """The frozen enrolments of a round, which its final reports are about."""
    asked = select(Enrolment).where(Enrolment.round_id == round_.id, Enrolment.state == EnrolmentState.FROZEN)
    return list(db.scalars(asked.order_by(Enrolment.enrolled_at)))


def taking_part(db: Session, round_: Round) -> list[Enrolment]:
    """The enrolments of a round that were neither withdrawn nor lapsed."""
    gone = (EnrolmentState.WITHDRAWN, EnrolmentState.LAPSED)
    return list(db.scalars(select(Enrolment).where(Enrolment.round_id == round_.id, Enrolment.state.not_in(gone))))


def still_entering(db: Session, round_: Round) -> list[Enrolment]:
    """The enrolments of a round whose charts are not frozen yet."""
    asked = select(Enrolment).where(Enrolment.round_id == round_.id, Enrolment.state.in_(ENTERING))
    return list(db.scalars(asked.order_by(Enrolment.enrolled_at)))


def why_not_enter(enrolment: Enrolment) -> list[str]:
    """Every reason why charts cannot be entered or changed now."""
    if enrolment.round.state is not RoundState.OPEN:
        return [f"Round {enrolment.round.code} is {enrolment.round.state.value}; charts are entered while it is open."]
    if enrolment.state not in ENTERING:
        return [f"The charts are {enrolment.state.value}. Reopen them to change anything."]
    return []

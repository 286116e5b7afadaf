"""The life of a round: planned, registering, open, closed, released."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.kernel import clock, ledger
from app.kernel.ledger import Actor
from app.kernel.words import day
from app.participation.actions import news
from app.participation.actions.enrolments import close_enrolment
from app.participation.actions.reports import issue_report, work_out
from app.participation.models import Round, ScoreReport
from app.participation.queries import rounds as queries
from app.participation.rules import moves
from app.participation.rules.measures import measure_set
from app.participation.rules.moves import ROUND_MOVES, RoundState
from app.participation.rules.reports import comparison
from app.participation.rules.windows import RoundDates
from app.people.actions import Refused
from app.people.rules import Role
from app.program import actions as program


def plan_round(
    db: Session, dates: RoundDates, *, registers_from: date, registers_until: date, by: Actor, now: datetime
) -> Round:
    """Set down the dates of a new round."""
    reasons = moves.why_not_dates(dates, registers_from, registers_until)
    if queries.by_code(db, dates.code):
        reasons.append(f"There is a round {dates.code} already.")
    if reasons:
        raise Refused(reasons)
    facts = vars(dates) | {"final_report_on": None}
    round_ = Round(**facts, registers_from=registers_from, registers_until=registers_until)
    db.add(round_)
    ledger.record(db, "round planned", by=by, now=now, about=round_, after={"code": round_.code})
    return round_


def open_registration(db: Session, round_: Round, *, by: Actor | None, now: datetime) -> None:
    """Let practices enrol."""
    _move(db, round_, "open_registration", "registration opened", by=by, now=now)


def open_round(db: Session, round_: Round, *, by: Actor | None, now: datetime) -> None:
    """Let charts be entered."""
    _move(db, round_, "open", "round opened", by=by, now=now)


def extend(db: Session, round_: Round, closes_on: date, *, why: str, by: Actor, now: datetime) -> None:
    """Give every practice more time; the reason is kept."""
    reasons = _why_not(round_, "extend") + moves.why_not_extend(round_.closes_on, closes_on, clock.day_of(now))
    if not why.strip():
        reasons.append("Say why the round closes later.")
    if reasons:
        raise Refused(reasons)
    before, round_.closes_on = round_.closes_on, closes_on
    ledger.record(
        db, "round extended", by=by, now=now, about=round_, why=why.strip(),
        before={"closes_on": before.isoformat()}, after={"closes_on": closes_on.isoformat()},
    )  # fmt: skip
    news.tell_extended(db, round_, day(closes_on), now=now)


def announce_next_close(db: Session, round_: Round, closes_on: date, *, by: Actor, now: datetime) -> None:
    """Say when the next round of the same season closes; scores of this round live no longer than that."""
    if closes_on <= round_.closes_on:
        raise Refused(["The next round closes later than this one."])
    before, round_.next_same_season_closes_on = round_.next_same_season_closes_on, closes_on
    ledger.record(
        db, "next close announced", by=by, now=now, about=round_,
        before={"closes_on": before.isoformat() if before else None}, after={"closes_on": closes_on.isoformat()},
    )  # fmt: skip


def close_round(db: Session, round_: Round, *, by: Actor | None, now: datetime) -> None:
    """End data entry: what has charts is frozen, what has none lapses."""
    _move(db, round_, "close", "round closed", by=by, now=now)
    for enrolment in queries.still_entering(db, round_):
        close_enrolment(db, enrolment, now=now)
        news.tell_closed(db, enrolment, now=now)
    program.start_clock(
        db, "round.report", practice_id=None, case_id=None, about=round_, event=f"Round {round_.code} closed",
        start=clock.day_of(now), owed_by=Role.STAFF, now=now,
    )  # fmt: skip


def release_round(db: Session, round_: Round, *, by: Actor, now: datetime) -> list[ScoreReport]:
    """Score every frozen enrolment, compare them once, and send out the final reports."""
    if reasons := _why_not(round_, "release"):
        raise Refused(reasons)
    today = clock.day_of(now)
    outcomes = [work_out(db, enrolment, on=today) for enrolment in queries.unscored(db, round_)]
    book = queries.rulebook(db, today)
    compared = comparison([one.result for one in outcomes], measure_set(round_.measure_set), book)
    round_.final_report_on, round_.comparison = today, compared
    _move(db, round_, "release", "round released", by=by, now=now)
    reports = [issue_report(db, one, compared, by=by, now=now) for one in outcomes]
    program.meet_clock(db, round_, "round.report", now=now)
    for report in reports:
        news.tell_report(db, report, now=now)
    return reports


def _move(db: Session, round_: Round, move: str, what: str, *, by: Actor | None, now: datetime) -> None:
    if reasons := _why_not(round_, move):
        raise Refused(reasons)
    before, round_.state = round_.state, ROUND_MOVES[move][1]
    ledger.record(
        db, what, by=by, now=now, about=round_, before={"state": before.value}, after={"state": round_.state.value}
    )


def _why_not(round_: Round, move: str) -> list[str]:
    return moves.why_not_move(f"round {round_.code}", round_.state, ROUND_MOVES[move][0])


def tend_rounds(db: Session, *, now: datetime) -> None:
    """What the clock does by itself each day: open registration, open a round, close it after its last day."""
    today = clock.day_of(now)
    for round_ in queries.rounds(db):
        if round_.state is RoundState.PLANNED and round_.registers_from <= today:
            open_registration(db, round_, by=None, now=now)
        if round_.state is RoundState.REGISTERING and round_.opens_on <= today:
            open_round(db, round_, by=None, now=now)
        if round_.state is RoundState.OPEN and round_.closes_on < today:
            close_round(db, round_, by=None, now=now)

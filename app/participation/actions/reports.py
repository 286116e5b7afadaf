"""The final report of a practice: worked out once, frozen, and sent as a signed paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.documents import actions as documents
from app.documents.models import Paper
from app.documents.rules import PaperKind
from app.kernel import clock, ledger
from app.kernel.ledger import Actor
from app.participation.models import Chart, Enrolment, ScoreReport
from app.participation.queries import desk
from app.participation.queries.reports import ReportFacts, report_facts
from app.participation.rules import reports as words
from app.participation.rules import sentences
from app.participation.rules.moves import EnrolmentState
from app.participation.rules.qualify import valid_until
from app.participation.rules.result import Basis, misses, result
from app.people.rules import Role
from app.program import actions as program

# Nobody of flesh signs here: the seal of the file is the Program's.
SIGNATORY = {"name": "Program Director", "title": "QOPI Certification Program"}


@dataclass(frozen=True)
class Outcome:
    """What comes out for one enrolment, before the round's comparison is known."""

    enrolment: Enrolment
    basis: Basis
    result: dict[str, Any]
    misses: dict[str, list[str]]
    quality: dict[str, Any]


def work_out(db: Session, enrolment: Enrolment, *, on: date) -> Outcome:
    """Score a frozen enrolment as on the day of the final reports; changes nothing."""
    found = desk.basis(db, enrolment, on)
    found = replace(found, dates=replace(found.dates, final_report_on=on))
    stored = desk.all_charts(db, enrolment)
    return Outcome(
        enrolment,
        found,
        result(desk.sheet(stored), found),
        misses(found, desk.counted_charts(stored, found)),
        _quality(enrolment, stored),
    )


def _quality(enrolment: Enrolment, stored: Sequence[Chart]) -> dict[str, Any]:
    """How many charts were entered, which do not count and why, and what was decided about duplicates."""
    codes = sorted({code for chart in stored for code in chart.excluded})
    left_out = {code: [chart.chart_id for chart in stored if code in chart.excluded] for code in codes}
    return {
        "rows": len(stored),
        "rejected": 0,  # a rejected row is never stored
        "excluded": [
            {"reason": sentences.of_exclusion(code), "count": len(labels), "charts": labels}
            for code, labels in left_out.items()
        ],
        "duplicates": [
            {
                "charts": ", ".join(decision.chart_ids),
                "decision": "different patients",
                "by": decision.decided_as,
                "on": clock.day_of(decision.decided_at).isoformat(),
            }
            for decision in enrolment.decisions
        ],
    }


def issue_report(db: Session, outcome: Outcome, compared: dict[str, Any], *, by: Actor, now: datetime) -> ScoreReport:
    """Freeze a result under its hash, order its signed paper, and start the clock of a score that qualifies."""
    enrolment, dates = outcome.enrolment, outcome.basis.dates
    kept = words.settings(dates, enrolment.fte, outcome.basis.book)
    qualified = bool(outcome.result["qualification"]["qualified"])
    score = outcome.result["score"]
    report = ScoreReport(
        practice_id=enrolment.practice_id, enrolment=enrolment, round=enrolment.round, number=_number(db, enrolment),
        issued_on=clock.day_of(now), issued_at=now, result=outcome.result, misses=outcome.misses,
        quality=outcome.quality, settings=kept, comparison=compared, percent=score[score["method"]]["percent"],
        sha256=words.digest(outcome.result, outcome.misses, outcome.quality, kept, compared), qualified=qualified,
        valid_until=valid_until(dates) if qualified else None,
    )  # fmt: skip
    db.add(report)
    enrolment.state = EnrolmentState.REPORTED
    db.flush()
    report.paper = _order_paper(db, report, by, now)
    if qualified:
        _start_life(db, report, now)
    ledger.record(
        db, "final report issued", by=by, now=now, about=report,
        after={"number": report.number, "score": report.percent, "qualified": qualified, "sha256": report.sha256},
    )  # fmt: skip
    return report


def _number(db: Session, enrolment: Enrolment) -> str:
    before = db.scalar(select(func.count()).where(ScoreReport.round_id == enrolment.round_id)) or 0
    return f"QPR-{enrolment.round.code}-{before + 1:04d}"


def _start_life(db: Session, report: ScoreReport, now: datetime) -> None:
    program.start_clock(
        db, "score.valid", practice_id=report.practice_id, case_id=None, about=report,
        event=f"Final report of round {report.round.code} issued", start=report.issued_on, owed_by=Role.OWNER,
        limit=report.round.next_same_season_closes_on, now=now,
        limit_is=f"the close of the next {report.round.season} round",
    )  # fmt: skip


def _order_paper(db: Session, report: ScoreReport, by: Actor, now: datetime) -> Paper:
    return documents.order(
        db, kind=PaperKind.PARTICIPATION_REPORT, data=_paper(report_facts(report)), practice_id=report.practice_id,
        number=report.number, version=1, by=by, now=now,
        title=f"Final participation report, round {report.round.code}, {report.enrolment.practice.public_name}",
    )  # fmt: skip


def _paper(facts: ReportFacts) -> dict[str, Any]:
    """The data of the paper: what the page says, too."""
    return {
        **facts.head,
        "status": "final",
        "qualified": facts.qualified,
        "reasons": facts.reasons,
        "valid_until": facts.valid_until,
        "valid_why": facts.valid_why,
        "score": facts.score,
        "unique": facts.unique,
        "modules": facts.modules,
        "measures": facts.measures,
        "quality": facts.quality,
        "settings": [list(line) for line in facts.settings],
        "signatories": [dict(SIGNATORY)],
    }

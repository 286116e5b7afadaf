"""What a re-survey looks at, and what it found."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.report.models import Plan, PlanLine
from app.report.queries.determined import determination, seen
from app.report.rules.marks import BELOW, below, worst
from app.standards import queries as standards
from app.survey.models import Survey
from app.survey.rules.moves import SurveyState


def scope(db: Session, plan: Plan, lines: Sequence[PlanLine]) -> list[str]:
    """The rows to look at: those of the requirements and everything under them, sorted by their numbers."""
    wanted = {line.requirement.code for line in lines}
    rows = standards.rows(db, plan.report.survey.edition_id)
    return [row.code for row in rows if any(row.code == code or below(code, row.code) for code in wanted)]


def plan_waiting(db: Session, survey: Survey) -> Plan | None:
    """The plan that ordered this re-survey, once it is determined."""
    if survey.state is not SurveyState.DETERMINED:
        return None
    return db.scalar(select(Plan).where(Plan.resurvey_id == survey.id))


def verdicts(db: Session, survey: Survey, plan: Plan) -> dict[str, list[str]]:
    """By row of the plan that was looked at again: what was still seen ([] means met)."""
    found = determination(db, survey)
    result: dict[str, list[str]] = {}
    for code in (plan.resurvey_order or {}).get("rows", []):
        family = [line for line in found.lines if line.code == code or below(code, line.code)]
        open_rows = [line for line in family if worst(line.own.values()) in BELOW]
        noted = [one["text"] for line in open_rows for one in seen(found.found[line.code])]
        result[code] = noted or ([f"{line.code} is not met." for line in open_rows])
    return result

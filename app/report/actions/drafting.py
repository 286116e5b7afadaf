"""From a determination to a draft that staff word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.kernel import clock, ledger
from app.people.models import User
from app.report import queries
from app.report.models import ComplianceReport, Requirement
from app.report.queries import dates, papers
from app.report.queries.determined import Determination, determination, seen
from app.report.rules.ccr import NotNow, ReportState, Result, Show, kind_of, suggested_showing
from app.report.rules.marks import Line
from app.survey.models import Survey
from app.survey.rules.moves import SurveyState
from app.survey.rules.visit import SurveyKind


def draft(db: Session, survey: Survey, *, now: datetime, by: User | None = None) -> ComplianceReport:
    """Draw up the report of a determined survey: ratings, findings, and a requirement for each row that asks."""
    if reasons := _why_not_draft(db, survey):
        raise NotNow(reasons)
    found = determination(db, survey)
    report = ComplianceReport(
        survey=survey,
        application_id=survey.application_id,
        practice_id=survey.practice_id,
        number=f"CCR-{survey.number}",
        state=ReportState.DRAFTED,
        result=Result.REQUIREMENTS if found.asking else Result.ALL_MET,
        drafted_at=now,
        data=papers.basis(db, found),
    )
    due_on = dates.evidence_by(db, survey.case_id, on=clock.day_of(now))
    report.requirements = [_requirement(found, line, no, due_on) for no, line in enumerate(found.asking, 1)]
    db.add(report)
    after = {"result": report.result.value, "requirements": len(report.requirements)}
    ledger.record(db, "report drafted", by=by, now=now, about=report, after=after)
    return report


def _why_not_draft(db: Session, survey: Survey) -> list[str]:
    if survey.state is not SurveyState.DETERMINED:
        return ["The committee has not determined this survey yet."]
    if survey.kind is SurveyKind.RESURVEY:
        return ["A re-survey has no report of its own: take its result into the action plan."]
    if queries.of_survey(db, survey.id):
        return ["This survey has its report already."]
    return []


def _requirement(found: Determination, line: Line, no: int, due_on: date | None) -> Requirement:
    survey, row, verdict = found.survey, found.rows[line.code], found.found[line.code]
    codes = [site.code for site in survey.practice.sites]
    return Requirement(
        practice_id=survey.practice_id,
        case_id=survey.case_id,
        no=no,
        code=line.code,
        title=row.title,
        rating=line.overall.value,
        ratings={code: line.ratings.get(code, line.overall).value for code in codes},
        sites=found.sites_of(line) or codes,
        asks=row.requirement,
        seen=seen(verdict),
        show=_first_wording(verdict.must_show, row.evidence_kinds),
        due_on=due_on,
        resurvey=verdict.resurvey,
        why_resurvey="Only a second visit can show it." if verdict.resurvey else "",
    )


def _first_wording(must_show: str, kinds: Sequence[str]) -> list[dict[str, str]]:
    """The committee's own words where there are any; otherwise what the row's kinds of evidence suggest."""
    if not must_show.strip():
        return suggested_showing(kinds)
    return [{"kind": kind_of(must_show).value, "what": must_show.strip()}]


def save_requirement(
    db: Session,
    requirement: Requirement,
    *,
    show: Sequence[tuple[Show, str]],
    missing: str,
    seen: Sequence[str],
    resurvey: bool,
    why_resurvey: str,
    by: User,
    now: datetime,
) -> None:
    """Word one finding and what must be shown; `seen`: the observations in order, reworded or "" to leave one out."""
    if requirement.report.state is not ReportState.DRAFTED:
        raise NotNow(["The report has been issued; it is not changed any more."])
    if resurvey and not why_resurvey.strip():
        raise NotNow(["Say why a re-survey is needed."])
    before = {"show": requirement.show, "missing": requirement.missing, "resurvey": requirement.resurvey}
    requirement.show = [{"kind": kind.value, "what": what.strip()} for kind, what in show if what.strip()]
    requirement.missing = missing.strip()
    reworded = [dict(noted) | {"text": text.strip()} for noted, text in zip(requirement.seen, seen, strict=True)]
    requirement.seen = [noted for noted in reworded if noted["text"]]
    requirement.resurvey, requirement.why_resurvey = resurvey, why_resurvey.strip() if resurvey else ""
    after = {"show": requirement.show, "missing": requirement.missing, "resurvey": requirement.resurvey}
    ledger.record(db, "requirement worded", by=by, now=now, about=requirement, before=before, after=after)


def save_remarks(
    db: Session,
    report: ComplianceReport,
    *,
    suggestions: Sequence[str],
    good: Sequence[str],
    by: User,
    now: datetime,
) -> None:
    """Word the suggestions and the good practice, in order; an empty one is left out."""
    if report.state is not ReportState.DRAFTED:
        raise NotNow(["The report has been issued; it is not changed any more."])
    before = {"suggestions": report.data["suggestions"], "good": report.data["good"]}
    after = {
        "suggestions": _reworded(report.data["suggestions"], suggestions),
        "good": _reworded(report.data["good"], good),
    }
    report.data = report.data | after
    ledger.record(db, "remarks worded", by=by, now=now, about=report, before=before, after=after)


def _reworded(remarks: Sequence[dict[str, str]], texts: Sequence[str]) -> list[dict[str, str]]:
    pairs = zip(remarks, texts, strict=True)
    return [remark | {"text": text.strip()} for remark, text in pairs if text.strip()]

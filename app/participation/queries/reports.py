"""A final report as its page and its paper show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.participation.models import ScoreReport
from app.participation.rules import reports as words
from app.participation.rules.measures import measure_set


@dataclass(frozen=True)
class ReportFacts:
    """Everything a report says, in words and figures that are ready to be shown."""

    head: dict[str, Any]
    qualified: bool
    reasons: list[str]
    valid_until: str | None
    valid_why: str
    score: dict[str, Any]
    unique: dict[str, int]
    modules: list[dict[str, Any]]
    measures: list[dict[str, Any]]
    quality: dict[str, Any]
    settings: list[tuple[str, str]]


def report_facts(report: ScoreReport) -> ReportFacts:
    """Read a frozen report; nothing is worked out anew."""
    result, round_ = report.result, report.round
    measures = measure_set(result["measure_set"])
    return ReportFacts(
        head={
            "round": {
                "code": round_.code,
                "opens": report.settings["opens_on"],
                "closes": report.settings["closes_on"],
            },
            "measure_set": f"QCP Track, sample edition ({measures.name})",
            "issued": report.issued_on.isoformat(),
            "fte": result["fte"],
        },
        qualified=report.qualified,
        reasons=words.reasons_in_words(result),
        valid_until=report.valid_until.isoformat() if report.valid_until else None,
        valid_why=words.valid_why(round_.dates) if report.qualified else "",
        score=words.score_line(result, report.comparison),
        unique={"charts": result["unique_charts"], "minimum": report.settings["unique_charts"]},
        modules=words.module_lines(result, report.enrolment.complete),
        measures=words.measure_lines(result, measures, report.misses, report.comparison),
        quality=report.quality,
        settings=words.settings_in_words(report.settings),
    )

"""Questions about reports and plans that other rooms ask."""

from app.report.queries.plans import standing
from app.report.queries.reports import awaiting_report, clean_report, latest, of_survey, open_requirements, plan_of

__all__ = [
    "awaiting_report",
    "clean_report",
    "latest",
    "of_survey",
    "open_requirements",
    "plan_of",
    "standing",
]

"""Questions about reports and plans that other rooms ask."""

from app.report.queries.plans import plan_data, standing
from app.report.queries.reports import awaiting_report, clean_report, latest, of_survey, open_requirements, plan_of

__all__ = [
    "awaiting_report",
    "clean_report",
    "latest",
    "of_survey",
    "open_requirements",
    "plan_data",
    "plan_of",
    "standing",
]

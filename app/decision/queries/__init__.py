"""Questions about awards, certifications, the registry and plaques."""

from app.decision.queries.answers import Answer, Judged, answer, judged, paper_standing, version_of
from app.decision.queries.award import Offer, Waiting, awaiting, case_of, cases_awaiting, facts, offer, why_not_award
from app.decision.queries.certifications import (
    by_number,
    next_count,
    of_case,
    of_practice,
    plaques,
    signatories,
    standing,
    term_dates,
    text_setting,
)
from app.decision.queries.registry import PAGE, Listing, regions, registry

__all__ = [
    "PAGE",
    "Answer",
    "Judged",
    "Listing",
    "Offer",
    "Waiting",
    "answer",
    "awaiting",
    "by_number",
    "case_of",
    "cases_awaiting",
    "facts",
    "judged",
    "next_count",
    "of_case",
    "of_practice",
    "offer",
    "paper_standing",
    "plaques",
    "regions",
    "registry",
    "signatories",
    "standing",
    "term_dates",
    "text_setting",
    "version_of",
    "why_not_award",
]

"""Questions about surveys, one file per subject."""

from app.survey.queries.assignment import (
    Candidate,
    candidates,
    conflicts,
    standing,
    why_not_open,
    why_not_propose,
    why_not_review,
)
from app.survey.queries.committee import (
    DeterminedObservation,
    DeterminedRow,
    StandardCase,
    counts,
    determined_rows,
    live_review,
    open_questions,
    questions,
    review_case,
    reviews_of,
    unread,
)
from app.survey.queries.desk import DeskRow, desk, for_application, latest, of_surveyor, unopened
from app.survey.queries.visit import invitation, offered_days, practice_people, wish
from app.survey.queries.worksheet import SheetRow, entries, missing, place_on_sheet, sheet, sheet_rows

__all__ = [
    "Candidate", "DeskRow", "DeterminedObservation", "DeterminedRow", "SheetRow", "StandardCase", "candidates",
    "conflicts", "counts", "desk", "determined_rows", "entries", "for_application", "invitation", "latest",
    "live_review", "missing", "of_surveyor", "offered_days", "open_questions", "place_on_sheet", "practice_people",
    "questions", "review_case", "reviews_of", "sheet", "sheet_rows", "standing", "unopened", "unread",
    "why_not_open", "why_not_propose", "why_not_review", "wish",
]  # fmt: skip

"""Questions about binders: what is in them, and where they answer."""

from app.evidence.queries.binders import (
    binder_of,
    binders_of,
    claim,
    claims,
    document_named,
    documents,
    failed,
    marks,
    newest,
    page,
    pins,
    places_of,
    recognized,
    row,
    same_file,
    served,
    shown,
    texts,
    uncovered_slots,
    waiting,
)
from app.evidence.queries.carried import Carry, carried, carries
from app.evidence.queries.coverage import Coverage, Slot, coverage, troubles
from app.evidence.queries.dates import dates_of, dates_trouble, review_months
from app.evidence.queries.finding import Answer, Hit, lit, search
from app.evidence.queries.indexing import index
from app.evidence.queries.narrowing import Only
from app.evidence.queries.readiness import Gap, Group, readiness
from app.evidence.queries.suggesting import Suggested, Suggestion, answering, suggest
from app.evidence.queries.threads import Said, Thread, open_questions, questions_of, thread, threads
from app.evidence.rules import SEEN

__all__ = [
    "SEEN",
    "Answer",
    "Carry",
    "Coverage",
    "Gap",
    "Group",
    "Hit",
    "Only",
    "Said",
    "Slot",
    "Suggested",
    "Suggestion",
    "Thread",
    "answering",
    "binder_of",
    "binders_of",
    "carried",
    "carries",
    "claim",
    "claims",
    "coverage",
    "dates_of",
    "dates_trouble",
    "document_named",
    "documents",
    "failed",
    "index",
    "lit",
    "marks",
    "newest",
    "open_questions",
    "page",
    "pins",
    "places_of",
    "questions_of",
    "readiness",
    "recognized",
    "review_months",
    "row",
    "same_file",
    "search",
    "served",
    "shown",
    "suggest",
    "texts",
    "thread",
    "threads",
    "troubles",
    "uncovered_slots",
    "waiting",
]

"""Questions of milestone 2. What other rooms ask stands here; the rest stands with its subject."""

from app.application.queries.agreements import signatures
from app.application.queries.cases import applications, by_number, of_practice, open_of
from app.application.queries.dates import offered
from app.application.queries.opening import Gate, gate
from app.application.queries.payment import invoices, paid
from app.application.queries.questionnaire import examined, sections, typed, values
from app.application.queries.steps import StepNow, tracker, warnings
from app.application.queries.submission import gaps, latest_snapshot

__all__ = [
    "Gate", "StepNow", "applications", "by_number", "examined", "gaps", "gate", "invoices", "latest_snapshot",
    "of_practice", "offered", "open_of", "paid", "sections", "signatures", "tracker", "typed", "values", "warnings",
]  # fmt: skip

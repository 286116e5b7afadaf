"""The words and limits of a binder."""

from app.evidence.rules.files import (
    CURRENT,
    MOST_BYTES,
    MOST_PAGES,
    MOVES,
    NAME_LENGTH,
    STATE_WORDS,
    Kind,
    Refusal,
    Refused,
    Source,
    State,
    clean_name,
    title_of,
    why_not_size,
)
from app.evidence.rules.intake import (
    UploadState,
)
from app.evidence.rules.mapping import (
    MOST_PINS,
    Carried,
    ClaimState,
    Side,
    reason_for_claim,
)

__all__ = [
    "CURRENT",
    "MOST_BYTES",
    "MOST_PAGES",
    "MOST_PINS",
    "MOVES",
    "NAME_LENGTH",
    "STATE_WORDS",
    "Carried",
    "ClaimState",
    "Kind",
    "Refusal",
    "Refused",
    "Side",
    "Source",
    "State",
    "UploadState",
    "clean_name",
    "reason_for_claim",
    "title_of",
    "why_not_size",
]

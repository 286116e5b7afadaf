"""What is done with a binder: documents come in, are read, tied to rows, replaced, withdrawn."""

from app.evidence.actions.intake import (
    Examined,
    examine,
    open_binder,
    receive,
    take_in,
)
from app.evidence.actions.mapping import (
    claim_not_applicable,
    drop_claim,
    map_to,
    pin,
    unpin,
)
from app.evidence.actions.reading import (
    give_up,
    read,
    settle,
    withdraw,
)

__all__ = [
    "Examined",
    "claim_not_applicable",
    "drop_claim",
    "examine",
    "give_up",
    "map_to",
    "open_binder",
    "pin",
    "read",
    "receive",
    "settle",
    "take_in",
    "unpin",
    "withdraw",
]

"""What is done with a binder: documents come in, are read, tied to rows, replaced, withdrawn."""

from app.evidence.actions.carrying import (
    check_moved,
    check_pin,
    pin_again,
)
from app.evidence.actions.dating import (
    confirm_dates,
    date_version,
    set_sites,
)
from app.evidence.actions.intake import (
    Examined,
    examine,
    open_binder,
    receive,
    take_in,
)
from app.evidence.actions.mapping import (
    answer_claim,
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
from app.evidence.actions.threads import (
    bring,
    settle_question,
    write,
)

__all__ = [
    "Examined",
    "answer_claim",
    "bring",
    "check_moved",
    "check_pin",
    "claim_not_applicable",
    "confirm_dates",
    "date_version",
    "drop_claim",
    "examine",
    "give_up",
    "map_to",
    "open_binder",
    "pin",
    "pin_again",
    "read",
    "receive",
    "set_sites",
    "settle",
    "settle_question",
    "take_in",
    "unpin",
    "withdraw",
    "write",
]

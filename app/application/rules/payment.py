"""The fee of an application: its invoices, their states, and how they are paid."""

from collections.abc import Iterable
from enum import StrEnum


class InvoiceState(StrEnum):
    """Where an invoice stands."""

    ISSUED = "issued"
    PAID = "paid"
    CONFIRMED = "confirmed"
    WAIVED = "waived"
    REFUNDED = "refunded"


class Method(StrEnum):
    """How the money comes."""

    CHEQUE = "check"
    TRANSFER = "bank transfer"
    CARD = "card"


MOVES: dict[str, tuple[frozenset[InvoiceState], InvoiceState]] = {
    "pay": (frozenset({InvoiceState.ISSUED}), InvoiceState.PAID),
    "bounce": (frozenset({InvoiceState.PAID}), InvoiceState.ISSUED),
    "confirm": (frozenset({InvoiceState.PAID}), InvoiceState.CONFIRMED),
    "waive": (frozenset({InvoiceState.ISSUED}), InvoiceState.WAIVED),
    "refund": (frozenset({InvoiceState.CONFIRMED}), InvoiceState.REFUNDED),
}

SETTLED = frozenset({InvoiceState.CONFIRMED, InvoiceState.WAIVED})


def why_not(move: str, state: InvoiceState) -> list[str]:
    """Why an invoice in this state cannot make this move."""
    allowed, _ = MOVES[move]
    if state in allowed:
        return []
    return [f"The invoice is {state}; that needs one that is {' or '.join(sorted(allowed))}."]


def why_not_paid(amount_cents: int, total_cents: int) -> list[str]:
    """Why an amount does not settle an invoice."""
    if amount_cents == total_cents:
        return []
    return [f"The invoice is over {dollars(total_cents)}; {dollars(amount_cents)} was entered."]


def outstanding(fee_cents: int, invoices: Iterable[tuple[InvoiceState, int]]) -> int:
    """What the fee asks beyond the invoices already written; refunded ones do not count."""
    return max(0, fee_cents - sum(cents for state, cents in invoices if state is not InvoiceState.REFUNDED))


def dollars(cents: int) -> str:
    """An amount as pages and papers write it: $8,500.00."""
    return f"${cents // 100:,}.{cents % 100:02d}"


def next_number(year: int, taken: list[str]) -> str:
    """The invoice number after those taken this year: INV-2026-001."""
    counts = [int(number.rsplit("-", 1)[1]) for number in taken if number.startswith(f"INV-{year}-")]
    return f"INV-{year}-{max(counts, default=0) + 1:03d}"

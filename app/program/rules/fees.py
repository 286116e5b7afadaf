"""Adding up what an application costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

HOME = "US"


class Item(StrEnum):
    """What a fee is for."""

    BASE = "base"
    SITE = "site"
    RESURVEY = "resurvey"
    LATE_MOVE = "late_move"
    PARTICIPATION = "participation"
    FIRST_PLAQUE = "first_plaque"
    REISSUE = "reissue"
    EXTRA_PLAQUE = "extra_plaque"
    ABROAD = "abroad"


class Rate(Protocol):
    """One row of the fee table; without an amount the fee is quoted."""

    @property
    def item(self) -> Item: ...
    @property
    def over(self) -> Decimal | None: ...
    @property
    def up_to(self) -> Decimal | None: ...
    @property
    def dollars(self) -> int | None: ...
    @property
    def words(self) -> str: ...


@dataclass(frozen=True)
class FeeLine:
    """One line of an invoice; `amount` None means by quotation."""

    item: Item
    words: str
    count: int
    each: Decimal | None

    @property
    def amount(self) -> Decimal | None:
        return None if self.each is None else self.each * self.count


class NoFee(LookupError):
    """The fee table has no row for this."""


def in_band(rate: Rate, fte: Decimal) -> bool:
    """Over the lower edge, up to the upper; the lowest band begins at nothing."""
    return (not rate.over or fte > rate.over) and (rate.up_to is None or fte <= rate.up_to)


def fee_lines(rates: Iterable[Rate], *, fte: Decimal, sites_giving_drugs: int, country: str) -> list[FeeLine]:
    """The lines of an application's invoice: base by FTE and each further site; abroad by quotation."""
    table = list(rates)
    if country != HOME:
        return [_line(_only(table, Item.ABROAD), 1)]
    base = [rate for rate in table if rate.item is Item.BASE and in_band(rate, fte)]
    if len(base) != 1:
        raise NoFee(f"The fee table has {len(base)} base fees for {fte} FTE.")
    further = max(0, sites_giving_drugs - 1)
    return [_line(base[0], 1), *([_line(_only(table, Item.SITE), further)] if further else [])]


def one_fee(rates: Iterable[Rate], item: Item, count: int = 1) -> FeeLine:
    """The line of a single charge, such as a re-survey."""
    return _line(_only(list(rates), item), count)


def total(lines: Iterable[FeeLine]) -> Decimal | None:
    """The sum of the lines, or None while one of them is still to be quoted."""
    amounts = [line.amount for line in lines]
    return None if None in amounts else sum((amount for amount in amounts if amount is not None), Decimal(0))


def why_not_a_table(rates: Iterable[Rate]) -> list[str]:
    """Every reason why these rows are no fee table: bands must join without gap or overlap."""
    table = list(rates)
    reasons = [f"The fee for {item} must be there once." for item in Item
               if item is not Item.BASE and sum(rate.item is item for rate in table) != 1]  # fmt: skip
    bands = sorted((rate for rate in table if rate.item is Item.BASE), key=lambda rate: rate.over or Decimal(0))
    edges = [(rate.over or Decimal(0), rate.up_to) for rate in bands]
    joined = all(low[1] == high[0] for low, high in pairwise(edges))
    if not edges or edges[0][0] != 0 or edges[-1][1] is not None or not joined:
        reasons.append("The base fees must cover every FTE once, from 0 up without a gap.")
    if any(rate.dollars is None for rate in table if rate.item is not Item.ABROAD):
        reasons.append("Only practices abroad are quoted; every other fee needs an amount.")
    return reasons


def _only(table: list[Rate], item: Item) -> Rate:
    found = [rate for rate in table if rate.item is item]
    if not found:
        raise NoFee(f"The fee table has no {item} fee.")
    return found[0]


def _line(rate: Rate, count: int) -> FeeLine:
    return FeeLine(rate.item, rate.words, count, None if rate.dollars is None else Decimal(rate.dollars))

"""Who may be sent: the conflict tests that the database can answer, and what the people must say in writing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

# Addresses at these providers say nothing about where somebody works; all people of a demonstration live at one.
PUBLIC_MAIL = frozenset({
    "aol.com", "demo.example", "gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "live.com", "me.com",
    "msn.com", "outlook.com", "proton.me", "protonmail.com", "yahoo.com",
})  # fmt: skip

LEAST_REASON = 10

# What the conflict form asks, with the years and miles that the settings give (defaults 5 and 50).
CONFLICT_QUESTIONS = {
    "worked": "did not work or consult for this practice or its parent in the last {years} years",
    "family": "have no family there",
    "money": "have no money in it, and owe or are owed none",
    "near": "do not practice within {miles} miles of it",
}


def conflict_questions(*, years: int, miles: int) -> dict[str, str]:
    """The statements of the conflict form, each to be made."""
    return {key: said.format(years=years, miles=miles) for key, said in CONFLICT_QUESTIONS.items()}


@dataclass(frozen=True)
class Tie:
    """One fact that ties a person to a practice."""

    ground: str


@dataclass(frozen=True)
class Known:
    """What the database knows about one person and one practice."""

    email: str
    practice_mail: tuple[tuple[str, str], ...] = ()  # (domain, whose)
    membership: str | None = None
    surveyed_last_on: date | None = None
    refused_before: str | None = None
    other_hand: str | None = None  # another hand this person already has on the case


def mail_domain(email: str) -> str | None:
    """The part after the @, unless it is a provider that anybody may use."""
    domain = email.rpartition("@")[2].strip().lower()
    return domain if domain and domain not in PUBLIC_MAIL else None


def hard_conflicts(known: Known) -> list[Tie]:
    """Every tie that blocks, with its ground; none means the person may be asked."""
    ties = []
    domain = mail_domain(known.email)
    owners = sorted({whose for where, whose in known.practice_mail if domain and where == domain})
    if owners:
        ties.append(Tie(f"Same e-mail domain ({domain}) as {' and '.join(owners)}."))
    if known.membership:
        ties.append(Tie(f"Holds a role in this practice ({known.membership})."))
    if known.surveyed_last_on:
        ties.append(Tie(f"Surveyed this practice last time ({known.surveyed_last_on:%B %-d, %Y})."))
    if known.refused_before:
        ties.append(Tie(known.refused_before))
    if known.other_hand:
        ties.append(Tie(known.other_hand))
    return ties


def why_not_clear(stated: Collection[str]) -> list[str]:
    """A declaration is complete when every statement is made."""
    missing = [key for key in CONFLICT_QUESTIONS if key not in stated]
    return ["Make every statement, or decline."] if missing else []


def why_not_reason(reason: str) -> list[str]:
    """A written reason says something."""
    return [] if len(reason.strip()) >= LEAST_REASON else [f"Write the reason, in {LEAST_REASON} characters or more."]

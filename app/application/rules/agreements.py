"""Agreements and what an electronic signature must say about itself."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Key(StrEnum):
    """The agreements of the Program."""

    PARTICIPATION = "participation_agreement"
    BAA = "baa"
    TERMS = "program_terms"


SHORT = {Key.PARTICIPATION: "P", Key.BAA: "B", Key.TERMS: "T"}


class VersionState(StrEnum):
    """Where a version of an agreement stands."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    REPLACED = "replaced"


PROOF_LASTS = timedelta(minutes=5)
BUTTON = "Sign the {title}"
AUTHORITY = "I am authorized to bind {practice} by my signature."
CONSENT = "I agree to sign this document electronically, and that my typed name is my signature."


BLANK = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


def filled(text: str, blanks: Mapping[str, str | None]) -> str:
    """A paragraph with its blanks filled; an open one stays a line to be filled."""
    return BLANK.sub(lambda match: blanks.get(match[1]) or "________", text)


def why_not_a_text(body: Mapping[str, Any]) -> list[str]:
    """Every reason why a file is no agreement text."""
    reasons = [
        f"It has no {name}." for name in ("key", "version", "language", "title", "in_force") if not body.get(name)
    ]
    if body.get("key") not in set(Key):
        reasons.append(f"Its key must be one of {', '.join(Key)}.")
    if not all(part.get("heading") and part.get("paragraphs") for part in body.get("sections") or [{}]):
        reasons.append("Each section needs a heading and at least one paragraph.")
    return reasons


def why_not_sign(
    *,
    typed_name: str,
    account_name: str,
    authority: bool,
    consent: bool,
    proved_at: datetime | None,
    shown: bool,
    now: datetime,
) -> list[str]:
    """Every reason why this is not yet a signature."""
    reasons = []
    if not shown:
        reasons.append("The text is still being typeset. Wait a moment and read it; then sign.")
    if typed_name.split() != account_name.split():
        reasons.append(f"Type your full name as your account has it: {account_name}.")
    if not authority:
        reasons.append("State that you may bind the practice.")
    if not consent:
        reasons.append("Agree to sign electronically.")
    if proved_at is None or now - proved_at > PROOF_LASTS:
        reasons.append("Enter your password again; it must have been entered within the last 5 minutes.")
    return reasons

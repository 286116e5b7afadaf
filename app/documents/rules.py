"""The words of official paper, and what its data may hold."""

import secrets
import unicodedata
from enum import StrEnum
from typing import Any

PROGRAM_NAME = "QOPI Certification Program"
SCHEMA = "qcp-paper-1"


class PaperKind(StrEnum):
    """What a paper is; each kind has a folder of the same name in doc_templates."""

    PARTICIPATION_REPORT = "participation-report"
    AGREEMENT = "agreement"
    INVOICE = "invoice"
    RECEIPT = "receipt"
    CCR = "ccr"
    ACTION_PLAN = "action-plan"
    CERTIFICATE = "certificate"
    PLAQUE = "plaque"
    PLAQUE_ENGRAVING = "plaque-engraving"
    LETTER = "letter"


class PaperState(StrEnum):
    """Where a paper stands on its way to the reader."""

    ORDERED = "ordered"
    ISSUED = "issued"
    FAILED = "failed"


KIND_WORDS = {
    PaperKind.PARTICIPATION_REPORT: "Participation report",
    PaperKind.AGREEMENT: "Agreement",
    PaperKind.INVOICE: "Invoice",
    PaperKind.RECEIPT: "Submission receipt",
    PaperKind.CCR: "Certification Compliance Report",
    PaperKind.ACTION_PLAN: "Compliance Action Plan",
    PaperKind.CERTIFICATE: "Certificate",
    PaperKind.PLAQUE: "Plaque proof",
    PaperKind.PLAQUE_ENGRAVING: "Plaque engraving",
    PaperKind.LETTER: "Letter",
}

# kind: (folder in doc_templates, variant of its template)
LAYOUTS: dict[PaperKind, tuple[str, str | None]] = {kind: (kind.value, None) for kind in PaperKind} | {
    PaperKind.PLAQUE: ("plaque", "proof"),
    PaperKind.PLAQUE_ENGRAVING: ("plaque", "engraving"),
}

# The surveyor and the reviewer of a case read these; bills, agreements and the plaque are none of their business.
CASE_KINDS = frozenset({PaperKind.RECEIPT, PaperKind.CCR, PaperKind.ACTION_PLAN})

# These are verified by the number of the certification, which is printed on them; every other paper by its code.
VERIFIED_BY_NUMBER = frozenset({PaperKind.CERTIFICATE, PaperKind.PLAQUE, PaperKind.PLAQUE_ENGRAVING})

MOVES: dict[str, tuple[frozenset[PaperState], PaperState]] = {
    "issue": (frozenset({PaperState.ORDERED}), PaperState.ISSUED),
    "fail": (frozenset({PaperState.ORDERED}), PaperState.FAILED),
    "press_again": (frozenset({PaperState.FAILED}), PaperState.ORDERED),
}

# Without 0 O 1 I L U Y: read aloud or copied by hand, no two letters of a code are taken for each other.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXZ"
CODE_LENGTH = 28  # 29 letters: 136 bits


def new_code() -> str:
    """An address of a paper that nobody can guess: seven groups of four."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return "-".join(letters[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def plain(value: Any) -> Any:
    """The same data without characters that print as nothing or turn the reading direction about."""
    if isinstance(value, str):
        return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def why_not_printable(value: Any) -> list[str]:
    """Letters that would come out in the wrong typeface: the fonts here cover Latin, Greek, Cyrillic and Hebrew."""
    strange = sorted({c for c in _letters(value) if unicodedata.name(c, "").startswith(("ARABIC", "CJK"))})
    return [f"There is no typeface here for {' '.join(strange[:5])}; use Latin letters"] if strange else []


def _letters(value: Any) -> set[str]:
    if isinstance(value, str):
        return set(value)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*map(_letters, items))


def filename(kind: PaperKind, number: str, version: int) -> str:
    """A name to save the paper under, of plain letters."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c == "-") else "-" for c in number)
    start = "" if kept.lower().startswith(kind.value) else f"{kind.value}-"
    return f"{start}{kept}-v{version}.pdf"


def address_lines(street: str, city: str, region: str, postcode: str) -> list[str]:
    """A postal address as it stands on paper, without empty lines."""
    town = ", ".join(part for part in (city, f"{region} {postcode}".strip()) if part)
    return [line for line in (street, town) if line]

"""What a reader of the report asked to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.program import queries as program
from app.program.models import Due
from app.report.models import ComplianceReport
from app.report.rules.marks import Mark

SHOW = ("differs", "all", *(mark.value for mark in Mark))
IN_REPORT = ("ccr.clarify", "plan.submit", "plan.resubmit", "evidence.more", "evidence.submit", "case.outer_limit")


@dataclass(frozen=True)
class Wanted:
    """The filter: a domain, a site, a rating; "differs" is everything that is not simply met."""

    domain: str = ""
    site: str = ""
    show: str = "differs"

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Wanted:
        show = args.get("show", "differs")
        return cls(args.get("domain", ""), args.get("site", ""), show if show in SHOW else "differs")


def standards(data: dict[str, Any], wanted: Wanted) -> list[dict[str, Any]]:
    """The standards that fit the filter; the elements come with them where all is asked for or they have a finding."""
    rows: Sequence[dict[str, Any]] = data["rows"]
    return [row for row in rows if _fits(row, wanted)]


def _fits(row: dict[str, Any], wanted: Wanted) -> bool:
    if wanted.domain and row["domain"] != wanted.domain:
        return False
    rating = row["ratings"].get(wanted.site, row["overall"]) if wanted.site else row["overall"]
    if wanted.show == "all":
        return True
    if row["kind"] != "standard" and row["finding"] is None:
        return False
    return rating != Mark.MET if wanted.show == "differs" else bool(rating == wanted.show)


def findings(data: dict[str, Any], wanted: Wanted) -> list[dict[str, Any]]:
    """The findings that fit the domain and the site."""
    return [
        one
        for one in data["findings"]
        if (not wanted.domain or one["row"].split(".")[0] == wanted.domain)
        and (not wanted.site or wanted.site in one["sites"])
    ]


def dues(db: Session, report: ComplianceReport) -> list[Due]:
    """The dates of the case that the practice owes, as they run now."""
    return [due for due in program.running(db, report.case_id) if due.key in IN_REPORT]


def requirement_of(data: dict[str, Any], code: str) -> str | None:
    """Which requirement a standard's line leads to: its own, or that of an element under it."""
    for one in data["findings"]:
        if one["row"] == code or one["row"].startswith(f"{code}."):
            return str(one["requirement_no"])
    return None

"""The data of the report as the paper and the page hold it; what a reader may not know is not in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.people.models import Practice, Site
from app.report.models import ComplianceReport, Requirement
from app.report.queries import dates
from app.report.queries.determined import Determination, site_address
from app.report.queries.looked_at import methods
from app.report.rules.ccr import Result
from app.report.rules.dates import long_day
from app.report.rules.marks import Line, Mark, counted
from app.survey.models import Survey
from app.survey.rules.visit import DAY_BEGINS, day_ends

ZONE = "US Eastern time (America/New_York), due at 23:59:59"
CONTACT = {"desk": "Survey desk of the Program", "mail": "survey-desk@qcp.example"}
SIGNATORIES = [{"name": "Certification office", "title": "QOPI Certification Program"}]
NOT_FOUND = {
    Mark.PARTIAL: "A part of what the edition asks was not found.",
    Mark.NOT_MET: "What the edition asks was not found.",
}


def basis(db: Session, found: Determination) -> dict[str, Any]:
    """What a report says that does not depend on its wording or its day: kept with the draft."""
    survey = found.survey
    edition = survey.application.edition
    return {
        "edition": {"name": edition.title, "version": edition.code},
        "sample": edition.sample,
        "case": survey.number,
        "sites_visited": _visited(survey),
        "sites_not_visited": [_site(site) for site in survey.practice.sites if site.code not in found.visited],
        "surveyor": _surveyor(survey),
        "visit_from": _iso(survey.visit_on),
        "visit_to": _iso(survey.visit_until),
        "methods": methods(db, survey),
        "domains": _domains(found),
        "totals": counted(line for line in found.lines if line.kind == "standard"),
        "rows": [_row(line, survey.practice) for line in found.lines],
        "suggestions": [{"row": code, "text": row.suggestion} for code, row in found.found.items() if row.suggestion],
        "good": [{"row": code, "text": row.good_practice} for code, row in found.found.items() if row.good_practice],
        "zone": ZONE,
        "contact": CONTACT,
        "signatories": SIGNATORIES,
    }


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def _surveyor(survey: Survey) -> dict[str, str]:
    surveyor = survey.surveyor
    return {"name": surveyor.name if surveyor else "", "title": "On-site surveyor of the Program"}


def _site(site: Site) -> dict[str, str]:
    return {"code": site.code, "name": site.name, "address": site_address(site)}


def _visited(survey: Survey) -> list[dict[str, str]]:
    """The first site has the whole first day; further sites share the days after it."""
    first, last = survey.visit_on, survey.visit_until or survey.visit_on
    whole = f"{DAY_BEGINS:%H:%M}–{day_ends():%H:%M}"
    days = [(first, whole)] + [(last, "half a day" if last != first else whole)] * (len(survey.sites) - 1)
    return [
        _site(site) | {"on": _iso(on), "hours": hours} for site, (on, hours) in zip(survey.sites, days, strict=True)
    ]


def _domains(found: Determination) -> list[dict[str, Any]]:
    heads = [row for row in found.rows.values() if not row.rated]
    standards = [line for line in found.lines if line.kind == "standard"]
    return [
        {"domain": head.code, "title": head.title} | counted(line for line in standards if line.domain == head.code)
        for head in heads
        if any(line.domain == head.code for line in standards)
    ]


def _row(line: Line, practice: Practice) -> dict[str, Any]:
    """A site that was not visited rests on practice-wide policy and records: it takes the row's own overall rating."""
    ratings = {site.code: line.ratings.get(site.code, line.overall).value for site in practice.sites}
    return {
        "row": line.code,
        "domain": line.domain,
        "kind": line.kind,
        "depth": line.depth,
        "title": line.title,
        "ratings": ratings,
        "overall": line.overall.value,
        "finding": None,
    }


def finding(requirement: Requirement, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One finding with its requirement."""
    parent = _parent(requirement.code, rows)
    return {
        "no": requirement.no,
        "row": requirement.code,
        "title": requirement.title,
        **({"parent": {"row": parent["row"], "title": parent["title"]}} if parent else {}),
        "asks": requirement.asks,
        "ratings": requirement.ratings,
        "rating": requirement.rating,
        "sites": list(requirement.sites),
        "seen": list(requirement.seen),
        "missing": requirement.missing or NOT_FOUND[Mark(requirement.rating)],
        "requirement_no": requirement.label,
        "show": [one for one in requirement.show if one["what"]],
        "by": _iso(requirement.due_on),
        "resurvey": requirement.resurvey,
        "why_resurvey": requirement.why_resurvey,
    }


def _parent(code: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    above = [row for row in rows if code.startswith(f"{row['row']}.")]
    return above[0] if above else None


def whole(db: Session, report: ComplianceReport, practice: Practice, *, on: date) -> dict[str, Any]:
    """Everything a first report says, on the day it is (or would be) issued."""
    rows = [dict(row) for row in report.data["rows"]]
    numbers = {one.code: one.no for one in report.requirements}
    for row in rows:
        row["finding"] = numbers.get(row["row"])
    return report.data | {
        "title": f"Certification Compliance Report, {practice.public_name}, {long_day(on)}",
        "issued": on.isoformat(),
        "result": report.result.value,
        "rows": rows,
        "findings": [finding(one, rows) for one in report.requirements],
        "clocks": dates.of_report(db, report.case_id, on=on) if report.requirements else [],
        "already": dates.kept(db, report.case_id, on),
    }


def closing(report: ComplianceReport, practice: Practice, *, on: date) -> dict[str, Any]:
    """What the closing report says: everything met, and for each requirement what was shown and when it was judged."""
    data = report.data
    rows = [dict(row) | _all_met(row) for row in data["rows"]]
    met = {one.label: {"shown": one.shown, "on": _iso(one.met_on)} for one in report.requirements}
    findings = [
        one | {"ratings": _met(one["ratings"]), "closed": met[one["requirement_no"]]} for one in data["findings"]
    ]
    domains = [one | _recounted(rows, one["domain"]) for one in data["domains"]]
    return data | {
        "title": f"Closing Certification Compliance Report, {practice.public_name}, {long_day(on)}",
        "issued": on.isoformat(),
        "result": Result.ALL_MET.value,
        "rows": rows,
        "domains": domains,
        "totals": _recounted(rows),
        "findings": findings,
        "clocks": [],
        "already": [],
    }


def _met(ratings: dict[str, str]) -> dict[str, str]:
    return {site: mark if mark == Mark.NA else Mark.MET.value for site, mark in ratings.items()}


def _all_met(row: dict[str, Any]) -> dict[str, Any]:
    ratings = _met(row["ratings"])
    return {"ratings": ratings, "overall": row["overall"] if row["overall"] == Mark.NA else Mark.MET.value}


def _recounted(rows: Sequence[dict[str, Any]], domain: str | None = None) -> dict[str, int]:
    standards = [r for r in rows if r["kind"] == "standard" and domain in (None, r["domain"])]
    counts = {mark.value: sum(r["overall"] == mark for r in standards) for mark in (Mark.MET, Mark.PARTIAL,
                                                                                   Mark.NOT_MET, Mark.NA)}  # fmt: skip
    return counts | {"total": len(standards)}

"""The committee's determination, read as lines that can be rolled up and as words that can be quoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.people.models import Site
from app.report.rules.marks import Line, Mark, asks_something, rolled_up, sites_below
from app.standards import queries as standards
from app.standards.models import StandardRow
from app.survey import queries as surveys
from app.survey.models import Survey
from app.survey.queries import DeterminedRow
from app.survey.rules.worksheet import Rating

MARKS = {
    Rating.MET: Mark.MET,
    Rating.PARTIALLY: Mark.PARTIAL,
    Rating.NOT_MET: Mark.NOT_MET,
    Rating.NOT_APPLICABLE: Mark.NA,
}


@dataclass(frozen=True)
class Determination:
    """Everything a report is made from."""

    survey: Survey
    rows: dict[str, StandardRow]
    found: dict[str, DeterminedRow]
    lines: list[Line]

    @property
    def asking(self) -> list[Line]:
        """The lines that make a finding and a requirement."""
        return [line for line in self.lines if asks_something(line, self.lines)]

    @property
    def visited(self) -> list[str]:
        return [site.code for site in self.survey.sites]

    def sites_of(self, line: Line) -> list[str]:
        """Where this line is below met, in the order of the visit."""
        return sites_below(line, self.visited)


def determination(db: Session, survey: Survey) -> Determination:
    """The determination of a survey, rolled up."""
    rows = {row.code: row for row in standards.rows(db, survey.edition_id)}
    found = {row.code: row for row in surveys.determined_rows(db, survey)}
    codes = {site.id: site.code for site in survey.practice.sites}
    lines = [_line(rows[code], row, codes) for code, row in found.items()]
    return Determination(survey, rows, found, rolled_up(lines))


def _line(row: StandardRow, found: DeterminedRow, codes: dict[str, str]) -> Line:
    own = {codes.get(site, site): MARKS[Rating(rating)] for site, rating in found.by_site.items()}
    return Line(row.code, row.parent, row.domain, row.kind.value, row.title, own, noted=bool(found.observations))


def seen(found: DeterminedRow) -> list[dict[str, Any]]:
    """What was seen, as the report says it: a quoted passage first, then what was noted about it."""
    items: list[dict[str, Any]] = []
    for noted in found.observations:
        cite = {"source": noted.citation, "method": noted.method.value, "version": noted.version_id, "page": noted.page}
        if noted.quote:
            items.append({"text": noted.quote.strip().rstrip("."), "quote": True, **cite})
        if noted.text.strip() and noted.text.strip() != noted.quote.strip():
            items.append({"text": noted.text.strip(), "quote": False, **cite})
    return items


def site_address(site: Site) -> str:
    """One line: street, town, state and code."""
    return ", ".join(part for part in (site.address, site.city, f"{site.region} {site.postcode}".strip()) if part)

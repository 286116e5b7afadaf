"""The worksheet: its rows, their entries, and what is missing. A page costs a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, selectinload

from app.people.models import Site
from app.standards.models import StandardRow
from app.standards.queries import rows as standard_rows
from app.survey.models import Entry, Observation, Survey
from app.survey.rules.worksheet import Line, Missing, Rating, row_codes, what_is_missing


@dataclass
class SheetRow:
    """One row of the list at the left: the standard's text and its rating by site."""

    row: StandardRow
    ratings: dict[str, Rating] = field(default_factory=dict)
    entry_ids: dict[str, str] = field(default_factory=dict)
    asked: bool = False

    @property
    def code(self) -> str:
        return self.row.code

    def rating(self, site_id: str) -> Rating:
        return self.ratings.get(site_id, Rating.NOT_ASSESSED)


@dataclass
class Sheet:
    """A worksheet as a page shows it: the rows, the sites, where we are, and how much is done."""

    survey: Survey
    domains: list[StandardRow]
    rows: list[SheetRow]
    sites: list[Site]

    def rated(self, site_id: str) -> int:
        """How many rows are rated at a site."""
        return sum(row.rating(site_id) is not Rating.NOT_ASSESSED for row in self.rows)

    def of_domain(self, domain: str) -> list[SheetRow]:
        return [row for row in self.rows if row.row.domain == domain]

    def find(self, code: str) -> SheetRow | None:
        return next((row for row in self.rows if row.code == code), None)

    def beside(self, code: str, step: int) -> SheetRow | None:
        """The row before (-1) or after (1) this one."""
        codes = [row.code for row in self.rows]
        at = codes.index(code) + step
        return self.rows[at] if 0 <= at < len(codes) else None

    def next_open(self, code: str, site_id: str) -> SheetRow | None:
        """The next row not assessed at this site, from here to the end and then from the top."""
        at = [row.code for row in self.rows].index(code)
        turned = self.rows[at + 1 :] + self.rows[: at + 1]
        return next((row for row in turned if row.rating(site_id) is Rating.NOT_ASSESSED), None)

    def blank_elsewhere(self, code: str, site_id: str) -> list[Site]:
        """The other sites at which this row is not assessed, once it is assessed here."""
        row = self.find(code)
        if row is None or row.rating(site_id) is Rating.NOT_ASSESSED:
            return []
        return [one for one in self.sites if one.id != site_id and row.rating(one.id) is Rating.NOT_ASSESSED]

    def next_site(self, site_id: str) -> Site | None:
        """Another site that has rows not assessed."""
        return next((one for one in self.sites if one.id != site_id and self.rated(one.id) < len(self.rows)), None)


def sheet_rows(db: Session, survey: Survey) -> list[StandardRow]:
    """The rows that get a line: all of the edition, or those of the re-survey's scope."""
    rows = standard_rows(db, survey.edition_id)
    wanted = set(row_codes([(row.code, row.kind) for row in rows], survey.scope))
    return [row for row in rows if row.code in wanted]


def sheet(db: Session, survey: Survey) -> Sheet:
    """The whole worksheet without the texts of its entries."""
    rows = standard_rows(db, survey.edition_id)
    wanted = set(row_codes([(row.code, row.kind) for row in rows], survey.scope))
    found = {row.code: SheetRow(row) for row in rows if row.code in wanted}
    columns = select(Entry.code, Entry.site_id, Entry.rating, Entry.id, Entry.open).where(Entry.survey_id == survey.id)
    for code, site_id, rating, entry_id, still_open in db.execute(columns):
        found[code].ratings[site_id] = rating
        found[code].entry_ids[site_id] = entry_id
        found[code].asked = found[code].asked or (still_open and survey.submitted_at is not None)
    domains = [row for row in rows if not row.rated and any(code.startswith(row.code + ".") for code in wanted)]
    return Sheet(survey, domains, list(found.values()), survey.sites)


def place_on_sheet(db: Session, survey: Survey, code: str, site_id: str) -> Entry | None:
    """The entry of one row at one site, with its observations."""
    return db.scalar(
        select(Entry)
        .where(Entry.survey_id == survey.id, Entry.code == code, Entry.site_id == site_id)
        .options(selectinload(Entry.observations))
    )


def entries(db: Session, survey: Survey, codes: list[str] | None = None) -> list[Entry]:
    """The entries of a survey (of these rows), main site first, with observations, in a fixed number of queries."""
    found = select(Entry).where(Entry.survey_id == survey.id)
    if codes is not None:
        found = found.where(Entry.code.in_(codes))
    loaded = found.options(selectinload(Entry.observations), selectinload(Entry.site))
    place = {visited.site_id: visited.position for visited in survey.places}
    return sorted(db.scalars(loaded), key=lambda entry: place[entry.site_id])


def missing(db: Session, survey: Survey) -> list[Missing]:
    """Everything without which the worksheet cannot be sent, in the order of the rows."""
    order = {row.code: n for n, row in enumerate(sheet_rows(db, survey))}
    place = {place.site_id: (place.position, place.site.name) for place in survey.places}
    gone = aliased(Observation)
    stands = (
        select(Observation.entry_id, func.count())
        .where(Observation.withdraws.is_(False), Observation.source != "")
        .where(~select(gone.id).where(gone.replaces_id == Observation.id).exists())
        .group_by(Observation.entry_id)
        .join(Entry, Entry.id == Observation.entry_id)
        .where(Entry.survey_id == survey.id)
    )
    sourced = dict(db.execute(stands).all())
    columns = select(Entry.id, Entry.code, Entry.site_id, Entry.rating, Entry.na_reason)
    lines = [
        (order[code], place[site_id][0], Line(entry_id, code, place[site_id][1], rating, why, sourced.get(entry_id, 0)))
        for entry_id, code, site_id, rating, why in db.execute(columns.where(Entry.survey_id == survey.id))
    ]
    return what_is_missing(line for *_, line in sorted(lines, key=lambda one: one[:2]))

"""A chart file: from its bytes to its records, or to the reasons why nothing of it is read."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.participation.rules.columns import COLUMNS

LONGEST_CELL = 10_000
BLANKS = " \t"
IDENTIFIERS = [
    "name", "initials", "mrn", "medicalrecord", "ssn", "socialsecurity", "dateofbirth", "birthdate", "birthday",
    "dob", "phone", "mobile", "fax", "email", "address", "street", "zip", "postcode", "postalcode", "insurance",
    "memberid", "policynumber", "accountnumber", "photo",
]  # fmt: skip


@dataclass(frozen=True)
class ChartFile:
    """What a file holds. When `errors` is not empty nothing else was read."""

    errors: list[str] = field(default_factory=list)
    header: tuple[str, ...] = ()
    records: list[list[str]] = field(default_factory=list)

    def cells(self, record: Sequence[str]) -> dict[str, str] | None:
        """One record by column name, or None when it has too many or too few cells."""
        return dict(zip(self.header, record, strict=True)) if len(record) == len(self.header) else None


def read_file(data: bytes) -> ChartFile:
    """Read a chart file as section 2.1 of the measures describes it. Never raises, never repeats a cell."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ChartFile(errors=["file_not_utf8"])
    records = _records(text)
    if records is None:
        return ChartFile(errors=["file_malformed"])
    if not records:
        return ChartFile(errors=["file_empty"])
    errors = header_errors(records[0])
    return ChartFile(errors=errors) if errors else ChartFile(header=tuple(records[0]), records=records[1:])


def _records(text: str) -> list[list[str]] | None:
    """Every record that is not wholly blank, its cells cut at both ends; None when the file is malformed."""
    kept = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            if any(len(cell) > LONGEST_CELL for cell in record):
                return None
            cells = [cell.strip(BLANKS) for cell in record]
            if any(cells):
                kept.append(cells)
    except csv.Error:
        return None
    return kept


def header_errors(header: Sequence[str]) -> list[str]:
    """What is wrong with a header. Cells that are no column of ours are told by position only."""
    errors = {f"column_missing:{name}" for name in COLUMNS if name not in header}
    errors |= {f"column_repeated:{name}" for name in COLUMNS if header.count(name) > 1}
    for position, name in enumerate(header, start=1):
        if name not in COLUMNS:
            errors.add(f"{'column_forbidden' if names_an_identifier(name) else 'column_unknown'}:{position}")
    return sorted(errors)


def names_an_identifier(name: str) -> bool:
    """Whether a column's name says that it identifies a person."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return any(fragment in plain for fragment in IDENTIFIERS)

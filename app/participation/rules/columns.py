"""The 50 columns of a chart, and the groups in which a form shows them."""

from dataclasses import dataclass
from enum import StrEnum

from app.participation.rules.tables import table


class Kind(StrEnum):
    """How the cells of a column are read."""

    CHART_ID = "chart_id"
    SITE_CODE = "site_code"
    BIRTH_YEAR = "birth_year"
    NUMBER = "number"
    DATE = "date"
    CODE = "code"


class Group(StrEnum):
    """The parts of the chart form, in their order."""

    PATIENT = "patient"
    CANCER = "cancer"
    VISITS = "visits"
    ASKED = "asked"
    CHEMO = "chemo"
    SAFETY = "safety"
    END = "end"
    BREAST = "br"
    BOWEL = "crc"
    LUNG = "lu"


GROUP_TITLES = {
    Group.PATIENT: "The patient, without identity",
    Group.CANCER: "The cancer",
    Group.VISITS: "Visits",
    Group.ASKED: "Asked at the first visits",
    Group.CHEMO: "Chemotherapy",
    Group.SAFETY: "Side effects of chemotherapy",
    Group.END: "End of life",
    Group.BREAST: "Breast cancer only",
    Group.BOWEL: "Colon and rectum only",
    Group.LUNG: "Non-small-cell lung cancer only",
}


@dataclass(frozen=True)
class Column:
    """One column: its name in the file, what it may hold, and its words for people."""

    name: str
    kind: Kind
    allowed: tuple[str, ...]
    low: int
    high: int
    may_be_blank: bool
    group: Group
    label: str
    meaning: str


def _column(row: dict[str, str]) -> Column:
    return Column(
        name=row["column"],
        kind=Kind(row["kind"]),
        allowed=tuple(row["allowed"].split()),
        low=int(row["low"] or 0),
        high=int(row["high"] or 0),
        may_be_blank=row["may_be_blank"] == "yes",
        group=Group(row["group"]),
        label=row["label"],
        meaning=row["meaning"],
    )


COLUMNS: dict[str, Column] = {row["column"]: _column(row) for row in table("columns")}


def grouped() -> list[tuple[Group, str, list[Column]]]:
    """The columns as the form shows them: group, its title, its columns."""
    return [(group, GROUP_TITLES[group], [c for c in COLUMNS.values() if c.group is group]) for group in Group]

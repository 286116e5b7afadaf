"""A measure set: each measure says of one chart whether it applies and whether the chart meets it. Sample edition."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.participation.rules.charts import Chart
from app.participation.rules.questions import DENOMINATORS, NUMERATORS, Question
from app.participation.rules.tables import table

SAMPLE_SET = "qcp-track-sample-1"


@dataclass(frozen=True)
class Part:
    """One step of a composite measure, shown under it and never scored."""

    id: str
    title: str
    applies: Question
    meets: Question


@dataclass(frozen=True)
class Measure:
    """One quality question. A composite has parts instead of questions of its own."""

    id: str
    title: str
    inverse: bool
    certified_from: str
    certified_to: str
    parts: tuple[Part, ...] = ()
    own: Part | None = None

    @property
    def module(self) -> str:
        return self.id.partition("-")[0]

    def is_scored(self, round_code: str) -> bool:
        """Whether it belongs to the certification set of a round."""
        if not self.certified_from or round_code < self.certified_from:
            return False
        return not self.certified_to or round_code <= self.certified_to

    def applies(self, chart: Chart) -> bool:
        """Whether the chart is in the denominator."""
        return any(part.applies(chart) for part in self._steps)

    def meets(self, chart: Chart) -> bool:
        """Whether a chart of the denominator is in the numerator; a composite asks for every part that applies."""
        return all(part.meets(chart) for part in self._steps if part.applies(chart))

    @property
    def _steps(self) -> Sequence[Part]:
        return self.parts or ((self.own,) if self.own else ())


@dataclass(frozen=True)
class MeasureSet:
    """A named, versioned list of measures. A new edition adds a set; none is ever changed."""

    name: str
    measures: tuple[Measure, ...]

    @property
    def parts(self) -> list[Part]:
        return [part for measure in self.measures for part in measure.parts]


def measure_set(name: str = SAMPLE_SET) -> MeasureSet:
    """The measures of one set, in the order of its table."""
    return SETS[name]


def _part(row: dict[str, str]) -> Part:
    return Part(row["id"], row["title"], DENOMINATORS[row["denominator"]], NUMERATORS[row["numerator"]])


def _read(name: str) -> MeasureSet:
    rows = table(f"measures-{name}")
    return MeasureSet(name, tuple(_measure(row, rows) for row in rows if not row["part_of"]))


def _measure(row: dict[str, str], rows: list[dict[str, str]]) -> Measure:
    parts = tuple(_part(other) for other in rows if other["part_of"] == row["id"])
    return Measure(
        id=row["id"],
        title=row["title"],
        inverse=row["inverse"] == "yes",
        certified_from=row["certified_from"],
        certified_to=row["certified_to"],
        parts=parts,
        own=None if parts else _part(row),
    )


SETS = {SAMPLE_SET: _read(SAMPLE_SET)}

"""Counting and scoring with whole numbers and exact fractions; percents are text, made at the very end."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor, sqrt
from typing import Any

from app.participation.rules.charts import Chart
from app.participation.rules.measures import Measure, MeasureSet, Part

Z_95 = 1.959963984540054


class Method(StrEnum):
    """How measures are put together into one score; the program's setting chooses."""

    POOLED = "pooled"
    MEAN_OF_RATES = "mean_of_rates"


@dataclass(frozen=True)
class Count:
    """How many charts a measure applies to, and how many of them are in its numerator."""

    numerator: int
    denominator: int
    inverse: bool = False

    @property
    def adjusted(self) -> int:
        """The numerator, turned round where lower is better."""
        return self.denominator - self.numerator if self.inverse else self.numerator

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def adjusted_rate(self) -> Fraction | None:
        return Fraction(self.adjusted, self.denominator) if self.denominator else None


def count(measure: Measure | Part, charts: Iterable[Chart], inverse: bool = False) -> Count:
    """Count the charts of one measure or part."""
    inside = [chart for chart in charts if measure.applies(chart)]
    return Count(sum(measure.meets(chart) for chart in inside), len(inside), inverse)


def counts(measures: MeasureSet, charts: Collection[Chart]) -> dict[str, Count]:
    """Every measure and every part of a set, by id."""
    found = {measure.id: count(measure, charts, measure.inverse) for measure in measures.measures}
    return found | {part.id: count(part, charts) for part in measures.parts}


@dataclass(frozen=True)
class Score:
    """The Overall Quality Score both ways, over the measures that count in a round."""

    scored: Sequence[Count]

    @property
    def numerator(self) -> int:
        return sum(one.adjusted for one in self.scored)

    @property
    def denominator(self) -> int:
        return sum(one.denominator for one in self.scored)

    def value(self, method: Method) -> Fraction | None:
        """The exact score; None when no measure has a chart."""
        if not self.scored:
            return None
        if method is Method.POOLED:
            return Fraction(self.numerator, self.denominator)
        rates = [Fraction(one.adjusted, one.denominator) for one in self.scored]
        return sum(rates, Fraction(0)) / len(rates)


def score(measures: MeasureSet, found: dict[str, Count], round_code: str) -> Score:
    """The score over the certification measures of a round that have charts."""
    scored = [found[measure.id] for measure in measures.measures if measure.is_scored(round_code)]
    return Score([one for one in scored if one.denominator])


def percent(value: Fraction | None) -> str | None:
    """A rate for people: two decimals, rounded half up from the exact fraction."""
    return None if value is None else _hundredths(floor(value * 10_000 + Fraction(1, 2)))


def score_percent(value: Fraction | None, threshold: Fraction) -> str | None:
    """A score for people: as a rate, but one that fails is never shown as if it reached the threshold."""
    if value is None:
        return None
    rounded = floor(value * 10_000 + Fraction(1, 2))
    if value < threshold and Fraction(rounded, 10_000) >= threshold:
        return _hundredths(floor(value * 10_000))
    return _hundredths(rounded)


def _hundredths(whole: int) -> str:
    return f"{whole // 100}.{whole % 100:02d}"


def interval(one: Count) -> list[str] | None:
    """The 95 % interval of a rate (Wilson), for reading only; it decides nothing."""
    if not one.denominator:
        return None
    n, rate = one.denominator, one.numerator / one.denominator
    middle = (rate + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    reach = Z_95 * sqrt(rate * (1 - rate) / n + Z_95**2 / (4 * n**2)) / (1 + Z_95**2 / n)
    return [f"{100 * min(max(end, 0.0), 1.0):.2f}" for end in (middle - reach, middle + reach)]


def measure_json(one: Count) -> dict[str, Any]:
    """One measure as the result shows it."""
    return {
        "numerator": one.numerator,
        "denominator": one.denominator,
        "adjusted_numerator": one.adjusted,
        "rate": percent(one.rate),
        "adjusted_rate": percent(one.adjusted_rate),
    }


def score_json(found: Score, method: Method, threshold: Fraction) -> dict[str, Any]:
    """Both scores as the result shows them, with what each says of the threshold."""
    heads: dict[Method, dict[str, Any]] = {
        Method.POOLED: {"numerator": found.numerator, "denominator": found.denominator},
        Method.MEAN_OF_RATES: {"measures": len(found.scored)},
    }
    answer: dict[str, Any] = {"method": method.value, "threshold": percent(threshold)}
    for way, head in heads.items():
        value = found.value(way)
        meets = value is not None and value >= threshold
        answer[way.value] = {**head, "percent": score_percent(value, threshold), "meets_threshold": meets}
    return answer

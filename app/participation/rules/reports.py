"""What a final report says beside its result: comparison, settings, and the words of its paper."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from app.participation.rules import sentences
from app.participation.rules.measures import Measure, MeasureSet
from app.participation.rules.modules import TITLES, Module
from app.participation.rules.qualify import Rulebook, minimum_for, year_after
from app.participation.rules.score import Count, Method, interval, percent, score_percent
from app.participation.rules.windows import RoundDates

NOT_FINAL = sentences.STANDING["report_not_final"]
METHOD_WORDS = {Method.POOLED: "pooled", Method.MEAN_OF_RATES: "mean of the measures' rates"}


def digest(*parts: Any) -> str:
    """SHA-256 over everything a report is made of."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def comparison(results: Sequence[Mapping[str, Any]], measures: MeasureSet, book: Rulebook) -> dict[str, Any]:
    """All practices of a round together, made once; nothing at all where too few are in a group."""
    answer: dict[str, Any] = {"measures": {}, "score": None}
    for measure in measures.measures:
        group = [one["measures"][measure.id] for one in results if one["measures"][measure.id]["denominator"]]
        answer["measures"][measure.id] = _together(group) if len(group) >= book.fewest_compared else None
    scores = [one["score"]["pooled"] for one in results if one["score"]["pooled"]["denominator"]]
    if len(scores) >= book.fewest_compared:
        pooled = Fraction(sum(one["numerator"] for one in scores), sum(one["denominator"] for one in scores))
        answer["score"] = {"practices": len(scores), "percent": score_percent(pooled, book.threshold)}
    return answer


def _together(group: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    charts = sum(one["denominator"] for one in group)
    return {
        "practices": len(group),
        "rate": percent(Fraction(sum(one["numerator"] for one in group), charts)),
        "adjusted_rate": percent(Fraction(sum(one["adjusted_numerator"] for one in group), charts)),
    }


def settings(dates: RoundDates, fte: str, book: Rulebook) -> dict[str, Any]:
    """Everything the figures were worked out with, so that they can be worked out again."""
    minimum = minimum_for(fte, book.minimums)
    days = {name: value.isoformat() for name, value in vars(dates).items() if isinstance(value, date)}
    return {
        **days,
        "fte": fte,
        "charts_per_module": minimum.charts_per_module,
        "unique_charts": minimum.unique_charts,
        "threshold": percent(book.threshold),
        "method": book.method.value,
        "fewest_compared": book.fewest_compared,
    }


def settings_in_words(kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The same settings for people."""
    frozen = f"; frozen on {long_day(kept['final_report_on'])}" if kept.get("final_report_on") else ""
    return [
        ("Visits", span(kept["visits_from"], kept["visits_to"])),
        ("Deaths", span(kept["deaths_from"], kept["deaths_to"])),
        ("Diagnosis", f"on or after {long_day(kept['diagnosed_from'])}"),
        (
            "FTE of oncologists",
            f"{kept['fte']}: {kept['charts_per_module']} charts a module, {kept['unique_charts']} unique charts",
        ),
        ("Score", f"{METHOD_WORDS[Method(kept['method'])]}; threshold {kept['threshold']} %, compared exactly"),
        ("Comparison", f"shown from {kept['fewest_compared']} practices on{frozen}"),
    ]


def valid_why(dates: RoundDates) -> str:
    """How the last day of a score was found."""
    if dates.final_report_on is None:
        return ""
    year = f"one year after this report ({long_day(year_after(dates.final_report_on).isoformat())})"
    if dates.next_same_season_closes_on is None:
        return f"It is {year}, or the close of the next {dates.season} round once that is announced, if earlier."
    close = long_day(dates.next_same_season_closes_on.isoformat())
    return f"The earlier of {year} and the close of the next {dates.season} round ({close})."


def long_day(text: str) -> str:
    """August 14, 2027"""
    day = date.fromisoformat(text)
    return f"{day:%B} {day.day}, {day.year}"


def span(start: str, end: str) -> str:
    """July 1 to December 31, 2025; the year stands once where it is the same."""
    first, last = long_day(start), long_day(end)
    return f"{first.removesuffix(first[-6:])} to {last}" if first[-4:] == last[-4:] else f"{first} to {last}"


def measure_lines(
    result: Mapping[str, Any], measures: MeasureSet, misses: Mapping[str, Any], compared: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """Each measure with its figures, its parts and the practice's own charts that missed it."""
    return [_line(measure, result, misses, compared) for measure in measures.measures]


def _line(
    measure: Measure, result: Mapping[str, Any], misses: Mapping[str, Any], compared: Mapping[str, Any] | None
) -> dict[str, Any]:
    figures = result["measures"][measure.id]
    together = (compared or {"measures": {}})["measures"].get(measure.id)
    return {
        "id": measure.id,
        "module": measure.module,
        "title": measure.title,
        "inverse": measure.inverse,
        "scored": measure.is_scored(result["round"]),
        "numerator": figures["numerator"],
        "denominator": figures["denominator"],
        "rate": figures["rate"],
        "interval": interval(Count(figures["numerator"], figures["denominator"])),
        "all": {"practices": together["practices"], "rate": together["rate"]} if together else None,
        "parts": [{"id": part.id, "title": part.title, **result["parts"][part.id]} for part in measure.parts],
        "charts": misses.get(measure.id, []),
    }


def module_lines(result: Mapping[str, Any], complete: Sequence[str]) -> list[dict[str, Any]]:
    """Each module with its charts, its target and in one word how it stands."""
    return [
        {"module": name, "title": TITLES[Module(name)], "state": _state(name, one, complete), **one}
        for name, one in result["modules"].items()
    ]


def _state(name: str, one: Mapping[str, Any], complete: Sequence[str]) -> str:
    if one["target"] is None:
        return "not_chosen"
    if one["met"]:
        return "met"
    return "confirmed" if name in complete else "below"


def score_line(result: Mapping[str, Any], compared: Mapping[str, Any] | None) -> dict[str, Any]:
    """The score by the method that decides, with the figures behind it."""
    score = result["score"]
    pooled, decides = score["pooled"], score[score["method"]]
    return {
        "percent": decides["percent"],
        "numerator": pooled["numerator"],
        "denominator": pooled["denominator"],
        "threshold": score["threshold"],
        "method": score["method"],
        "measures": score["mean_of_rates"]["measures"],
        "all": (compared or {}).get("score"),
        "interval": interval(Count(pooled["numerator"], pooled["denominator"])),
    }


def reasons_in_words(result: Mapping[str, Any]) -> list[str]:
    """Every reason that stands against the practice, as sentences."""
    return [sentences.of_reason(reason) for reason in result["qualification"]["reasons"]]

"""Run the benchmarks: a table on standard output, and the same figures in `bench.json` in the data folder."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import indexing, many, pages, papers, reading, searching, starting, store, uploading
from tests.bench.row import Row
from tests.factories import harbor_light, prairie_sky

NOTE = (
    "x floor: how many times the floor's cost is ours, the median of the rounds' own ratios; a floor is measured in"
    " turns with ours, so compare ratios, not milliseconds of different runs. In brackets the lowest and highest round."
)  # fmt: skip


def quick() -> Iterator[Row]:
    """What takes a second or two and no process of its own, so that the bench does not rot."""
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as folder, store.opened(Path(folder)) as opened:
        yield from reading.rows(quick=True)
        binder = store.binder(opened, store.few_readings())
        yield from indexing.rows(opened, binder, quick=True)
        yield from searching.rows(opened, binder, quick=True)
        yield from papers.rows(opened, quick=True)


def whole(*, large: bool = False) -> Iterator[Row]:
    """Every row."""
    yield from reading.rows(quick=False)
    readings = harbor_light.readings()
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as folder, store.opened(Path(folder)) as opened:
        cast = pages.populate(opened, readings)
        yield from indexing.rows(opened, cast.application.binder, quick=False)
        yield from searching.rows(opened, cast.application.binder, quick=False)
        if shutil.which("tesseract"):  # without it the scans cannot be found, and the share says nothing
            other = store.binder(opened, prairie_sky.readings())
            yield from searching.right(opened, store.binder(opened, readings), other)
        yield from papers.rows(opened, quick=False)
        yield from uploading.rows(opened)
        yield from pages.rows(opened, cast)
        yield from many.rows(opened, cast.application.binder, large=large)
    yield from starting.rows()


def line(row: Row) -> str:
    """One line of the table."""
    name = f"{row.name:<76}"
    if row.floor is None:
        return f"{name} {_figure(row.ours, row.spread):>28} {row.unit:<8}"
    ratio = f"{row.ratio:.2f} x floor" if row.ratio else ""
    target = f"  target {row.target:.3g}{': MISSED' if row.missed else ''}" if row.target is not None else ""
    ours, floor = _figure(row.ours, row.spread), _figure(row.floor, row.floor_spread)
    return f"{name} {ours:>28} {row.unit:<8} {floor:>28} {row.against:<40} {ratio:>14}{target}"


def _figure(middle: float, spread: tuple[float, float] | None) -> str:
    if spread is None or spread[0] == spread[1]:
        return _plain(middle)
    return f"{_plain(middle)} [{_plain(spread[0])}-{_plain(spread[1])}]"


def _plain(figure: float) -> str:
    return f"{figure:.0f}" if figure >= 100 else f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"


def keep(rows: list[Row], target: Path, *, few: bool) -> None:
    """What was measured so far."""
    target.parent.mkdir(parents=True, exist_ok=True)
    facts = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "quick": few, "rows": [asdict(row) for row in rows]}
    target.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Print and keep each row as soon as it is there: a run that is broken off loses nothing."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few rows only, in a second or two")
    parser.add_argument("--large", action="store_true", help="also the rows that take many minutes")
    given = parser.parse_args()
    few = given.quick
    target = Path(os.environ.get("QCP_DATA", "var")) / "bench.json"
    rows: list[Row] = []
    for row in quick() if few else whole(large=given.large):
        rows.append(row)
        sys.stdout.write(line(row) + "\n")
        sys.stdout.flush()
        keep(rows, target, few=few)
    missed = sum(row.missed for row in rows)
    sys.stdout.write(f"\n{NOTE}\n{missed} of {sum(row.target is not None for row in rows)} targets missed. {target}\n")


if __name__ == "__main__":
    main()

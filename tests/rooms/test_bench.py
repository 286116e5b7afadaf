"""The bench runs and writes what it measured. How fast anything is, no test says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.row import Row, alone, percentile, row

ROOT = Path(__file__).parents[2]


def test_the_quick_bench_prints_its_table_and_keeps_well_formed_rows(tmp_path: Path) -> None:
    env = {**os.environ, "QCP_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "tests.bench", "--quick"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    kept = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert kept["quick"] is True
    names = [one["name"] for one in kept["rows"]]
    assert len(names) == len(set(names)) >= 7
    for one in kept["rows"]:
        assert one.keys() == Row.__dataclass_fields__.keys()
        assert one["name"] in done.stdout
        assert one["unit"] and one["against"]
        assert one["ours"] > 0 and one["floor"] > 0 and one["ratio"] > 0
        assert one["spread"][0] <= one["ours"] <= one["spread"][1]
    words = ("text of", "indexed anew", "a question", "signed certificate")
    assert [word for word in words if not any(word in name for name in names)] == []


def test_a_ratio_is_the_floors_cost_taken_so_many_times_whichever_way_is_better() -> None:
    assert row("slow", "ms", [6.0, 9.0, 30.0], [3.0, 3.0, 10.0], "floor").ratio == pytest.approx(3.0)
    assert row("rate", "pages/s", [50.0], [100.0], "floor", more_is_better=True).ratio == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("ours", "more_is_better", "missed"), [(3.4, False, False), (3.6, False, True), (3.4, True, True)]
)
def test_a_missed_target_is_marked(ours: float, more_is_better: bool, missed: bool) -> None:
    assert alone("index", "ms", [ours], target=3.5, more_is_better=more_is_better).missed is missed
    assert not alone("index", "ms", [ours]).missed


def test_the_slow_end_leaves_one_in_twenty_above_it() -> None:
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 95.0
    assert percentile([7.0], 0.95) == 7.0

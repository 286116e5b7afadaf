"""Charts from the command line: codes to leave with, JSON on one side, messages on the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from app.cli import charts as cli
from app.participation.models import Enrolment
from app.participation.queries import desk
from tests.factories import chart as made
from tests.factories import enrolment as enrolling

Run = Any


@pytest.fixture
def run(db: Session, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in this test's database."""

    @contextmanager
    def opened() -> Iterator[tuple[None, None]]:
        yield None, None

    monkeypatch.setattr(cli, "opened", opened)

    def command(*words: str | Path) -> Result:
        return CliRunner().invoke(cli.charts, [str(word) for word in words])

    return command


@pytest.fixture
def enrolment(db: Session) -> Enrolment:
    return enrolling.enrolment(db)


def importing(run: Run, enrolment: Enrolment, file: Path, *more: str) -> Result:
    slug = enrolment.practice.slug
    return run("import", "--practice", slug, "--round", "2026-R1", file, *more)


def test_scoring_prints_exactly_the_expected_json(run: Run) -> None:
    done = run("score", made.FILES / "charts-sample.csv", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == json.loads((made.FILES / "charts-sample.expected.json").read_text())


def test_scoring_for_people_names_every_measure_and_every_reason(run: Run) -> None:
    done = run("score", made.FILES / "charts-boundary.csv", "--fte", "2.50")
    assert "2.5 FTE" in done.stdout and "lu-88" in done.stdout and "possible duplicates" in done.stdout


@pytest.mark.parametrize("fte", ["0", "many", "-1"])
def test_a_size_that_is_none_is_refused(run: Run, fte: str) -> None:
    done = run("score", made.FILES / "charts-sample.csv", "--fte", fte)
    assert done.exit_code != 0 and "--fte" in done.stderr and not done.stdout


def test_a_file_that_cannot_be_used_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_bytes(made.sample_file().replace(b"mutation_tested", b"mutation_tested,MRN", 1))
    done = run("score", tmp_path / "names.csv", "--json")
    assert json.loads(done.stdout)["file_errors"] == ["column_forbidden:51"]
    assert done.exit_code != 0 and len(done.stderr.splitlines()) == 1
    assert run("score", tmp_path / "none.csv").exit_code != 0


def test_importing_stores_a_sound_file(run: Run, enrolment: Enrolment, db: Session) -> None:
    done = importing(run, enrolment, made.FILES / "charts-sample.csv", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"rows": 120, "stored": 120, "refused": []}
    assert len(desk.all_charts(db, enrolment)) == 120


def test_bad_rows_are_refused_with_row_column_code_and_reason_and_nothing_is_stored(
    run: Run, enrolment: Enrolment, db: Session, tmp_path: Path
) -> None:
    file = tmp_path / "charts.csv"
    file.write_bytes(made.file_of(made.cells(), made.cells(chart_id="QX-0002", sex="")))
    done = importing(run, enrolment, file, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["refused"] == [
        {"row": 2, "column": "sex", "code": "missing", "reason": "Sex: fill this in; it may not be blank."}
    ]
    assert desk.all_charts(db, enrolment) == []
    assert importing(run, enrolment, file, "--partial").exit_code == 1
    assert len(desk.all_charts(db, enrolment)) == 1


@pytest.mark.parametrize("words", [["--practice", "nobody", "--round", "2026-R1"], ["--practice", "", "--round", "x"]])
def test_an_unknown_practice_or_round_is_said_plainly(run: Run, words: list[str]) -> None:
    done = run("import", *words, made.FILES / "charts-sample.csv")
    assert done.exit_code != 0 and "There is no practice" in done.stderr

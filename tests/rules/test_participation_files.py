"""What a chart file may be: headers, rows, and every error. The expected answers lie beside the files."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.participation.rules import sentences
from app.participation.rules.cells import Entry, read_cells
from app.participation.rules.columns import COLUMNS, grouped
from app.participation.rules.files import names_an_identifier, read_file
from app.participation.rules.measures import measure_set
from app.participation.rules.result import counted, read_sheet, score_file
from app.participation.rules.rows import place, read_row
from app.participation.rules.windows import duplicate_groups, exclusions, sample_round

CHARTS = Path(__file__).parents[1] / "data" / "charts"
TODAY = date(2026, 11, 24)
ENTRY = Entry(TODAY, visits_to=date(2025, 12, 31))


def sound_cells() -> dict[str, str]:
    """The first chart of the sample file."""
    file = read_file((CHARTS / "charts-sample.csv").read_bytes())
    return dict(zip(file.header, file.records[0], strict=True))


def as_file(*rows: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize("name", ["sample", "bad", "boundary"])
def test_each_file_of_the_sample_edition_gives_exactly_its_expected_result(name: str) -> None:
    expected = json.loads((CHARTS / f"charts-{name}.expected.json").read_text())
    assert score_file((CHARTS / f"charts-{name}.csv").read_bytes(), today=TODAY) == expected


def test_every_measure_is_met_and_missed_by_the_charts_that_probe_its_edges() -> None:
    sheet = read_sheet(read_file((CHARTS / "charts-boundary.csv").read_bytes()), ENTRY)
    charts = {str(chart.values["chart_id"]): chart for chart in sheet.charts.values()}
    asked: dict[str, Any] = {measure.id: measure for measure in measure_set().measures}
    asked |= {part.id: part for part in measure_set().parts}
    inside = {str(chart.values["chart_id"]): chart for chart in counted(sheet.charts, sample_round()).values()}
    twice = {name for group in duplicate_groups(inside) for name in group}
    probed = set()
    with (CHARTS / "charts-boundary.cases.csv").open(newline="") as file:
        for case in csv.DictReader(file):
            chart = charts[case["chart_id"]]
            probed.add(case["probes"])
            if case["probes"] not in asked:
                codes = exclusions(chart, sample_round())
                codes += ["possible_duplicate"] if case["chart_id"] in twice else []
                assert case["probes"].split() == (codes or ["counted"]), case
                continue
            one = asked[case["probes"]]
            assert one.applies(chart) == (case["in_denominator"] == "yes"), case
            assert (one.applies(chart) and one.meets(chart)) == (case["in_numerator"] == "yes"), case
    assert probed >= {measure.id for measure in measure_set().measures} - {"core-1"}


@pytest.mark.parametrize(
    "case", json.loads((CHARTS / "charts-bad-headers.json").read_text()), ids=lambda c: c["file_errors"]
)
def test_a_header_is_refused_for_every_reason_at_once(case: dict[str, Any]) -> None:
    assert read_file(case["header"].encode()).errors == case["file_errors"]


def test_a_file_with_errors_of_the_whole_file_says_nothing_else() -> None:
    answer = score_file(b"\xff\xfe", fte="2.5", today=TODAY)
    assert answer == {
        "measure_set": "qcp-track-sample-1", "round": "2026-R1", "fte": "2.5", "file_errors": ["file_not_utf8"],
    }  # fmt: skip


def test_a_header_alone_is_a_sound_file_of_no_rows_without_a_score() -> None:
    answer = score_file(as_file(), today=TODAY)
    assert answer["rows"] == 0
    assert answer["score"]["pooled"] == {"numerator": 0, "denominator": 0, "percent": None, "meets_threshold": False}
    assert {"code": "no_score"} in answer["qualification"]["reasons"]
    assert answer["measures"]["core-1"]["rate"] is None


def test_lines_may_end_in_lf_crlf_or_a_lone_cr() -> None:
    text = as_file(sound_cells())
    expected = score_file(text, today=TODAY)
    assert score_file(text.replace(b"\n", b"\r\n"), today=TODAY) == expected
    assert score_file(text.replace(b"\n", b"\r"), today=TODAY) == expected


def test_a_quotation_mark_inside_a_cell_is_an_ordinary_character_but_one_that_is_never_closed_is_not() -> None:
    assert read_file(b'a"b,c').errors != ["file_malformed"]
    assert read_file(b'"a,c').errors == ["file_malformed"]
    assert read_file(b'"a"b,c').errors == ["file_malformed"]
    assert read_file(b"x" * 10_001).errors == ["file_malformed"]


def test_a_row_with_a_wrong_number_of_cells_has_that_error_only_and_keeps_its_number() -> None:
    text = as_file(sound_cells()) + b"x,y\n"
    sheet = read_sheet(read_file(text), ENTRY)
    assert sheet.errors == {2: ["row_length"]}


@pytest.mark.parametrize(
    "name", ["Patient Name", "MRN", "S.S.N.", "Date of Birth", "Cell Phone", "E-mail", "Home address"]
)
def test_a_column_that_names_a_person_is_known_by_its_letters(name: str) -> None:
    assert names_an_identifier(name)


def test_a_number_far_too_long_is_out_of_range_and_nothing_breaks() -> None:
    assert "out_of_range:tumor_size_mm" in read_row(sound_cells() | {"tumor_size_mm": "9" * 9000}, ENTRY)[1]


def test_a_site_is_only_checked_where_the_practice_is_known() -> None:
    cells = sound_cells() | {"site_code": "ZZ"}
    assert read_row(cells, ENTRY)[1] == []
    assert read_row(cells, Entry(TODAY, ENTRY.visits_to, sites={"CS"}))[1] == ["unknown_site:site_code"]


def test_one_mistake_is_reported_once_because_row_rules_skip_cells_that_are_wrong_by_themselves() -> None:
    assert read_row(sound_cells() | {"last_visit_on": "soon"}, ENTRY)[1] == ["not_a_date:last_visit_on"]


def test_every_error_has_one_sentence_and_belongs_to_a_column_of_ours() -> None:
    expected = json.loads((CHARTS / "charts-bad.expected.json").read_text())
    headers = json.loads((CHARTS / "charts-bad-headers.json").read_text())
    codes = {code for codes in expected["errors"].values() for code in codes} | {"unknown_site:site_code"}
    for code in codes:
        assert place(code)[1] in COLUMNS or code == "row_length"
    for code in codes | {code for case in headers for code in case["file_errors"]} | {"file_not_utf8"}:
        sentence = sentences.of_error(code)
        assert sentence.endswith(".") and "{" not in sentence, code


def test_a_row_rule_without_a_column_belongs_to_the_first_it_looks_at() -> None:
    assert place("last_visit_before_first") == ("last_visit_before_first", "first_visit_on")
    assert place("missing:sex") == ("missing", "sex")
    assert place("row_length") == ("row_length", None)


def test_the_form_shows_every_column_once() -> None:
    shown = [column.name for _, _, columns in grouped() for column in columns]
    assert sorted(shown) == sorted(COLUMNS) and len(shown) == 50


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_whatever_make_the_reader_fail(data: bytes) -> None:
    answer = score_file(data, today=TODAY)
    assert answer["file_errors"]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_whatever_in_place_of_a_row_makes_the_reader_fail(text: str) -> None:
    data = as_file() + text.encode("utf-8", "surrogatepass")
    answer = score_file(data, today=TODAY)
    assert answer["file_errors"] or set(answer["errors"]) == {str(n + 1) for n in range(answer["rows"])}


CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["yes", "no", "2025-02-30", "2025-03-01", "iv", "none", "breast", "0", "7", "07"]),
)


@settings(deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(COLUMNS, CELLS)))
def test_no_cells_whatever_make_a_row_fail_and_errors_are_sorted_and_each_told_once(cells: dict[str, str]) -> None:
    errors = read_row({name: text.strip(" \t") for name, text in cells.items()}, ENTRY)[1]
    assert errors == sorted(set(errors))


@settings(deadline=None)
@given(st.sampled_from(list(COLUMNS)), st.text("0123456789ABCDEFxyz-~", min_size=1, max_size=40))
def test_neither_an_error_nor_its_sentence_ever_repeats_what_a_cell_held(column: str, tail: str) -> None:
    secret = f"Zq7~{tail}"
    errors = read_row(sound_cells() | {column: secret}, ENTRY)[1]
    assert errors
    assert all(secret not in error and secret not in sentences.of_error(error) for error in errors)


@settings(deadline=None)
@given(st.text("Zqxk~", min_size=4, max_size=20))
def test_a_header_that_is_not_ours_is_told_by_position_and_never_repeated(cell: str) -> None:
    errors = read_file(as_file().replace(b"mutation_tested", b"mutation_tested," + cell.encode())).errors
    assert errors in (["column_unknown:51"], ["column_forbidden:51"])


@settings(deadline=None)
@given(st.integers(1, 60))
def test_a_blank_cell_is_absent_and_not_an_empty_word(spaces: int) -> None:
    data = as_file(sound_cells() | {"stage": " " * spaces, "stage_documented_on": "\t" * spaces})
    sheet = read_sheet(read_file(data), ENTRY)
    assert not sheet.charts[1].has("stage")
    assert read_cells({}, ENTRY)[0] == {}

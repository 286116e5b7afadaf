"""Chart files as programs of all countries write them: read, or refused with what to do."""

from __future__ import annotations

import codecs

import pytest

from app.participation.rules import sentences
from app.participation.rules.files import read_file
from app.participation.rules.result import read_sheet
from tests.rules.test_participation_files import ENTRY, as_file, sound_cells

PLAIN = as_file(sound_cells())

READ = {
    "a byte-order mark": codecs.BOM_UTF8 + PLAIN,
    "CRLF": PLAIN.replace(b"\n", b"\r\n"),
    "a lone CR": PLAIN.replace(b"\n", b"\r"),
    "no last line end": PLAIN.rstrip(b"\n"),
    "every cell quoted": b"\n".join(
        b",".join(b'"%s"' % cell for cell in line.split(b",")) for line in PLAIN.splitlines()
    ),
    "blank lines as spreadsheets leave them": PLAIN + b"," * 49 + b"\n\n" + b"," * 49,
    "blanks around the cells": PLAIN.replace(b",", b" , "),
}


@pytest.mark.parametrize("data", READ.values(), ids=READ)
def test_a_file_is_read_however_its_lines_end(data: bytes) -> None:
    sheet = read_sheet(read_file(data), ENTRY)
    assert (len(sheet.charts), sheet.errors) == (1, {})


REFUSED = {
    "UTF-16 as Excel writes Unicode text": (PLAIN.decode().encode("utf-16"), ["file_not_utf8"]),
    "UTF-16 without a mark": (PLAIN.decode().encode("utf-16-le"), None),
    "an old code page": (PLAIN + "\u00e9".encode("cp1252"), ["file_not_utf8"]),
    "a quotation mark that is never closed": (PLAIN + b'"open', ["file_malformed"]),
    "text after a closing mark": (PLAIN + b'"a"b', ["file_malformed"]),
    "one endless cell": (PLAIN + b"x" * 10_001, ["file_malformed"]),
    "nothing": (b"", ["file_empty"]),
    "only a mark": (codecs.BOM_UTF8, ["file_empty"]),
    "only blank lines": (b"\n,,,\r\n  \n", ["file_empty"]),
}


@pytest.mark.parametrize(("data", "errors"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_as_a_whole(data: bytes, errors: list[str] | None) -> None:
    file = read_file(data)
    assert file.errors and (errors is None or file.errors == errors)
    assert not file.records and all(sentences.of_file(file.errors))


@pytest.mark.parametrize("mark", [b";", b"\t", b"|"])
def test_cells_parted_by_something_else_are_one_sentence_and_not_fifty(mark: bytes) -> None:
    [said] = sentences.of_file(read_file(PLAIN.replace(b",", mark)).errors)
    assert "parted by commas" in said and "CSV UTF-8" in said


def test_a_nul_in_a_cell_is_an_error_of_its_row_and_of_no_other() -> None:
    rows = [sound_cells() | {"chart_id": name} for name in ("QX-0001", "QX\0-0002", "QX-0003")]
    sheet = read_sheet(read_file(as_file(*rows)), ENTRY)
    assert list(sheet.errors) == [2] or list(sheet.errors) == [3]
    assert len(sheet.charts) == 2


def test_thousands_of_rows_are_read_each_and_the_bad_one_is_found() -> None:
    rows = [sound_cells() | {"chart_id": f"QX-{n:04d}"} for n in range(5_000)]
    rows[4_200]["sex"] = "neither"
    sheet = read_sheet(read_file(as_file(*rows)), ENTRY)
    assert (sheet.rows, len(sheet.charts), len(sheet.errors)) == (5_000, 4_999, 1)

"""What makes a file an edition of the Standards."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.standards.rules import COLUMNS, needs_document, read_lines, sort_key, why_not_an_edition, without_answers

SAMPLE = files("app.standards").joinpath("data", "standards-sample-edition.csv").read_text("utf-8")
HEAD = ",".join(COLUMNS)
DOMAIN = "1,-,1,domain,People,Good people.,policy,POL,consent,false,-,people,None seen"
STANDARD = "1.1,1,1,standard,Who,One policy.,policy|records,POL|PER,consent,false,-,who,Often"
ELEMENT = "1.1.1,1.1,1,element,Signed,Each is signed.,records,CHT,consent,true,No charts,signed,Often"


def faults(*rows: str, head: str = HEAD) -> list[str]:
    lines, found = read_lines("\n".join([head, *rows]))
    return [str(fault) for fault in found or why_not_an_edition(lines)]


def test_the_sample_edition_is_whole() -> None:
    lines, found = read_lines(SAMPLE)
    assert (len(lines), found, why_not_an_edition(lines)) == (85, [], [])


def test_a_small_edition_is_whole() -> None:
    assert faults(DOMAIN, STANDARD, ELEMENT) == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (STANDARD, "Line 4: code 1.1 is already on line 3"),
        ("1.2,9,1,standard,T,R,policy,POL,-,false,-,-,F", "Line 4: its parent 9 is not in the file"),
        ("1.2,-,1,standard,T,R,policy,POL,-,false,-,-,F", "Line 4: its parent - is not in the file"),
        ("2.1,1,2,standard,T,R,policy,POL,-,false,-,-,F", "Line 4: code 2.1 does not lie below its parent 1"),
        ("1.1.2,1.1,2,element,T,R,policy,POL,-,false,-,-,F", "Line 4: code 1.1.2 does not belong to domain 2"),
        ("1.2,1,1,element,T,R,policy,POL,-,false,-,-,F", "Line 4: an element cannot lie below a domain"),
        ("1.1.2,1.1,1,standard,T,R,policy,POL,-,false,-,-,F", "Line 4: a standard cannot lie below a standard"),
        ("1.2,1,1,chapter,T,R,policy,POL,-,false,-,-,F", 'Line 4: kind "chapter" must be domain, standard or element'),
        ("1.x,1,1,standard,T,R,policy,POL,-,false,-,-,F",
         'Line 4: code "1.x" must be numbers joined by dots, such as 3.7'),
        ("1.2,1,1,standard,,R,policy,POL,-,false,-,-,F", "Line 4: title is empty"),
        ("1.2,1,1,standard,T,R,policy,-,-,false,-,-,F", "Line 4: evidence_kinds is empty"),
        ("1.2,1,1,standard,T,R,policy,POL|XXX,-,false,-,-,F", 'Line 4: evidence_kinds: "XXX" is not known'),
        ("1.2,1,1,standard,T,R,policy,POL,astrology,false,-,-,F", 'Line 4: policy_types: "astrology" is not known'),
        ("1.2,1,1,standard,T,R,records,POL,-,false,-,-,F", "Line 4: methods must follow from evidence_kinds: policy"),
        ("1.2,1,1,standard,T,R,policy,POL,-,perhaps,-,-,F", 'Line 4: na_allowed "perhaps" must be true or false'),
        ("1.2,1,1,standard,T,R,policy,POL,-,true,-,-,F",
         "Line 4: na_condition is empty, though the row may be not applicable"),
        ("1.2,1,1,standard", "Line 4: there are more or fewer cells than columns"),
        ("2,1,2,domain,T,R,policy,POL,-,false,-,-,F", "Line 4: a domain has no parent; write -"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_line_and_reason(wrong: str, reason: str) -> None:
    assert faults(DOMAIN, STANDARD, wrong) == [reason]


def test_a_missing_column_is_named() -> None:
    assert faults(DOMAIN, head=HEAD.replace("na_condition", "condition")) == [
        "Line 1: the column na_condition is missing"
    ]


@pytest.mark.parametrize("text", ["", "\n", "\x00", "%PDF-1.7"])
def test_what_is_no_such_file_is_refused(text: str) -> None:
    assert read_lines(text)[1]


def test_a_file_without_rows_is_refused() -> None:
    assert faults() == ["Line 1: there are no rows"]


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    lines, found = read_lines("\ufeff" + "\r\n".join([HEAD, DOMAIN, STANDARD]))
    assert ([line.code for line in lines], found) == (["1", "1.1"], [])


@given(st.text(max_size=300))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    lines, found = read_lines(text)
    why_not_an_edition(lines)
    assert lines or found


def test_1_10_comes_after_1_9() -> None:
    codes = ["1.10", "1.9", "1", "10", "2", "1.9.1", "1.1.1.1"]
    assert sorted(codes, key=sort_key) == ["1", "1.1.1.1", "1.9", "1.9.1", "1.10", "2", "10"]


def test_a_row_wants_a_document_when_a_policy_or_form_shows_it_but_a_heading_never_does() -> None:
    assert needs_document("standard", ["POL", "CHT"])
    assert needs_document("element", ["FRM"])
    assert not needs_document("element", ["CHT", "OBS"])
    assert not needs_document("domain", ["POL"])


def test_a_condition_is_told_without_the_names_of_answers() -> None:
    assert without_answers("No site gives it (site_services has none; given_year is 0)") == "No site gives it"
    assert without_answers("Nothing is prepared (site_prepared is none); 3.19 then applies") == (
        "Nothing is prepared; 3.19 then applies"
    )
    assert without_answers("No drug (see the label) is given") == "No drug (see the label) is given"

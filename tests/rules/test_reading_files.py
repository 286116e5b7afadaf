"""The rules of reading: kinds and their names, plain text, heads of pages, packages, what could act in a PDF."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evidence import passages
from app.evidence.reader import active, gate, lines, margins, package, rich, typed
from app.evidence.reader.lines import BROKEN, Words
from app.evidence.rules import (
    FORMATS,
    LIMITS,
    Kind,
    LeftOut,
    Refusal,
    Refused,
    accepted,
    why_not_name,
    why_not_pages,
    why_not_size,
)
from tests.factories import files


def test_every_kind_has_a_name_an_ending_and_a_media_type() -> None:
    assert set(FORMATS) == set(Kind) and all(form.ending == f".{kind}" for kind, form in FORMATS.items())
    assert accepted().startswith(".pdf,.docx,.odt,.rtf,.txt,application/pdf,")


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        (Kind.PDF, "Policy.PDF", None),
        (Kind.PDF, "Policy.docx", "This file is a PDF, but its name does not end in .pdf. Rename it and add it again."),
        (Kind.RICH, "Policy.doc", "This file is rich text, but its name does not end in .rtf."),
        (Kind.TEXT, "policy.txt", None),
        (Kind.TEXT, "page.html", Refusal.NEITHER),
        (Kind.TEXT, "txt", Refusal.NEITHER),
    ],
)
def test_a_name_says_what_the_file_is(kind: Kind, name: str, reason: str | None) -> None:
    found = why_not_name(kind, name)
    assert found is None if reason is None else (found or "").startswith(reason)


def test_what_is_too_large_is_said_with_what_the_operator_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LIMITS, "megabytes", 2)
    assert why_not_size(2 * 1024**2) is None
    assert "2.1 MB; 2 MB is the most" in (why_not_size(2 * 1024**2 + 1) or "")
    assert why_not_pages(7, 7) is None and "more than 1,200 pages" in (why_not_pages(1201, 1200) or "")


@pytest.mark.parametrize(
    "alphabet", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)  # fmt: skip
def test_plain_text_is_read_in_every_alphabet_that_old_programs_write(alphabet: str) -> None:
    said = "Policy \u201cSpills\u201d\r\n\r\nTwo pairs of gloves \u2013 always.\r\n" * 3
    assert typed.decode(said.encode(alphabet)) == said


@pytest.mark.parametrize(
    "data", [b"MZ\x90\0" * 60, b"\x89PNG\r\n\x1a\n" + bytes(200), b" \r\n ", b"\x81\x8d", b"a\0b" * 9]
)
def test_what_is_no_text_is_not_taken_for_it(data: bytes) -> None:
    assert typed.decode(data) is None


def test_lines_that_are_too_long_wrap_and_page_breaks_are_kept() -> None:
    parts = typed.sheets("one\ttwo\n" + "word " * 40 + "x" * 200 + "\f\fsecond\x1a\n")
    assert len(parts) == 2 and parts[1] == "second"
    found = parts[0].split("\n")
    assert found[0] == "one     two" and max(map(len, found)) <= typed.COLUMNS
    assert "".join(parts[0].split()) == "onetwo" + "word" * 40 + "x" * 200


@given(st.text(max_size=400))
def test_no_letter_of_a_text_is_lost_by_wrapping(text: str) -> None:
    kept = "".join("".join(typed.sheets(text)).split())
    assert kept == "".join(typed.STRANGE.sub("", text).replace("\x1a", "").split())


def test_a_text_of_too_many_pages_is_refused_at_the_door() -> None:
    with pytest.raises(Refused, match="more than 2 pages"):
        gate.check(b"line\n" * 400, 2)
    assert gate.check(b"line\n" * 40, 2) == (Kind.TEXT, None)


def test_the_head_of_pages_says_each_thing_once_and_no_numbers() -> None:
    rows = [["Policy", " ON-7 "], ["Page 1 of 3"], ["", ""], ["Policy", "ON-7"], ["- 4 -"], ["p. 2"], ["Paging list"]]
    assert margins.tidy(rows) == [["Policy", "ON-7"], ["Paging list"]]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.text-template"}, "template"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "not a text document"),
        ({"mimetype": "application/epub+zip"}, "neither"),
        ({"Basic/Standard/Module1.xml": "<x/>"}, "macros"),
        ({"Scripts/python/run.py": "import os"}, "macros"),
        ({"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}, "password"),
        ({"meta.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}, "no program builds"),
        ({"../evil.xml": "<x/>"}, "no program builds"),
        ({"big.xml": b" " * 30_000_000}, "unpacks to far more"),
    ],
)
def test_an_open_document_that_holds_what_it_should_not_is_refused(parts: dict[str, bytes | str], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        package.check(files.open_document("<text:p>Words</text:p>", parts=parts))


def test_a_plain_open_document_comes_in_and_a_cut_one_is_called_damaged() -> None:
    data = files.open_document("<text:p>Words</text:p>", parts={"META-INF/manifest.xml": "<!DOCTYPE manifest><m/>"})
    assert gate.check(data, 9) == (Kind.OPEN, None)
    with pytest.raises(Refused, match="OpenDocument text is damaged"):
        gate.check(data[:-40], 9)


def test_rich_text_is_known_by_how_it_begins() -> None:
    assert gate.check(files.rich("Words"), 9) == (Kind.RICH, None)


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        ("Words", []),
        (r"{\object\objemb{\*\objdata 0105}}", ["embedded objects"]),
        (r"{\*\template C:\\evil.dot}", ["a template from another place"]),
        (r'{\field{\*\fldinst { INCLUDEPICTURE "http://host/x.png"}}{\fldrslt }}', [LeftOut.FETCHING]),
        (r"{\field{\*\fldinst DDEAUTO c:\\x.exe}}", [LeftOut.FETCHING]),
        (r'{\field{\*\fldinst HYPERLINK "https://host/"}{\fldrslt link}}', []),
    ],
)  # fmt: skip
def test_rich_text_says_what_its_copy_leaves_out(body: str, left_out: list[str]) -> None:
    assert sorted(rich.source(files.rich(body)).left_out) == left_out


def words(*given: tuple[str, int]) -> Words:
    made = Words([], [], [], [], [], [])
    for number, (text, sure) in enumerate(given):
        made.add(text, (number, number, 1, 1), sure)
    made.ends = [len(given) - 1]
    return made


def test_an_unsure_word_carries_how_sure_it_is_and_its_place_is_found_all_the_same() -> None:
    text, places = lines.write(words(("clear", 96), ("b1urred", 41), ("again", 60)), set())
    assert [list(place) for place in places] == [[0, 5, 0, 0, 1, 1], [6, 13, 1, 1, 1, 1, 41], [14, 19, 2, 2, 1, 1]]
    assert passages.boxes(places, [(6, 13)]) == [(1, 1, 1, 1)] and text == "clear b1urred again"


def test_a_word_broken_twice_is_one_word_in_three_places() -> None:
    made = words(("inter" + BROKEN, 99), ("nation" + BROKEN, 99), ("al", 99), ("rules", 99))
    made.ends = [0, 1, 3]
    text, places = lines.write(made, set())
    assert text == "international rules"
    assert [(place[0], place[1], place[2]) for place in places] == [(0, 13, 0), (0, 13, 1), (0, 13, 2), (14, 19, 3)]


@given(st.text(alphabet="ab \r\n\u00ad\ufffe-\t.", max_size=80))
def test_the_words_of_a_page_begin_where_they_are_said_to_begin(text: str) -> None:
    texts, starts, ends = lines.split(text)
    assert [text[start : start + len(word)] for word, start in zip(texts, starts, strict=True)] == texts
    assert "".join(texts) == "".join(text.split()) and ends == sorted(set(ends))
    assert (ends[-1] == len(texts) - 1) if texts else not ends


PAGE = "#set page(width: 300pt, height: 200pt)\nHello"


@pytest.mark.parametrize(
    ("data", "acts"),
    [
        (b"/OpenAction [3 0 R /Fit]", False),
        (b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>", False),
        (b"/OpenAction << /Type /Action /S /Named /N /Print >>", True),
        (b"7 0 obj << /S /GoTo /D [3 0 R /Fit] >> /OpenAction 7 0 R", False),
        (b"7 0 obj << /S /URI /URI (https://host) >> /OpenAction 7 0 R", True),
        (b"/OpenAction 7 0 R", True),
        (b"/S /JavaScript", True),
        (b"/S /J#61vaScript", True),
        (b"/AA << /O 3 0 R >>", True),
        (b"/AA%remark\n3 0 R", True),
        (b"\x01/AA\x02 packed bytes", False),
        (b"/BaseFont /ABCDEF+Foo#20Bar", False),
        (b"<< /Type /ObjStm /First 4 >> stream\nnot packed", True),
    ],
)
def test_a_pdf_that_may_act_is_known_by_the_names_in_it(data: bytes, acts: bool) -> None:
    assert active.may_act(data) is acts


def test_a_pdf_without_anything_that_acts_is_its_own_copy() -> None:
    assert active.calmed(files.pdf(PAGE)) == (None, set())

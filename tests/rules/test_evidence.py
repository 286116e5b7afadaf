"""The rules of evidence: names, sizes, packages, spelling, synonyms, snippets, passages."""

from __future__ import annotations

import html
import io
import unicodedata
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.evidence import passages
from app.evidence.reader import lines, package
from app.evidence.reader.lines import BROKEN, Words
from app.evidence.rules import CURRENT, MOVES, Refused, State, clean_name, title_of, why_not_size
from app.evidence.search import asking, snippets, spelling
from app.evidence.search.synonyms import thesaurus
from storage.index import PageText
from storage.memory import MemoryIndex
from storage.words import stem, stems


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Consent.pdf", "Consent.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\dana\Consent.docx", "Consent.docx"),
        ("a\r\nX-Evil: 1.pdf", "aX-Evil: 1.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("Re\u0301sume\u0301.pdf", "Résumé.pdf"),
        (".hidden.pdf", "hidden.pdf"),
        ("\ud800.pdf", "pdf"),
        ("", "unnamed"),
        ("x" * 400 + ".pdf", "x" * 176 + ".pdf"),
    ],
)
def test_a_file_name_is_data_and_only_that(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@given(st.text(max_size=300))
def test_a_cleaned_name_is_short_visible_and_leads_nowhere(name: str) -> None:
    kept = clean_name(name)
    assert 0 < len(kept) <= 180 and "/" not in kept and "\\" not in kept and kept == clean_name(kept)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in kept)


def test_a_title_is_the_name_without_its_ending() -> None:
    assert [title_of(name) for name in ("HLO-307 Labeling.pdf", "v1.2 of the plan", "plain")] == [
        "HLO-307 Labeling", "v1.2 of the plan", "plain"]  # fmt: skip


def test_an_empty_file_and_one_over_50_mb_are_refused_by_size() -> None:
    assert why_not_size(1) is None and why_not_size(50 * 1024**2) is None
    assert "empty" in (why_not_size(0) or "") and "50 MB is the most" in (why_not_size(50 * 1024**2 + 1) or "")


def test_every_move_leads_from_a_current_version_and_nothing_comes_back() -> None:
    assert all(sources <= CURRENT for sources, _ in MOVES.values())
    assert {State.REPLACED, State.WITHDRAWN} & CURRENT == set()


MAIN = f'<Types><Override PartName="/word/document.xml" ContentType="{package.MAIN}"/></Types>'


def package_of(parts: dict[str, bytes], kind: str = MAIN, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        made.writestr("[Content_Types].xml", kind)
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"word/vbaProject.bin": b"x"}, "macros"),
        ({"word/document.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}, "built in a way"),
        ({"word/document.xml": "<!DOCTYPE x><x/>".encode("utf-16")}, "built in a way"),
        ({"../evil.xml": b"<x/>"}, "built in a way"),
        ({"word\\evil.xml": b"<x/>"}, "built in a way"),
        ({"a.xml": b"<x/>", "A.xml": b"<x/>"}, "built in a way"),
        ({"word/document.xml": b" " * 50_000_000}, "unpacks to far more"),
        ({f"{n}.xml": b"" for n in range(2001)}, "unpacks to far more"),
        ({"word/document.xml": b"<x/>"}, "damaged"),
    ],
)
def test_a_package_that_is_no_plain_word_document_is_refused(parts: dict[str, bytes], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        package.check(package_of(parts))


def test_a_package_of_something_else_is_refused_by_what_it_says_it_is() -> None:
    for kind, reason in (("<Types/>", "neither"), (MAIN.replace("wordprocessingml", "spreadsheetml"), "Office file")):
        with pytest.raises(Refused, match=reason):
            package.check(package_of({"x.xml": b"<x/>"}, kind))


@given(st.binary(max_size=400))
def test_no_bytes_make_the_package_check_fall_over(data: bytes) -> None:
    with pytest.raises(Refused):
        package.check(b"PK\x03\x04" + data)


def words(*texts: str) -> Words:
    made = Words([], [], [], [], [], [])
    for number, text in enumerate(texts):
        made.add(text.rstrip("\n"), (number, number, 1, 1))
        made.ends += [number] if text[-1] in f"\n{BROKEN}" else []
    return made


@pytest.mark.parametrize(
    ("given", "known", "text"),
    [
        (("treat" + BROKEN, "ment"), set(), "treatment"),
        (("take" + BROKEN, "home"), {"take", "home"}, "take-home"),
        (("take" + BROKEN, "home"), {"take", "home", "takehome"}, "takehome"),
        (("well-\n", "known"), {"well", "known"}, "well-known"),
        (("Friday-\n", "Sunday"), set(), "Friday-\nSunday"),
        (("e\ufb03cient", "\ufb02ow\u00ad"), set(), "efficient flow"),
    ],
)
def test_words_broken_at_a_line_end_are_whole_again(given: tuple[str, ...], known: set[str], text: str) -> None:
    assert lines.write(words(*given), known)[0] == text


def test_a_broken_word_has_a_place_for_each_half() -> None:
    text, places = lines.write(words("our", "treat" + BROKEN, "ment", "plan"), set())
    assert [(text[place[0] : place[1]], place[2]) for place in places] == [
        ("our", 0), ("treatment", 1), ("treatment", 2), ("plan", 3)]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("patholgy", "pathology"),
        ("wieght", "weight"),
        ("seperate", "separate"),
        ("hypersensitivty", "hypersensitivity"),
    ],
)
def test_the_likely_spelling_is_found(word: str, nearest: str) -> None:
    there = holding("pathology", "weight", "separate", "hypersensitivity", "patience")
    assert spelling.nearest(word, there)[0] == nearest


def test_short_words_and_words_far_from_any_other_are_left_alone() -> None:
    assert spelling.nearest("dose", holding("done")) == []
    assert spelling.nearest("xylophone", holding("telephone", "xerophyte")) == []


def test_of_words_as_near_the_one_on_more_pages_is_meant() -> None:
    assert spelling.nearest("diseas", holding("disease", "diseasy", "disease"))[0] == "disease"


def holding(*pages: str) -> MemoryIndex:
    """An index of pages of one word each."""
    texts = [PageText(number, "", "", text) for number, text in enumerate(pages, 1)]
    return MemoryIndex({"part": lambda: texts})


@given(st.text(max_size=8, alphabet="abc"), st.text(max_size=8, alphabet="abc"))
def test_the_distance_is_the_same_both_ways_and_none_only_for_the_same_word(one: str, other: str) -> None:
    assert min(9, spelling.distance(one, other, 8)) == min(9, spelling.distance(other, one, 8))
    assert (spelling.distance(one, other, 8) == 0) == (one == other)


def also(words: str) -> set[str]:
    typed = words.split()
    capitals = [word if word.isupper() else None for word in typed]
    found = thesaurus().matches([stem(word) for word in typed], capitals)
    return {" ".join(term.words) for match in found for term in match.also}


def test_words_stand_for_one_another_both_ways_and_the_wider_finds_the_narrower_only() -> None:
    assert stem("antineoplastic") in also("chemo") and stem("chemo") in also("antineoplastic")
    assert stem("vincristine") in also("vinca") and stem("vinblastine") not in also("vincristine")


def test_words_of_several_parts_are_known_as_a_whole() -> None:
    assert " ".join(stems("spoken order")) in also("telephone orders")


def test_words_that_count_in_capitals_only() -> None:
    assert "IT" in also("intrathecal") and stem("intrathecal") in also("IT") and also("it") == set()


def test_quotes_minus_or_and_star_are_understood() -> None:
    asked = asking.read('spill OR leak "first dose" -pump vesic*')
    assert [word.forms[-1] for word in asked.words] == ["spill", "leak", "vesic"]
    assert (asked.joined, asked.starred, asked.phrases, asked.without) == ({1}, {2}, [stems("first dose")], [("pump",)])


DOSE = holding("dose")


@settings(deadline=None)  # the first question loads the model of meaning
@given(st.text(max_size=200))
def test_whatever_is_typed_becomes_a_question(typed: str) -> None:
    question = asking.question(asking.read(typed), DOSE)
    assert all(term.words for clause in question.query.clauses for term in clause.terms)


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=6))
def test_marked_text_is_the_same_text_made_safe(text: str, spans: list[tuple[int, int]]) -> None:
    ordered = [(min(a, b, len(text)), min(max(a, b), len(text))) for a, b in spans]
    marked = snippets.mark(text, ordered)
    assert marked.replace("<mark>", "").replace("</mark>", "") == html.escape(text)


@pytest.mark.parametrize("quote", ["sign the form before", "Sign  the\nform BEFORE", "sign the form be-\nfore"])
def test_a_quote_is_found_again_however_its_lines_are_broken(quote: str) -> None:
    text = "Patients sign the form\nbefore the first dose."
    span = passages.locate(text, quote)
    assert span is not None and " ".join(text[slice(*span)].split()) == "sign the form before"


def test_a_quote_that_is_gone_is_not_found() -> None:
    assert passages.locate("Patients sign.", "Nurses sign.") is None
    assert passages.find([(1, "a"), (2, "the quote"), (3, "the quote")], "the quote", 3) == 3
    assert passages.find([(1, "a"), (2, "the quote")], "the quote", 1) == 2

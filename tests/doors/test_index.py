"""Full text: one contract, every driver; an index is a cache that heals itself."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import fulltext
from storage.fulltext import WhooshIndexes
from storage.index import Answer, Clause, Indexes, PageText, Parts, Query, Term
from storage.memory import Memory
from storage.words import stem, stems

CONSENT = [
    PageText(1, "Informed consent", "1. Purpose", "Patients sign the consent form before the first dose."),
    PageText(2, "Informed consent", "2. Interpreters", "An interpreter explains. The form is kept for IT therapy."),
]
CHECKS = [PageText(1, "Order verification", "Second check", "Two nurses verify the dose; it is a double-check.")]


def parts(**given: list[PageText]) -> Callable[[], Parts]:
    return lambda: {name: (lambda pages=pages: pages) for name, pages in given.items()}  # type: ignore[misc]


BINDER = parts(consent=CONSENT, checks=CHECKS)


def ask(*words: str, must: bool = False) -> Query:
    return Query(tuple(Clause((Term(stems(word)),), must) for word in words))


@pytest.fixture(params=["memory", "whoosh"])
def indexes(request: pytest.FixtureRequest, tmp_path: Path) -> Indexes:
    return Memory() if request.param == "memory" else WhooshIndexes(tmp_path / "index")


def places(
    indexes: Indexes, query: Query, stamp: str = "1", pages: Callable[[], Parts] = BINDER
) -> list[tuple[str, int]]:
    return [(found.part, found.number) for found in indexes.open("binder1", stamp, pages).search(query).found]


def test_a_page_is_found_by_any_form_of_a_word(indexes: Indexes) -> None:
    assert places(indexes, ask("signing")) == [("consent", 1)]


def test_pages_with_all_words_come_first(indexes: Indexes) -> None:
    assert places(indexes, ask("dose", "nurses"))[0] == ("checks", 1)
    assert set(places(indexes, ask("dose", "nurses"))) == {("checks", 1), ("consent", 1)}


def test_several_words_of_a_term_stand_next_to_one_another(indexes: Indexes) -> None:
    assert places(indexes, ask("first dose")) == [("consent", 1)]
    assert places(indexes, ask("dose first")) == []


def test_a_clause_that_must_be_there_is_a_condition(indexes: Indexes) -> None:
    query = Query((*ask("dose").clauses, *ask("double check", must=True).clauses))
    assert places(indexes, query) == [("checks", 1)]


def test_what_must_not_be_there_is_left_out(indexes: Indexes) -> None:
    query = Query(ask("form").clauses, without=(Term(stems("interpreter")),))
    assert places(indexes, query) == [("consent", 1)]


def test_a_word_in_capitals_is_not_the_same_word_in_small_letters(indexes: Indexes) -> None:
    assert places(indexes, Query((Clause((Term(("IT",)),)),))) == [("consent", 2)]


def test_a_heading_weighs_more_than_the_text(indexes: Indexes) -> None:
    pages = parts(a=[PageText(1, "", "", "spill kit and gloves"), PageText(2, "", "spill kit", "spill kit and things")])
    assert places(indexes, ask("spill"), pages=pages)[0] == ("a", 2)


def test_a_hyphenated_word_is_found_whole_and_in_halves(indexes: Indexes) -> None:
    assert [places(indexes, ask(word)) for word in ("doublecheck", "double check", "check")] == [[("checks", 1)]] * 3


def test_the_vocabulary_counts_pages_by_word_as_written(indexes: Indexes) -> None:
    index = indexes.open("binder1", "1", BINDER)
    assert [index.frequency(word) for word in ("form", "verify", "verif")] == [2, 1, 0]
    assert list(index.words("in")) == ["interpreter"]
    assert set(index.words("do")) == {"dose", "double"}


def test_a_new_stamp_adds_what_is_new_and_drops_what_is_gone(indexes: Indexes) -> None:
    assert places(indexes, ask("interpreter")) == [("consent", 2)]
    newer = parts(checks=CHECKS, spills=[PageText(1, "", "", "A spill kit hangs by the door.")])
    assert places(indexes, ask("interpreter"), "2", newer) == []
    assert places(indexes, ask("spill"), "2", newer) == [("spills", 1)]
    assert places(indexes, ask("verify"), "2", newer) == [("checks", 1)]


def test_the_same_stamp_does_not_ask_for_the_pages_again(indexes: Indexes) -> None:
    places(indexes, ask("form"))

    def never() -> Parts:
        raise AssertionError("asked again")

    assert places(indexes, ask("interpreter"), pages=never) == [("consent", 2)]


def test_pages_are_found_by_their_meaning_too_and_say_so(indexes: Indexes) -> None:
    pages = parts(
        calls=[PageText(1, "Telephone", "", "Symptoms that need a call: loose bowels more than six times a day.")],
        doses=[PageText(1, "Doses", "", "Two nurses verify the dose before it is given.")],
    )
    asked = Query((Clause((Term(("diarrhea",)),)),), meaning="when to phone about diarrhea")
    [found] = indexes.open("binder1", "1", pages).search(asked).found
    assert (found.part, found.meant, found.runs) == ("calls", True, ())
    assert indexes.open("binder1", "1", pages).search(Query(asked.clauses)).found == []


def test_a_page_says_where_its_words_stand_and_where_they_stand_closest(indexes: Indexes) -> None:
    text = "Dose. " + "words that say nothing " * 20 + "Two nurses verify the dose."
    pages = parts(a=[PageText(1, "", "", text)])
    [found] = indexes.open("binder1", "1", pages).search(ask("nurses", "dose")).found
    assert (found.runs, found.start) == (((0, 0), (82, 82), (85, 85)), 82)


def test_words_that_are_mute_are_not_found_and_keep_their_numbers(indexes: Indexes) -> None:
    pages = parts(a=[PageText(1, "", "", "Page 1 of 9\nThe dose", mute=((0, 11),))])
    index = indexes.open("binder1", "1", pages)
    assert index.search(ask("page")).found == []
    assert index.search(ask("dose")).found[0].runs == ((5, 5),)


def test_a_search_can_be_kept_within_some_parts(indexes: Indexes) -> None:
    answer = indexes.open("binder1", "1", BINDER).search(ask("dose"), within={"checks"})
    assert [(one.part, one.number) for one in answer.found] == [("checks", 1)] and answer.total == 1


def test_an_empty_binder_and_an_empty_question_find_nothing(indexes: Indexes) -> None:
    assert places(indexes, ask("form"), pages=parts()) == []
    assert places(indexes, Query(()), stamp="2") == []


def test_a_forgotten_index_is_made_anew(indexes: Indexes) -> None:
    places(indexes, ask("form"))
    assert indexes.names() == ["binder1"]
    indexes.forget("binder1")
    assert indexes.names() == []
    assert places(indexes, ask("interpreter")) == [("consent", 2)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.text(max_size=30), max_size=6), phrase=st.booleans())
def test_no_question_is_an_error(indexes: Indexes, words: list[str], phrase: bool) -> None:
    terms = [Term(stems(" ".join(words)))] if phrase else [Term(stems(word)) for word in words]
    places(indexes, Query(tuple(Clause((term,)) for term in terms if term.words)))


def test_both_drivers_rank_alike(tmp_path: Path) -> None:
    for query in (ask("form", "consent"), ask("dose", "check", "two"), ask("the", "interpreter")):
        for asked in (query, Query(query.clauses, meaning="who explains the form")):
            assert answer_of(Memory(), asked) == answer_of(WhooshIndexes(tmp_path / "index"), asked)


def answer_of(indexes: Indexes, query: Query) -> Answer:
    return indexes.open("binder1", "1", BINDER).search(query)


def test_another_process_finds_the_index_as_it_was_left(tmp_path: Path) -> None:
    places(WhooshIndexes(tmp_path), ask("form"))
    assert places(WhooshIndexes(tmp_path), ask("interpreter"), pages=parts()) == [("consent", 2)]


def test_an_index_of_an_older_schema_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places(WhooshIndexes(tmp_path), ask("form"))
    monkeypatch.setattr(fulltext, "SCHEMA", "newer")
    assert places(WhooshIndexes(tmp_path), ask("spill"), pages=parts(a=[PageText(1, "", "", "spill")])) == [("a", 1)]


@pytest.mark.parametrize("harm", ["truncate", "delete", "garble"])
def test_an_index_harmed_in_any_of_its_files_heals_itself(tmp_path: Path, harm: str) -> None:
    places(WhooshIndexes(tmp_path / "whole"), ask("form"))
    for name in sorted(path.name for path in (tmp_path / "whole/binder1").iterdir()):
        shutil.copytree(tmp_path / "whole", tmp_path / name)
        damage(tmp_path / name / "binder1" / name, harm)
        assert places(WhooshIndexes(tmp_path / name), ask("interpreter")) == [("consent", 2)], name


def damage(path: Path, harm: str) -> None:
    data = path.read_bytes()
    if harm == "delete":
        path.unlink()
    else:
        path.write_bytes(data[: len(data) // 2] if harm == "truncate" else bytes(255 - byte for byte in data))


def test_an_index_harmed_while_it_is_open_heals_itself(tmp_path: Path) -> None:
    indexes = WhooshIndexes(tmp_path)
    index = indexes.open("binder1", "1", BINDER)
    index.inside.reader.close()  # type: ignore[attr-defined]
    assert [found.part for found in index.search(ask("interpreter")).found] == ["consent"]


def test_when_nothing_can_be_written_the_search_still_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fulltext.FileStorage, "create_index", full)
    assert places(WhooshIndexes(tmp_path), ask("interpreter")) == [("consent", 2)]


@pytest.mark.parametrize("name", ["", "..", "a/b", "../x"])
def test_an_index_has_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="named"):
        WhooshIndexes(tmp_path).forget(name)


def test_stems_join_forms_and_ignore_accents_and_possessives() -> None:
    assert stem("Patients") == stem("patient's") == stem("PATIENT")
    assert stem("résumé") == stem("resume")


def test_what_was_made_of_the_pages_is_kept_for_the_next_process(tmp_path: Path) -> None:
    made = WhooshIndexes(tmp_path).open("binder1", "1", BINDER).kept("answers", lambda: {"3.7": [1, 2]})
    other = WhooshIndexes(tmp_path).open("binder1", "1", parts())
    assert other.kept("answers", lambda: None) == made == {"3.7": [1, 2]}
    newer = WhooshIndexes(tmp_path).open("binder1", "2", parts(checks=CHECKS))
    assert newer.kept("answers", lambda: "anew") == "anew"


@pytest.mark.parametrize("harm", ["truncate", "garble"])
def test_what_was_kept_and_is_harmed_is_made_again(tmp_path: Path, harm: str) -> None:
    WhooshIndexes(tmp_path).open("binder1", "1", BINDER).kept("answers", lambda: "first")
    damage(tmp_path / "binder1" / "kept-answers", harm)
    assert WhooshIndexes(tmp_path).open("binder1", "1", parts()).kept("answers", lambda: "again") == "again"


def test_an_index_without_any_document_answers_as_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    index = WhooshIndexes(tmp_path).open("binder1", "1", parts())
    asked = Query(ask("consent").clauses, meaning="who explains the form")
    assert index.search(asked) == Answer([], 0)
    assert (dict(index.alike("form")), dict(index.weigh(asked)), list(index.words()), index.pages()) == ({}, {}, [], 0)
    emptied = WhooshIndexes(tmp_path / "emptied")
    places(emptied, ask("consent"))
    assert emptied.open("binder1", "2", parts()).search(asked) == Answer([], 0)
    assert not caplog.records, "an index that was torn would be told of"


@pytest.mark.parametrize("harm", ["truncate", "delete", "garble"])
def test_an_index_harmed_in_any_of_its_files_while_it_is_open_still_answers(tmp_path: Path, harm: str) -> None:
    """Whatever had been read of it before, or not yet."""
    asked = Query(ask("interpreter").clauses, meaning="who explains the form")
    WhooshIndexes(tmp_path / "whole").open("binder1", "1", BINDER)
    for name in sorted(path.name for path in (tmp_path / "whole/binder1").iterdir()):
        shutil.copytree(tmp_path / "whole", tmp_path / name)
        indexes = WhooshIndexes(tmp_path / name)
        index = indexes.open("binder1", "1", BINDER)
        damage(tmp_path / name / "binder1" / name, harm)
        assert index.search(asked).found[0].part == "consent", name
        newer = indexes.open("binder1", "2", parts(checks=CHECKS))
        assert [one.part for one in newer.search(ask("nurses")).found] == ["checks"], name


def test_two_processes_that_write_one_index_at_once_leave_it_whole(tmp_path: Path) -> None:
    """Each with a revision of its own; whoever comes last is right, and every answer is of one revision."""
    code = (
        "import sys; from pathlib import Path; from tests.doors.test_index import *\n"
        "indexes = WhooshIndexes(Path(sys.argv[1]))\n"
        "for turn in range(12):\n"
        "    both = BINDER if (turn + int(sys.argv[2])) % 2 else parts(consent=CONSENT)\n"
        "    index = indexes.open('binder1', f'{sys.argv[2]}.{turn}', both)\n"
        "    found = {one.part for one in index.search(ask('dose')).found}\n"
        "    assert found == set(both()), (turn, found)\n"
    )
    root = Path(__file__).parents[2]
    both = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(which)], cwd=root, stderr=subprocess.PIPE)
            for which in (0, 1)]  # fmt: skip
    said = [process.communicate(timeout=120)[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert places(WhooshIndexes(tmp_path), ask("interpreter"), stamp="last") == [("consent", 2)]


def test_an_index_that_breaks_is_healed_by_whoever_asks_and_not_by_who_opened_it(tmp_path: Path) -> None:
    """Whoever opened it has long gone, and the session by which they asked the database with them."""

    def gone() -> Parts:
        raise AssertionError("a session that is over was asked")

    WhooshIndexes(tmp_path).open("binder1", "1", BINDER)
    indexes = WhooshIndexes(tmp_path)
    first = indexes.open("binder1", "1", gone)  # as it stands on the disk
    second = indexes.open("binder1", "1", BINDER)
    first.inside.reader.close()  # type: ignore[attr-defined]
    assert [found.part for found in second.search(ask("interpreter")).found] == ["consent"]
    assert places(indexes, ask("interpreter")) == [("consent", 2)]

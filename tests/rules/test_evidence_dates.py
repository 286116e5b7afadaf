"""The dates that a document says of itself, and what is wrong with them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evidence.rules import dating
from app.evidence.rules.dating import Dates, said_in, why_not_dates, why_out_of_date

RECEIVED = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("March 1, 2026", date(2026, 3, 1)), ("Mar. 1, 2026", date(2026, 3, 1)), ("MARCH 1 2026", date(2026, 3, 1)),
        ("March 1st, 2026", date(2026, 3, 1)), ("1 March 2026", date(2026, 3, 1)), ("1-Mar-2026", date(2026, 3, 1)),
        ("the 1st day of March, 2026", date(2026, 3, 1)), ("Sept 9, 2025", date(2025, 9, 9)),
        ("03/01/2026", date(2026, 3, 1)), ("3/1/26", date(2026, 3, 1)), ("3-1-2026", date(2026, 3, 1)),
        ("3.1.2026", date(2026, 3, 1)), ("20/01/2026", date(2026, 1, 20)), ("2026-03-01", date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1)), ("March 2026", date(2026, 3, 1)), ("03/2026", date(2026, 3, 1)),
        ("February 29, 2024", date(2024, 2, 29)),
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(written: str, day: date) -> None:
    assert dating.first_date(f"Effective {written}.") == day


@pytest.mark.parametrize(
    "written", ["February 30, 2026", "2026-13-01", "00/00/2026", "31/31/2026", "1/1/1822", "call 207-555-0177",
                "v2.1.3", "555-01-2026", "HLO-201", "page 3/4", ""],
)  # fmt: skip
def test_what_is_no_date_is_not_taken_for_one(written: str) -> None:
    assert dating.first_date(written) is None


@pytest.mark.parametrize(
    ("line", "dates"),
    [
        ("Effective: March 1, 2026", Dates(effective_on=date(2026, 3, 1))),
        ("Effective date 20 January 2025", Dates(effective_on=date(2025, 1, 20))),
        ("EFFECTIVE DATE: 01/20/2025", Dates(effective_on=date(2025, 1, 20))),
        ("Date effective ... 2025-01-20", Dates(effective_on=date(2025, 1, 20))),
        ("This policy is in force from 20 January 2025", Dates(effective_on=date(2025, 1, 20))),
        ("Takes effect on January 20, 2025", Dates(effective_on=date(2025, 1, 20))),
        ("Last reviewed: 5/6/2026", Dates(reviewed_on=date(2026, 5, 6))),
        ("Last Review Date 5/6/2026", Dates(reviewed_on=date(2026, 5, 6))),
        ("Date of last review: May 6, 2026", Dates(reviewed_on=date(2026, 5, 6))),
        ("Revision date: May 6, 2026", Dates(reviewed_on=date(2026, 5, 6))),
        ("Revised 05/06/2026", Dates(reviewed_on=date(2026, 5, 6))),
        ("Next review: May 6, 2028", Dates(review_due_on=date(2028, 5, 6))),
        ("Next review January 2027", Dates(review_due_on=date(2027, 1, 31))),
        ("Next review due by 2028-05-06", Dates(review_due_on=date(2028, 5, 6))),
        ("Review due 05/2028", Dates(review_due_on=date(2028, 5, 31))),
        ("Due for review: May 2028", Dates(review_due_on=date(2028, 5, 31))),
        ("Expires: 12/31/2026", Dates(review_due_on=date(2026, 12, 31))),
        ("Review date: 05/06/2028", Dates(review_due_on=date(2028, 5, 6))),
        ("Review date: 05/06/2025", Dates(reviewed_on=date(2025, 5, 6))),
        ("Effective 1/2/2025 | Reviewed 2/3/2026 | Next review 2/2028",
         Dates(date(2025, 1, 2), date(2026, 2, 3), date(2028, 2, 29))),
        ("Effective date:\nMarch 1, 2026", Dates(effective_on=date(2026, 3, 1))),
        ("Effective Date  Last Reviewed  Next Review\n1/2/2025  2/3/2026  2/3/2028",
         Dates(date(2025, 1, 2), date(2026, 2, 3), date(2028, 2, 3))),
        ("Policy number X-1 Effective date 20 January 2025\nDepartment Quality Next review January 2027",
         Dates(effective_on=date(2025, 1, 20), review_due_on=date(2027, 1, 31))),
    ],
)  # fmt: skip
def test_the_head_of_a_document_says_its_dates(line: str, dates: Dates) -> None:
    assert said_in(f"Harbor Light\n{line}\n1. Purpose", RECEIVED) == dates


@pytest.mark.parametrize(
    "line",
    [
        "The signed sheet is returned within fourteen days of the effective date and kept.",
        "Supersedes the policy effective March 1, 2020", "Replaces: HLO-7 (revised 5/6/2019)",
        "Approved by the Medical Director", "Effective: upon approval", "Next review: to be set",
        "Effective communication was taught in March 2020", "Original effective date: 1/1/1999",
    ],
)  # fmt: skip
def test_a_sentence_that_only_sounds_like_a_date_of_the_document_says_nothing(line: str) -> None:
    assert not said_in(line, RECEIVED)


def test_the_first_that_is_said_counts_and_the_body_is_not_read() -> None:
    text = "Effective: 1/2/2025\nEffective: 3/4/2020\n" + "words\n" * 60 + "Next review: 5/6/2027"
    assert said_in(text, RECEIVED) == Dates(effective_on=date(2025, 1, 2))


@given(st.text(max_size=300))
def test_any_text_gives_dates_or_none(text: str) -> None:
    said_in(f"Effective {text}\nNext review: {text}", RECEIVED)


@pytest.mark.parametrize(
    ("dates", "begins"),
    [
        (Dates(), []),
        (Dates(date(2025, 7, 1), None, date(2027, 7, 1)), []),
        (Dates(date(2026, 8, 1)), ["It takes effect only on Sat 1 Aug 2026."]),
        (Dates(date(2025, 7, 1), None, date(2026, 6, 30)), ["Its review was due on Tue 30 Jun 2026."]),
        (Dates(date(2020, 1, 1), date(2024, 6, 30)), ["It was last reviewed on Sun 30 Jun 2024;"]),
        (Dates(date(2024, 6, 30)), ["It was put in force on Sun 30 Jun 2024 and not reviewed since;"]),
        (Dates(date(2024, 7, 1)), []),
        (Dates(None, date(2024, 6, 1), date(2026, 6, 1)), ["Its review was due", "It was last reviewed"]),
    ],
)  # fmt: skip
def test_every_fault_of_a_documents_dates_is_said(dates: Dates, begins: list[str]) -> None:
    found = why_out_of_date(dates, RECEIVED, 24)
    assert len(found) == len(begins)
    assert all(one.startswith(start) for one, start in zip(found, begins, strict=True))


def test_dates_that_cannot_be_right_are_refused() -> None:
    assert why_not_dates(Dates(date(2026, 1, 1), date(2026, 5, 1), date(2028, 5, 1)), RECEIVED) == []
    assert why_not_dates(Dates(None, date(2026, 7, 2)), RECEIVED) == ["The last review cannot lie in the future."]
    assert len(why_not_dates(Dates(None, date(2026, 5, 1), date(2026, 5, 1)), RECEIVED)) == 1


def test_a_month_that_has_no_such_day_ends_on_its_last() -> None:
    assert dating.months_on(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert dating.months_on(date(2026, 12, 31), 2) == date(2027, 2, 28)

"""What looks like a patient's identity holds a file back; what only speaks of such things does not."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evidence.rules.identifiers import Sign, finds, masked

HELD = {
    "SSN 512-44-1234 on file": [("512-44-1234", Sign.SSN)],
    "Her number is 512 44 1234.": [("512 44 1234", Sign.SSN)],
    "SSN: 512441234": [("512441234", Sign.SSN)],
    "social security number 123-45-6789": [("123-45-6789", Sign.SSN)],
    "MRN: 00482913": [("00482913", Sign.RECORD)],
    "MRN 4471": [("4471", Sign.RECORD)],
    "mrn# A-1029384 was seen": [("A-1029384", Sign.RECORD)],
    "Medical record number: 20471234": [("20471234", Sign.RECORD)],
    "Medical Record # 771-204-9": [("771-204-9", Sign.RECORD)],
    "Account number 600451299": [("600451299", Sign.RECORD)],
    "Acct: 0012345": [("0012345", Sign.RECORD)],
    "Chart no. 88213": [("88213", Sign.RECORD)],
    "Patient ID: 5501234": [("5501234", Sign.RECORD)],
    "DOB 03/14/1962": [("03/14/1962", Sign.BIRTH)],
    "D.O.B.: 3-14-62": [("3-14-62", Sign.BIRTH)],
    "Date of birth: March 14, 1962": [("March 14, 1962", Sign.BIRTH)],
    "Date of birth\n14 March 1962": [("14 March 1962", Sign.BIRTH)],
    "born 1962-03-14 in Lincoln": [("1962-03-14", Sign.BIRTH)],
    "She was born on Mar 14th, 1962.": [("Mar 14th, 1962", Sign.BIRTH)],
    "Member ID: W123456789": [("W123456789", Sign.MEMBER)],
    "Medicare number 1EG4-TE5-MK73": [("1EG4-TE5-MK73", Sign.MEMBER)],
    "Subscriber ID # XJB0042117": [("XJB0042117", Sign.MEMBER)],
    "Patient: Jane Roe   DOB: 03/14/1962": [("Jane Roe", Sign.NAME), ("03/14/1962", Sign.BIRTH)],
    "Name: ROE, JANE  MRN 00482913": [("ROE, JANE", Sign.NAME), ("00482913", Sign.RECORD)],
    "MRN 00482913\nName: Jane Q. Roe": [("00482913", Sign.RECORD), ("Jane Q. Roe", Sign.NAME)],
    "Jane Roe, DOB 03/14/1962, came in": [("Jane Roe", Sign.NAME), ("03/14/1962", Sign.BIRTH)],
    "Patient: Jane Roe, 03/14/1962": [("Jane Roe", Sign.NAME), ("03/14/1962", Sign.BIRTH)],
    "Patient name: O'Neil, Mary-Ann 00482913": [("O'Neil, Mary-Ann", Sign.NAME), ("00482913", Sign.RECORD)],
    "Patient: Jane Roe\nTelephone: 402-555-0142": [("Jane Roe", Sign.NAME), ("402-555-0142", Sign.CONTACT)],
    "Patient: Jane Roe, jane.roe@mail.example": [("Jane Roe", Sign.NAME), ("jane.roe@mail.example", Sign.CONTACT)],
    "Name MRN DOB\nJane Roe 0048291 03/14/1962": [
        ("Jane Roe", Sign.NAME), ("0048291", Sign.RECORD), ("03/14/1962", Sign.BIRTH),
    ],
}  # fmt: skip

FREE = [
    "Check two identifiers (name and date of birth) before each dose.",
    "Two patient identifiers, such as name, date of birth or medical record number, are compared.",
    "DOB: ____", "DOB: __/__/____  MRN: ________", "MRN: ________", "Patient name: ______ Date: ______",
    "Patient: ______________ DOB: ______________ MRN: ______________", "Patient Name: [print]  DOB: MM/DD/YYYY",
    "Date of birth (month/day/year)", "SSN: ___-__-____", "Never write the SSN (XXX-XX-XXXX) on a label.",
    "SSN 000-00-0000", "Policy number HLO-112, effective date 03/14/2026", "Policy No. 2026-03-1402",
    "Effective date: 01/06/2026  Next review date: 01/2028", "Revised 3/14/2025 by Dana Walker",
    "Call the triage line at (402) 555-0142, or 555-0199 after hours.", "Fax 402-555-0143; nurses@clinic.example",
    "Name: Dana Walker, RN  Phone: 402-555-0142", "Contact: Dana Walker, 555-0142, dana@clinic.example",
    "NDC 0703-3015-11, NDC 50242-051-21, lot 482913, expires 03/14/2027", "Lot number: 00482913A",
    "Form 10234 Rev 03/14/2019 Harbor Light", "License number 4471123, DEA AB1234563, NPI 1234567893",
    "Staff born before January 1, 1957 count as immune.", "born on or after January 1, 1957",
    "Kept in the medical record for 10 years.", "See 45 CFR 164.312 and the medical record 2026 edition.",
    "The chart number is printed on the label.", "Account for 2026", "Chart No. 2026-01", "Room 10234",
    "Patient: Room Visit 03/14/2026", "Patient: Signature Line 12345",
    "Patient Education: Oral Drugs 03/14/2026", "Group number 0012345 of the employer", "ZIP 68501-1234",
    "Invoice 00482913 of 03/14/2026", "Name: Jane Roe", "Patient: Jane Roe", "Example patient Jane Roe calls at night.",
    "The member ID on the card is copied.", "Insurance: call 800-555-0100", "Dose 12345 units, 1962-03-14",
    "MRN and DOB are on the label\nForm 10234 Harbor Light 03/14/2019", "ISBN 978-0-306-40615-7",
    "Medical record no. and DOB\n1. Check 10 things\n2. Call 555-0199",
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), HELD.items())
def test_what_looks_like_a_patient_is_found_where_it_stands(text: str, wanted: list[tuple[str, Sign]]) -> None:
    assert [(text[one.start : one.end], one.sign) for one in finds(text)] == wanted


@pytest.mark.parametrize("text", FREE)
def test_what_only_speaks_of_identifiers_is_none(text: str) -> None:
    assert [(text[one.start : one.end], one.sign) for one in finds(text)] == []


@pytest.mark.parametrize(
    ("sign", "words", "shown"),
    [
        (Sign.SSN, "512-44-1234", "***-**-1234"),
        (Sign.SSN, "512441234", "*****1234"),
        (Sign.RECORD, "A-1029384", "*-*****84"),
        (Sign.BIRTH, "March 14, 1962", "***** **, ****"),
        (Sign.NAME, "O'Neil, Mary-Ann", "O'N***, M***-A**"),
        (Sign.CONTACT, "jane.roe@mail.example", "****.***@****.*****le"),
        (Sign.MEMBER, "1EG4-TE5-MK73", "****-***-**73"),
    ],
)
def test_what_is_shown_of_a_find_tells_nobody_who_it_is(sign: Sign, words: str, shown: str) -> None:
    assert masked(sign, words) == shown


@given(st.text(alphabet="MRNDOBdob 0123456789-/:,.\nJaneRoePatient", max_size=300))
def test_finds_stand_in_order_within_the_text_and_never_overlap(text: str) -> None:
    found = finds(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(first.end <= then.start for first, then in pairwise(found))


@pytest.mark.parametrize("text", ["MRN 12345 " * 50_000, "Patient: Ab Cd " * 40_000, "DOB 1/2/1950 " * 40_000,
                                  "MRN DOB\n" + ("Ab Cd 12345 1/2/1950 " * 40 + "\n") * 600, "MRN " * 20_000,
                                  "1" * 100_000, "Patient: A" * 10_000, "1-" * 50_000,
                                  "Aa " * 30_000, "a@" * 50_000, "Jan 1, " * 15_000])  # fmt: skip
def test_no_page_takes_long_whatever_it_holds(text: str) -> None:
    start = time.perf_counter()
    finds(text)
    assert time.perf_counter() - start < 2

"""The rules of the practice questionnaire, without a database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.application.rules.questionnaire import BY_LETTER, SECTIONS, Examined, differences, examine
from app.application.rules.sections.practice import npi_fault
from tests.factories.answers import answers, contact, row, site

TODAY = date(2026, 7, 1)
FACTS: dict[str, Any] = {"today": TODAY, "fte": "2.5", "renewal": False}


def look(letter: str, **over: dict[str, Any]) -> Examined:
    return examine(answers(**over), FACTS)[letter]


def paths(found: Examined) -> list[str]:
    return [problem.path for problem in found.problems]


def test_a_full_questionnaire_has_no_problem() -> None:
    found = examine(answers(), FACTS)
    assert [problem for one in found.values() for problem in one.problems] == []
    assert all(one.answered == one.asked for one in found.values())


def test_there_are_ten_sections_and_about_eighty_questions() -> None:
    asked = sum(len(one.fields) + (len(one.group.fields) if one.group else 0) for one in SECTIONS)
    assert len(SECTIONS) == 10 and 80 <= asked <= 82


def test_an_empty_questionnaire_is_missing_and_not_wrong() -> None:
    found = examine({}, FACTS)
    assert all(one.problems and not one.wrong for one in found.values())


@pytest.mark.parametrize(("number", "fine"), [("1234567893", True), ("1234567890", False), ("123456789", False)])
def test_an_npi_checks_itself(number: str, fine: bool) -> None:
    assert (npi_fault(number) is None) is fine


@pytest.mark.parametrize(
    ("letter", "over", "path"),
    [
        ("A", {"tax_id": "012345678"}, "tax_id"), ("A", {"npi": ""}, "npi"), ("A", {"phone": "555"}, "phone"),
        ("A", {"website": "harbor.example"}, "website"), ("A", {"address": "Cove Street"}, "address"),
        ("A", {"legal_name": "x" * 201}, "legal_name"), ("A", {"country": "ZZ"}, "country"),
        ("B", {"affiliation": "academic", "teaching_share": "10"}, "teaching_share"),
        ("B", {"affiliation": "owned"}, "parent_name"), ("B", {"one_record": "no"}, "structure_note"),
        ("B", {"one_record": "no", "structure_note": "short"}, "structure_note"),
        ("B", {"merger_planned": "yes"}, "merger_note"),
        ("C", {"contacts": [contact(contact_role=["billing"])]}, "contacts"),
        ("C", {"contacts": [contact(member_no="")]}, "contacts-0-member_no"),
        ("C", {"contacts": [contact(contact_email="dana")]}, "contacts-0-contact_email"),
        ("D", {"sites": [site(site_code="cs")]}, "sites-0-site_code"),
        ("D", {"sites": [site(site_chairs="0")]}, "sites-0-site_chairs"),
        ("D", {"sites": [site(site_treats=["sat"])]}, "sites-0-site_treats"),
        ("D", {"sites": [site(site_cover="")]}, "sites-0-site_cover"),
        ("D", {"sites": [site(site_containment=[])]}, "sites-0-site_containment"),
        ("D", {"sites": [site(site_hours={"mon": "8 to 5"})]}, "sites-0-site_hours"),
        ("D", {"sites": [site(site_main="no")]}, "sites-0-site_main"),
        ("D", {"sites": [site(site_emergency=["none", "cart"])]}, "sites-0-site_emergency"),
        ("E", {"staff": [row(staff_site="XX")]}, "staff-0-staff_site"),
        ("E", {"staff": [row(staff_fte="3.5")]}, "staff-0-staff_fte"),
        ("E", {"staff": [row(staff_bls="4")]}, "staff-0-staff_bls"),
        ("E", {"staff": [row(), row()]}, "staff-1-staff_role"), ("E", {"staff": [row(staff_fte="2")]}, "staff"),
        ("E", {"staff": [row(staff_role="rn")]}, "staff"),
        ("F", {"infusions_week": {"sat": "4"}}, "infusions_week"), ("F", {"oral_starts": "3"}, "oral_starts"),
        ("F", {"disease_mix": {"lung": "99"}}, "disease_mix"), ("F", {"new_patients": "many"}, "new_patients"),
        ("I", {"last_audit": "2026-07-02"}, "last_audit"), ("I", {"last_audit": "last year"}, "last_audit"),
        ("I", {"policy_cycle": "0"}, "policy_cycle"), ("I", {"regulator_open": "yes"}, "regulator_note"),
        ("J", {"truth": False}, "truth"), ("J", {"others": [{"other_body": "A body"}]}, "others-0-other_until"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named_at_its_field(letter: str, over: dict[str, Any], path: str) -> None:
    assert path in paths(look(letter, **{letter: over}))


def test_two_sites_may_not_share_a_code_and_the_message_names_the_other() -> None:
    there = "410 Northgate Road, Seabrook, ME 04999"
    second = site(site_name="Northgate", site_main="no", site_miles="6", site_address=there)
    found = look("D", D={"sites": [site(), second]})
    assert [problem.line for problem in found.problems] == ["Northgate: “CS” is already used by Cove Street."]


def test_only_one_site_is_the_main_site() -> None:
    second = site(site_name="Northgate", site_code="NG", site_address="410 Northgate Road, Seabrook, ME 04999")
    assert paths(look("D", D={"sites": [site(), second]})) == ["sites-1-site_main"]


def test_services_of_the_sites_ask_for_answers_elsewhere() -> None:
    sites = {"sites": [site(site_services=["oral_prescribing", "clinical_trials"])]}
    assert paths(look("G", D=sites)) == ["oral_tracking"]
    assert paths(look("H", D=sites)) == ["research_irb"]


def test_abroad_neither_npi_nor_state_is_asked_for() -> None:
    over = {"country": "GR", "tax_id": "", "npi": "", "address": "Leoforos Kifisias 10, Athina"}
    assert look("A", A=over).problems == []


def test_a_us_number_becomes_e164() -> None:
    assert look("A").values["phone"] == "+12075550100"


def test_a_renewal_says_what_changed() -> None:
    found = examine(answers(), FACTS | {"renewal": True})["J"]
    assert paths(found) == ["changes_note"]


def test_differences_name_the_question_and_both_answers() -> None:
    mine, theirs = answers()["D"], {"sites": [site(site_chairs="20")]}
    assert differences(BY_LETTER["D"], mine, theirs) == [
        ("sites-0-site_chairs", "Cove Street: Treatment chairs", "24", "20")
    ]

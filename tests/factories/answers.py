"""A questionnaire that is answered completely, as it would be typed."""

from __future__ import annotations

from typing import Any

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-17:00")


def site(**over: Any) -> dict[str, Any]:
    """The main site, Cove Street: drugs on five days, prepared here."""
    return {
        "site_name": "Cove Street", "site_code": "CS", "site_address": "18 Cove Street, Seabrook, ME 04000",
        "site_main": "yes", "site_miles": "0", "site_note": "", "site_hours": dict(WEEK),
        "site_treats": ["mon", "tue", "wed", "thu", "fri"], "site_chairs": "24",
        "site_services": ["infusion", "injection"], "site_prepared": "this_site", "site_preparer": "",
        "site_containment": ["cabinet"], "site_verify": "second_person", "site_emergency": ["cart", "oxygen"],
        "site_hospital": "Seabrook Medical Center", "site_minutes": "6",
        "site_cover": "Covering oncologist, in the building",
    } | over  # fmt: skip


def row(**over: Any) -> dict[str, Any]:
    """The oncologists of Cove Street."""
    return {
        "staff_role": "oncologist", "staff_site": "CS", "staff_heads": "3", "staff_fte": "2.5",
        "staff_certified": "3", "staff_bls": "3", "staff_new": "0", "staff_tasks": ["order"],
    } | over  # fmt: skip


def contact(**over: Any) -> dict[str, Any]:
    """One person who answers for everything."""
    roles = ["lead_physician", "administrator", "survey_day", "billing", "quality", "pharmacy_lead", "nursing"]
    return {
        "contact_name": "Dana Wexler", "contact_title": "Practice administrator", "contact_role": roles,
        "contact_email": "dana@harborlight.example", "contact_phone": "+12075550142", "member_no": "1234567",
    } | over  # fmt: skip


def answers(**over: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All ten sections; `A={...}` changes some answers of section A."""
    whole: dict[str, dict[str, Any]] = {
        "A": {
            "legal_name": "Harbor Light Oncology, P.C.", "public_name": "Harbor Light Oncology",
            "tax_id": "01-2345678", "npi": "1234567893", "country": "US",
            "address": "18 Cove Street, Seabrook, ME 04000", "phone": "(207) 555-0100", "website": "",
            "time_zone": "America/New_York", "languages": ["english"],
        },
        "B": {
            "affiliation": "independent", "teaching_share": "", "parent_name": "", "same_tax_id": "yes",
            "same_policies": "yes", "staff_rotate": "yes", "one_record": "yes", "policy_owner": "Medical director",
            "structure_note": "", "merger_planned": "no", "merger_note": "",
        },
        "C": {"contacts": [contact()]},
        "D": {"sites": [site()]},
        "E": {"staff": [row(), row(staff_role="rn", staff_heads="6", staff_fte="5", staff_tasks=["give"])]},
        "F": {
            "new_patients": "420", "active_patients": "310", "infusions_week": {"mon": "20", "wed": "18"},
            "oral_starts": "0", "intrathecal_year": "0", "paediatric_year": "0",
            "disease_mix": {"breast": "40", "lung": "30", "gi": "30"},
        },
        "G": {
            "record_name": "Recordia", "order_system": "record", "library_used": "yes", "barcode_used": "no",
            "pumps_smart": "yes", "oral_tracking": "", "record_access": "beside_staff",
        },
        "H": {"after_hours": "own_clinician", "after_phone": "+12075550100", "interpreter": "yes", "research_irb": ""},
        "I": {
            "event_system": "Event form in the record", "event_review": "monthly", "last_audit": "2026-03-02",
            "policy_cycle": "12", "regulator_open": "no", "regulator_note": "",
        },
        "J": {"changes_note": "", "truth": True, "others": []},
    }  # fmt: skip
    return {letter: given | over.get(letter, {}) for letter, given in whole.items()}

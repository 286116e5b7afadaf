"""Sections A to C: who the practice is, whether it is one practice, and whom to ask."""

import re

from app.application.rules.fields import Field, Group, Kind, Problem, Reading, Section
from app.application.rules.words import Affiliation, ContactRole, Country, Language, YesNo, Zone

US_ADDRESS = re.compile(r".{3,}, [^,]{2,}, [A-Z]{2} \d{5}(-\d{4})?")


def address_fault(text: str | None, country: str | None) -> str | None:
    """Why a US address cannot stand; other countries write theirs as they do."""
    if text and country in (None, "US") and not US_ADDRESS.fullmatch(text):
        return "Write street, city, state and ZIP, for example 18 Cove Street, Seabrook, ME 04000."
    return None


def npi_fault(text: str) -> str | None:
    """A National Provider Identifier has ten digits; the last one checks the rest (Luhn over 80840...)."""
    if not re.fullmatch(r"\d{10}", text):
        return "An NPI has 10 digits."
    total = 0
    for place, digit in enumerate(reversed("80840" + text)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled // 10 + doubled % 10
    return None if total % 10 == 0 else "These digits are no NPI: the last one does not fit. Look for a slip."


def _identity(reading: Reading) -> list[Problem]:
    values, problems = reading.values, []
    american = values["country"] == "US"
    tax_id, npi = values["tax_id"], values["npi"]
    if american and not tax_id:
        problems.append(Problem("tax_id", "Give the tax id: NN-NNNNNNN.", missing=True))
    if american and tax_id and not re.fullmatch(r"\d{2}-\d{7}", tax_id):
        problems.append(Problem("tax_id", "A US tax id is written NN-NNNNNNN, for example 01-2345678."))
    if american and not npi:
        problems.append(Problem("npi", "Give the practice's NPI: 10 digits.", missing=True))
    if american and npi and (fault := npi_fault(npi)):
        problems.append(Problem("npi", fault))
    if fault := address_fault(values["address"], values["country"]):
        problems.append(Problem("address", fault))
    return problems


IDENTITY = Section(
    "A",
    "Identity",
    "Who the practice is. The legal name is printed on the certificate exactly as it stands here.",
    (
        Field("legal_name", "Legal name"),
        Field("public_name", "Name that patients know", required=False, most=120, help="Empty: the same."),
        Field("tax_id", "Tax id", required=False, most=40, secret=True, help="In the US: NN-NNNNNNN."),
        Field("npi", "National Provider Identifier (NPI)", required=False, most=20, help="In the US: 10 digits."),
        Field("country", "Country", Kind.ONE, words=Country, help="Outside the US the fee is by quotation."),
        Field("address", "Address", help="In the US: street, city, state and ZIP."),
        Field("phone", "Phone", Kind.PHONE),
        Field("website", "Website", Kind.URL, required=False),
        Field("time_zone", "Time zone", Kind.ONE, words=Zone, help="Times of the visit are given in it."),
        Field("languages", "Languages in which patients are cared for", Kind.MANY, words=Language),
    ),
    check=_identity,
)

ONE_OF_FOUR = ("same_tax_id", "same_policies", "staff_rotate", "one_record")


def _structure(reading: Reading) -> list[Problem]:
    values, problems = reading.values, []
    share = values["teaching_share"]
    if values["affiliation"] == Affiliation.ACADEMIC and (share is None or share <= 10):
        text = "With an academic tie, give the share of teaching; it must be over 10 %."
        problems.append(Problem("teaching_share", text, missing=share is None))
    if values["affiliation"] == Affiliation.OWNED and not values["parent_name"]:
        problems.append(Problem("parent_name", "Name the owner; conflicts of interest are tested on it.", missing=True))
    apart = [name for name in ONE_OF_FOUR if values[name] == YesNo.NO]
    note = values["structure_note"]
    if apart and len(note or "") < 50:
        text = "You said no above: say in 50 or more characters why this is one practice. The Program's staff read it."
        problems.append(Problem("structure_note", text, missing=not note))
    if values["merger_planned"] == YesNo.YES and not values["merger_note"]:
        problems.append(Problem("merger_note", "Say with whom and when.", missing=True))
    return problems


STRUCTURE = Section(
    "B",
    "One practice or several",
    "Certification belongs to one practice with all its sites. These answers show that it is one.",
    (
        Field("affiliation", "Whose is the practice?", Kind.ONE, words=Affiliation),
        Field("teaching_share", "Share of time spent teaching, %", Kind.INT, required=False, most=100),
        Field("parent_name", "Owner", required=False),
        Field("same_tax_id", "Do all sites work under one tax id?", Kind.ONE, words=YesNo),
        Field("same_policies", "Do all sites follow one set of policies?", Kind.ONE, words=YesNo),
        Field("staff_rotate", "Do staff work at several of the sites?", Kind.ONE, words=YesNo),
        Field("one_record", "Do all sites use one electronic record?", Kind.ONE, words=YesNo),
        Field("policy_owner", "Who answers for the policies?", most=120, help="A title or a body, not a name."),
        Field("structure_note", "Why it is one practice", Kind.LONG, required=False, most=2000),
        Field("merger_planned", "Is a merger or sale planned within 12 months?", Kind.ONE, words=YesNo),
        Field("merger_note", "About the merger or sale", Kind.LONG, required=False, most=2000),
    ),
    check=_structure,
)


def _contacts(reading: Reading) -> list[Problem]:
    entries = reading.values["contacts"]
    held = {role for entry in entries for role in entry["contact_role"] or []}
    problems = [
        Problem("contacts", f"Name a contact for: {role.label.lower()}.", missing=True)
        for role in ContactRole
        if role not in held
    ]
    for n, entry in enumerate(entries):
        if ContactRole.LEAD_PHYSICIAN in (entry["contact_role"] or []) and not entry["member_no"]:
            text = "The lead physician's ASCO number is needed."
            problems.append(Problem(f"contacts-{n}-member_no", text, entry["contact_name"] or "", missing=True))
    return problems


CONTACTS = Section(
    "C",
    "Contacts",
    "Whom the Program asks. Each of the seven roles has somebody; one person may hold several.",
    group=Group(
        "contacts", "Contacts", "contact",
        (
            Field("contact_name", "Name", most=120),
            Field("contact_title", "Title", most=120),
            Field("contact_role", "Answers for", Kind.MANY, words=ContactRole),
            Field("contact_email", "E-mail", Kind.EMAIL),
            Field("contact_phone", "Phone", Kind.PHONE, help="A mobile number for the survey day."),
            Field("member_no", "ASCO number", required=False, most=12, help="Needed for the lead physician."),
        ),
        most=20,
    ),
    check=_contacts,
)  # fmt: skip

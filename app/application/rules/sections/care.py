"""Sections F to J: how much, with which systems, and how safely care is given."""

from datetime import date
from typing import Any

from app.application.rules.fields import Field, Group, Kind, Problem, Reading, Section
from app.application.rules.sections.sites import has_service, treatment_days
from app.application.rules.words import (
    AfterHours,
    Day,
    Disease,
    OralTracking,
    OrderSystem,
    RecordAccess,
    ReviewPace,
    Service,
    YesNo,
)

ORAL = (Service.ORAL_PRESCRIBING, Service.ORAL_DISPENSING)


def _listed(reading: Reading) -> list[Any]:
    return list(reading.whole.get("D", {}).get("sites", []))


def _volumes(reading: Reading) -> list[Problem]:
    sites, values, problems = _listed(reading), reading.values, []
    treating = treatment_days(sites)
    for day, count in (values["infusions_week"] or {}).items():
        if count and day not in treating:
            text = f"{Day(day).label}: enter 0, or add {Day(day).label} to a site's treatment days in section D."
            problems.append(Problem("infusions_week", text))
    for name, services, what in (
        ("oral_starts", ORAL, "an oral service"),
        ("intrathecal_year", (Service.INTRATHECAL,), "the intrathecal service"),
        ("paediatric_year", (Service.PAEDIATRIC,), "the service for children"),
    ):
        if values[name] and not has_service(sites, *services):
            problems.append(Problem(name, f"Enter 0: no site lists {what} in section D."))
    return problems


VOLUMES = Section(
    "F",
    "Volumes",
    "How many people you treat. Estimates are enough; they size the survey.",
    (
        Field("new_patients", "New patients a year", Kind.INT, most=100_000),
        Field("active_patients", "Patients under treatment now", Kind.INT, most=100_000),
        Field("infusions_week", "Infusions and injections on a usual", Kind.COUNTS, words=Day, most=10_000),
        Field("oral_starts", "People who start tablets in a month", Kind.INT, most=10_000),
        Field("intrathecal_year", "Intrathecal treatments a year", Kind.INT, most=10_000),
        Field("paediatric_year", "Children treated a year", Kind.INT, most=10_000),
        Field("disease_mix", "Share of patients by disease, %", Kind.SHARES, words=Disease, most=100,
              help="The shares add up to 100."),
    ),
    check=_volumes,
)  # fmt: skip


def _systems(reading: Reading) -> list[Problem]:
    if has_service(_listed(reading), *ORAL) and not reading.values["oral_tracking"]:
        return [Problem("oral_tracking", "Needed because a site lists an oral service.", missing=True)]
    return []


SYSTEMS = Section(
    "G",
    "Systems",
    "What orders are written in, and how the surveyor will read records.",
    (
        Field("record_name", "Name of the electronic record", most=120),
        Field("order_system", "What are orders written in?", Kind.ONE, words=OrderSystem),
        Field("library_used", "Are orders built from a regimen library?", Kind.ONE, words=YesNo),
        Field("barcode_used", "Are barcodes read at the chair?", Kind.ONE, words=YesNo),
        Field("pumps_smart", "Do pumps have dose limits?", Kind.ONE, words=YesNo),
        Field("oral_tracking", "How are people on tablets followed?", Kind.ONE, required=False, words=OralTracking),
        Field("record_access", "How will the surveyor read records?", Kind.ONE, words=RecordAccess),
    ),
    check=_systems,
)


def _care(reading: Reading) -> list[Problem]:
    if has_service(_listed(reading), Service.TRIALS) and not reading.values["research_irb"]:
        return [Problem("research_irb", "Needed because a site takes part in clinical trials.", missing=True)]
    return []


CARE = Section(
    "H",
    "Care",
    "Who answers at night, and in which languages.",
    (
        Field("after_hours", "Who answers patients after hours?", Kind.ONE, words=AfterHours),
        Field("after_phone", "Number that patients call", Kind.PHONE),
        Field("interpreter", "Is an interpreter at hand when needed?", Kind.ONE, words=YesNo),
        Field("research_irb", "Ethics board for trials", required=False, most=120),
    ),
    check=_care,
)


def _safety(reading: Reading) -> list[Problem]:
    values, problems = reading.values, []
    today: date = reading.facts["today"]
    if values["last_audit"] and date.fromisoformat(values["last_audit"]) > today:
        problems.append(Problem("last_audit", "This date is in the future. Enter the day of the last audit."))
    if values["regulator_open"] == YesNo.YES and not values["regulator_note"]:
        problems.append(Problem("regulator_note", "Say which regulator and what is open. Staff read it.", missing=True))
    return problems


SAFETY = Section(
    "I",
    "Safety",
    "How events are reported and reviewed.",
    (
        Field("event_system", "How are events reported?", most=120),
        Field("event_review", "How often are they reviewed?", Kind.ONE, words=ReviewPace),
        Field("last_audit", "Last own audit against the standards", Kind.DATE),
        Field("policy_cycle", "Months between reviews of a policy", Kind.INT, least=1, most=60,
              help="More than 24 is remarked on in the survey."),
        Field("regulator_open", "Is an action by a regulator open?", Kind.ONE, words=YesNo),
        Field("regulator_note", "About the open action", Kind.LONG, required=False, most=2000),
    ),
    check=_safety,
)  # fmt: skip


def _closing(reading: Reading) -> list[Problem]:
    if reading.facts.get("renewal") and not reading.values["changes_note"]:
        return [Problem("changes_note", "Say what changed since the last term.", missing=True)]
    return []


CLOSING = Section(
    "J",
    "Closing",
    "Other accreditations, and the statement of truth.",
    (
        Field("changes_note", "Changes since the last term", Kind.LONG, required=False, most=4000,
              help="Needed when you renew."),
        Field("truth", "These answers are true and complete to the best of our knowledge.", Kind.TRUTH),
    ),
    group=Group(
        "others", "Other accreditations", "accreditation",
        (Field("other_body", "Body", most=120), Field("other_until", "Until", Kind.DATE)),
        least=0, most=10,
    ),
    check=_closing,
)  # fmt: skip

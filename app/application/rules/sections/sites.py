"""Section D: every address where patients are seen."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.application.rules.fields import Field, Group, Kind, Problem, Reading, Section, hours
from app.application.rules.sections.practice import address_fault
from app.application.rules.words import Containment, Day, Emergency, Prepared, Service, Verify, YesNo

Site = Mapping[str, Any]
Says = tuple[str, str, bool]  # field, sentence, is it missing


def gives_drugs(site: Site) -> bool:
    """Drugs are given where there is a treatment day."""
    return bool(site.get("site_treats"))


def has_service(sites: list[Site], *services: Service) -> bool:
    """Is any of these services given at any site?"""
    return any(service in (site.get("site_services") or []) for site in sites for service in services)


def treatment_days(sites: list[Site]) -> set[str]:
    """The weekdays on which drugs are given anywhere."""
    return {day for site in sites for day in site.get("site_treats") or []}


def _place(site: Site) -> Iterator[Says]:
    main, miles = site["site_main"] == YesNo.YES, site["site_miles"]
    if main and miles not in (None, 0):
        yield "site_miles", "The main site is 0 miles from itself.", False
    if miles is not None and miles > 50 and not site["site_note"]:
        yield "site_note", "More than 50 miles away: say how the site is led and supplied.", True
    if site["site_code"] and not re.fullmatch(r"[A-Z0-9]{2,8}", site["site_code"]):
        yield "site_code", "Use 2 to 8 capital letters or digits, as in your chart files.", False


def _treatment(site: Site) -> Iterator[Says]:
    days = site["site_treats"] or []
    chairs, open_on = site["site_chairs"], site["site_hours"] or {}
    if shut := [Day(day).label for day in days if site["site_hours"] and not hours(str(open_on.get(day, "")))]:
        yield "site_treats", f"Drugs are given on {', '.join(shut)}, but the site is closed then.", False
    if days and chairs == 0:
        yield "site_chairs", f"Enter 1 or more: drugs are given here on {_so_many(len(days))}.", False
    if not days and chairs:
        yield "site_chairs", "Enter 0, or say on which days drugs are given.", False
    if days and not site["site_cover"]:
        yield "site_cover", "Needed because drugs are given here. Standard 3.18 (sample edition) rests on it.", True


def _so_many(days: int) -> str:
    return "one day a week" if days == 1 else f"{days} days a week"


def _preparation(site: Site) -> Iterator[Says]:
    where = site["site_prepared"]
    if where in (Prepared.HOSPITAL, Prepared.OUTSIDE) and not site["site_preparer"]:
        yield "site_preparer", "Name the pharmacy that prepares.", True
    if where == Prepared.HERE and not site["site_containment"]:
        yield "site_containment", "Needed because drugs are prepared here.", True


def _alone(site: Site) -> Iterator[Says]:
    kit = site["site_emergency"] or []
    if Emergency.NONE in kit and len(kit) > 1:
        yield "site_emergency", "Choose what there is, or none, not both.", False


PARTS: tuple[Callable[[Site], Iterator[Says]], ...] = (_place, _treatment, _preparation, _alone)


def _sites(reading: Reading) -> list[Problem]:
    sites = reading.values["sites"]
    country = reading.whole.get("A", {}).get("country")
    problems = []
    for n, site in enumerate(sites):
        name = site["site_name"] or f"Site {n + 1}"
        for part in PARTS:
            problems += [Problem(f"sites-{n}-{field}", says, name, gap) for field, says, gap in part(site)]
        if fault := address_fault(site["site_address"], country):
            problems.append(Problem(f"sites-{n}-site_address", fault, name))
    return problems + _main(sites) + [found for field in ("site_code", "site_name", "site_address")
                                      for found in _twice(sites, field)]  # fmt: skip


def _main(sites: list[Site]) -> list[Problem]:
    said = [site["site_name"] or f"site {n + 1}" for n, site in enumerate(sites) if site["site_main"] == YesNo.YES]
    if len(said) == 1 or not sites:
        return []
    if not said:
        return [Problem("sites-0-site_main", "Say which one is the main site.", missing=True)]
    n = [place for place, site in enumerate(sites) if site["site_main"] == YesNo.YES][1]
    return [Problem(f"sites-{n}-site_main", f"Only one can be the main site; {said[0]} is.", said[1])]


def _twice(sites: list[Site], field: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for n, site in enumerate(sites):
        value, name = str(site[field] or ""), str(site["site_name"] or f"Site {n + 1}")
        if value and value.casefold() in first:
            text = f"\u201c{value}\u201d is already used by {first[value.casefold()]}."
            yield Problem(f"sites-{n}-{field}", text, name)
        first.setdefault(value.casefold(), name)


SITES = Section(
    "D",
    "Sites",
    "Every address where you see patients. Certification covers exactly the sites listed here.",
    group=Group(
        "sites", "Sites", "site",
        (
            Field("site_name", "Site name", most=120),
            Field("site_code", "Site code", most=8, help="As used in your chart files."),
            Field("site_address", "Address"),
            Field("site_main", "Is this the main site?", Kind.ONE, words=YesNo),
            Field("site_miles", "Miles from the main site", Kind.INT, most=3000),
            Field("site_note", "How a site over 50 miles away is led", Kind.LONG, required=False, most=1000),
            Field("site_hours", "Opening hours", Kind.HOURS, words=Day, help="Like 08:00-17:00; empty when closed."),
            Field("site_treats", "Days on which drugs are given", Kind.MANY, required=False, words=Day),
            Field("site_chairs", "Treatment chairs", Kind.INT, most=300),
            Field("site_services", "Services here", Kind.MANY, words=Service,
                  help="This decides which standards can apply to the site."),
            Field("site_prepared", "Where are drugs for this site prepared?", Kind.ONE, words=Prepared),
            Field("site_preparer", "Pharmacy that prepares", required=False),
            Field("site_containment", "Containment when preparing", Kind.MANY, required=False, words=Containment),
            Field("site_verify", "How is a preparation checked?", Kind.ONE, words=Verify),
            Field("site_emergency", "At hand in an emergency", Kind.MANY, words=Emergency),
            Field("site_hospital", "Nearest hospital"),
            Field("site_minutes", "Minutes away", Kind.INT, most=180),
            Field("site_cover", "Who is on site while drugs are given?", Kind.LONG, required=False,
                  help="Role, not name. For example: covering oncologist or nurse practitioner, in the building."),
        ),
    ),
    check=_sites,
)  # fmt: skip

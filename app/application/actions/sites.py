"""Keeping the practice's own facts and its list of sites as the questionnaire confirmed them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.application.models import Application
from app.application.queries import questionnaire
from app.application.rules.sections.sites import gives_drugs
from app.kernel import clock, ledger
from app.people import actions as people
from app.people.models import User

US = re.compile(r"(?P<address>.+), (?P<city>[^,]+), (?P<region>[A-Z]{2}) (?P<postcode>[0-9-]+)")


def keep_sites(db: Session, application: Application, *, by: User, now: datetime) -> None:
    """Write the sites of section D back to the practice, the main one first; what agrees is left alone."""
    practice = application.practice
    stated = questionnaire.sites(db, application, clock.day_of(now))
    for facts in sorted(map(_facts, stated), key=lambda one: not one["main"]):
        site = next((one for one in practice.sites if one.code == facts["code"]), None)
        if site is None or any(getattr(site, name) != value for name, value in facts.items()):
            people.keep_site(db, practice, site, by=by, now=now, **facts)


def keep_identity(db: Session, application: Application, *, by: User, now: datetime) -> None:
    """Write section A back to the practice: the legal name stands on the certificate as it was submitted."""
    practice, stated = application.practice, questionnaire.values(db, application, clock.day_of(now))["A"]
    facts = {name: stated[name] or "" for name in ("legal_name", "phone", "website", "time_zone")}
    facts |= {"public_name": stated["public_name"] or stated["legal_name"][:120], "country": stated["country"]}
    found = US.fullmatch(stated["address"])
    facts |= found.groupdict() if found else {"address": stated["address"]}
    before = {name: getattr(practice, name) for name in facts}
    if before == facts:
        return
    for name, value in facts.items():
        setattr(practice, name, value)
    ledger.record(db, "practice details confirmed", by=by, now=now, about=practice, before=before, after=facts)


def _facts(stated: Mapping[str, Any]) -> dict[str, Any]:
    found = US.fullmatch(stated["site_address"])
    place = found.groupdict() if found else {"address": stated["site_address"]}
    return {
        "code": stated["site_code"], "name": stated["site_name"], "main": stated["site_main"] == "yes",
        "gives_drugs": gives_drugs(stated), **place,
    }  # fmt: skip

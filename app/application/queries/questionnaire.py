"""The answers of an application, as typed and as read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.models import AnswerDraft, AnswerSection, Application
from app.application.rules.case import Outcome
from app.application.rules.fields import Answers
from app.application.rules.questionnaire import Examined, examine
from app.people.models import Practice

Site = Mapping[str, Any]


def sections(db: Session, application: Application) -> dict[str, AnswerSection]:
    """The sections that were saved, by letter."""
    found = select(AnswerSection).where(AnswerSection.application_id == application.id)
    return {one.letter: one for one in db.scalars(found)}


def draft(db: Session, application: Application, letter: str, user_id: str) -> AnswerDraft | None:
    """What somebody typed while somebody else saved the same section."""
    return db.scalar(
        select(AnswerDraft).where(
            AnswerDraft.application_id == application.id, AnswerDraft.letter == letter, AnswerDraft.user_id == user_id
        )
    )


def typed(db: Session, application: Application) -> dict[str, Answers]:
    """What stands in each section; one that was never saved shows what the Program knows already."""
    saved = {letter: one.answers for letter, one in sections(db, application).items()}
    return {**known_before(application.practice), **_last_time(db, application), **saved}


def _last_time(db: Session, application: Application) -> dict[str, Answers]:
    """What an earlier application of the practice said; each section is looked at and saved anew."""
    earlier = db.scalar(
        select(Application)
        .where(Application.practice_id == application.practice_id, Application.opened_at < application.opened_at)
        .order_by(Application.opened_at.desc())
        .limit(1)
    )
    if earlier is None:
        return {}
    # a statement of truth is made each time
    return {
        letter: {name: value for name, value in one.answers.items() if name != "truth"}
        for letter, one in sections(db, earlier).items()
    }


def examined(db: Session, application: Application, today: date) -> dict[str, Examined]:
    """All ten sections with their problems. A section that was never saved is not complete."""
    saved = sections(db, application)
    facts = {"today": today, "fte": application.fte, "renewal": _is_renewal(db, application)}
    return examine({letter: one.answers for letter, one in saved.items()}, facts)


def _is_renewal(db: Session, application: Application) -> bool:
    earlier = select(Application.id).where(
        Application.practice_id == application.practice_id, Application.outcome == Outcome.CERTIFIED
    )
    return db.scalar(earlier.limit(1)) is not None


def values(db: Session, application: Application, today: date) -> dict[str, Answers]:
    """The clean answers by section letter; what is missing or wrong is None."""
    return {letter: found.values for letter, found in examined(db, application, today).items()}


def sites(db: Session, application: Application, today: date) -> list[Site]:
    """The sites of section D."""
    return list(values(db, application, today)["D"]["sites"])


def main_site(found: list[Site]) -> Site | None:
    """The main site among the sites of section D."""
    return next((site for site in found if site["site_main"] == "yes"), None)


def known_before(practice: Practice) -> dict[str, Answers]:
    """What is kept with the practice, as a first draft of sections A and D."""
    identity = {
        "legal_name": practice.legal_name, "public_name": practice.public_name, "tax_id": practice.tax_id or "",
        "country": practice.country, "address": _one_line(practice), "phone": practice.phone,
        "website": practice.website, "time_zone": practice.time_zone,
    }  # fmt: skip
    listed = [
        {"site_name": site.name, "site_code": site.code, "site_address": _one_line(site),
         "site_main": "yes" if site.main else "no", "site_miles": "0" if site.main else ""}
        for site in practice.sites
    ]  # fmt: skip
    return {"A": identity, "D": {"sites": listed}}


def _one_line(place: Any) -> str:
    town = " ".join(part for part in (place.region, place.postcode) if part)
    return ", ".join(part for part in (place.address, place.city, town) if part)


def same(left: Answers, right: Answers) -> bool:
    """Do two sets of typed answers say the same?"""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)

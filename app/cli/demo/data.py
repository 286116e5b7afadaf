"""Practices of the demonstration, each where it shows something: from a round that is open to a plaque on the wall."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo import application, binder, decision, participation, report, survey
from app.cli.demo.stage import Scene, Stage, Story, read
from app.cli.portal import opened
from app.config import Settings
from app.doors import Doors
from app.kernel import clock
from app.kernel.db import db
from app.notices import post
from app.people.models import User

WHOLE = [*participation.SCENES, *application.SCENES, *survey.SCENES, *report.SCENES, *decision.SCENES]
ROAD = timedelta(days=172)  # from the final report to the plaque, with room for a late day of the visit


def whole_road(db: Session, doors: Doors, *, today: date) -> Story:
    """Harbor Light Oncology from its first day to the plaque, which arrives about today."""
    anchor = today - ROAD
    stage = _stage(db, doors, anchor)
    story = _harbor_light(stage, anchor, WHOLE)
    stage.play([story], until=_evening(today + timedelta(days=30)))
    return story


def fill(settings: Settings, before: Callable[[], object]) -> None:
    """Fill an empty store with the demonstration; one that was cut short is made again, any other is left as it is."""
    unfinished = settings.data / "demonstration.part"
    if unfinished.exists():  # nobody but the demonstration has been here
        for name in ("qcp.sqlite", "qcp.sqlite-wal", "qcp.sqlite-shm", "queue.sqlite"):
            (settings.data / name).unlink(missing_ok=True)
        for name in ("objects", "index"):
            shutil.rmtree(settings.data / name, ignore_errors=True)
    with opened(settings) as (_app, doors):
        if db().scalar(select(User.id).limit(1)):
            return
        before()
        unfinished.touch()
        load(db(), replace(doors, post=post.Memory()), today=clock.today())
        unfinished.unlink()


def load(db: Session, doors: Doors, *, today: date) -> None:
    """Play every practice up to its place of today."""
    anchor = today - ROAD
    stage = _stage(db, doors, anchor)
    stage.play(_stories(stage, today, anchor), until=clock.now())


def _stage(db: Session, doors: Doors, anchor: date) -> Stage:
    """The people of the Program and the past round, whose reports came out on the anchor day."""
    begin = anchor - timedelta(days=172)
    with clock.at(_evening(begin)):
        stage = Stage.open(db, doors, since=clock.now())
        participation.plan_round(stage, opens=anchor - timedelta(days=160), closes=anchor - timedelta(days=45))
        stage.settle()
    return stage


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(23), clock.PROGRAM_ZONE).astimezone(UTC)


def _harbor_light(stage: Stage, anchor: date, scenes: list[Scene], **over: Any) -> Story:
    facts = read("harbor-light") | {"round": next(iter(stage.rounds))}
    return Story(stage, facts, anchor, scenes, **over)


def _stories(stage: Stage, today: date, anchor: date) -> list[Story]:
    """One practice at each station; `late` days pass after the final report before a practice goes on."""
    stories = [_harbor_light(stage, anchor, _filling(_late(WHOLE, 142), 142), stop_before="pay")]
    book = read("practices")
    stories.append(_newcomer(stage, book["newcomer"], today))
    for told in book["practices"]:
        facts = told | {"round": next(iter(stage.rounds))}
        scenes = [*participation.SCENES, *application.SCENES, *survey.SCENES]
        scenes += [*report.CLEAN, *decision.SCENES] if told.get("clean") else [*report.SCENES, *decision.SCENES]
        if told.get("half_rated"):
            scenes = [Scene(0, survey.rate_half, True, 15) if one.verb is survey.rate else one for one in scenes]
        stories.append(Story(stage, facts, anchor, _late(scenes, told["late"]), stop_before=told["stop_before"]))
    return stories


def _newcomer(stage: Stage, told: dict[str, Any], today: date) -> Story:
    """A practice that has just enrolled in the round that is open, and has all its charts to enter."""
    opens = today - timedelta(days=45)
    with clock.at(_evening(opens - timedelta(days=20))):
        code = participation.plan_round(stage, opens=opens, closes=today + timedelta(days=40))
    scenes = [Scene(-40, Story.enter), Scene(-38, participation.tend), Scene(-37, participation.enroll)]
    return Story(stage, told | {"round": code}, today, scenes)


def _filling(scenes: list[Scene], days: int) -> list[Scene]:
    """The same scenes, and once the fee is billed, those of a binder that is still being filled, so many days later."""
    at = 1 + next(number for number, one in enumerate(scenes) if one.verb is application.ask_for_invoice)
    return [*scenes[:at], *(replace(one, day=one.day + days) for one in binder.SCENES), *scenes[at:]]


def _late(scenes: list[Scene], days: int) -> list[Scene]:
    """The same scenes, all that follow the final report so many days later."""
    later = {*application.SCENES, *survey.SCENES}
    return [Scene(one.day + days, one.verb, one.from_visit, one.hour) if one in later and not one.from_visit else one
            for one in scenes]  # fmt: skip

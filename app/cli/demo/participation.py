"""M1 of the demonstration: a round, an enrolment, its charts, the final report."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.cli.demo.stage import DEMO, Scene, Stage, Story
from app.kernel import clock
from app.participation.actions import charts, enrolments, rounds
from app.participation.models import ScoreReport
from app.participation.rules.modules import Module
from app.participation.rules.moves import Agreement, Statement
from app.participation.rules.windows import sample_round

SITES_OF_FILE = ("CS", "NG", "PA")


def plan_round(stage: Stage, *, opens: date, closes: date) -> str:
    """Plan a round of the sample windows and let the calendar open it; returns its code."""
    season = "R1" if closes.month <= 6 else "R2"
    dates = replace(
        sample_round(), code=f"{closes.year}-{season}", season=season, opens_on=opens, closes_on=closes,
        final_report_on=None, next_same_season_closes_on=closes + timedelta(days=365),
    )  # fmt: skip
    stage.rounds[dates.code] = rounds.plan_round(
        stage.db, dates, registers_from=opens - timedelta(days=10), registers_until=closes - timedelta(days=10),
        by=stage.staff, now=clock.now(),
    )  # fmt: skip
    return dates.code


def tend(story: Story) -> None:
    """The calendar opens and closes rounds by itself."""
    rounds.tend_rounds(story.db, now=clock.now())


def enroll(story: Story) -> None:
    """The owner enrolls on the QCP Track, with the agreements that come before any chart."""
    story.enrolment = enrolments.enrol(
        story.db, story.practice, story.stage.rounds[story.facts["round"]], fte=story.facts["fte"],
        modules=list(Module), statements=list(Statement), typed_names=dict.fromkeys(Agreement, story.owner.name),
        by=story.owner, now=clock.now(),
    )  # fmt: skip


def enter_charts(story: Story) -> None:
    """The charts come as one file; the owner confirms the modules in which fewer patients were found."""
    data = chart_file([site[0] for site in story.facts["sites"]])
    charts.import_charts(
        story.db, story.enrolment, data, partial=False, replace=False, by=story.writer, now=clock.now()
    )
    for module in Module:
        if module is not Module.CORE:
            enrolments.confirm_module_complete(story.db, story.enrolment, module, by=story.owner, now=clock.now())


def freeze(story: Story) -> None:
    """The owner freezes the charts."""
    enrolments.freeze(story.db, story.enrolment, by=story.owner, now=clock.now())


def release(story: Story) -> None:
    """Staff release the reports of the round; whoever is played second finds them out."""
    round_ = story.enrolment.round
    if round_.state == "closed":
        rounds.release_round(story.db, round_, by=story.stage.staff, now=clock.now())
    found = select(ScoreReport).where(ScoreReport.enrolment_id == story.enrolment.id)
    story.score = story.db.scalars(found).one()


def chart_file(codes: list[str]) -> bytes:
    """The demonstration's charts, at the sites of this practice."""
    lines = list(csv.reader(io.StringIO((DEMO / "harbor-light" / "charts.csv").read_text(encoding="utf-8"))))
    column = lines[0].index("site_code")
    places: dict[str, Any] = {code: codes[n % len(codes)] for n, code in enumerate(SITES_OF_FILE)}
    for line in lines[1:]:
        line[column] = places[line[column]]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue().encode()


SCENES = [
    Scene(-170, Story.enter),
    Scene(-158, tend, hour=8),
    Scene(-158, enroll),
    Scene(-75, enter_charts, hour=16),
    Scene(-60, freeze),
    Scene(-44, tend),
    Scene(0, release),
]

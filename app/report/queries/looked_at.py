"""What a survey rested on, counted: documents, charts, files, interviews by role, places; never a name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.evidence.models import Version
from app.kernel.words import count
from app.report.queries.plans import VISIBLE
from app.survey.models import Entry, Observation, Survey
from app.survey.rules.worksheet import SourceKind


def methods(db: Session, survey: Survey) -> list[list[str]]:
    """Each way of looking, with how much was looked at."""
    sources = _sources(db, survey)
    lines = [["Policy review", _documents(db, survey)]]
    lines += _counted("Charts", "chart", sources[SourceKind.CHART])
    lines += _counted("Personnel files", "file", sources[SourceKind.FILE])
    if roles := sources[SourceKind.ROLE]:
        lines.append(["Interviews", f"{len(roles)}, by role: {', '.join(roles)}"])
    if places := sources[SourceKind.PLACE]:
        lines.append(["Observation", ", ".join(places)])
    return lines


def _counted(what: str, one: str, sources: Sequence[str]) -> list[list[str]]:
    return [[what, count(len(sources), one)]] if sources else []


def _sources(db: Session, survey: Survey) -> dict[SourceKind, list[str]]:
    """The different sources that the standing observations name, by kind."""
    found = select(Entry).where(Entry.survey_id == survey.id)
    noted: list[Observation] = [one for entry in db.scalars(found) for one in entry.standing]
    return {kind: sorted({one.source for one in noted if one.source_kind is kind}) for kind in SourceKind}


def _documents(db: Session, survey: Survey) -> str:
    """The documents in force at the time, with their pages."""
    visible = select(func.count(), func.sum(Version.pages)).where(
        Version.binder_id == survey.application.binder_id, Version.state.in_(VISIBLE)
    )
    documents, pages = db.execute(visible).one()
    return f"{count(documents or 0, 'document')}, {count(pages or 0, 'page')}, in the practice's binder"

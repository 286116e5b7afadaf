"""What the demonstration hands out: every paper of the road as a file, and the ledger."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from app.cli.demo.stage import Story
from app.documents.models import Paper
from app.documents.rules import PaperKind
from app.evidence import queries as evidence
from app.evidence.marked import marked_copy
from app.kernel.ledger import Event
from app.report import queries as reports
from app.report.plan.word import action_plan
from app.report.queries import plans
from app.survey import queries as survey

ANNOTATED = "HLO-305 Order Verification and Administration Checks.pdf"


def write_all(story: Story, out: Path) -> list[Path]:
    """Write every file of the road into a folder; returns them in order."""
    files = _papers(story) | {
        "action-plan.docx": _plan_in_word(story),
        "annotated-policy.pdf": _annotated(story),
        "survey-invite.ics": _invitation(story),
        "journey.json": _journey(story),
    }
    for name, data in files.items():
        (out / name).write_bytes(data)
    return [out / name for name in sorted(files)]


def _papers(story: Story) -> dict[str, bytes]:
    wanted = {
        "participation-report.pdf": (PaperKind.PARTICIPATION_REPORT, 1),
        "receipt.pdf": (PaperKind.RECEIPT, 1),
        "invoice.pdf": (PaperKind.INVOICE, 1),
        "ccr.pdf": (PaperKind.CCR, 1),
        "ccr-closing.pdf": (PaperKind.CCR, 2),
        "certificate.pdf": (PaperKind.CERTIFICATE, 1),
        "plaque.pdf": (PaperKind.PLAQUE, 1),
    }
    return {name: _bytes(story, kind, version) for name, (kind, version) in wanted.items()}


def _bytes(story: Story, kind: PaperKind, version: int) -> bytes:
    found = select(Paper).where(
        Paper.practice_id == story.practice.id, Paper.kind == kind, Paper.version == version
    ).order_by(Paper.ordered_at)  # fmt: skip
    paper = story.db.scalars(found).first()
    if paper is None or paper.sha256 is None:
        raise LookupError(f"{kind.value}, version {version}: {paper.error if paper else 'was not ordered'}")
    return story.stage.doors.blobs.get(paper.sha256)


def _plan_in_word(story: Story) -> bytes:
    plan = reports.plan_of(story.db, story.application.id)
    if plan is None:
        raise LookupError("no plan was asked for")
    return action_plan(plans.plan_data(story.db, plan, story.practice))


def _annotated(story: Story) -> bytes:
    version = story.versions[ANNOTATED]
    key = version.copy_key or version.sha256
    return marked_copy(story.stage.doors.blobs.get(key), evidence.marks(story.db, version))


def _invitation(story: Story) -> bytes:
    return survey.invitation(story.db, story.survey, story.survey.started_at or story.survey.opened_at)


def _journey(story: Story) -> bytes:
    events = [
        {"at": one.at.isoformat(), "by": one.actor_name, "role": one.role, "what": one.what,
         "about": f"{one.about_kind} {one.about_id}"}
        for one in story.db.scalars(select(Event).order_by(Event.number))
    ]  # fmt: skip
    return json.dumps(events, ensure_ascii=False, indent=1).encode()

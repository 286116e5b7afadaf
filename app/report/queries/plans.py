"""Questions about action plans: gaps, verdicts, documents, the data of the papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.rules import address_lines
from app.evidence.models import Document, Version
from app.evidence.rules import State as FileState
from app.people.models import Practice
from app.program import queries as program
from app.report.models import Plan, PlanLine, Sending, Turn
from app.report.queries import dates
from app.report.rules.ccr import RequirementState
from app.report.rules.dates import long_day
from app.report.rules.plan import EDITABLE, Stage, Verdict, why_not_complete
from app.report.rules.proof import Shown, why_not_shown

VISIBLE = (FileState.READABLE, FileState.UNREADABLE)


@dataclass(frozen=True)
class Standing:
    """Where a plan is, in numbers: for the road page and for lists of work."""

    state: str
    round: int
    lines: int
    accepted: int
    returned: int
    met: int


def standing(plan: Plan) -> Standing:
    """The plan at a glance."""
    met = sum(line.requirement.state is RequirementState.MET for line in plan.lines)
    accepted = sum(line.requirement.state is not RequirementState.OPEN for line in plan.lines)
    return Standing(
        plan.state.value, plan.round, len(plan.lines), accepted, sum(line.returned for line in plan.lines), met
    )


def gaps(db: Session, plan: Plan, today: date) -> dict[str, list[str]]:
    """By row, what each line that can still be changed lacks."""
    by, least = dates.evidence_by(db, plan.case_id, on=today), least_words(db, today)
    open_lines = [line for line in plan.lines if line.editable]
    return {line.requirement.code: why_not_complete(line.text, evidence_by=by, least=least) for line in open_lines}


def least_words(db: Session, today: date) -> int:
    """How many characters a cause and an action need."""
    return program.whole(db, "plan.cause_least", today)


def unchanged(plan: Plan) -> list[str]:
    """The returned lines that are still as they were when they came back."""
    return [line.requirement.code for line in plan.lines if line.editable and line.returned and not line.changed]


def verdicts(plan: Plan, stage: Stage) -> dict[str, Verdict | None]:
    """By row, what was said in this round about the lines that wait for a verdict."""
    return {line.requirement.code: turn.verdict if (turn := line.verdict(stage)) else None
            for line in plan.lines if waits(line, stage)}  # fmt: skip


def waits(line: PlanLine, stage: Stage) -> bool:
    """Does the line wait for the Program's word in this stage?"""
    wanted = RequirementState.PLANNED if stage is Stage.PLAN else RequirementState.EVIDENCE_SENT
    return line.requirement.state is wanted


def told(line: PlanLine) -> list[Turn]:
    """What the practice has heard about a line: verdicts come with the whole answer, never before."""
    return [turn for turn in line.turns if turn.told]


def to_show(plan: Plan) -> list[PlanLine]:
    """The lines whose evidence is still to be sent."""
    wanted = (RequirementState.PLAN_ACCEPTED, RequirementState.OPEN)
    return [line for line in plan.lines if line.requirement.state in wanted]


def evidence_gaps(plan: Plan, today: date) -> dict[str, list[str]]:
    """By row, what is missing before the evidence can be sent."""
    return {line.requirement.code: why_not_shown(shown(line), today=today) for line in to_show(plan)}


def shown(line: PlanLine) -> Shown:
    """What the line says about its evidence now."""
    return Shown(line.done_on, len(line.proofs), line.still_open)


def documents(db: Session, plan: Plan) -> list[tuple[Document, Version]]:
    """The documents of the case's binder that the Program can see, each with its newest version, by title."""
    asked = select(Document, Version).join(Version, Version.document_id == Document.id)
    visible = asked.where(Document.binder_id == plan.report.binder_id, Version.state.in_(VISIBLE))
    newest = {one.id: (one, version) for one, version in db.execute(visible.order_by(Version.number))}
    return sorted(newest.values(), key=lambda pair: pair[0].title)


def next_up(plan: Plan) -> str:
    """Who has to act now: "practice" or "program" ("" when it is over)."""
    if plan.state in EDITABLE or plan.state.value == "accepted":
        return "practice"
    return "" if plan.state.value == "met" else "program"


def plan_data(db: Session, plan: Plan, practice: Practice) -> dict[str, Any]:
    """The plan as its papers hold it, verdicts so far included."""
    report = plan.report
    sending = [one for one in plan.sendings if one.stage is Stage.PLAN]
    last = sending[-1] if sending else None
    due = dates.running(db, plan.case_id, "evidence.submit")
    limit = dates.outer_limit(db, plan.case_id)
    return {
        "title": f"Compliance Action Plan, {practice.public_name}",
        "practice": {
            "legal_name": practice.legal_name,
            "public_name": practice.public_name,
            "address": address_lines(practice.address, practice.city, practice.region, practice.postcode),
        },
        "sample": report.data["sample"],
        "case": report.data["case"],
        "ccr": f"{report.number}, version {report.version}",
        "edition": report.data["edition"],
        "sites": [*report.data["sites_visited"], *report.data["sites_not_visited"]],
        "round": plan.round,
        "submitted_on": plan.submitted_on.isoformat() if plan.submitted_on else "",
        "submitted_by": {"name": last.by_name, "title": last.by_title} if last else {"name": "", "title": ""},
        "accepted_on": plan.accepted_on.isoformat() if plan.accepted_on else "",
        "evidence_by": due.due_on.isoformat() if due else "",
        "derivation": _derivation(due.due_on, limit) if due and limit else "",
        "lines": [_line(line) for line in plan.lines],
    }


def _derivation(on: date, limit: date) -> str:
    return f"{long_day(limit)} (outer limit of the case), counted back: {long_day(on)}"


def _line(line: PlanLine) -> dict[str, Any]:
    requirement = line.requirement
    return {
        "no": requirement.label,
        "row": requirement.code,
        "title": requirement.title,
        "sites": list(requirement.sites),
        "requirement": [one for one in requirement.show if one["what"]],
        "root_cause": line.root_cause,
        "action": line.action,
        "responsible": ", ".join(part for part in (line.person, line.title) if part),
        "target": line.target.isoformat() if line.target else "",
        "upkeep": upkeep(line),
        "evidence": line.evidence_to_come,
        "done": _done(line),
        "verdicts": [
            {"round": t.round, "verdict": t.verdict.value, "on": t.at.date().isoformat(), "comment": t.comment}
            for t in line.turns
            if t.stage is Stage.PLAN
        ],
    }


def _done(line: PlanLine) -> dict[str, Any] | None:
    if line.done_on is None:
        return None
    return {"on": line.done_on.isoformat(), "pins": [proof.note for proof in line.proofs]}


def upkeep(line: PlanLine) -> str:
    """How it will be kept up, in one sentence."""
    parts = [", ".join(part for part in (line.measure, line.how_often) if part)]
    return "; ".join([*(part for part in parts if part), *([f"goal: {line.goal}"] if line.goal else [])])


@dataclass(frozen=True)
class Said:
    """One entry of the talk on a line: what was sent, or what the Program answered."""

    at: datetime
    who: str
    program: bool
    verdict: Verdict | None
    text: str


def thread(line: PlanLine) -> list[Said]:
    """The talk on a line, the oldest first; the Program speaks with one voice and no name."""
    entries = [
        _sent(line, sending) for sending in line.plan.sendings if line.requirement.label in sending.data["lines"]
    ]
    entries += [Said(turn.at, "The Program", True, turn.verdict, turn.comment) for turn in told(line)]
    return sorted(entries, key=lambda said: said.at)


def _sent(line: PlanLine, sending: Sending) -> Said:
    data = sending.data["lines"][line.requirement.label]
    what = "Plan" if sending.stage is Stage.PLAN else "Evidence"
    extra = data.get("answer") or (f"Still open: {data['still_open']}" if data.get("still_open") else "")
    return Said(sending.at, sending.by_name, False, None, f"{what} sent, round {sending.round}. {extra}".strip())

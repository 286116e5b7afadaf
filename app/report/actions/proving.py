"""The practice shows that it was done, and sends it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.rules.submission import manifest_sha256
from app.documents import actions as documents
from app.documents.rules import PaperKind
from app.evidence.models import Version
from app.kernel import clock, ledger
from app.kernel.words import daytime
from app.people.models import User
from app.people.rules import Role
from app.program import actions as program
from app.program.queries import due_date
from app.report.actions import telling
from app.report.models import Plan, PlanLine, Proof, Sending
from app.report.queries import plans
from app.report.rules.ccr import REQUIREMENT_MOVES, NotNow, after
from app.report.rules.dates import long_day
from app.report.rules.plan import PLAN_MOVES, PlanState, Stage
from app.report.rules.proof import why_not_send_evidence

STATEMENT = (
    "The signer has stated that the work was done as described, that these pages show it, and that they hold no "
    "patient-identifying information."
)


def _must_be_open(line: PlanLine) -> None:
    if line.plan.state is not PlanState.ACCEPTED or line not in plans.to_show(line.plan):
        raise NotNow(["Evidence for this line cannot be changed now."])


def save_showing(
    db: Session, line: PlanLine, *, done_on: date | None, still_open: str, by: User, now: datetime
) -> None:
    """Say on which day a line was done, or why it is still open."""
    _must_be_open(line)
    before = {"done_on": _iso(line.done_on), "still_open": line.still_open}
    line.done_on, line.still_open = done_on, still_open.strip()
    shown = {"done_on": _iso(line.done_on), "still_open": line.still_open}
    if shown != before:
        ledger.record(db, "evidence described", by=by, now=now, about=line, before=before, after=shown)


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


def add_proof(db: Session, line: PlanLine, version: Version, page: int, *, by: User, now: datetime) -> Proof:
    """Pin a page of a document as evidence for a line."""
    _must_be_open(line)
    if not 1 <= page <= (version.pages or 1):
        raise NotNow([f"{version.filename} has {version.pages or 1} pages; there is no page {page}."])
    for proof in line.proofs:
        if (proof.version_id, proof.page) == (version.id, page):
            return proof
    proof = Proof(
        version_id=version.id,
        page=page,
        note=f"{version.document.title}, version {version.number}, page {page}",
        at=now,
    )
    line.proofs.append(proof)
    ledger.record(db, "evidence pinned", by=by, now=now, about=line, after={"page": proof.note})
    return proof


def remove_proof(db: Session, line: PlanLine, proof_id: str, *, by: User, now: datetime) -> None:
    """Take a page off again that has not been sent."""
    _must_be_open(line)
    for proof in [one for one in line.proofs if one.id == proof_id and not one.round]:
        line.proofs.remove(proof)
        ledger.record(db, "evidence unpinned", by=by, now=now, about=line, before={"page": proof.note})


def send_evidence(db: Session, plan: Plan, *, by: User, now: datetime) -> Sending:
    """Send what was shown to the Program: a snapshot with the hash of every file, and a signed receipt."""
    state = after(PLAN_MOVES, "send_evidence", plan.state)
    today = clock.day_of(now)
    open_lines = plans.to_show(plan)
    sent = [line for line in open_lines if line.done_on]
    if reasons := why_not_send_evidence(plans.evidence_gaps(plan, today), len(sent)):
        raise NotNow(reasons)
    plan.state, plan.evidence_round = state, plan.evidence_round + 1
    for line in sent:
        line.requirement.state = after(REQUIREMENT_MOVES, "send_evidence", line.requirement.state)
        for proof in line.proofs:
            proof.round = proof.round or plan.evidence_round
    sending = _keep(db, plan, open_lines, by=by, now=now)
    _clocks(db, plan, everything=len(sent) == len(open_lines), now=now)
    facts = {"round": plan.evidence_round, "lines": [line.requirement.code for line in sent],
             "manifest": sending.data["manifest_sha256"]}  # fmt: skip
    ledger.record(db, "evidence sent", by=by, now=now, about=plan, after=facts)
    telling.reviewers(db, plan.case_id, plan.practice_id, subject="Evidence waits for your verdict",
                      body="Judge each requirement in the portal.", url=f"/plans/{plan.id}/judge",
                      now=now)  # fmt: skip
    return sending


def _clocks(db: Session, plan: Plan, *, everything: bool, now: datetime) -> None:
    """What was asked for is there; the last day for evidence runs on while a line is still open."""
    program.meet_clock(db, plan, "evidence.more", now=now)
    if everything:
        program.meet_clock(db, plan, "evidence.submit", now=now)
    program.start_clock(db, "evidence.review", practice_id=plan.practice_id, case_id=plan.case_id, about=plan,
                        event="evidence sent", start=clock.day_of(now), owed_by=Role.REVIEWER, now=now)  # fmt: skip


def _keep(db: Session, plan: Plan, lines: list[PlanLine], *, by: User, now: datetime) -> Sending:
    files = _files(db, lines)
    data: dict[str, Any] = {
        "lines": {line.requirement.label: _showing(line) for line in lines},
        "files": files,
        "manifest_sha256": manifest_sha256(files),
    }
    sending = Sending(practice_id=plan.practice_id, stage=Stage.EVIDENCE, round=plan.evidence_round, at=now,
                      by_name=by.name, by_title=by.title, data=data)  # fmt: skip
    plan.sendings.append(sending)
    sending.paper_id = _receipt(db, plan, data, by=by, now=now)
    return sending


def _showing(line: PlanLine) -> dict[str, Any]:
    pages = [{"version": proof.version_id, "page": proof.page, "note": proof.note} for proof in line.proofs]
    return {"done_on": _iso(line.done_on), "still_open": line.still_open, "pages": pages}


def _files(db: Session, lines: list[PlanLine]) -> list[dict[str, Any]]:
    """Every file that a line rests on, once, with its hash and the rows it serves."""
    rows: dict[str, set[str]] = {}
    for line in lines:
        for proof in line.proofs:
            rows.setdefault(proof.version_id, set()).add(line.requirement.code)
    found = db.scalars(select(Version).where(Version.id.in_(rows)).order_by(Version.filename, Version.id))
    return [
        {"name": one.filename, "bytes": one.size, "pages": one.pages or 0, "sha256": one.sha256,
         "visible_since": one.visible_since.isoformat() if one.visible_since else "", "rows": sorted(rows[one.id])}
        for one in found
    ]  # fmt: skip


def _receipt(db: Session, plan: Plan, data: dict[str, Any], *, by: User, now: datetime) -> str:
    report, name = plan.report, plan.report.practice.public_name
    today = clock.day_of(now)
    answer = long_day(due_date(db, "evidence.review", today))
    title = f"Evidence receipt, {name}, {long_day(today)}"
    body = {
        "sample": report.data["sample"],
        "case": report.data["case"],
        "what": f"Evidence for the Compliance Action Plan, round {plan.evidence_round}",
        "submitted_at": now.isoformat(),
        "submitted_local": daytime(now),
        "by": {"name": by.name, "title": by.title or "Authorized signer"},
        "edition": report.data["edition"],
        "statement": STATEMENT,
        "counts": {"documents": len(data["files"]), "bytes": sum(one["bytes"] for one in data["files"])},
        "files": data["files"],
        "manifest_sha256": data["manifest_sha256"],
        "consequences": [["Answers", f"{plan.number}, to {report.number}"], ["Answer of the Program by", answer]],
    }
    paper = documents.order(db, kind=PaperKind.RECEIPT, data=body, practice_id=plan.practice_id, case_id=plan.case_id,
                            number=f"REC-{report.data['case']}-E{plan.evidence_round}", version=1, title=title,
                            by=by, now=now, sign=True)  # fmt: skip
    return paper.id

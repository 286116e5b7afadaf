"""Reading a draft for what it must not hold, and for what it does not say yet."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.people import queries as people
from app.report.models import ComplianceReport
from app.report.rules.ccr import why_not_issue
from app.report.rules.marks import wording_faults


def texts(report: ComplianceReport) -> dict[str, str]:
    """Everything in the draft that people wrote, by the place where it stands."""
    found = {
        one.code: "\n".join([one.missing, one.why_resurvey, *(noted["text"] for noted in one.seen),
                             *(noted["source"] for noted in one.seen), *(shown["what"] for shown in one.show)])
        for one in report.requirements
    }  # fmt: skip
    for kind, words in (("suggestions", "Suggestion"), ("good", "Good practice")):
        found |= {f"{words}, {one['row']}": one["text"] for one in report.data[kind]}
    return found


def names_to_keep_out(db: Session, report: ComplianceReport) -> list[str]:
    """Everybody whose name may not stand in the report: the practice's people and the Program's."""
    everybody = [*people.team(db, report.practice_id), *people.program_people(db)]
    return [user.name for user in everybody]


def faults(db: Session, report: ComplianceReport) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """By place: people named for certain, and words that need a second look."""
    return wording_faults(texts(report), names_to_keep_out(db, report))


def why_not_issue_now(db: Session, report: ComplianceReport, *, confirmed: bool) -> list[str]:
    """Every reason why the draft cannot be issued; suspect words pass when somebody has read and confirmed them."""
    named, suspect = faults(db, report)
    places = named if confirmed else {place: [*named.get(place, []), *suspect.get(place, [])] for place in
                                      dict.fromkeys([*named, *suspect])}  # fmt: skip
    return why_not_issue({one.code: one.show for one in report.requirements}, places)

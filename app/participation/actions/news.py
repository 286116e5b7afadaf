"""Telling the people of a practice what happened in its round. No figure and no finding leaves by mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.notices import actions as notices
from app.participation.models import Enrolment, Round, ScoreReport
from app.participation.queries.rounds import taking_part
from app.people import queries as people
from app.people.rules import Role


def tell_owners(db: Session, enrolment: Enrolment, *, subject: str, body: str, now: datetime) -> None:
    """Tell the owners something about their enrolment."""
    owners = people.holders(db, Role.OWNER, enrolment.practice_id)
    where = f"/enrolments/{enrolment.id}"
    notices.tell(db, owners, subject=subject, body=body, url=where, practice_id=enrolment.practice_id, now=now)


def tell_extended(db: Session, round_: Round, until: str, *, now: datetime) -> None:
    """Every enrolled practice hears that there is more time."""
    for enrolment in taking_part(db, round_):
        tell_owners(
            db, enrolment, subject=f"Round {round_.code} closes later", now=now,
            body=f"Charts of round {round_.code} can be entered through {until}.",
        )  # fmt: skip


def tell_closed(db: Session, enrolment: Enrolment, *, now: datetime) -> None:
    """The owners hear what the close did to their charts."""
    lapsed = enrolment.state.value == "lapsed"
    body = (
        "The round has closed. No chart was entered, so there is no final report for this round."
        if lapsed
        else "The round has closed and the charts are frozen. The final report follows in about eight weeks."
    )
    tell_owners(db, enrolment, subject=f"Round {enrolment.round.code} has closed", body=body, now=now)


def tell_report(db: Session, report: ScoreReport, *, now: datetime) -> None:
    """Owners and signers hear that the final report is out."""
    readers = [user for role in (Role.OWNER, Role.SIGNER) for user in people.holders(db, role, report.practice_id)]
    notices.tell(
        db, readers, subject=f"The final report of round {report.round.code} is out", practice_id=report.practice_id,
        body="Read your score, whether it opens an application, and until when it can be used.",
        url=f"/score-reports/{report.id}", now=now,
    )  # fmt: skip

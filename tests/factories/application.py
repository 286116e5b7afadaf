"""Applications, wherever in milestone 2 they are needed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.actions import dates, payment, questionnaire, steps, texts, webinar
from app.application.actions.agreements import Ceremony, sign
from app.application.actions.opening import open_for
from app.application.actions.submission import submit
from app.application.models import Application, Attendance, Snapshot
from app.application.queries import agreements
from app.application.queries import dates as date_queries
from app.application.rules.payment import Method
from app.application.rules.webinar import Kind
from app.documents.models import Paper
from app.documents.rules import PaperKind, PaperState
from app.evidence.models import NaClaim
from app.kernel import clock
from app.kernel.ids import new_id
from app.participation.models import ScoreReport
from app.participation.rules.moves import EnrolmentState, RoundState
from app.people.models import Practice, User
from app.people.rules import Role
from app.standards import queries as standards
from tests.factories import people
from tests.factories.answers import answers
from tests.factories.enrolment import enrolment
from tests.factories.round import round_

OPENED_AT = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)


def practice(db: Session) -> tuple[Practice, User, User]:
    """A practice with an owner who may not sign and a signer who may not own."""
    made = people.practice(db, address="18 Cove Street", city="Seabrook", region="ME", postcode="04000")
    owner = people.member(db, made, Role.OWNER, Role.CONTRIBUTOR, name="Dana Wexler", title="Administrator")
    signer = people.member(db, made, Role.SIGNER, name="Teo Brandt", title="Medical Director")
    return made, owner, signer


def report(db: Session, practice: Practice, **over: Any) -> ScoreReport:
    """A final report that qualifies: 81.39 % on 118 unique charts, usable until 30 Jun 2027."""
    a_round = round_(db, code=new_id()[:12], state=RoundState.OPEN)
    enrolled = enrolment(db, practice, a_round, fte="2.5")
    enrolled.state, enrolled.frozen_at = EnrolmentState.REPORTED, OPENED_AT - timedelta(days=40)
    a_round.state, a_round.final_report_on = RoundState.RELEASED, date(2026, 6, 1)
    reasons: list[dict[str, Any]] = over.pop("reasons", [])
    facts: dict[str, Any] = {
        "practice_id": practice.id, "enrolment_id": enrolled.id, "round_id": a_round.id, "number": f"FR-{new_id()[:8]}",
        "issued_on": date(2026, 6, 1), "issued_at": datetime(2026, 6, 1, 15, 0, tzinfo=UTC), "misses": {},
        "quality": {}, "settings": {}, "sha256": "0" * 64, "percent": "81.39", "qualified": not reasons,
        "valid_until": None if reasons else date(2027, 6, 1),
        "result": {"unique_charts": 118, "qualification": {"qualified": not reasons, "reasons": reasons}},
    }  # fmt: skip
    made = ScoreReport(**(facts | over))
    db.add(made)
    db.flush()
    return made


def heard(db: Session, practice: Practice, person: User, on: date = date(2026, 6, 20)) -> Attendance:
    """Somebody heard the introduction."""
    made = Attendance(
        practice_id=practice.id, user_id=person.id, kind=Kind.RECORDED, attended_on=on, minutes=45, edition_code="S1",
        recorded_at=OPENED_AT - timedelta(days=10),
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def application(db: Session, *, now: datetime = OPENED_AT) -> tuple[Application, User, User]:
    """An application just opened, with its owner and signer."""
    made, owner, signer = practice(db)
    heard(db, made, owner)
    texts.load_texts(db, by=None, now=now)
    return open_for(db, report(db, made), by=owner, now=now), owner, signer


def press(db: Session, *kinds: PaperKind) -> None:
    """Issue what was ordered, without typesetting it."""
    for paper in db.scalars(select(Paper).where(Paper.state == PaperState.ORDERED)):
        if not kinds or paper.kind in kinds:
            paper.state, paper.sha256, paper.size = PaperState.ISSUED, (paper.id * 2)[:64], 1000
            paper.issued_at = paper.ordered_at
    db.flush()


def ceremony(db: Session, made: Application, key: str, signer: User, now: datetime, **over: Any) -> Ceremony:
    """Everything a signer types and ticks."""
    one = next(one for one in agreements.agreements(db, made, clock.day_of(now)) if one.version.key == key)
    facts: dict[str, Any] = {
        "typed_name": signer.name, "title": signer.title, "authority": True, "consent": True, "proved_at": now,
        "ip": "198.51.100.23", "browser": "A browser", "text_sha256": one.shown.sha256 if one.shown else "",
    }  # fmt: skip
    return Ceremony(**(facts | over))


def affirmed(db: Session, *, now: datetime = OPENED_AT) -> tuple[Application, User, User]:
    """Step 1 is complete."""
    made, owner, signer = application(db, now=now)
    steps.affirm(db, made, fte=Decimal("2.5"), by=owner, now=now)
    return made, owner, signer


def sign_all(db: Session, made: Application, signer: User, *, now: datetime = OPENED_AT) -> None:
    """Step 2 is complete."""
    press(db, PaperKind.AGREEMENT)
    for one in agreements.agreements(db, made, clock.day_of(now)):
        sign(db, made, one.version, ceremony(db, made, one.version.key, signer, now), by=signer, now=now)


def answer_all(db: Session, made: Application, by: User, *, now: datetime = OPENED_AT) -> None:
    """Step 3 is complete."""
    for letter, given in answers().items():
        questionnaire.save(db, made, letter, given, version=0, page="page", checked=True, by=by, now=now)


def pay(db: Session, made: Application, owner: User, *, now: datetime = OPENED_AT) -> None:
    """Step 4 is complete."""
    staff = people.official(db, Role.STAFF)
    invoice = payment.issue(db, made, by=owner, now=now)
    payment.record_payment(
        db, invoice, method=Method.TRANSFER, amount_cents=invoice.total_cents, reference="T-1",
        paid_on=clock.day_of(now), by=staff, now=now,
    )  # fmt: skip
    payment.confirm(db, invoice, by=staff, now=now)


def claim_all(db: Session, made: Application, by: User, *, now: datetime = OPENED_AT) -> None:
    """Step 5 is complete: every slot is said not to apply."""
    for row in standards.slots(db, made.edition_id):
        db.add(NaClaim(binder_id=made.binder_id, practice_id=made.practice_id, case_id=made.id, code=row.code,
                       reason="No such care is given at any of our sites.", by_id=by.id, at=now))  # fmt: skip
    db.flush()


def offer_days(db: Session, made: Application, by: User, *, now: datetime = OPENED_AT, count: int = 8) -> None:
    """Step 6 is complete."""
    days = date_queries.open_days(date_queries.window(db, made, clock.day_of(now)))[:count]
    dates.offer(db, made, days, by=by, now=now)


def complete(db: Session, *, now: datetime = OPENED_AT) -> tuple[Application, User, User]:
    """All six steps are complete; the signer may submit."""
    made, owner, signer = affirmed(db, now=now)
    sign_all(db, made, signer, now=now)
    answer_all(db, made, owner, now=now)
    pay(db, made, owner, now=now)
    claim_all(db, made, owner, now=now)
    offer_days(db, made, owner, now=now)
    return made, owner, signer


def ready(db: Session, *, now: datetime = OPENED_AT) -> tuple[Application, Snapshot]:
    """Submitted: ready for survey."""
    made, _, signer = complete(db, now=now)
    return made, submit(db, made, by=signer, now=now)


def watched(db: Session, practice: Practice, by: User, *, now: datetime = OPENED_AT) -> Attendance:
    """The whole recording, part by part, and the tick."""
    for part in range(1, 7):
        webinar.play(db, practice, part, by=by, now=now)
    return webinar.finish(db, practice, ticked=True, by=by, now=now)

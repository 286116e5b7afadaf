"""The plaque, from the offer to the wall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.decision.actions import plaque as verbs
from app.decision.models import Plaque
from app.decision.rules import PLAQUE_MOVES, PlaqueState
from app.documents.models import Paper
from app.documents.rules import PaperState
from app.doors import Doors
from app.kernel import clock, jobs
from app.notices.models import Notice
from app.people.models import User
from app.people.rules import Role
from app.program import queries as program
from app.program.actions import Refused
from tests.factories import decision, people
from tests.factories.decision import AWARDED

SignIn = Callable[[User], FlaskClient]
ADDRESS = ["Harbor Light Oncology", "Attn: Practice Administrator", "18 Cove Street", "Seabrook, ME 04000"]
DETAILS = {"line": "Harbor Light Oncology", "ship_to": ADDRESS}
FORM = {
    "line": "Harbor Light Oncology", "addressee": "Harbor Light Oncology", "contact": "Practice Administrator",
    "street": "18 Cove Street", "town": "Seabrook, ME 04000",
}  # fmt: skip


@dataclass
class Desk:
    """A plaque and the two who handle it."""

    db: Session
    plaque: Plaque
    owner: User
    staff: User

    def do(self, move: Callable[..., Any], by: User | None = None, **given: Any) -> Any:
        return move(self.db, self.plaque, by=by or self.staff, now=AWARDED, **given)

    def to(self, state: PlaqueState) -> Plaque:
        """Walk the main road up to a state."""
        road = {
            PlaqueState.OFFERED: (verbs.confirm_details, self.owner, DETAILS),
            PlaqueState.DETAILS_GIVEN: (verbs.draw, self.staff, {}),
            PlaqueState.PROOF_SENT: (verbs.approve, self.owner, {}),
            PlaqueState.APPROVED: (verbs.order, self.staff, {"maker": "Plaque desk"}),
            PlaqueState.IN_PRODUCTION: (verbs.ship, self.staff, {"carrier": "Carrier", "tracking": "1Z999"}),
            PlaqueState.SHIPPED: (verbs.receive, self.owner, {}),
        }
        while self.plaque.state is not state:
            verb, by, given = road[self.plaque.state]
            self.do(verb, by, **given)
        return self.plaque


@pytest.fixture
def desk(db: Session) -> Desk:
    own = people.practice(db, address="18 Cove Street", postcode="04000")
    owner = people.member(db, own)
    held = decision.certified(db, own)
    db.refresh(held)
    assert held.plaque is not None
    return Desk(db, held.plaque, owner, people.official(db))


def test_the_whole_road_leaves_a_proof_an_engraving_and_a_tracking_number(desk: Desk, doors: Doors) -> None:
    plaque = desk.to(PlaqueState.DELIVERED)
    desk.db.commit()
    with clock.at(max(clock.now(), AWARDED) + timedelta(hours=1)):
        jobs.drain(desk.db, doors)
    for paper_id in (plaque.proof_id, plaque.engraving_id):
        paper = desk.db.get_one(Paper, paper_id)
        assert paper.state is PaperState.ISSUED, paper.error
    assert (plaque.tracking, plaque.delivered_on) == ("1Z999", date(2026, 11, 12))


def test_the_proof_shows_the_line_letter_by_letter_and_until_when_it_is_answered(desk: Desk, doors: Doors) -> None:
    plaque = desk.to(PlaqueState.PROOF_SENT)
    desk.db.commit()
    with clock.at(max(clock.now(), AWARDED) + timedelta(hours=1)):
        jobs.drain(desk.db, doors)
    paper = desk.db.get_one(Paper, plaque.proof_id)
    said = pypdfium2.PdfDocument(doors.blobs.get(str(paper.sha256)))[0].get_textpage().get_text_range()
    assert "Harbor Light Oncology" in said and "21 of 60" in said
    assert paper.data["approve_by"] == "2026-11-27"  # 10 business days, Thanksgiving between


def test_each_move_meets_and_starts_the_clocks_it_should(desk: Desk) -> None:
    def open_keys() -> list[str]:
        found = (program.due(desk.db, desk.plaque, key) for key in ("plaque.details", "plaque.proof", "plaque.ship"))
        return [due.key for due in found if due and due.open]

    assert open_keys() == ["plaque.details"]
    desk.to(PlaqueState.PROOF_SENT)
    assert open_keys() == ["plaque.proof"]
    desk.to(PlaqueState.APPROVED)
    assert open_keys() == ["plaque.ship"]
    desk.to(PlaqueState.SHIPPED)
    assert open_keys() == []


def test_a_change_asked_for_brings_another_round(desk: Desk) -> None:
    desk.to(PlaqueState.PROOF_SENT)
    desk.do(verbs.ask_change, desk.owner, comment="Leave out the comma.")
    assert (desk.plaque.state, desk.plaque.comment) == (PlaqueState.DETAILS_GIVEN, "Leave out the comma.")
    desk.do(verbs.confirm_details, desk.owner, line="Harbor Light", ship_to=ADDRESS)
    proof = desk.do(verbs.draw)
    assert (desk.plaque.proof_round, proof.version, proof.data["line"]) == (2, 2, "Harbor Light")


def test_a_faulty_plaque_is_made_again(desk: Desk) -> None:
    desk.to(PlaqueState.DELIVERED)
    desk.do(verbs.report_fault, desk.owner, reason="A letter is missing.")
    assert desk.plaque.state is PlaqueState.DETAILS_GIVEN
    assert desk.to(PlaqueState.DELIVERED).proof_round == 2


@pytest.mark.parametrize("line", ["", "   ", "x" * 61, "عيادة"])
def test_a_line_that_cannot_be_engraved_is_refused(desk: Desk, line: str) -> None:
    with pytest.raises(Refused):
        desk.do(verbs.confirm_details, desk.owner, line=line, ship_to=ADDRESS)
    assert desk.plaque.state is PlaqueState.OFFERED


@pytest.mark.parametrize("move", sorted(PLAQUE_MOVES))
def test_no_move_is_made_out_of_turn(desk: Desk, move: str) -> None:
    given: dict[str, dict[str, Any]] = {
        "confirm_details": {"line": "A", "ship_to": ADDRESS}, "ask_change": {"comment": "x"}, "order": {"maker": "x"},
        "ship": {"carrier": "x", "tracking": "x"}, "report_fault": {"reason": "x"}, "cancel": {"reason": "x"},
    }  # fmt: skip
    for state in PlaqueState:
        if state not in PLAQUE_MOVES[move][0]:
            desk.db.expire(desk.plaque)
            desk.plaque.__dict__["state"] = state  # not written: only the guard is asked
            with pytest.raises(Refused):
                desk.do(getattr(verbs, move), **given.get(move, {}))
    desk.db.expire(desk.plaque)


def test_the_database_refuses_a_shipment_that_nobody_can_follow(desk: Desk) -> None:
    desk.to(PlaqueState.IN_PRODUCTION)
    desk.plaque.state = PlaqueState.SHIPPED
    with pytest.raises(IntegrityError, match="shipped_can_be_followed"):
        desk.db.flush()


def test_owner_and_staff_walk_the_road_through_the_pages(desk: Desk, as_user: SignIn) -> None:
    owner, staff, base = as_user(desk.owner), as_user(desk.staff), f"/plaques/{desk.plaque.id}"
    assert 'value="Practice Administrator"' in owner.get(base).text
    road = [
        (owner, "details", FORM), (staff, "proof", {}), (owner, "change", {"words": "Smaller, please."}),
        (staff, "proof", {}), (owner, "approve", {}), (staff, "order", {"maker": "Plaque desk"}),
        (staff, "ship", {"carrier": "Carrier", "tracking": "1Z999"}), (owner, "receive", {}),
    ]  # fmt: skip
    for browser, step, data in road:
        answer = browser.post(f"{base}/{step}", data=data)
        assert (answer.status_code, answer.headers.get("Location")) == (302, base), step
        assert owner.get(base).status_code == staff.get(base).status_code == 200
    assert desk.plaque.state is PlaqueState.DELIVERED
    assert "Arrived or cancelled" in staff.get("/plaques").text


def test_what_was_typed_comes_back_with_its_error(desk: Desk, as_user: SignIn) -> None:
    answer = as_user(desk.owner).post(f"/plaques/{desk.plaque.id}/details", data=FORM | {"town": "", "street": "9 Elm"})
    assert answer.status_code == 422
    assert "Enter town, state and ZIP." in answer.text and 'value="9 Elm"' in answer.text


def test_a_refusal_says_why_and_keeps_the_page(desk: Desk, as_user: SignIn) -> None:
    answer = as_user(desk.staff).post(f"/plaques/{desk.plaque.id}/proof")
    assert answer.status_code == 409
    assert "this is done while it is details given" in answer.text


def test_a_contributor_looks_but_does_not_approve(desk: Desk, as_user: SignIn) -> None:
    desk.to(PlaqueState.PROOF_SENT)
    browser = as_user(people.member(desk.db, desk.plaque.certification.practice, Role.CONTRIBUTOR))
    assert "Approve the proof" not in browser.get(f"/plaques/{desk.plaque.id}").text
    assert browser.post(f"/plaques/{desk.plaque.id}/approve").status_code == 403


def test_the_owner_is_told_of_proof_and_shipment(desk: Desk) -> None:
    desk.to(PlaqueState.SHIPPED)
    subjects = {notice.subject for notice in desk.db.query(Notice).filter_by(user_id=desk.owner.id)}
    assert {"The proof of your plaque is ready", "Your plaque is on its way"} <= subjects

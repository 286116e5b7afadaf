"""M5: the award, the certificate, the plaque, and what anybody may ask."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.pages.decision import (
    CertificationPage,
    Decisions,
    PlaqueDesk,
    PlaquePage,
    Registry,
    Verify,
)
from tests.journeys.paper import signature, words
from tests.journeys.site import Site
from tests.journeys.stories.cast import Cast


@dataclass(frozen=True)
class Plate:
    """What is engraved, and where the plaque goes."""

    line: str
    addressee: str = "Harbor Light Oncology, P.C."
    contact: str = "Practice Administrator"
    street: str = "18 Cove Street"
    town: str = "Seabrook, ME 04000"


def the_award(site: Site, cast: Cast) -> str:
    """The administrator finds the case among the decisions and awards; the certification's number."""
    decisions = Decisions(site.sign_in(cast.admin.email)).open().seen("m5-decisions")
    held = decisions.case_of(cast.practice).seen("m5-award").award(cast.practice)
    held.told(f"{cast.practice} is certified as QCP-").seen("m5-certification-office")
    return held.number


def the_certificate(site: Site, cast: Cast, number: str) -> bytes:
    """The practice is told by mail, and takes the signed certificate as soon as it is made."""
    site.mails.wait(cast.owner.email, "Your practice is certified")
    held = CertificationPage(site.sign_in(cast.owner.email)).open()
    assert held.number == number
    held.by_itself(held.wait_for_paper).seen("m5-certification")
    paper = held.person.file(f"Certificate {number}")
    signature(paper)
    assert number in words(paper)
    assert cast.practice in words(paper)
    return paper


def the_plaque(site: Site, cast: Cast, plate: Plate, *, misspelt: str) -> None:
    """Details, a proof with a mistake, a better one, approval, order, shipping, arrival."""
    owner = the_owners_plaque(site, cast)
    owner.seen("m5-plaque-offered").give_details(
        misspelt, addressee=plate.addressee, contact=plate.contact, street=plate.street, town=plate.town
    )  # fmt: skip
    owner.told("The Program draws the proof now.").seen("m5-plaque-details")
    the_proof(site, cast, misspelt)
    owner = the_owners_plaque(site, cast)
    owner.seen("m5-plaque-proof").ask_change("The name is misspelt.")
    owner.told("The Program has your wish.").save_details(plate.line)
    the_proof(site, cast, plate.line)
    owner = the_owners_plaque(site, cast)
    owner.approve()
    owner.told("The plaque is approved.").seen("m5-plaque-approved")
    the_plaque_travels(site, cast)


def the_owners_plaque(site: Site, cast: Cast) -> PlaquePage:
    """The owner comes to the plaque from the page of the certification."""
    return CertificationPage(site.sign_in(cast.owner.email)).open().plaque()


def the_proof(site: Site, cast: Cast, line: str) -> bytes:
    """Staff send the proof; it says what is engraved."""
    desk = PlaqueDesk(site.sign_in(cast.staff.email)).open().seen("m5-plaque-desk")
    plaque = desk.plaque_of(cast.practice).seen("m5-plaque-office-details")
    plaque.send_proof()
    plaque.told("The proof is being drawn, and the owner is told.")
    proof = plaque.take("Proof of the plaque")
    signature(proof)
    assert line in words(proof)
    return proof


def the_plaque_travels(site: Site, cast: Cast) -> None:
    """Staff order and ship it; the owner says that it has arrived."""
    plaque = PlaqueDesk(site.sign_in(cast.staff.email)).open().plaque_of(cast.practice)
    assert plaque.seen("m5-plaque-office-approved").take("Engraving at full size").startswith(b"%PDF")
    plaque.order("Sample Engravers")
    plaque.told("The plaque is in production.").seen("m5-plaque-in-production")
    plaque.ship("Parcel Sample", "1Z 555 0100")
    plaque.told("The owner is told that it is on its way.").seen("m5-plaque-shipped-office")
    owner = the_owners_plaque(site, cast)
    owner.told("1Z 555 0100").seen("m5-plaque-shipped").receive()
    owner.told("The plaque has arrived.").seen("m5-plaque-arrived")


def anybody_asks(site: Site, cast: Cast, number: str) -> None:
    """Nobody has to sign in: the registry lists the practice, and its number says what it is worth today."""
    registry = Registry(site.visitor())
    registry.person.goto("/")
    registry.open().seen("m5-registry").find(cast.practice.split()[0])
    expect(registry.row(cast.practice)).to_contain_text("valid")
    answer = registry.seen("m5-registry-found").answer(number).seen("m5-answer")
    expect(answer.status).to_contain_text("Valid")
    expect(answer.status).to_contain_text(cast.practice)
    typed = answer.open().seen("m5-verify").ask(number.lower().replace("-", " "))
    expect(typed.status).to_contain_text("Valid")
    wrong = typed.ask("QCP-2026-9999-A").seen("m5-answer-unknown")
    expect(wrong.status).to_contain_text("Unknown")


def anybody_drops(site: Site, certificate: bytes, folder: Path) -> None:
    """The very file is ours; with one byte changed it is not."""
    verify = Verify(site.visitor())
    verify.person.goto("/verify")
    expect(verify.drop(kept(folder / "certificate.pdf", certificate))).to_contain_text("is ours and unchanged")
    verify.told("It is the current version.").seen("m5-verify-ours")
    changed = bytearray(certificate)
    changed[len(changed) // 2] ^= 1
    said = verify.drop(kept(folder / "changed.pdf", bytes(changed)))
    expect(said).to_contain_text("is not a paper that the Program issued")
    verify.seen("m5-verify-not-ours")


def kept(path: Path, data: bytes) -> Path:
    """A file on somebody's own machine."""
    path.write_bytes(data)
    return path

"""M2: the introduction, six steps by several people, the signature under all of it, and the receipt."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.journeys import paper
from tests.journeys.pages.application import Applications, Gate, Payment, SectionPage, Tracker
from tests.journeys.pages.policies import Binder
from tests.journeys.person import Person
from tests.journeys.site import PASSWORD, Site
from tests.journeys.stories.cast import Who

DEMO = Path(__file__).parents[3] / "demo" / "harbor-light"
SURE = "None of our sites gives such care; the medical director has confirmed it."


@dataclass(frozen=True)
class Policies:
    """What is dropped on the binder at once, one bad file among it."""

    files: list[Path]
    bad: Path
    why: str


def policies(folder: Path, *starts: str) -> Policies:
    """The sample practice's documents (only those whose names begin so), and a picture that calls itself a PDF."""
    bad = folder / "HLO-999 Poster.pdf"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    files = [path for path in sorted(DEMO.iterdir()) if path.suffix in (".pdf", ".docx")]
    chosen = [path for path in files if not starts or path.name.startswith(starts)]
    return Policies(chosen, bad, "neither a PDF nor a Word")


def gold(row: str) -> tuple[str, int, str]:
    """Where the sample says that a row is answered in a PDF: document, page and words."""
    with (DEMO / "GOLD.tsv").open(encoding="utf-8", newline="") as lines:
        for one in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if one["standard"] == row and one["file"].endswith(".pdf"):
                return one["file"], int(one["page_or_heading"]), one["quote"]
    raise KeyError(row)


def the_introduction_is_heard(owner: Person) -> Tracker:
    """Nothing opens before it; it counts when it was gone through and ticked."""
    gate = Gate(owner).open().told("in the way").seen("m2-gate-shut")
    page = gate.introduction().seen("m2-introduction")
    page.finish(ticked=False)
    page.told("Tick that you have watched the introduction.").seen("m2-introduction-errors")
    gate = page.go_through().finish(ticked=True)
    gate.told("Recorded.").seen("m2-gate-open")
    return gate.open_application().told("The application is open.").seen("m2-tracker")


def the_sites_are_confirmed(tracker: Tracker) -> Tracker:
    """Step 1."""
    page = tracker.eligibility().seen("m2-eligibility")
    return page.confirm().told("This step is complete.")


def the_agreements_are_signed(site: Site, signer_is: Who) -> None:
    """Step 2: the signer reads and signs each; a wrong name and a wrong password come back."""
    site.wait_for_work()
    with site.sign_in(signer_is.email) as signer:
        page = Tracker(signer).open().agreements().seen("m2-agreements")
        waiting = page.unsigned()
        assert len(waiting) == 3
        one = page.read(waiting[0]).seen("m2-agreement")
        one.sign("Somebody Else", "Medical Director", PASSWORD)
        one.told("Type your full name as your account has it").seen("m2-agreement-errors")
        one.sign(signer_is.name, "Medical Director", "not the password")
        one.told("This is not your password. Enter it again.")
        one.sign(signer_is.name, "Medical Director", PASSWORD)
        for title in waiting[1:]:
            Tracker(signer).open().agreements().read(title).sign(signer_is.name, "Medical Director", PASSWORD)
        page = Tracker(signer).open().agreements().told("This step is complete.")
        paper.signature(signer.file("Sealed copy"))
        page.seen("m2-agreements-signed")


def the_questionnaire_is_answered(tracker: Tracker, answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Step 3: section by section; each leads to the next."""
    page = tracker.section("A")
    for letter, given in answers.items():
        page = SectionPage(page.person, letter)
        expect(page.page.get_by_role("heading", level=1)).to_contain_text(f"{letter}. ")
        page.fill(given)
        if letter in "DE":
            page.seen(f"m2-section-{letter.lower()}")
        page.go_on()
    page.told("This step is complete.").seen("m2-questionnaire")


def it_is_paid(site: Site, owner: Person, staff_is: Who, practice: str) -> None:
    """Step 4: the owner asks for the invoice, staff record the money; too little comes back."""
    Tracker(owner).open().payment().seen("m2-payment").ask_for_invoice().told("The invoice is being made.")
    site.wait_for_work()
    paper.signature(owner.file("Invoice"))
    with site.sign_in(staff_is.email) as staff:
        page: Payment = Applications(staff).open().seen("m2-applications").application_of(practice).payment()
        due, today = page.due, site.now().date().isoformat()
        page.seen("m2-payment-staff")
        page.record(method="Bank transfer", amount=due - 100, reference="T-2026-118", day=today, seen=True)
        page.told("was entered.").seen("m2-payment-errors")
        page.record(method="Bank transfer", amount=due, reference="T-2026-118", day=today, seen=True)
        page.told("The payment is confirmed.").seen("m2-payment-confirmed")


def the_policies_come_in(owner: Person, what: Policies) -> Binder:
    """Step 5, first half: all files dropped at once; one is refused with its reason, the others go on."""
    binder = Tracker(owner).open().binder().seen("m2-binder-empty")
    binder.drop([*what.files[:1], what.bad, *what.files[1:]])
    expect(binder.sent(what.bad.name)).to_contain_text(f"Not taken. This is {what.why}")
    for file in what.files:
        expect(binder.sent(file.name)).to_contain_text("Received", timeout=60_000)
    binder.seen("m2-binder-sent")
    binder.wait_until_read().seen("m2-binder-read")
    assert len(binder.titles()) == len(what.files)
    binder.follow("See what they seem to cover")
    return binder.seen("m2-binder-covered")


def what_is_suggested_is_pinned(owner: Person, binder: Binder, row: str) -> Binder:
    """Step 5, second half: one passage is pinned by hand, and what the portal is sure of is confirmed."""
    one_passage_is_pinned_by_hand(binder.open(), row)
    for title in binder.open().titles():
        binder.open().document(title).pin_what_is_ticked()
    return binder.open().seen("m2-binder-pinned")


def every_slot_is_settled(owner: Person, binder: Binder) -> None:
    """Each row that is still open, one by one."""
    for domain in "1234":
        binder = binder.domain(domain)
        for code in binder.uncovered():
            binder = one_slot_is_settled(binder, code)
    the_step_is_complete(owner)


def a_manual_serves_the_rest(owner: Person, binder: Binder, manual: str) -> None:
    """All rows at once, by one document as a whole."""
    title = next(title for title in binder.titles() if title.startswith(manual))
    binder.document(title).serves_every_row().seen("m2-document-serves")
    the_step_is_complete(owner)


def the_step_is_complete(owner: Person) -> None:
    """The tracker says so."""
    Tracker(owner).open().step("Policies")
    owner.sees("This step is complete.")
    owner.look("m2-policies")


def one_passage_is_pinned_by_hand(binder: Binder, row: str) -> None:
    """The words are copied from the page and pinned to the row that they answer."""
    file, page, quote = gold(row)
    title = next(title for title in binder.titles() if file.startswith(title[:7]))
    document = binder.document(title).seen("m2-document")
    document.read().turn_to(page).pin(row, quote).seen("m2-pinned-by-hand")


def one_slot_is_settled(binder: Binder, code: str) -> Binder:
    """The best suggestion of the page, else a claim where the row allows one, else the manual as a whole."""
    slot = binder.slot(code)
    if slot.has_suggestion:
        slot.pin_first_suggestion()
    elif slot.can_be_claimed:
        slot.claim("no")
        slot.told("Say in a sentence of 20 letters or more").seen("m2-slot-errors")
        slot.claim(SURE).told("is claimed as not applicable.").seen("m2-slot-claimed")
    else:
        held = slot.back()
        held.document(held.titles()[0]).serves(code)
        slot = held.open().domain(code[0]).slot(code)
    return slot.back()


def days_are_offered(owner: Person, count: int = 8) -> list[date]:
    """Step 6: too few come back; then enough."""
    page = Tracker(owner).open().dates().seen("m2-dates")
    page.offer(2)
    page.told("at least 5 are needed.").seen("m2-dates-errors")
    offered = page.offer(count)
    page.told("This step is complete.")
    return [date.fromisoformat(day) for day in offered]


def it_is_submitted(site: Site, signer_is: Who, files: list[Path]) -> dict[str, str]:
    """The signer submits under the attestation; the receipt names every file with the SHA-256 of its bytes."""
    with site.sign_in(signer_is.email) as signer:
        page = Tracker(signer).open().seen("m2-tracker-complete")
        page.submit(attested=False).told("Tick the statement; the application is submitted under it.")
        page.seen("m2-submit-errors").submit().told("Submitted. Your receipt is being made")
        page.seen("m2-tracker-ready")
        site.wait_for_work()
        submitted = page.submission().seen("m2-submitted")
        listed = submitted.files()
        assert listed == {file.name: sha256(file.read_bytes()).hexdigest() for file in files}
        receipt = signer.file("Submission receipt")
        paper.signature(receipt)
        printed = re.sub(r"\s", "", paper.words(receipt))
        assert [name for name, digest in listed.items() if digest not in printed] == []
        return listed

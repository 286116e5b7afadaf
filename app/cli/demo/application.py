"""M2 of the demonstration: webinar, the six steps, submission."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.application.actions import dates, opening, payment, questionnaire, steps, submission, webinar
from app.application.actions.agreements import Ceremony, sign
from app.application.queries import agreements
from app.application.queries import dates as date_queries
from app.application.queries import payment as bills
from app.application.rules.payment import Method
from app.cli.demo.manual import manual
from app.cli.demo.stage import DEMO, Scene, Story, read
from app.evidence import actions as evidence
from app.evidence import passages
from app.evidence import queries as binder
from app.evidence.models import Version
from app.evidence.rules import ClaimState, Refused
from app.kernel import clock
from app.standards import queries as standards

# Rows that no document of Harbor Light answers, and the document in which one would look for them.
NEAREST = {
    "1.6.5": "HLO-114", "1.10": "HLO-112", "3.12": "HLO-310", "3.20": "HLO-305", "4.4": "HLO-305", "4.6": "HLO-405",
    "4.9": "HLO-203",
}  # fmt: skip
CLAIMS = {"3.19": "All drugs are prepared by our own staff at our own sites; nothing is bought in ready to give."}
ACCEPTED = "The questionnaire says the same: no drug comes from outside."


def hear_webinar(story: Story) -> None:
    """The owner watches the recording."""
    for part in range(1, 7):
        webinar.play(story.db, story.practice, part, by=story.owner, now=clock.now())
    webinar.finish(story.db, story.practice, ticked=True, by=story.owner, now=clock.now())


def open_application(story: Story) -> None:
    """The score opens the application; step 1 follows at once."""
    story.application = opening.open_for(story.db, story.score, by=story.owner, now=clock.now())
    steps.affirm(story.db, story.application, fte=Decimal(story.facts["fte"]), by=story.owner, now=clock.now())


def sign_agreements(story: Story) -> None:
    """Each text is read as a file and signed."""
    now = clock.now()
    for one in agreements.agreements(story.db, story.application, clock.day_of(now)):
        ceremony = Ceremony(
            typed_name=story.signer.name, title=story.signer.title, authority=True, consent=True, proved_at=now,
            ip="198.51.100.23", browser="Demonstration", text_sha256=(one.shown and one.shown.sha256) or "",
        )  # fmt: skip
        sign(story.db, story.application, one.version, ceremony, by=story.signer, now=now)


def answer(story: Story) -> None:
    """Ten sections of the questionnaire."""
    for letter, given in answers(story).items():
        questionnaire.save(story.db, story.application, letter, given, version=0, page="demo", checked=True,
                           by=story.owner, now=clock.now())  # fmt: skip


def answers(story: Story) -> dict[str, Any]:
    """What the practice answers: the common answers, with its own names, sites and people."""
    told, facts = read("answers"), story.facts
    blanks = {name: value for name, value in facts.items() if isinstance(value, str)} | {
        "owner": story.owner.name, "owner_title": story.owner.title, "email": story.owner.email,
        "signer": story.signer.name, "signer_title": story.signer.title,
        "last_audit": (clock.today() - timedelta(days=90)).isoformat(),
    }  # fmt: skip
    text = json.dumps(told["sections"])
    for name, value in blanks.items():
        text = text.replace("{" + name + "}", value)
    sections: dict[str, Any] = json.loads(text)
    sections["D"] = {"sites": [
        told["site"] | {"site_name": name, "site_code": code, "site_main": "no" if n else "yes",
                        "site_address": f"{address}, {city}, {region} {postcode}", "site_miles": str(9 * n)}
        for n, (code, name, address, city, region, postcode) in enumerate(facts["sites"])
    ]}  # fmt: skip
    codes = [site[0] for site in facts["sites"]]
    sections["E"] = {"staff": [row | {"staff_site": code} for code in codes for row in told["staff"]]}
    return sections


def ask_for_invoice(story: Story) -> None:
    """The fee is worked out and billed."""
    payment.issue(story.db, story.application, by=story.owner, now=clock.now())


def pay(story: Story) -> None:
    """The money comes by transfer; staff record and confirm it."""
    invoice = bills.open_invoice(story.db, story.application)
    if invoice is None:
        raise LookupError("nothing is to be paid")
    payment.record_payment(
        story.db, invoice, method=Method.TRANSFER, amount_cents=invoice.total_cents, reference="TRF-88120",
        paid_on=clock.today(), by=story.stage.staff, now=clock.now(),
    )  # fmt: skip
    payment.confirm(story.db, invoice, by=story.stage.staff, now=clock.now())


def upload(story: Story) -> None:
    """The policies come in and are read."""
    held = story.application.binder
    for name, data in files(story):
        story.versions[name] = evidence.receive(
            story.db, held, filename=name, data=data, by=story.writer, now=clock.now(), blobs=story.stage.doors.blobs
        )


def files(story: Story) -> list[tuple[str, bytes]]:
    """The practice's own documents, or one manual made of the rows of the edition."""
    folder = story.facts.get("folder")
    if folder is None:
        rows = standards.rows(story.db, story.application.edition_id)
        return [("Infusion policy manual.docx", manual(story.practice.public_name, rows))]
    return [(path.name, path.read_bytes()) for path in policies(DEMO / folder)]


def policies(folder: Path) -> list[Path]:
    """The documents of a folder of the demonstration, in order."""
    return sorted(path for path in folder.iterdir() if path.suffix in (".pdf", ".docx"))


def map_documents(story: Story) -> None:
    """Each row is tied to the passage that answers it."""
    if story.facts.get("folder") is None:
        pin_manual(story)
        return
    for row in gold(DEMO / story.facts["folder"] / "GOLD.tsv"):
        pin(story, story.versions[row["file"]], row["standard"], row["quote"])


def gold(path: Path) -> list[dict[str, str]]:
    """Which passage answers which row."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def pin(story: Story, version: Version, code: str, quote: str) -> None:
    """Pin a quote where it stands; a passage that is not found is tied by its document alone."""
    page = passages.find([(one.number, one.text) for one in binder.texts(story.db, version)], quote, None)
    evidence.pin(story.db, version, code, page=page, quote=quote if page else None, by=story.writer, now=clock.now())


def pin_manual(story: Story) -> None:
    """In the manual every row has its own heading."""
    (version,) = story.versions.values()
    for row in standards.slots(story.db, story.application.edition_id):
        pin(story, version, row.code, row.requirement)


def fill_gaps(story: Story) -> None:
    """What no passage answers: the nearest document, or the claim that it does not apply."""
    held = story.application.binder
    for code, reason in CLAIMS.items():
        evidence.claim_not_applicable(story.db, held, code, reason=reason, by=story.writer, now=clock.now())
    for code, near in NEAREST.items():
        version = next((one for name, one in story.versions.items() if name.startswith(near)), None)
        if version is not None and not binder.pins(story.db, held, code):
            pin(story, version, code, "")


def offer_dates(story: Story) -> None:
    """Eight days on which the practice could be visited."""
    limits = date_queries.window(story.db, story.application, clock.today())
    days = date_queries.open_days(limits)
    dates.offer(story.db, story.application, days[4:12], by=story.owner, now=clock.now())


def submit(story: Story) -> None:
    """The signer submits: ready for survey."""
    submission.submit(story.db, story.application, by=story.signer, now=clock.now())


def look_through(story: Story) -> None:
    """Staff accept what is claimed not to apply, and find nothing to return."""
    for claim in binder.claims(story.db, story.application.binder).values():
        evidence.answer_claim(story.db, claim, ClaimState.ACCEPTED, ACCEPTED, by=story.stage.staff, now=clock.now())
    submission.looked_through(story.db, story.application, by=story.stage.staff, now=clock.now())


def replace_documents(story: Story) -> None:
    """The revised policies come in under their names; each becomes the next version of its document."""
    for path in policies(DEMO / story.facts["revised"]):
        try:
            story.versions[path.name] = evidence.receive(
                story.db, story.application.binder, filename=path.name, data=path.read_bytes(), by=story.writer,
                now=clock.now(), blobs=story.stage.doors.blobs,
            )  # fmt: skip
        except Refused:
            continue  # this file did not change


SCENES = [
    Scene(2, hear_webinar),
    Scene(4, open_application),
    Scene(6, sign_agreements),
    Scene(9, answer, hour=20),
    Scene(10, upload, hour=21),
    Scene(11, map_documents, hour=20),
    Scene(12, ask_for_invoice),
    Scene(15, pay),
    Scene(16, fill_gaps),
    Scene(17, offer_dates),
    Scene(18, submit),
    Scene(19, look_through),
]

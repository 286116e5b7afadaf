"""A binder that is being filled: dates, sites, a file held back, what the Program asks, a revised policy."""

from __future__ import annotations

from app.cli.demo.application import policies
from app.cli.demo.manual import paper
from app.cli.demo.stage import DEMO, Scene, Story, read
from app.evidence import actions as evidence
from app.evidence import queries as binder
from app.evidence.rules import ClaimState
from app.kernel import clock


def stand_for_dates(story: Story) -> None:
    """The practice confirms what its documents say of their dates; one was due for review long ago."""
    evidence.confirm_dates(story.db, story.application.binder, by=story.writer, now=clock.now())


def name_sites(story: Story) -> None:
    """One policy is in force at one site only."""
    for number, codes in read("binder")["sites"].items():
        document = next(one.document for name, one in story.versions.items() if name.startswith(number))
        sites = [site for site in story.practice.sites if site.code in codes]
        evidence.set_sites(story.db, document, sites, by=story.writer, now=clock.now())


def add_example(story: Story) -> None:
    """A filled form comes in and names a patient: it is held back."""
    told = read("binder")["held"]
    _receive(story, told["name"], paper(told["title"], told["lines"]))


def claim(story: Story) -> None:
    """A row does not apply to this practice."""
    told = read("binder")["claim"]
    evidence.claim_not_applicable(
        story.db, story.application.binder, told["code"], reason=told["reason"], by=story.writer, now=clock.now()
    )


def answer_claim(story: Story) -> None:
    """The office accepts it."""
    told = read("binder")["claim"]
    made = binder.claims(story.db, story.application.binder)[told["code"]]
    evidence.answer_claim(story.db, made, ClaimState.ACCEPTED, told["answer"], by=story.stage.staff, now=clock.now())


def ask_for_files(story: Story) -> None:
    """The Program asks for a file on each of two rows."""
    for told in (read("binder")["answered"], read("binder")["open"]):
        evidence.write(
            story.db, story.application.binder, told["code"], told["question"], by=story.stage.staff, now=clock.now(),
            asks_file=True,
        )  # fmt: skip


def bring_file(story: Story) -> None:
    """The practice brings one of the two."""
    told, held = read("binder")["answered"], story.application.binder
    file = evidence.examine(told["name"], paper(told["title"], told["lines"]), blobs=story.stage.doors.blobs)
    evidence.bring(story.db, held, told["code"], file, text=told["answer"], by=story.writer, now=clock.now())


def replace_one(story: Story) -> None:
    """A revised policy comes in under its name; what its pins became waits for a look."""
    name = read("binder")["revised"]
    (path,) = (one for one in policies(DEMO / story.facts["revised"]) if one.name == name)
    _receive(story, name, path.read_bytes())


def _receive(story: Story, name: str, data: bytes) -> None:
    story.versions[name] = evidence.receive(
        story.db, story.application.binder, filename=name, data=data, by=story.writer, now=clock.now(),
        blobs=story.stage.doors.blobs,
    )  # fmt: skip


SCENES = [
    Scene(13, stand_for_dates),
    Scene(13, name_sites),
    Scene(14, claim, hour=15),
    Scene(17, answer_claim),
    Scene(18, ask_for_files, hour=14),
    Scene(21, bring_file),
    Scene(24, replace_one, hour=16),
    Scene(27, add_example),
]

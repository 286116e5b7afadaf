"""`qcp demo` and `qcp serve`, as a stranger meets them: real processes on an empty store."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from icalendar import Calendar
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.cli.demo import data as demonstration
from app.cli.portal import elsewhere
from app.doors import Doors
from app.people.models import User
from tests.factories import people

QCP = Path(sys.executable).with_name("qcp")
PATIENCE = 240  # seconds; two cores may be busy with the other tests
SIGNED = ("participation-report", "invoice", "receipt", "ccr", "ccr-closing", "certificate", "plaque")


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QCP_")}
    return kept | {"QCP_DATA": str(data)} | more


def tool(name: str) -> str:
    """A program of the system, or a reason to skip."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("QCP_NOTHING_SKIPPED"):
            pytest.fail(f"{name} is missing, and nothing is skipped here")
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every file of the demonstration's road."""
    out = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [QCP, "demo", "--out", out], env=environment(out / "store"), capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    assert not (out / "store").exists(), "the demonstration plays in a store that is thrown away"
    return out


def test_the_whole_road_leaves_every_paper(papers: Path) -> None:
    names = {"ccr.pdf", "action-plan.docx", "ccr-closing.pdf", "certificate.pdf", "plaque.pdf", "annotated-policy.pdf",
             "participation-report.pdf", "survey-invite.ics", "journey.json"}  # fmt: skip
    assert names <= {path.name for path in papers.iterdir()}


@pytest.mark.parametrize("name", SIGNED)
def test_each_signed_paper_is_called_valid_by_other_tools(papers: Path, name: str) -> None:
    file = papers / f"{name}.pdf"
    said = subprocess.run([tool("pdfsig"), file], capture_output=True, text=True, timeout=60).stdout
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    checked = subprocess.run([tool("qpdf"), "--check", file], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0 and "WARNING" not in checked.stderr, checked.stderr


def test_the_journey_tells_what_happened_in_order_and_under_which_role(papers: Path) -> None:
    told: list[dict[str, Any]] = json.loads((papers / "journey.json").read_text())
    assert [one["at"] for one in told] == sorted(one["at"] for one in told)
    assert set(told[0]) == {"at", "by", "role", "what", "about"}
    what = [one["what"] for one in told]
    road = [
        "practice enrolled", "charts imported", "round released", "application opened", "application submitted",
        "surveyor proposed", "visit scheduled", "worksheet submitted", "survey determined", "report issued",
        "plan submitted", "plan returned", "plan accepted", "evidence sent", "closing report issued",
        "certification awarded", "plaque delivered",
    ]  # fmt: skip
    places = [what.index(step) for step in road]
    assert places == sorted(places)
    roles = {one["what"]: one["role"] for one in told}
    assert (roles["application submitted"], roles["certification awarded"]) == ("signer", "admin")
    assert (roles["plan returned"], roles["worksheet submitted"]) == ("reviewer", "surveyor")


def test_the_first_survey_finds_and_the_closing_report_meets(papers: Path) -> None:
    first = " ".join(page.extract_text() for page in PdfReader(papers / "ccr.pdf").pages)
    last = " ".join(page.extract_text() for page in PdfReader(papers / "ccr-closing.pdf").pages)
    assert "3 requirements are open" in first
    assert "open" not in re.findall(r"requirements? (?:is|are) (\w+)", last)
    assert "Ravi Anand" not in first + last, "a reviewer is never named to the practice"


def test_the_plan_opens_in_word_and_the_invitation_in_a_calendar(papers: Path) -> None:
    text = "\n".join(paragraph.text for paragraph in Document(str(papers / "action-plan.docx")).paragraphs)
    assert "Compliance Action Plan" in text
    (visit,) = Calendar.from_ical((papers / "survey-invite.ics").read_bytes()).walk("VEVENT")
    assert "Harbor Light Oncology" in visit["SUMMARY"]


def test_the_annotated_policy_shows_the_row_over_each_pinned_passage(papers: Path) -> None:
    notes = [
        note.get_object()
        for page in PdfReader(papers / "annotated-policy.pdf").pages
        for note in page.get("/Annots") or []
    ]
    said = [str(note.get("/Contents")) for note in notes if note["/Subtype"] == "/Highlight"]
    assert said and all(re.match(r"\d\.\d+(\.\d+)* \S", words) for words in said)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Visitor:
    """Somebody with a browser that keeps cookies, and no more."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    def sign_in(self, email: str) -> str:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/sign-in"))
        assert token
        data = {"email": email, "password": "demo-password", "csrf_token": token[1]}
        with self.opener.open(self.base + "/sign-in", urllib.parse.urlencode(data).encode(), timeout=60) as answer:
            text: str = answer.read().decode()
            return text


class Run:
    """`qcp serve` on a data folder, until it is told to stop."""

    def __init__(self, data: Path, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [QCP, "serve"], env=environment(data, PORT=str(port)), stderr=subprocess.PIPE, text=True
        )

    def until_up(self) -> float:
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE:
            assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()
            try:
                Visitor(self.base).get("/healthz")
            except urllib.error.URLError:
                self.process_wait()
            else:
                return time.monotonic() - begun
        raise AssertionError("it did not answer")

    def process_wait(self) -> None:
        """A fifth of a second, or less when the process ends."""
        try:
            self.process.wait(0.2)
        except subprocess.TimeoutExpired:
            return

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        _, _ = self.process.communicate(timeout=60)
        return self.process.returncode


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[Run]:
    run = Run(data, free_port())
    run.until_up()
    yield run
    if run.process.poll() is None:
        run.stop()


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("practice@demo.example", "Harbor Light Oncology"),
        ("surveyor@demo.example", "Kestrel Point Cancer Center"),
        ("reviewer@demo.example", "Willow Ferry Cancer Care"),
        ("admin@demo.example", "Northmere Oncology"),
        ("newcomer@demo.example", "Copperleaf Hematology"),
    ],
)
def test_each_demo_account_signs_in_and_finds_its_work(served: Run, email: str, words: str) -> None:
    assert words in Visitor(served.base).sign_in(email)


def test_the_demonstrations_binder_is_being_filled(served: Run) -> None:
    visitor = Visitor(served.base)
    own = re.search(r'href="(/practices/\w+/(?:go/)?binder)"', visitor.sign_in("practice@demo.example"))
    assert own
    page = visitor.get(own[1])
    assert "Held back: it may name patients." in page and "1 file is asked for:" in page
    ready = re.search(r'href="(/binders/\w+/readiness)"', page)
    assert ready
    gaps = visitor.get(ready[1])
    for title in ("Files held back", "Passages whose words changed", "Passages that moved", "Dates not in order",
                  "Dates to confirm", "Sites left out", "Files that the Program asks for"):  # fmt: skip
        assert title in gaps, title


def test_anybody_sees_the_registry_and_verifies_a_certificate(served: Run) -> None:
    visitor = Visitor(served.base)
    number = re.search(r"QCP-\d{4}-\d{4}-[A-Z]", visitor.get("/registry"))
    assert number
    assert "Amber Mesa Infusion" in visitor.get("/registry")
    assert "alid" in visitor.get(f"/verify/{number[0]}")


def test_the_store_of_the_demonstration_is_whole(served: Run, data: Path) -> None:
    checked = subprocess.run(
        [QCP, "check", "--json"], env=environment(data), capture_output=True, text=True, timeout=PATIENCE
    )
    assert checked.returncode == 0, checked.stdout
    assert json.loads(checked.stdout)["faults"] == []


def test_a_demonstration_that_was_cut_short_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = elsewhere(tmp_path)

    def cut_short(db: Session, _doors: Doors, **_day: object) -> None:
        people.person(db)
        db.commit()
        raise KeyboardInterrupt

    monkeypatch.setattr(demonstration, "load", cut_short)
    with pytest.raises(KeyboardInterrupt):
        demonstration.fill(settings, list)
    found: list[int] = []
    monkeypatch.setattr(demonstration, "load", lambda db, _doors, **_day: found.append(db.query(User).count()))
    demonstration.fill(settings, list)
    assert found == [0]
    assert not (tmp_path / "demonstration.part").exists()


def test_a_port_that_is_taken_is_said_at_once(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = Run(tmp_path, taken.getsockname()[1])
        _, said = run.process.communicate(timeout=PATIENCE)
    assert run.process.returncode == 2
    assert "cannot be used" in said and "Traceback" not in said


def test_a_second_run_keeps_the_data_and_ctrl_c_stops_both(served: Run, data: Path) -> None:
    assert served.stop() == 0
    again = Run(data, free_port())
    try:
        again.until_up()
        assert "Harbor Light Oncology" in Visitor(again.base).sign_in("practice@demo.example")
    finally:
        assert again.stop() == 0

"""Documents come in: many at once, over a line that breaks, in a ZIP; and what names a patient is held back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Locator, Route, expect

from app.evidence import actions
from app.evidence.models import Binder
from app.people.rules import Role
from app.standards import queries as standards
from tests.conftest import NOW
from tests.doors.test_covering import document, written
from tests.factories import people
from tests.journeys.pages.policies import Binder as BinderPage
from tests.journeys.person import Person
from tests.journeys.site import Site

DANA = "dana@example.org"
READ_MS = 60_000
CLEAN = written(document(["Each label carries the expiry date", "Two nurses check each dose"], shared=False))
HELD = [f"Sample label for training, MRN {number}" for number in ("482913", "771204")]


@pytest.fixture
def home(site: Site) -> str:
    """The address of an empty binder."""
    with site.db() as db:
        own = people.practice(db, public_name="Harbor Light Oncology")
        people.member(db, own, Role.OWNER, email=DANA, name="Dana Wexler")
        binder = actions.open_binder(db, own, standards.current_edition(db).id, now=NOW)
        return f"/binders/{binder.id}"


@pytest.fixture
def dana(site: Site, home: str) -> Person:
    """The owner, before the binder."""
    person = site.sign_in(DANA)
    person.goto(home)
    return person


def file(folder: Path, name: str, number: int, lines: list[str] | None = None) -> Path:
    path = folder / name
    made = written(document([*lines, "Nothing else"], ["The second page"], shared=False)) if lines else CLEAN
    path.write_bytes(made + b"\n%% %d\n" % number)
    return path


def sending(person: Person) -> Locator:
    return person.page.get_by_role("list", name="Files being sent")


def held(person: Person, home: str, title: str) -> None:
    person.goto(home)
    person.page.get_by_role("link", name=f"Look and decide about {title}").click()
    person.arrived()


def test_many_files_are_dropped_at_once_and_each_says_how_it_stands(dana: Person, tmp_path: Path) -> None:
    page = BinderPage(dana).seen("intake-empty")
    files = [file(tmp_path, f"Policy {number:02}.pdf", number) for number in range(45)]
    bad = tmp_path / "old policy.doc"
    bad.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    page.drop([*files, bad])
    expect(dana.page.get_by_text("All 46 files were sent, 1 not taken.")).to_be_visible(timeout=READ_MS)
    expect(page.sent("old policy.doc")).to_contain_text("Save it as .docx or PDF")
    page.wait_until_read()
    dana.sees("45 documents", "1 to 40 of 45")
    page.seen("intake-many")
    dana.fill("Find a file by its name", "policy 44")
    dana.press("Find")
    dana.sees("Policy 44")
    expect(dana.page.locator("#documents").get_by_role("listitem")).to_have_count(1)
    page.seen("intake-found")


def test_a_lost_connection_is_waited_out_and_after_a_reload_only_the_rest_is_sent(dana: Person, tmp_path: Path) -> None:
    page = BinderPage(dana)
    large = tmp_path / "Manual.pdf"
    large.write_bytes(CLEAN + b"\n%" + b"x" * (9 * 1024 * 1024) + b"\n")
    lost = {"left": 1}
    sizes: list[int] = []

    def break_once(route: Route) -> None:
        body = len(route.request.post_data_buffer or b"")
        if sizes and lost["left"]:
            lost["left"] -= 1
            route.abort("connectionreset")
            return
        sizes.append(body)
        route.continue_()

    dana.page.route("**/pieces?at=*", break_once)
    dana.page.get_by_label("Drop files here").set_input_files(large)
    expect(sending(dana)).to_contain_text("Trying again")
    expect(sending(dana)).to_contain_text("Received", timeout=READ_MS)
    assert sum(sizes) == large.stat().st_size, "no piece came twice"
    page.wait_until_read()
    dana.page.unroute("**/pieces?at=*")

    second = tmp_path / "Second manual.pdf"
    second.write_bytes(large.read_bytes() + b"%second\n")
    held_up = {"on": True}
    dana.page.route("**/pieces?at=4194304", lambda route: None if held_up["on"] else route.continue_())
    dana.page.get_by_label("Drop files here").set_input_files(second)
    expect(sending(dana)).to_contain_text("4.0 MB of 9.0 MB")
    dana.page.once("dialog", lambda dialog: dialog.accept())
    dana.page.reload()
    held_up["on"] = False
    dana.sees("1 file did not arrive whole", "4.0 MB of 9.0 MB")
    page.seen("intake-broken")
    with dana.page.expect_request("**/pieces?at=4194304"):
        dana.page.get_by_label("Drop files here").set_input_files(second)
    expect(sending(dana)).to_contain_text("Received", timeout=READ_MS)
    page.wait_until_read()
    dana.sees_not("did not arrive whole")


def test_sending_can_be_paused_and_goes_on_where_it_was(dana: Person, tmp_path: Path) -> None:
    large = tmp_path / "Manual.pdf"
    large.write_bytes(CLEAN + b"\n%" + b"x" * (9 * 1024 * 1024) + b"\n")
    waiting: list[Route] = []
    dana.page.route("**/pieces?at=4194304", lambda route: waiting.append(route))
    dana.page.get_by_label("Drop files here").set_input_files(large)
    expect(sending(dana)).to_contain_text("4.0 MB of 9.0 MB")
    dana.press("Pause")
    dana.sees("Paused")
    dana.page.unroute("**/pieces?at=4194304")
    dana.press("Go on")
    expect(sending(dana)).to_contain_text("Received", timeout=READ_MS)


def test_a_zip_is_taken_in_and_says_which_of_its_files_were_not(dana: Person, site: Site, tmp_path: Path) -> None:
    page = BinderPage(dana)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for number in range(5):
            bundle.writestr(f"Policies/Policy {number}.pdf", CLEAN + b"\n%% %d\n" % number)
        bundle.writestr("Policies/old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        bundle.writestr("Policies/.DS_Store", b"x")
    (tmp_path / "Everything.zip").write_bytes(out.getvalue())
    dana.page.get_by_label("Drop files here").set_input_files(tmp_path / "Everything.zip")
    expect(sending(dana)).to_contain_text("Its files are being taken in.")
    dana.sees("5 files taken in, 1 not.", "This is in an old Office format")
    page.wait_until_read()
    dana.goto(dana.page.url)
    dana.sees("5 documents")
    page.seen("intake-zip")
    dana.press("Dismiss Everything.zip")
    dana.sees_not("This is in an old Office format")


def test_a_held_file_is_cleared_and_another_is_blackened(dana: Person, home: str, site: Site, tmp_path: Path) -> None:
    page = BinderPage(dana)
    page.drop([file(tmp_path, f"Training {at}.pdf", at, [line]) for at, line in enumerate(HELD)])
    expect(dana.page.get_by_text("All 2 files were sent.")).to_be_visible(timeout=READ_MS)
    page.wait_until_read()
    dana.goto(dana.page.url)
    dana.sees("Held back: it may name patients.")
    page.seen("intake-held-list")

    held(dana, home, "Training 0")
    dana.sees("****13")
    dana.look("intake-held")
    dana.press("Show it to the Program")
    dana.sees("Say in a few words what the places are.")
    dana.fill("What the places are", "A made-up patient in a training form.")
    dana.press("Show it to the Program")
    dana.sees("Training 0 is visible to the Program now")

    held(dana, home, "Training 1")
    dana.follow("Black out places")
    dana.look("intake-redact")
    draw(dana, (0.1, 0.5), (0.5, 0.6))
    dana.sees("Boxes you drew", "Page 1: 10 % from the left")
    dana.page.get_by_text("Choose words of page 1").click()
    dana.page.get_by_text("training,", exact=True).click()
    dana.follow("Next page")
    dana.page.get_by_text("Add a box by numbers").click()
    for label, value in {"Left": "10", "Top": "80", "Width": "20", "Height": "5"}.items():
        dana.fill(label, value, exact=True)
    dana.press("Add this box")
    dana.sees("Page 2: 10 % from the left")
    dana.look("intake-redact-second")
    dana.press("Black out for good")
    dana.sees("The blackened file is being made")
    site.wait_for_work()
    dana.goto(dana.page.url)
    dana.sees("version 2")
    dana.sees_not("Held back: it may name patients")
    with site.db() as db:
        [binder] = db.query(Binder).all()
        [new] = [one for document_ in binder.documents for one in document_.versions if one.number == 2]
        key, number = new.sha256, new.pages
    data = site.doors.blobs.get(key)
    text = " ".join(page_.extract_text() for page_ in pypdf.PdfReader(io.BytesIO(data)).pages)
    assert (number, "771204" in text, "training," in text, "Sample label" in text) == (2, False, False, True)


def draw(person: Person, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag a box over the picture of the page, by shares of its width and height."""
    picture = person.page.locator("[data-sheet] img")
    picture.scroll_into_view_if_needed()
    edge = picture.bounding_box()
    assert edge is not None
    mouse = person.page.mouse
    points = [(edge["x"] + x * edge["width"], edge["y"] + y * edge["height"]) for x, y in (start, end)]
    mouse.move(*points[0])
    mouse.down()
    mouse.move(*points[1], steps=4)
    mouse.up()

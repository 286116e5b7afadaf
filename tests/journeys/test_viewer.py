"""The viewer in a browser: pages are drawn as they are needed, lit, found, pinned, printed; nothing in them runs."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Request, Response, expect
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.evidence import actions
from app.evidence.models import Binder, Pin
from app.evidence.reader.child import Reading
from app.evidence.reader.lines import Page
from tests.factories import evidence as make
from tests.factories import survey
from tests.factories.pdf import pdf
from tests.journeys.pages.viewer import Reader
from tests.journeys.site import Site
from tests.journeys.stories import binder

CORPORA = Path(os.environ.get("QCP_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
PRINTED = "window.print = () => { window.printed = document.querySelectorAll('#print-sheets img').length; }"
SEALS = [
    f"Chapter {n}\nCarts\nThe seal of cart {n} is read each day.\nTwo nurses sign the log.\nCarts\nPage {n}"
    for n in range(1, 4)
]


@dataclass(frozen=True)
class Shelf:
    """The binder of a survey that is under way, who fills it, and who only reads."""

    site: Site
    binder_id: str
    owner: str
    surveyor: str

    def put(self, name: str, data: bytes, *pages: Page) -> str:
        """A document as if it had been read: these bytes are its reading copy. Returns the version."""
        with self.site.db() as db:
            version = make.received(db, db.get_one(Binder, self.binder_id), name, data)
            actions.settle(db, version, Reading(list(pages)), self.site.doors.blobs.put(data), now=make.AT)
            db.flush()
            return version.id

    def put_written(self, name: str, texts: list[str], **over: object) -> str:
        """A document of plain lines, its words where they are drawn."""
        return self.put(name, pdf(texts, **over), *(written(n, text) for n, text in enumerate(texts, 1)))  # type: ignore[arg-type]

    def open(self, email: str, version: str, **asked: object) -> Reader:
        person = self.site.sign_in(email)
        person.page.add_init_script(PRINTED)
        reader = Reader(person)
        return self.go(reader, version, **asked)

    def go(self, reader: Reader, version: str, **asked: object) -> Reader:
        query = "&".join(f"{name}={value}" for name, value in ({"page": 1} | asked).items())
        reader.person.goto(f"/versions/{version}/view?{query}#page")
        return reader


def written(number: int, text: str, source: str = "text", confidence: int | None = None) -> Page:
    """A page of the factory's files: Helvetica of 14 points, a line each 24 points."""
    words, at = [], 0
    for row, line in enumerate(text.split("\n")):
        for word in line.split():
            at = text.index(word, at)
            left = 72 + 6.6 * (at - text.rfind("\n", 0, at) - 1)
            words.append([at, at + len(word), int(left / 0.0612), int((78 + 24 * row) / 0.0792),
                          int(6.6 * len(word) / 0.0612), int(16 / 0.0792)])  # fmt: skip
            at += len(word)
    return Page(number, text, words, [], source, confidence, 612, 792)  # type: ignore[arg-type]


@pytest.fixture
def shelf(site: Site) -> Shelf:
    with site.db() as db:
        made = survey.under_way(db, practice=binder.practice(db))
        return Shelf(site, made.application.binder.id, made.owner.email, made.surveyor.email)


@pytest.fixture
def labels(site: Site, shelf: Shelf) -> str:
    """A real policy, read by the portal itself."""
    with site.db() as db:
        _add(db, site, shelf, "HLO-307")
    site.wait_for_work()
    with site.db() as db:
        return str(db.get_one(Binder, shelf.binder_id).documents[0].versions[0].id)


def _add(db: Session, site: Site, shelf: Shelf, *starts: str) -> None:
    folder = db.get_one(Binder, shelf.binder_id)
    by = make.people.person(db)
    binder.add(db, site.doors, folder, by, *starts)


def test_a_long_manual_opens_in_its_middle_without_being_loaded(shelf: Shelf) -> None:
    texts = [f"Chapter {n}\nThe seal of cart {n} is read each day." for n in range(1, 201)]
    data = pdf(texts, weight=100_000)
    version = shelf.put("Manual.pdf", data, *(written(n, text) for n, text in enumerate(texts, 1)))
    reader = Reader(shelf.site.sign_in(shelf.surveyor))
    parts: list[int] = []

    def count(answer: Response) -> None:
        if answer.url.endswith("/copy.pdf"):
            assert answer.status == 206, answer.status
            parts.append(int(answer.headers["content-length"]))

    reader.page.on("response", count)
    shelf.go(reader, version, page=150, q="cart+150")
    reader.drawn(150).on_page(150)
    expect(reader.sheet(150).locator(".textLayer")).to_contain_text("Chapter 150")
    expect(reader.sheet(150).locator(".lit-box").first).to_be_in_viewport()
    assert parts and sum(parts) < len(data) / 6, f"{sum(parts)} of {len(data)} bytes in {len(parts)} parts"
    reader.person.has_no_complaint()


def test_words_are_lit_where_they_stand_whatever_the_size_and_the_way_up(shelf: Shelf, labels: str) -> None:
    reader = shelf.open(shelf.surveyor, labels, q="handwritten").drawn(1)
    expect(reader.lit).to_have_count(1)
    reader.lights(1, "Handwritten")
    expect(reader.lit).to_be_in_viewport()
    for tool in ("Larger", "Larger", "Turn the pages", "Turn the pages", "Turn the pages", "Smaller"):
        reader.press_tool(tool).drawn(1)
        reader.lights(1, "Handwritten")
    reader.press_tool("Turn the pages")
    reader.tools.get_by_label("Size").select_option(label="Fit page")
    reader.drawn(1)
    box = reader.sheet(1).bounding_box()
    frame = reader.pages.bounding_box()
    assert box and frame and box["height"] <= frame["height"]
    reader.seen("viewer-page")


def test_hits_are_gone_through_over_the_pages_and_the_side_shows_where(shelf: Shelf) -> None:
    contents = ("<< /Type /Outlines /First 5 0 R /Last 5 0 R /Count 1 >>",
                "<< /Title (Carts) /Parent 4 0 R /Dest [12 0 R /Fit] >>")  # fmt: skip
    version = shelf.put_written("Carts.pdf", SEALS, catalog="/Outlines 4 0 R", more=contents)
    reader = shelf.open(shelf.surveyor, version, q="seal").drawn(1)
    count = reader.page.locator("#hit-count")
    expect(count).to_have_text("hit 1 of 3")
    reader.key("n")
    expect(count).to_have_text("hit 2 of 3")
    reader.on_page(2)
    expect(reader.page.locator(".lit-box.at")).to_be_in_viewport()
    reader.key("n", "n")
    expect(count).to_have_text("hit 1 of 3")
    reader.key("p")
    expect(count).to_have_text("hit 3 of 3")
    reader.press_tool("Small pages and contents")
    small = reader.page.get_by_role("button", name="Page 1", exact=True)
    expect(small.locator("canvas")).to_be_visible()
    small.click()
    reader.on_page(1)
    reader.page.get_by_role("tab", name="Contents").click()
    reader.page.get_by_role("button", name="Carts").click()
    reader.on_page(3)
    reader.seen("viewer-side")


def test_a_hit_of_the_open_document_turns_the_page_and_loads_nothing_anew(shelf: Shelf) -> None:
    version = shelf.put_written("Carts.pdf", SEALS)
    reader = shelf.open(shelf.surveyor, version, q="seal").drawn(1)
    results = reader.page.get_by_role("region", name="Results")
    reader.by_itself(lambda: results.get_by_role("link", name="Page 3").click())
    reader.on_page(3)
    expect(reader.page.locator(".lit-box.at")).to_be_in_viewport()
    assert "page=3" in reader.page.url


def test_words_are_found_in_the_document(shelf: Shelf) -> None:
    version = shelf.put_written("Carts.pdf", [*SEALS, "A page without it."])
    reader = shelf.open(shelf.surveyor, version).drawn(1)
    reader.key("Control+f")
    field = reader.page.get_by_role("searchbox", name="Find in this document")
    expect(field).to_be_focused()
    field.fill("sea")
    said = reader.page.locator("#found")
    expect(said).to_have_text("1 of 3, on 3 pages")
    field.press("Enter")
    expect(said).to_have_text("2 of 3, on 3 pages")
    reader.seen("viewer-find")
    reader.page.get_by_label("Whole words").check()
    expect(said).to_have_text("Not in this document")
    field.fill("SEAL")
    expect(said).to_contain_text("of 3, on 3 pages")
    reader.page.get_by_label("Match case").check()
    expect(said).to_have_text("Not in this document")
    field.press("Escape")
    expect(field).to_be_hidden()


def test_keys_turn_the_pages_only_while_the_document_has_the_focus(shelf: Shelf) -> None:
    version = shelf.put_written("Carts.pdf", SEALS)
    reader = shelf.open(shelf.surveyor, version).drawn(1)
    for keys, page in ((("j",), 2), (("PageDown",), 3), (("k",), 2), (("PageUp",), 1), (("End",), 3), (("Home",), 1)):
        reader.key(*keys).on_page(page)
    wide = reader.sheet(1).evaluate("one => one.clientWidth")
    reader.key("+").page.wait_for_function("w => document.querySelector('.page').clientWidth > w", arg=wide)
    reader.key("?")
    keys = reader.page.get_by_role("dialog", name="Keys of the viewer")
    expect(keys).to_be_visible()
    reader.seen("viewer-keys")
    keys.get_by_label("Single keys are on").uncheck()
    keys.get_by_role("button", name="Close").click()
    reader.key("j").on_page(1)
    reader.key("PageDown").on_page(2)
    reader.page.get_by_label("Words", exact=True).focus()
    reader.page.keyboard.press("PageDown")
    reader.on_page(2)
    first = reader.tools.get_by_role("button").first
    first.focus()
    reader.page.keyboard.press("ArrowRight")
    expect(reader.tools.get_by_role("button", name="First page")).to_be_focused()


def test_pages_are_printed_at_the_printers_size_and_nothing_else(shelf: Shelf) -> None:
    version = shelf.put_written("Carts.pdf", SEALS)
    reader = shelf.open(shelf.surveyor, version).drawn(1)
    reader.press_tool("Print")
    form = reader.page.get_by_role("group", name="Print")
    form.get_by_label("From page").fill("2")
    form.get_by_label("To page").fill("9")
    form.get_by_role("button", name="Print these pages").click()
    expect(form).to_contain_text("Enter pages from 1 to 3.")
    form.get_by_label("To page").fill("3")
    form.get_by_role("button", name="Print these pages").click()
    reader.page.wait_for_function("() => window.printed === 2")
    wide = reader.page.locator("#print-sheets img").first.evaluate("one => one.naturalWidth")
    assert wide == 1700
    paper = PdfReader(io.BytesIO(reader.page.pdf(format="Letter", margin={"top": "0", "bottom": "0"})))
    assert len(paper.pages) == 2
    expect(reader.page.locator("#print-sheets")).to_have_count(0)


def test_a_selected_passage_is_pinned_and_appears_where_it_stands(site: Site, shelf: Shelf, labels: str) -> None:
    reader = shelf.open(shelf.owner, labels, page=2).drawn(2)
    reader.select(2, "7.2 Returned oral drug is never re-dispensed.")
    expect(reader.passage).to_be_visible()
    reader.seen("viewer-passage")
    reader.key("Escape").turn_to(2).drawn(2)
    place = reader.pages.evaluate("one => one.scrollTop")
    reader.select(2, "7.2 Returned oral drug is never re-dispensed.")
    reader.passage.get_by_role("button", name="Pin", exact=True).click()
    expect(reader.passage).to_contain_text("Choose the standard or element")
    reader.passage.get_by_label("Pin to").select_option("3.10")
    reader.passage.get_by_role("button", name="Pin", exact=True).click()
    tag = reader.page.get_by_role("link", name="Pinned to 3.10")
    expect(tag).to_be_visible()
    expect(reader.passage).to_be_hidden()
    assert reader.pages.evaluate("one => one.scrollTop") == place
    with site.db() as db:
        pin = db.query(Pin).one()
        assert (pin.code, pin.page, pin.quote) == ("3.10", 2, "7.2 Returned oral drug is never re-dispensed.")
    tag.click()
    reader.person.sees_heading("3.10")


def test_who_only_reads_copies_a_passage_with_its_place(shelf: Shelf) -> None:
    version = shelf.put_written("Carts.pdf", SEALS)
    reader = shelf.open(shelf.surveyor, version).drawn(1)
    reader.person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.select(1, "Two nurses sign the log.")
    assert reader.passage.get_by_label("Pin to").count() == 0
    reader.passage.get_by_role("button", name="Copy with its place").click()
    expect(reader.passage).to_contain_text("Copied with its place.")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied == "\u201cTwo nurses sign the log.\u201d (Carts, version 1, page 1)"


def test_a_passage_over_two_pages_is_not_pinned(shelf: Shelf) -> None:
    version = shelf.put_written("Carts.pdf", SEALS)
    reader = shelf.open(shelf.owner, version).drawn(1).drawn(2)
    reader.page.evaluate("""() => {
      const [one, other] = document.querySelectorAll(".page .textLayer");
      getSelection().setBaseAndExtent(one.firstElementChild.firstChild, 0, other.firstElementChild.firstChild, 3);
    }""")
    expect(reader.passage).to_contain_text("A passage stands on one page.")
    expect(reader.passage.get_by_label("Pin to")).to_be_hidden()


def test_a_scan_says_how_sure_its_words_are_and_lets_them_be_selected(shelf: Shelf) -> None:
    texts = ["The seal of the cart is read each day.", "Two nurses sign."]
    pages = [written(1, texts[0], "ocr", 94), written(2, texts[1], "ocr", 61)]
    version = shelf.put("Scan.pdf", pdf(["", ""]), *pages)
    reader = shelf.open(shelf.owner, version, q="seal").drawn(1)
    note = reader.page.locator("#page-note")
    expect(note).to_have_text("This page is a scan. Its words were recognized, 94 % sure.")
    expect(reader.sheet(1).locator(".ocr-layer")).to_have_text(texts[0] + " ")
    reader.turn_to(2)
    expect(note).to_contain_text("61 % sure. Compare them with the picture.")
    reader.seen("viewer-scan")


def test_a_lost_connection_keeps_what_is_there_and_goes_on_when_asked(shelf: Shelf) -> None:
    texts = [f"Chapter {n}" for n in range(1, 41)]
    version = shelf.put("Manual.pdf", pdf(texts, weight=60_000), *(written(n, text) for n, text in enumerate(texts, 1)))
    reader = shelf.open(shelf.surveyor, version).drawn(1)
    reader.page.route("**/copy.pdf", lambda route: route.abort())
    reader.turn_to(30)
    lost = reader.page.get_by_role("alert").filter(has_text="The connection was lost.")
    expect(lost).to_be_visible()
    reader.turn_to(1).drawn(1)
    reader.seen("viewer-lost")
    reader.page.unroute("**/copy.pdf")
    lost.get_by_role("button", name="Try again").click()
    reader.turn_to(30).drawn(30)
    expect(reader.sheet(30).locator(".textLayer")).to_contain_text("Chapter 30")
    expect(lost).to_be_hidden()


def test_a_copy_that_cannot_be_drawn_can_still_be_read_and_kept(shelf: Shelf) -> None:
    version = shelf.put("Broken.pdf", b"%PDF-1.4 no more than this", written(1, "Its words are known."))
    reader = shelf.open(shelf.surveyor, version)
    cannot = reader.page.get_by_role("alert").filter(has_text="This copy cannot be drawn here")
    expect(cannot).to_be_visible()
    reader.seen("viewer-cannot")
    cannot.get_by_role("link", name="Read as text").click()
    expect(reader.page.get_by_text("Its words are known.")).to_be_visible()


def test_a_replaced_version_leads_to_the_same_passage_of_the_one_in_force(shelf: Shelf) -> None:
    old = shelf.put_written("Carts.pdf", SEALS)
    shelf.put_written("Carts.pdf", ["A new first page.", *SEALS])
    reader = shelf.open(shelf.surveyor, old, quote="seal+of+cart+2", back="/surveys/1/worksheet/3.9").drawn(1)
    expect(reader.page.get_by_text("This is version 1, which was replaced.")).to_be_visible()
    expect(reader.page.get_by_role("link", name="Back to 3.9")).to_be_visible()
    reader.seen("viewer-replaced")
    reader.follow("Read version 2, which is in force, at the same passage")
    reader.on_page(3).drawn(3)
    expect(reader.sheet(3).locator(".lit-box.at")).to_be_in_viewport()


ELSEWHERE = "http://elsewhere.example/"
ALERT = "<< /S /JavaScript /JS (app.alert\\('ran'\\)) >>"
CALL = f"<< /S /JavaScript /JS (app.launchURL\\('{ELSEWHERE}'\\)) >>"
URI, LAUNCH = f"<< /S /URI /URI ({ELSEWHERE}x) >>", "<< /S /Launch /F (run.exe) >>"
LINKS = [
    f"<< /Type /Annot /Subtype /Link /Rect [0 {foot} 612 {foot + 200}] /A {action} >>"
    for foot, action in ((400, URI), (200, ALERT), (0, LAUNCH))
]
FIELD = f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (f) /Rect [300 300 500 320] /AA << /K {ALERT} >> >>"
ACTIVE = {
    "catalog": f"/OpenAction {ALERT} /AA << /WC {URI} >> /Names << /JavaScript << /Names [(a) {CALL}] >> >>",
    "page": f"/AA << /O {LAUNCH} >> /Annots [{' '.join([*LINKS, FIELD])}]",
}


def test_nothing_in_a_file_runs_or_leads_away(shelf: Shelf) -> None:
    version = shelf.put_written("Active.pdf", SEALS, **ACTIVE)
    reader = shelf.open(shelf.surveyor, version)
    still = _watch(reader)
    reader.drawn(1)
    sheet = reader.sheet(1)
    box = sheet.bounding_box()
    assert box
    for down in (0.1, 0.35, 0.6):
        reader.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * down)
    assert sheet.locator("input, textarea, button").count() == 0
    assert sheet.locator("a[href^='http'], a[target='_blank']").count() == 0
    reader.turn_to(2).drawn(2)
    still()


def test_hostile_files_stay_still(shelf: Shelf) -> None:
    folder = CORPORA / "pdf_hostile"
    if not folder.is_dir():
        (pytest.fail if os.environ.get("QCP_NOTHING_SKIPPED") else pytest.skip)("the shared corpora are not here")
    with (CORPORA / "MANIFEST.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    active = [row["file"] for row in rows if (row["kind"], row["expect"]) == ("pdf_hostile", "neutralise")]
    files = [CORPORA / name for name in active]
    assert len(files) > 5
    versions = [shelf.put(file.name, file.read_bytes(), written(1, "Words")) for file in files]
    reader = shelf.open(shelf.surveyor, versions[0])
    still = _watch(reader)
    for version in versions:
        shelf.go(reader, version)
        there = reader.page.locator("#cannot:not([hidden]), .page canvas").first
        expect(there).to_be_visible(timeout=30_000)
        still(f"/versions/{version}/view")


def _watch(reader: Reader) -> Callable[..., None]:
    """From now on every dialog, every other window and every request to another host is noted."""
    seen: list[str] = []
    home = reader.person.site.url

    def request(one: Request) -> None:
        if not one.url.startswith((home, "data:", "blob:")):
            seen.append(one.url)

    reader.page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    reader.person.context.on("page", lambda page: seen.append(page.url))
    reader.person.context.on("request", request)

    def still(path: str = "/versions/") -> None:
        assert not seen, seen
        assert reader.page.url.startswith(home + path)

    return still


def test_a_search_shows_what_it_found_how_and_what_to_do_when_nothing_was(shelf: Shelf, labels: str) -> None:
    person = shelf.site.sign_in(shelf.surveyor)
    search = f"/binders/{shelf.binder_id}/search"
    for name, asked, said in (
        ("start", "", "You can ask a whole question"),
        ("hits", "?q=handwritten", "1 page"),
        ("narrowed", "?q=handwritten&method=policy&since=2020-01-01", "(narrowed)"),
        ("none", "?q=zeppelin&standard=3.9&exact=1", "Look in all documents"),
    ):
        person.goto(search + asked)
        person.sees(said)
        person.look(f"search-{name}")
    for shape in ("text", "picture"):
        person.goto(f"/versions/{labels}/view?page=1&q=handwritten&as={shape}")
        person.sees("As a page")
        person.look(f"viewer-as-{shape}")


def test_the_viewer_leads_back_to_the_page_that_somebody_came_from(shelf: Shelf, labels: str) -> None:
    with shelf.site.db() as db:
        document = db.get_one(Binder, shelf.binder_id).documents[0].id
    person = shelf.site.sign_in(shelf.surveyor)
    person.goto(f"/documents/{document}")
    person.look("document-program")
    person.follow("Read it")
    Reader(person).drawn(1)
    person.follow("Back to where you were")
    assert person.page.url.endswith(f"/documents/{document}")

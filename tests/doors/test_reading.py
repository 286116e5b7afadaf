"""Strangers' files: whatever comes, an answer within the limits, and the words on the right page."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from app.evidence.reader import active, child
from app.evidence.reader.child import Reading
from app.evidence.reader.nest import NEST
from app.evidence.rules import Kind, Refusal, Refused

REPOSITORY = Path(__file__).parents[2]
CORPORA = Path(os.environ.get("QCP_CORPORA") or REPOSITORY.parent / "shared" / "corpora")
DEMO = REPOSITORY / "demo" / "harbor-light"
SAMPLE = {"accept": 9, "reject_clean": 3}  # every so many; all of them with QCP_WHOLE_CORPORA
LARGE = 400_000
MOST_SECONDS = 20
MOST_MEMORY = 500_000  # kilobytes, of the process that asks and of the one that forks for it
AT_START = 200_000  # of them a worker has when it begins; this process may have become larger by other tests

Row = dict[str, str]


def rows() -> list[Row]:
    manifest = CORPORA / "MANIFEST.tsv"
    if not manifest.exists():
        pytest.skip("the shared corpora are not here; QCP_CORPORA may say where they are")
    with manifest.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if os.environ.get("QCP_WHOLE_CORPORA"):
        return found
    small = [row for row in found if int(row["bytes"]) < LARGE]
    groups = [[row for row in small if row["expect"] == expect] for expect in sorted({row["expect"] for row in small})]
    return [row for group in groups for row in group[:: SAMPLE.get(group[0]["expect"], 5)]]


def ask(row: Row) -> tuple[Row, Reading | str, float]:
    """The reading, or the sentence with which the file is refused, and how long that took; what need not be read in
    a sample is not."""
    data = (CORPORA / row["file"]).read_bytes()
    begun = time.monotonic()
    try:
        kind, _ = child.check(data, row["file"])
        whole = row["expect"] in ("accept", "neutralise") or os.environ.get("QCP_WHOLE_CORPORA")
        answer: Reading | str = child.read(data, kind) if whole else Reading([])
    except Refused as refused:
        answer = refused.reason
    return row, answer, time.monotonic() - begun


def test_the_process_that_reads_holds_nothing_of_the_portal() -> None:
    says = "; ".join([
        "import sys", "from app.evidence.reader.__main__ import load", "load()",
        "print([name for name in ('flask', 'sqlalchemy', 'minio', 'app.config') if name in sys.modules])",
    ])  # fmt: skip
    done = subprocess.run([sys.executable, "-c", says], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower()).strip()


def faults(row: Row, answer: Reading | str, took: float) -> list[str]:
    late = [f"took {took:.0f} seconds"] if took > MOST_SECONDS else []
    if isinstance(answer, str):
        return late + ([f"refused: {answer}"] if row["expect"] == "accept" else [])
    if answer.copy and active.may_act(answer.copy):
        return ["its copy may act"]
    if row["expect"] != "accept":
        return late + (["not refused"] if row["expect"] == "reject_clean" else [])
    found = late
    if row["pages"] and len(answer.pages) != int(row["pages"]):
        found.append(f"{len(answer.pages)} pages, not {row['pages']}")
    for place, phrase in ((row["phrase_page"], row["phrase"]), (row["phrase2_page"], row["phrase2"])):
        pages = [answer.pages[int(place) - 1]] if place.isdigit() else answer.pages
        if phrase and plain(phrase) not in plain(" ".join(page.text for page in pages)):
            found.append(f"{phrase!r} is not on page {place}")
    return found


def test_every_file_of_the_corpora_is_read_or_refused_as_it_should_be() -> None:
    asked, begun = rows(), memory("self", "VmRSS")
    forget_the_most()
    with ThreadPoolExecutor(2) as pool:
        wrong = {row["file"]: found for row, *rest in pool.map(ask, asked) if (found := faults(row, *rest))}
    assert wrong == {}
    assert memory("self", "VmHWM") - begun < MOST_MEMORY - AT_START
    if NEST._process:
        assert memory(NEST._process.pid, "VmHWM") < MOST_MEMORY


def forget_the_most() -> None:
    """The most that this process ever held is counted from now on."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def memory(process: int | str, which: str) -> int:
    """What a process holds (VmRSS) or has held at the most (VmHWM), in kilobytes; nothing where that is not told."""
    status = Path(f"/proc/{process}/status")
    found = re.search(rf"{which}:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found.group(1)) if found else 0


def demo(name: str) -> tuple[bytes, Kind]:
    path = next(DEMO.glob(f"{name}*"))
    return path.read_bytes(), Kind(path.suffix[1:])


def test_a_word_broken_at_the_end_of_a_line_is_one_word_with_two_places() -> None:
    page = child.read(*demo("HLO-120")).pages[0]
    start = page.text.index("holidays")
    assert len([place for place in page.words if place[0] <= start < place[1]]) == 2
    assert "\ufffe" not in page.text


def test_a_scanned_page_is_recognized_with_its_places_and_how_sure() -> None:
    page = child.read(*demo("HLO-310")).pages[0]
    if page.source == "none":
        pytest.skip("text recognition is not installed here")
    assert page.confidence is not None and page.confidence > 80
    assert "FOR INTRATHECAL USE ONLY" in page.text and len(page.words) > 200


def test_a_scanned_page_without_recognition_is_plainly_not_searchable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child.shutil, "which", lambda _name: None)
    reading = child.read(*demo("HLO-310"))
    assert [page.source for page in reading.pages] == ["none", "none"] and not reading.searchable


def test_headings_are_the_headings_of_the_page() -> None:
    headings = child.read(*demo("HLO-307")).pages[0].headings
    assert "4. Label for drugs given on site" in headings and not any(line.endswith(".") for line in headings)


def test_a_reader_that_takes_too_long_or_dies_is_a_refusal_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "CHECK_SECONDS", 0.0001)
    with pytest.raises(Refused, match=Refusal.CANNOT_BE_READ):
        child.check(demo("HLO-307")[0], "x.pdf")


def test_nothing_is_left_behind_in_the_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(child.tempfile, "tempdir", str(tmp_path))
    child.read(*demo("HLO-312"))
    assert list(tmp_path.iterdir()) == []

"""Pins are drawn into a copy by the process that opens strangers' files, and never by the portal itself."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pypdf
import pytest

from app.evidence.marked import Mark, marked_copy
from app.evidence.rules import Refusal, Refused
from tests.factories import files

ROOT = Path(__file__).parents[2]
OPENS = {"pypdf", "pypdfium2", "zipfile", "lxml", "pypandoc"}
OURS = {"app/evidence/reader", "app/cli", "app/documents"}  # the children, the demonstration, papers that we made


def page(data: bytes) -> pypdf.PageObject:
    return pypdf.PdfReader(io.BytesIO(data)).pages[0]


def test_a_passage_is_highlighted_with_its_row_as_a_note() -> None:
    data = files.pdf("Two people check the dose.")
    marked = marked_copy(data, [Mark(1, [(1000, 1000, 800, 120), (1900, 1000, 800, 120)], "3.9 Checks (\u00e9)")])
    [note] = [one.get_object() for one in page(marked)["/Annots"]]
    assert (note["/Subtype"], note["/Contents"], len(note["/QuadPoints"])) == ("/Highlight", "3.9 Checks (\u00e9)", 8)
    assert "Two people check" in page(marked).extract_text()


def test_a_document_that_is_locked_against_changes_is_marked_in_its_copy() -> None:
    def locked(writer: pypdf.PdfWriter) -> None:
        writer.encrypt("", "owner", algorithm="AES-256")

    data = files.changed(files.pdf("Two people check the dose."), locked)
    marked = marked_copy(data, [Mark(1, [(1000, 1000, 800, 120)], "3.9")])
    assert len(page(marked)["/Annots"]) == 1


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing more", b"", b"%PDF-1.7\n" + b"<<" * 200_000])
def test_what_cannot_be_opened_is_refused_and_nothing_else(data: bytes) -> None:
    with pytest.raises(Refused, match="could not be processed") as refused:
        marked_copy(data, [Mark(1, [(1, 1, 1, 1)], "3.9")])
    assert refused.value.reason == Refusal.CANNOT_BE_READ


def test_a_mark_on_a_page_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused):
        marked_copy(files.pdf("One page."), [Mark(9, [(1, 1, 1, 1)], "3.9")])


def test_only_the_children_open_what_strangers_sent() -> None:
    found = []
    for path in (ROOT / "app").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if not any(name.startswith(folder) for folder in OURS):
            found += [(name, one) for one in sorted(OPENS & imported(path))]
    assert found == []


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names

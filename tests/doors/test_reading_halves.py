"""A long PDF is read by two processes, and nobody can tell."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdf
import pytest

from app.evidence.reader import halves, pages, pdf
from app.evidence.reader.opening import open_pdf
from tests.factories import harbor_light

MANUAL = harbor_light.DEMO / "HLO-000 Infusion Operations Manual.pdf"


@pytest.fixture(scope="module")
def long() -> bytes:
    """The demo practice's longest paper, as often as it takes to be long; an odd number of pages."""
    reader, writer = pypdf.PdfReader(MANUAL), pypdf.PdfWriter()
    for number in range(halves.LONG + 3):
        writer.add_page(reader.pages[number % len(reader.pages)])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_two_processes_read_what_one_does(long: bytes, tmp_path: Path) -> None:
    document = open_pdf(long)

    assert halves.keep(tmp_path, document) == {"pages": halves.LONG + 3}

    alone = pdf.read(open_pdf(long))
    assert [json.loads(pages.line(page).partition("\t")[2]) for page in alone] == [
        page.words for page in pages.kept(tmp_path)
    ]
    assert [(page.number, page.text, page.headings) for page in alone] == [
        (page.number, page.text, page.headings) for page in pages.kept(tmp_path)
    ]


def test_each_half_knows_the_words_of_the_other() -> None:
    assert halves._together((True, ["treatment"]), (False, ["plan"])) == {"treatment", "plan"}
    assert halves._together((False, ["treatment"]), (False, ["plan"])) == set()


def test_a_half_that_dies_takes_the_reading_with_it(
    long: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(halves, "_second", die)
    with pytest.raises(ValueError, match="Expecting value"):
        halves.keep(tmp_path, open_pdf(long))

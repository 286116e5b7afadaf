"""The press: every kind of paper, hostile data, and signatures that notice everything."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from app import config
from app.config import BadSettings, Settings
from app.documents import keys, rules
from app.documents.press import TEMPLATES, Press, PressError
from app.documents.rules import LAYOUTS, PaperKind
from app.documents.sealing import Seal

AT = datetime(2026, 11, 12, 16, 20, tzinfo=UTC)
SAMPLES = [(kind, path) for kind in PaperKind for path in sorted((TEMPLATES / LAYOUTS[kind][0]).glob("sample*.json"))]
HOSTILE = [
    'O\'Brien & "Sons" #panic() $x^2$ <b>Oncology</b> \\ // /* *bold* _it_ `code` @ref [box] ~',
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "W" * 200,
    "The Very Long Name of a Regional Multispecialty Oncology and Hematology Cooperative of Northern Counties, PLLC",
    "#" * 90,
    "Ελληνικό Ογκολογικό Ćentrum Київ ירושלים",
    "tab\there\nnew line",
    " ",
]


def sample(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((TEMPLATES / name).read_text())
    return data


@pytest.fixture(scope="module")
def certificate(press: Press) -> bytes:
    return press.make(PaperKind.CERTIFICATE, sample("certificate/sample.json"), "QCP-2026-0042-K", at=AT)


def letters_near_the_edge(pdf: bytes, margin_mm: float = 8) -> list[tuple[int, str]]:
    """Letters that come too near to the edge of a page: the sign of something that overflows."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document, 1):
        (width, height), text = page.get_size(), page.get_textpage()
        m = margin_mm * 72 / 25.4
        for i in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(i)
            letter = text.get_text_range(i, 1)
            if letter.strip() and (left < m or bottom < m or right > width - m or top > height - m):
                found.append((number, letter))
        text.close()
        page.close()
    document.close()
    return found


def test_every_kind_of_paper_has_a_sample() -> None:
    assert {kind for kind, _ in SAMPLES} == set(PaperKind)


@pytest.mark.parametrize(("kind", "path"), SAMPLES, ids=lambda value: getattr(value, "stem", str(value)))
def test_every_sample_becomes_a_paper_that_fits_its_pages(press: Press, kind: PaperKind, path: Path) -> None:
    data = json.loads(path.read_text())
    pdf = press.typeset(kind, data, data["verify"]["code"])
    assert letters_near_the_edge(pdf, 5 if kind is PaperKind.PLAQUE_ENGRAVING else 8) == []
    assert pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", [PaperKind.CERTIFICATE, PaperKind.PLAQUE, PaperKind.CCR, PaperKind.LETTER])
def test_no_name_breaks_a_paper_or_runs_off_it(press: Press, kind: PaperKind, name: str) -> None:
    data = sample(f"{LAYOUTS[kind][0]}/sample.json")
    data["practice"] |= {"legal_name": rules.plain(name), "public_name": rules.plain(name)}
    pdf = press.typeset(kind, data | {"line": name[:60]}, "CODE")
    assert letters_near_the_edge(pdf) == []


def test_text_from_people_stays_text(press: Press) -> None:
    data = sample("letter/sample.json") | {"paragraphs": [HOSTILE[0]]}
    page = pypdfium2.PdfDocument(press.typeset(PaperKind.LETTER, data, "CODE"))[0]
    said = page.get_textpage().get_text_range()
    assert "#panic()" in said and "$x^2$" in said and "*bold*" in said


def test_a_script_without_a_typeface_is_refused_in_words(press: Press) -> None:
    for name in ("عيادة", "腫瘍科"):
        data = sample("letter/sample.json") | {"subject": name}
        with pytest.raises(PressError, match="no typeface here"):
            press.typeset(PaperKind.LETTER, data, "CODE")


def test_missing_data_is_refused_in_words(press: Press) -> None:
    data = sample("letter/sample.json")
    del data["subject"]
    with pytest.raises(PressError, match="subject"):
        press.typeset(PaperKind.LETTER, data, "CODE")


def test_the_same_data_gives_the_same_bytes(press: Press) -> None:
    data = sample("receipt/sample.json")
    assert press.typeset(PaperKind.RECEIPT, data, "CODE") == press.typeset(PaperKind.RECEIPT, data, "CODE")


def test_the_data_travels_inside_the_paper(press: Press, certificate: bytes) -> None:
    attached = pypdf.PdfReader(io.BytesIO(certificate)).attachments["certificate.json"][0]
    said = json.loads(attached)
    assert said["number"] == "QCP-2026-0042-K"
    assert said["verify"]["url"] == press.address("QCP-2026-0042-K")


def test_a_signed_paper_holds_and_says_who_and_when(press: Press, certificate: bytes) -> None:
    assert press.examine(certificate) == Seal(True, True, [], "QOPI Certification Program (demo)", AT)
    assert press.judge(certificate) == press.examine(certificate)


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig (poppler-utils) is not installed")
def test_poppler_finds_the_signature_valid_and_the_whole_file_signed(certificate: bytes, tmp_path: Path) -> None:
    (tmp_path / "c.pdf").write_bytes(certificate)
    said = subprocess.run(["pdfsig", "-nocert", tmp_path / "c.pdf"], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid." in said and "Total document signed" in said


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_finds_nothing_wrong(certificate: bytes, tmp_path: Path) -> None:
    (tmp_path / "c.pdf").write_bytes(certificate)
    assert subprocess.run(["qpdf", "--check", tmp_path / "c.pdf"], capture_output=True).returncode == 0


def test_signing_adds_to_the_file_and_changes_nothing_of_it(press: Press) -> None:
    plain = press.typeset(PaperKind.CERTIFICATE, sample("certificate/sample.json"), "CODE")
    signed = press.seal(plain, at=AT)
    assert signed.startswith(plain)
    before, after = (pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"] for pdf in (plain, signed))
    assert before["/Metadata"].get_data() == after["/Metadata"].get_data()
    assert "/Version" not in after  # still PDF 1.7, on which PDF/A-3 is built


def test_the_signature_field_takes_no_room_on_the_page(certificate: bytes) -> None:
    (field,) = pypdf.PdfReader(io.BytesIO(certificate)).trailer["/Root"]["/AcroForm"]["/Fields"]
    assert [float(side) for side in field.get_object()["/Rect"]] == [0, 0, 0, 0]


@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_changed_bit_is_noticed_wherever_it_is(press: Press, certificate: bytes, share: float, bit: int) -> None:
    changed = bytearray(certificate)
    changed[int(share * len(changed))] ^= 1 << bit
    assert not press.examine(bytes(changed)).holds or _in_the_padding(certificate, int(share * len(changed)))


def _in_the_padding(pdf: bytes, at: int) -> bool:
    """Zeros after the signature, inside the gap it stands in: not content, never shown, and not ours by hash."""
    start, end, _, _ = _gap(pdf)
    return start <= at < end


def _gap(pdf: bytes) -> tuple[int, int, int, int]:
    _, first, second, rest = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0].byte_range
    return first, second, rest, len(pdf)


def test_every_edge_of_the_signed_ranges_is_covered(press: Press, certificate: bytes) -> None:
    first, second, _, end = _gap(certificate)
    for at in (0, first - 1, first, second - 1, second, end - 1):
        changed = bytearray(certificate)
        changed[at] ^= 1
        assert not press.examine(bytes(changed)).holds, at


def test_a_later_revision_is_noticed(press: Press, certificate: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(certificate))
    writer.root["/Note"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    seal = press.examine(out.getvalue())
    assert not seal.holds
    assert "Something was added after it was signed" in seal.why


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF\n", b"\0" * 64, b"trailer<</Root 1 0 R>>"])
def test_bytes_after_the_end_are_noticed(press: Press, certificate: bytes, tail: bytes) -> None:
    assert not press.examine(certificate + tail).holds


def test_a_paper_signed_by_somebody_else_is_not_ours(press: Press, tmp_path: Path) -> None:
    theirs = Press(keys.load(keys.make_demo_key(tmp_path), keys.DEMO_PASSWORD), press.base_url)
    forged = theirs.make(PaperKind.CERTIFICATE, sample("certificate/sample.json"), "QCP-2026-0042-K", at=AT)
    seal = press.examine(forged)
    assert not seal.ours and not seal.holds
    assert seal.why == ["Somebody else signed it, not the Program"]


@pytest.mark.parametrize(
    "junk",
    [b"", b"%PDF-", b"%PDF-1.7\n%%EOF", b"MZ\x90\x00", b"%PDF-1.7\n" + b"[" * 50_000, b"%PDF-1.4\nstartxref\n0\n%%EOF"],
)
def test_whatever_the_file_is_there_is_an_answer(press: Press, junk: bytes) -> None:
    seal = press.examine(junk)
    assert not seal.holds and seal.why
    assert not press.judge(junk).holds


def test_an_unsigned_paper_says_so(press: Press) -> None:
    plain = press.typeset(PaperKind.LETTER, sample("letter/sample.json"), "CODE")
    assert press.examine(plain).why == ["It carries no signature"]


def test_an_ended_signing_certificate_signs_nothing(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    path = keys.make_demo_key(tmp_path, now=now - timedelta(days=20), days=10)
    press = Press(keys.load(path, keys.DEMO_PASSWORD), "https://qcp.example")
    plain = press.typeset(PaperKind.LETTER, sample("letter/sample.json"), "CODE")
    with pytest.raises(PressError, match="signing certificate ended on"):
        press.seal(plain, at=now)
    old = press.seal(plain, at=now - timedelta(days=15))
    assert press.examine(old).holds  # a paper outlives the certificate that signed it


def _production(folder: Path, p12: Path, password: str) -> Settings:
    return config.read({
        "QCP_MODE": "production", "QCP_DATA": str(folder), "QCP_SECRET_KEY": "s" * 40, "QCP_SIGNING_P12": str(p12),
        "QCP_SIGNING_PASSWORD": password, "QCP_BASE_URL": "https://qcp.example", "QCP_SMTP_URL": "smtp://mail.example",
    })  # fmt: skip


def test_production_does_not_start_with_a_demo_key_wherever_it_lies(tmp_path: Path) -> None:
    path = keys.make_demo_key(tmp_path / "elsewhere")
    with pytest.raises(BadSettings, match="demo key"):
        Press.from_settings(_production(tmp_path, path, keys.DEMO_PASSWORD))


def test_a_key_that_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    path = keys.make_demo_key(tmp_path)
    with pytest.raises(BadSettings, match="another password"):
        Press.from_settings(_production(tmp_path / "data", path, "wrong"))
    with pytest.raises(BadSettings, match="cannot be read"):
        Press.from_settings(_production(tmp_path / "data", tmp_path / "none.p12", "wrong"))


def test_set_up_keeps_the_demo_key_that_is_there(tmp_path: Path) -> None:
    path = keys.make_demo_key(tmp_path)
    first = path.read_bytes()
    assert keys.make_demo_key(tmp_path).read_bytes() == first
    assert path.stat().st_mode & 0o077 == 0
    assert keys.is_demo(keys.load(path, keys.DEMO_PASSWORD))

"""Official paper from its order to the signed, checked and stored file, beside Typst and pyHanko alone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import typst
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from app.documents import actions
from app.documents.models import Paper
from app.documents.press import STANDARDS, TEMPLATES, Press
from app.documents.rules import LAYOUTS, PaperKind, PaperState
from app.kernel import clock, jobs
from tests.bench.row import Row, in_turns, row
from tests.bench.store import Store
from tests.factories import people

PEER = "Typst and pyHanko alone"
ELEMENTS = 90
_number = count(1)


def rows(store: Store, *, quick: bool) -> Iterator[Row]:
    """The shortest paper and the longest."""
    yield _row(store, "a signed certificate", PaperKind.CERTIFICATE, sample("certificate"), 2 if quick else 15)
    if not quick:
        yield _row(store, f"a signed report of {ELEMENTS} elements", PaperKind.CCR, long_report(), 7)


def _row(store: Store, name: str, kind: PaperKind, data: dict[str, Any], rounds: int) -> Row:
    practice = people.practice(store.db)
    store.db.commit()

    def ours() -> None:
        made = actions.order(
            store.db, kind=kind, data=data, practice_id=practice.id, number=f"BENCH-{next(_number)}", version=1,
            title=name, by=None, now=clock.now(),
        )  # fmt: skip
        store.db.commit()
        jobs.drain(store.db, store.doors)
        paper = store.db.get_one(Paper, made.id)
        if paper.state is not PaperState.ISSUED:
            raise AssertionError(paper.error)

    press = store.doors.press

    def floor() -> None:
        alone(press, kind, data | {"number": f"BENCH-{next(_number)}"})  # Typst would remember the same data

    mine, theirs = in_turns(ours, floor, rounds)
    return row(f"{name}, from order to store", "ms", mine, theirs, PEER)


def alone(press: Press, kind: PaperKind, data: dict[str, Any]) -> bytes:
    """The same paper by the two libraries as their manuals show it: nothing checked, nothing kept."""
    folder, _ = LAYOUTS[kind]
    pdf = typst.compile(
        Path(TEMPLATES) / folder / "template.typ", root=TEMPLATES, ignore_system_fonts=True, pdf_standards=STANDARDS,
        sys_inputs={"json": json.dumps(data)},
    )  # fmt: skip
    out = io.BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        signers.PdfSignatureMetadata(
            field_name="Program", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        ),
        signer=press.keyring.signer, output=out,
    )  # fmt: skip
    return out.getvalue()


def sample(name: str) -> dict[str, Any]:
    """The sample data of a paper, without what the order itself says of it."""
    data: dict[str, Any] = json.loads((TEMPLATES / name / "sample.json").read_text(encoding="utf-8"))
    data.setdefault("verify", {}).setdefault("rows", ["1"])
    return data


def long_report() -> dict[str, Any]:
    """The sample report, its last rows repeated under other numbers until it has 90."""
    data = sample("ccr")
    rows = data["rows"]
    plain = [one for one in rows if one["kind"] == "element" and not one["finding"]]
    for at in range(ELEMENTS - len(rows)):
        rows.append({**plain[at % len(plain)], "row": f"4.99.{at + 1}", "domain": "4"})
    return data

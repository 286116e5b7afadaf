"""What was read is kept with its version: pages of every kind of file, and what its copy leaves out."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence import actions
from app.evidence.models import Page
from app.evidence.rules import Kind, LeftOut, State
from app.kernel import jobs
from tests.factories import evidence as make
from tests.factories import files

GIVEN = {
    "Spills.odt": files.open_document("<text:h>Spills</text:h><text:p>Two pairs of gloves.</text:p>"),
    "Spills.rtf": files.rich(r"\par Two pairs of gloves.{\object\objemb{\*\objdata 0105}}"),
    "Spills.txt": b"Spills\r\nTwo pairs of gloves.\r\n",
}


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_a_file_of_any_kind_becomes_pages_and_a_copy_beside_its_untouched_bytes(
    db: Session, doors: Doors, now: datetime, name: str
) -> None:
    version = actions.receive(
        db, make.binder(db), filename=name, data=GIVEN[name], by=None, now=now, blobs=doors.blobs
    )  # fmt: skip
    jobs.drain(db, doors)
    assert (version.state, version.kind) == (State.READABLE, Kind(name[-3:]))
    assert version.copy_key not in (None, version.sha256) and doors.blobs.get(version.sha256) == GIVEN[name]
    assert "Two pairs of gloves." in (db.scalar(select(Page.text).where(Page.version_id == version.id)) or "")
    assert version.left_out == ([LeftOut.EMBEDDED] if name.endswith("rtf") else [])

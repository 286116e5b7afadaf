"""A file that comes with a message goes through the same gate as every other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.doors import Doors
from app.evidence.actions.intake import Infected, examine
from app.evidence.actions.threads import bring
from app.evidence.actions.uploads import NotNow, check_pace, note_infected
from app.evidence.models import Binder, Message
from app.evidence.rules.intake import Unfit
from app.people.models import User
from storage.scanner import ScannerDown


def bring_in(
    db: Session, doors: Doors, binder: Binder, code: str, name: str, data: bytes, *, text: str, by: User,
    now: datetime,
) -> Message:  # fmt: skip
    """Examine the file while no lock is held, then bring it into the thread; raises Refused."""
    check_pace(db, binder, len(data), by, now)
    binder_id = binder.id
    db.commit()  # nothing was changed; others may write while the file is examined
    try:
        examined = examine(name, data, doors.blobs, doors.scanner)
    except ScannerDown:
        raise NotNow(Unfit.NO_SCANNER) from None
    except Infected as infected:
        note_infected(db, binder_id, name, infected, by=by, now=now)
        db.commit()  # it is noted although nothing else is
        raise
    message = bring(db, db.get_one(Binder, binder_id), code, examined, text=text, by=by, now=now)
    if examined.sha256 not in doors.blobs:  # deleted as nobody's between its examination and this line
        doors.blobs.put(data)
    return message

"""The texts of agreements: putting them in force, and having them made into the files that are read and kept."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.application.models import AgreementVersion, Application
from app.application.queries import agreements as queries
from app.application.rules.agreements import Key, VersionState, why_not_a_text
from app.application.rules.case import Refused
from app.documents import actions as documents
from app.documents.models import Paper
from app.documents.rules import PaperKind
from app.kernel import clock, ledger
from app.kernel.ledger import Actor
from app.people.models import User

TEXTS = Path(__file__).resolve().parents[3] / "doc_templates" / "agreements"


def load_texts(db: Session, *, by: Actor | None, now: datetime, folder: Path = TEXTS) -> list[AgreementVersion]:
    """Put every text of the folder in force that is not there yet; the version before is replaced."""
    return [
        found for path in sorted(folder.glob("*.json"))
        if (found := _publish(db, json.loads(path.read_text(encoding="utf-8")), by=by, now=now))
    ]  # fmt: skip


def _publish(db: Session, body: dict[str, Any], *, by: Actor | None, now: datetime) -> AgreementVersion | None:
    if reasons := why_not_a_text(body):
        raise Refused(reasons)
    same = (AgreementVersion.key == Key(body["key"])) & (AgreementVersion.language == body["language"])
    earlier = list(db.scalars(select(AgreementVersion).where(same)))
    if any(one.version == body["version"] for one in earlier):
        return None
    for one in earlier:
        if one.state is VersionState.IN_FORCE:
            one.state = VersionState.REPLACED
    db.flush()
    version = AgreementVersion(
        key=Key(body["key"]), version=body["version"], language=body["language"], title=body["title"],
        sample=bool(body.get("sample")), effective_from=date.fromisoformat(body["in_force"]), body=body, loaded_at=now,
    )  # fmt: skip
    db.add(version)
    ledger.record(db, "agreement published", by=by, now=now, about=version, after={"key": version.key,
                  "version": version.version})  # fmt: skip
    return version


def show_texts(db: Session, application: Application, *, by: User, now: datetime) -> None:
    """Have the file made that is read before signing, for each agreement in force that is not signed."""
    for one in queries.agreements(db, application, clock.day_of(now)):
        if one.signature is None and one.shown is None:
            order_copy(db, application, one.version, signature=None, by=by, now=now)


def order_copy(
    db: Session, application: Application, version: AgreementVersion, *, signature: dict[str, Any] | None, by: User,
    now: datetime,
) -> Paper:  # fmt: skip
    """Order the file of an agreement: version 1 is what is read, version 2 carries the signature's record."""
    blanks = queries.blanks(application.practice)
    if signature is not None:
        blanks |= {"signer_name": signature["name"], "signer_title": signature["title"]}
    data = {
        "sample": version.sample,
        "agreement": {
            "key": version.key, "name": version.title, "version": version.version, "language": version.language,
            "in_force": version.effective_from.isoformat(), "sample": version.sample,
        },
        "parties": version.body["parties"], "sections": version.body["sections"], "blanks": blanks,
        "signature": signature,
    }  # fmt: skip
    return documents.order(
        db, kind=PaperKind.AGREEMENT, data=data, practice_id=application.practice_id, case_id=application.id,
        number=queries.paper_number(application, version), version=2 if signature else 1,
        title=f"{version.title}, {application.practice.public_name}" + ("" if signature else ", as shown"),
        by=by, now=now, sign=signature is not None,
    )  # fmt: skip

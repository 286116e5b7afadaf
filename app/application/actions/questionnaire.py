"""Saving answers: as they are, never over somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.application.actions.steps import begin, settle
from app.application.models import AnswerDraft, AnswerSection, Application
from app.application.queries import questionnaire as queries
from app.application.rules.questionnaire import BY_LETTER, masked
from app.application.rules.steps import Slug
from app.kernel import ledger
from app.kernel.ids import new_id
from app.people.models import User


class Overtaken(Exception):
    """Somebody else saved this section meanwhile; what was typed is kept beside it."""

    def __init__(self, section: AnswerSection, draft: AnswerDraft) -> None:
        super().__init__("somebody else saved this section meanwhile")
        self.section, self.draft = section, draft


def save(
    db: Session, application: Application, letter: str, answers: Mapping[str, Any], *, version: int, page: str,
    checked: bool = False, leaves: bool = False, by: User, now: datetime,
) -> AnswerSection:  # fmt: skip
    """Save a section as it was typed; raises Overtaken when it changed since this page was made.

    A page saves by itself as often as it likes until somebody leaves it with a button. What it sent just before may
    arrive after that, when the next page of the same section is made already: it must not stand between the two.
    """
    begin(db, application, Slug.QUESTIONNAIRE, now=now)
    section = queries.sections(db, application).get(letter)
    before = section.answers if section else queries.known_before(application.practice).get(letter, {})
    kept = _unmask(letter, dict(answers), before)
    if section is not None and section.version != version and section.page != page:
        if not queries.same(section.answers, kept):
            raise Overtaken(section, _keep_beside(db, application, letter, kept, version, by=by, now=now))
        return section
    if section is None:
        section = AnswerSection(application_id=application.id, practice_id=application.practice_id, letter=letter,
                                version=0, answers={}, page=page, saved_at=now, saved_by=by.id)  # fmt: skip
        db.add(section)
    changed = not queries.same(section.answers, kept)
    section.answers, section.page = kept, new_id() if leaves else page
    section.saved_at, section.saved_by = now, by.id
    section.version, section.checked = section.version + 1, section.checked or checked
    section.editor = by
    _drop_draft(db, application, letter, by)
    if changed:
        facts = {"section": letter, "version": section.version}
        ledger.record(db, "answers saved", by=by, now=now, about=application, after=facts)
    settle(db, application, now=now)
    return section


def _unmask(letter: str, answers: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A number that was shown only by its end comes back as it was."""
    for field in BY_LETTER[letter].fields:
        if field.secret and before.get(field.name) and answers.get(field.name) == masked(str(before[field.name])):
            answers[field.name] = before[field.name]
    return answers


def _keep_beside(
    db: Session, application: Application, letter: str, answers: dict[str, Any], version: int, *, by: User,
    now: datetime,
) -> AnswerDraft:  # fmt: skip
    draft = queries.draft(db, application, letter, by.id)
    if draft is None:
        draft = AnswerDraft(application_id=application.id, practice_id=application.practice_id, letter=letter,
                            user_id=by.id, base_version=version, answers={}, kept_at=now)  # fmt: skip
        db.add(draft)
    draft.answers, draft.base_version, draft.kept_at = answers, version, now
    db.flush()
    return draft


def _drop_draft(db: Session, application: Application, letter: str, by: User) -> None:
    if (draft := queries.draft(db, application, letter, by.id)) is not None:
        db.delete(draft)


def keep_mine(
    db: Session, application: Application, letter: str, *, seen_version: int, page: str, by: User, now: datetime
) -> AnswerSection | None:  # fmt: skip
    """After comparing: put my draft in the place of what the other saved, if nothing changed again meanwhile."""
    draft = queries.draft(db, application, letter, by.id)
    if draft is None:
        return None
    return save(db, application, letter, draft.answers, version=seen_version, page=page, by=by, now=now)


def keep_theirs(db: Session, application: Application, letter: str, *, by: User, now: datetime) -> None:
    """After comparing: drop my draft."""
    _drop_draft(db, application, letter, by)
    facts = {"section": letter}
    ledger.record(db, "own draft dropped", by=by, now=now, about=application, after=facts)

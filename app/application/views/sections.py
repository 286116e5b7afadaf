"""The questionnaire: one section a page, saved as you go, and compared when two people met."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.application import queries
from app.application.actions import questionnaire as actions
from app.application.actions.questionnaire import Overtaken
from app.application.models import AnswerSection, Application
from app.application.queries import questionnaire
from app.application.queries.steps import step_now
from app.application.rules.case import Refused
from app.application.rules.questionnaire import BY_LETTER, SECTIONS, called, differences, in_short, masked
from app.application.rules.steps import Slug
from app.application.views.room import bp, flash_reasons, shows_secrets
from app.kernel import clock
from app.kernel.db import db
from app.kernel.ids import new_id
from app.kernel.words import whole
from app.people.access import Can, current_user, may, why_not
from forms.application.questionnaire import SectionForm, form_for


def _section(letter: str) -> Any:
    if letter not in BY_LETTER:
        abort(404)
    return BY_LETTER[letter]


@bp.get("/applications/<application_id>/questionnaire/<letter>")
@may(Can.READ_APPLICATION, Application)
def section(application: Application, letter: str) -> ResponseReturnValue:
    """One section of the questionnaire."""
    found, saved = _section(letter), questionnaire.sections(db(), application).get(letter)
    answers = dict(questionnaire.typed(db(), application).get(letter, {}))
    if not shows_secrets(application):
        answers |= {f.name: masked(str(answers[f.name])) for f in found.fields if f.secret and answers.get(f.name)}
    form = form_for(found)(formdata=None, version=saved.version if saved else 0, page=new_id(), **answers)
    if found.group is not None and (
        request.args.get("add") or (found.group.least and not answers.get(found.group.name))
    ):
        form[found.group.name].append_entry()
    return _page(application, letter, form, saved)


def _page(
    application: Application, letter: str, form: SectionForm, saved: AnswerSection | None, **more: Any
) -> ResponseReturnValue:  # fmt: skip
    today = clock.today()
    examined = queries.examined(db(), application, today)
    checked = saved is not None and (saved.checked or request.args.get("check") is not None)
    problems = examined[letter].problems if checked else []
    form.tell(problems)
    now = step_now(db(), application, Slug.QUESTIONNAIRE, today)
    place = [one.letter for one in SECTIONS].index(letter)
    return render_template(
        "application/section.html", application=application, section=BY_LETTER[letter], form=form, saved=saved,
        problems=problems, examined=examined, sections=SECTIONS, now=now, called=called, in_short=in_short,
        records=questionnaire.sections(db(), application), draft=_draft(application, letter),
        before=SECTIONS[place - 1] if place else None, after=SECTIONS[place + 1] if place + 1 < len(SECTIONS) else None,
        can_fill=now.open and not why_not(current_user(), Can.FILL_APPLICATION, application), **more,
    )  # fmt: skip


def _draft(application: Application, letter: str) -> Any:
    return questionnaire.draft(db(), application, letter, current_user().id)


@bp.post("/applications/<application_id>/questionnaire/<letter>")
@may(Can.FILL_APPLICATION, Application)
def save_section(application: Application, letter: str) -> ResponseReturnValue:
    """Save a section as it was typed: by itself while typing, or with a button."""
    form = form_for(_section(letter))()
    background = "HX-Request" in request.headers
    going_on = not background and "go" in request.form
    try:
        saved = actions.save(
            db(), application, letter, _typed(form, letter), version=whole(form.version.data, 0),
            page=form.page.data or new_id(), checked=going_on, leaves=not background, by=current_user(),
            now=clock.now(),
        )  # fmt: skip
    except Overtaken as met:
        return _met(application, letter, met, background)
    except Refused as refused:
        if background:
            return render_template("application/_saved.html", refused=refused.reasons, section_letter=letter), 422
        flash_reasons(refused)
        return redirect(url_for("application.step", application_id=application.id, slug="questionnaire"))
    if background:
        return render_template("application/_saved.html", saved=saved, application=application, section_letter=letter)
    return _after(application, letter)


def _typed(form: SectionForm, letter: str) -> dict[str, Any]:
    answers, group = form.typed(), BY_LETTER[letter].group
    if group is not None:
        removed = request.form.get("remove", "")
        answers[group.name] = [
            entry for n, entry in enumerate(answers[group.name]) if any(entry.values()) and str(n) != removed
        ]
    return answers


def _met(application: Application, letter: str, met: Overtaken, background: bool) -> ResponseReturnValue:
    if background:
        return render_template("application/_saved.html", met=met, application=application, section_letter=letter)
    return redirect(url_for("application.compare", application_id=application.id, letter=letter))


def _after(application: Application, letter: str) -> ResponseReturnValue:
    here: dict[str, Any] = {"application_id": application.id, "letter": letter}
    group = BY_LETTER[letter].group
    if "add" in request.form and group is not None:
        return redirect(url_for("application.section", **here, add=1, _anchor=f"{group.name}-new"))
    if "go" not in request.form:
        return redirect(url_for("application.section", **here))
    if queries.examined(db(), application, clock.today())[letter].problems:
        return redirect(url_for("application.section", **here, check=1))
    place = [one.letter for one in SECTIONS].index(letter)
    if place + 1 < len(SECTIONS):
        here["letter"] = SECTIONS[place + 1].letter
        return redirect(url_for("application.section", **here))
    return redirect(url_for("application.step", application_id=application.id, slug="questionnaire"))


@bp.get("/applications/<application_id>/questionnaire/<letter>/compare")
@may(Can.FILL_APPLICATION, Application)
def compare(application: Application, letter: str) -> ResponseReturnValue:
    """Mine beside theirs: what two people wrote in the same section."""
    found, draft = _section(letter), _draft(application, letter)
    saved = questionnaire.sections(db(), application).get(letter)
    if draft is None or saved is None:
        return redirect(url_for("application.section", application_id=application.id, letter=letter))
    rows = differences(found, draft.answers, saved.answers)
    return render_template(
        "application/compare.html", application=application, section=found, rows=rows, saved=saved, draft=draft,
        form=FlaskForm(formdata=None),
    )  # fmt: skip


@bp.post("/applications/<application_id>/questionnaire/<letter>/compare")
@may(Can.FILL_APPLICATION, Application)
def choose(application: Application, letter: str) -> ResponseReturnValue:
    """Take mine or keep theirs."""
    _section(letter)
    here: dict[str, Any] = {"application_id": application.id, "letter": letter}
    try:
        if request.form.get("keep") == "mine":
            seen = whole(request.form.get("version"), 0)
            actions.keep_mine(db(), application, letter, seen_version=seen, page=new_id(), by=current_user(),
                              now=clock.now())  # fmt: skip
            flash("Your answers are saved.")
        else:
            actions.keep_theirs(db(), application, letter, by=current_user(), now=clock.now())
            flash("Their answers stay.")
    except Overtaken:
        return redirect(url_for("application.compare", **here))
    except Refused as refused:
        flash_reasons(refused)
    return redirect(url_for("application.section", **here))

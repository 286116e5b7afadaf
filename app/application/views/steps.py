"""The six steps behind one view: what each page shows and what its form does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.application import queries
from app.application.actions import dates, steps
from app.application.models import Application
from app.application.queries import agreements, opening, payment, questionnaire
from app.application.queries import dates as date_queries
from app.application.queries.steps import step_now
from app.application.rules.case import Refused
from app.application.rules.questionnaire import SECTIONS
from app.application.rules.steps import Slug
from app.application.views.room import bp, flash_reasons, tell
from app.evidence import queries as evidence
from app.kernel import clock
from app.kernel.db import db
from app.people import queries as people
from app.people.access import Can, allowed, current_user, may, why_not
from app.people.models import User
from app.standards import queries as standards
from forms.application.steps import DatesForm, EligibilityForm, HolderForm, PaidForm, QuoteForm, ReasonForm

Context = dict[str, Any]
BETWEEN_US = (Slug.AGREEMENTS, Slug.PAYMENT)


def _eligibility(application: Application, today: date) -> Context:
    return {"reasons": opening.reasons_at_step_one(db(), application, today), "report": application.score_report}


def _agreements(application: Application, today: date) -> Context:
    return {"agreements": agreements.agreements(db(), application, today)}


def _questionnaire(application: Application, today: date) -> Context:
    return {"sections": SECTIONS, "examined": queries.examined(db(), application, today),
            "saved": questionnaire.sections(db(), application)}  # fmt: skip


def _payment(application: Application, today: date) -> Context:
    return {
        "fee": payment.fee(db(), application, today),
        "invoices": payment.invoices(db(), application),
        "open_invoice": payment.open_invoice(db(), application),
        "more": payment.still_to_invoice(db(), application, today),
        "paid_form": PaidForm(formdata=None),
        "waive_form": ReasonForm(formdata=None, prefix="waive"),
        "bounce_form": ReasonForm(formdata=None, prefix="bounce"),
        "quote_form": QuoteForm(formdata=None, prefix="quote"),
    }


def _policies(application: Application, today: date) -> Context:
    ours = allowed(Can.CHECK_READINESS, application)
    return {
        "slots": len(standards.slots(db(), application.edition_id)),
        "uncovered": len(evidence.uncovered_slots(db(), application.binder)),
        "warnings": queries.warnings(db(), application, today) if ours else [],
    }


def _dates(application: Application, today: date) -> Context:
    limits = date_queries.window(db(), application, today)
    offered = [one.on_day for one in application.dates]
    shown = sorted({*date_queries.open_days(limits), *offered})
    months = [(month, list(days)) for month, days in groupby(shown, key=lambda day: f"{day:%B %Y}")]
    return {"limits": limits, "months": months, "offered": offered}


def _affirm(application: Application, form: Any) -> None:
    steps.affirm(db(), application, fte=form.fte.data, by=current_user(), now=clock.now())


def _offer(application: Application, form: Any) -> None:
    try:
        days = [date.fromisoformat(day) for day in form.days.data or []]
    except ValueError:
        raise Refused(["One of the days is no date. Choose among those offered."]) from None
    dates.offer(db(), application, days, by=current_user(), now=clock.now())


@dataclass(frozen=True)
class StepPage:
    """What one step shows, and what its own form does (agreements, answers and invoices have pages of their own)."""

    template: str
    context: Callable[[Application, date], Context]
    form: type[FlaskForm] | None = None
    do: Callable[[Application, Any], None] | None = None


PAGES: dict[Slug, StepPage] = {
    Slug.ELIGIBILITY: StepPage("eligibility", _eligibility, EligibilityForm, _affirm),
    Slug.AGREEMENTS: StepPage("agreements", _agreements),
    Slug.QUESTIONNAIRE: StepPage("questionnaire", _questionnaire),
    Slug.PAYMENT: StepPage("payment", _payment),
    Slug.POLICIES: StepPage("policies", _policies),
    Slug.DATES: StepPage("dates", _dates, DatesForm, _offer),
}


def _slug(text: str) -> Slug:
    try:
        return Slug(text)
    except ValueError:
        abort(404)


def show(application: Application, slug: Slug, form: Any = None, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page of a step."""
    page, today = PAGES[slug], clock.today()
    if form is None and page.form is not None:
        form = page.form(formdata=None, **_typed(application, slug))
    tracker = queries.tracker(db(), application, today)
    now = next(one for one in tracker if one.step.slug is slug)
    context = {**page.context(application, today), **more}
    html = render_template(
        f"application/steps/{page.template}.html", application=application, tracker=tracker, now=now, form=form,
        team=people.team(db(), application.practice_id), holder_form=HolderForm(formdata=None), **context,
    )  # fmt: skip
    return html, status


def _typed(application: Application, slug: Slug) -> Context:
    if slug is Slug.ELIGIBILITY:
        fte = application.fte or application.score_report.enrolment.fte
        done = application.confirmed_at is not None
        return {"fte": fte, "sites": done, "policies": done}
    return {"days": [one.on_day.isoformat() for one in application.dates]}


@bp.get("/applications/<application_id>/steps/<slug>")
@may(Can.READ_APPLICATION, Application)
def step(application: Application, slug: str) -> ResponseReturnValue:
    """Any of the six steps; bills and agreements are between the practice and the Program's office."""
    found = _slug(slug)
    if found in BETWEEN_US and (reasons := why_not(current_user(), Can.SEE_GATE, application)):
        abort(403, description=" ".join(reasons))
    return show(application, found)


@bp.post("/applications/<application_id>/steps/<slug>")
@may(Can.FILL_APPLICATION, Application)
def do_step(application: Application, slug: str) -> ResponseReturnValue:
    """The form of a step that has one."""
    found = _slug(slug)
    page = PAGES[found]
    if page.form is None or page.do is None:
        abort(405)
    form = page.form()
    if not form.validate_on_submit():
        return show(application, found, form, 422)
    try:
        page.do(application, form)
    except Refused as refused:
        tell(form, refused)
        return show(application, found, form, 422)
    now = step_now(db(), application, found, clock.today())
    flash("This step is complete." if now.complete else " ".join(["Saved.", *(gap.says for gap in now.gaps[:2])]))
    if now.complete:
        return redirect(url_for("application.read", application_id=application.id))
    return redirect(url_for("application.step", application_id=application.id, slug=found.value))


@bp.post("/applications/<application_id>/steps/<slug>/holder")
@may(Can.GIVE_STEP, Application)
def give_step(application: Application, slug: str) -> ResponseReturnValue:
    """The owner gives a step to somebody, or takes it back."""
    found, chosen = _slug(slug), request.form.get("holder", "")
    person = db().get(User, chosen) if chosen else None
    if chosen and person is None:
        abort(404)
    try:
        steps.give(db(), application, found, person, by=current_user(), now=clock.now())
        flash(f"{person.short_name} holds this step." if person else "Nobody in particular holds this step.")
    except Refused as refused:
        flash_reasons(refused)
    return redirect(url_for("application.step", application_id=application.id, slug=found.value))

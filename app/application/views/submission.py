"""The application as a whole: its tracker, submitting, returning, withdrawing."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.application import actions, queries
from app.application.actions import submission
from app.application.models import Application, Snapshot
from app.application.rules.case import Refused, State
from app.application.rules.questionnaire import SECTIONS, called, masked, spoken
from app.application.rules.steps import Gap, Slug
from app.application.views.room import bp, flash_reasons, shows_secrets, tell
from app.kernel import clock
from app.kernel.db import db
from app.people import queries as people
from app.people.access import Can, allowed, current_user, may
from app.people.rules import Role
from app.program import queries as program
from forms.application.steps import ReasonForm, ReturnForm, SubmitForm


def _read(application: Application, status: int = 200, **forms: Any) -> ResponseReturnValue:
    tracker = queries.tracker(db(), application, clock.today())
    page = render_template(
        "application/tracker.html", application=application, tracker=tracker,
        gaps=[step for step in tracker if not step.complete], warnings=_warnings(application),
        dues=program.running(db(), application.id),
        limit=program.outer_limit(db(), application.id), signatures=queries.signatures(db(), application.practice_id),
        invoices=queries.invoices(db(), application), snapshot=queries.latest_snapshot(application),
        signers=people.holders(db(), Role.SIGNER, application.practice_id), State=State,
        **({"submit_form": SubmitForm(formdata=None), "withdraw_form": ReasonForm(formdata=None, prefix="withdraw"),
            "return_form": ReturnForm(formdata=None, prefix="return")} | forms),
    )  # fmt: skip
    return page, status


def _warnings(application: Application) -> list[Gap]:
    """What the readiness check finds is the practice's own to know."""
    return queries.warnings(db(), application, clock.today()) if allowed(Can.CHECK_READINESS, application) else []


@bp.get("/applications/<application_id>")
@may(Can.READ_APPLICATION, Application)
def read(application: Application) -> ResponseReturnValue:
    """Where an application stands: six steps, what is missing, who holds it."""
    return _read(application)


@bp.get("/applications/<application_id>/answers")
@may(Can.READ_APPLICATION, Application)
def answers(application: Application) -> ResponseReturnValue:
    """Everything that was answered, on one page to read."""
    examined = queries.examined(db(), application, clock.today())
    typed = {letter: dict(given) for letter, given in queries.typed(db(), application).items()}
    if not shows_secrets(application):
        typed["A"]["tax_id"] = masked(str(typed["A"].get("tax_id") or ""))
    return render_template(
        "application/answers.html",
        application=application,
        examined=examined,
        typed=typed,
        sections=SECTIONS,
        said=spoken,
        called=called,
    )


@bp.post("/applications/<application_id>/submission")
@may(Can.SUBMIT_APPLICATION, Application)
def submit(application: Application) -> ResponseReturnValue:
    """The signer submits, under the attestation."""
    form = SubmitForm()
    if not form.validate_on_submit():
        return _read(application, 422, submit_form=form)
    again = application.state is State.RETURNED
    try:
        move = actions.resubmit if again else actions.submit
        move(db(), application, by=current_user(), now=clock.now())
    except Refused as refused:
        tell(form, refused)
        return _read(application, 422, submit_form=form)
    flash("Submitted. Your receipt is being made; nothing can be changed now.")
    return redirect(url_for("application.read", application_id=application.id))


@bp.post("/applications/<application_id>/return")
@may(Can.RETURN_APPLICATION, Application)
def return_application(application: Application) -> ResponseReturnValue:
    """Staff send named steps back."""
    form = ReturnForm(prefix="return")
    if not form.validate_on_submit():
        return _read(application, 422, return_form=form)
    reasons = {Slug(slug): text for slug, text in form.reasons().items()}
    try:
        actions.return_(db(), application, reasons, by=current_user(), now=clock.now())
    except Refused as refused:
        tell(form, refused)
        return _read(application, 422, return_form=form)
    flash("Returned. The practice is told which steps have to change, and why.")
    return redirect(url_for("application.read", application_id=application.id))


@bp.post("/applications/<application_id>/look")
@may(Can.RETURN_APPLICATION, Application)
def look(application: Application) -> ResponseReturnValue:
    """Staff have looked through it and found nothing to return."""
    try:
        submission.looked_through(db(), application, by=current_user(), now=clock.now())
        flash("Noted: looked through, nothing to return.")
    except Refused as refused:
        flash_reasons(refused)
    return redirect(url_for("application.read", application_id=application.id))


@bp.post("/applications/<application_id>/withdrawal")
@may(Can.WITHDRAW_APPLICATION, Application)
def withdraw(application: Application) -> ResponseReturnValue:
    """The signer gives the application up."""
    form = ReasonForm(prefix="withdraw")
    if not form.validate_on_submit():
        return _read(application, 422, withdraw_form=form)
    try:
        actions.withdraw(db(), application, reason=form.reason.data, by=current_user(), now=clock.now())
    except Refused as refused:
        tell(form, refused)
        return _read(application, 422, withdraw_form=form)
    flash(f"Application {application.number} is withdrawn.")
    return redirect(url_for("application.gate", practice_id=application.practice_id))


@bp.get("/applications/<application_id>/submissions/<int:turn>")
@may(Can.READ_APPLICATION, Application)
def snapshot(application: Application, turn: int) -> ResponseReturnValue:
    """What was submitted, locked, with its hash and what changed since the one before."""
    found: Snapshot | None = next((one for one in application.snapshots if one.turn == turn), None)
    if found is None:
        abort(404)
    return render_template("application/snapshot.html", application=application, snapshot=found)

"""Reading and signing one agreement."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import verify_password

from app.application import queries
from app.application.actions.agreements import Ceremony, sign
from app.application.actions.texts import show_texts
from app.application.models import Application
from app.application.queries import agreements
from app.application.queries.agreements import Agreement
from app.application.queries.steps import step_now
from app.application.rules.agreements import AUTHORITY, BUTTON, CONSENT, Key
from app.application.rules.case import Refused
from app.application.rules.steps import Slug
from app.application.views.room import bp, tell
from app.kernel import clock
from app.kernel.db import db
from app.people import queries as people
from app.people.access import Can, current_user, may
from app.people.rules import Role
from forms.application.steps import SignForm


def _found(application: Application, key: str) -> Agreement:
    found = agreements.agreements(db(), application, clock.today())
    return next((one for one in found if one.version.key == key), None) or abort(404)


def _page(application: Application, one: Agreement, form: SignForm, status: int = 200) -> ResponseReturnValue:
    form.authority.label.text = AUTHORITY.format(practice=application.practice.legal_name)
    form.consent.label.text = CONSENT
    page = render_template(
        "application/agreement.html", application=application, one=one, form=form,
        text=agreements.text(one.version, application.practice), button=BUTTON.format(title=one.version.title.lower()),
        now=step_now(db(), application, Slug.AGREEMENTS, clock.today()), keys=list(Key),
        signers=people.holders(db(), Role.SIGNER, application.practice_id),
    )  # fmt: skip
    return page, status


@bp.get("/applications/<application_id>/agreements/<key>")
@may(Can.SEE_GATE, Application)
def agreement(application: Application, key: str) -> ResponseReturnValue:
    """The exact text of one agreement, and where it is signed."""
    one = _found(application, key)
    shown = one.shown.sha256 if one.shown else None
    form = SignForm(formdata=None, title=current_user().title, text_sha256=shown)
    return _page(application, one, form)


@bp.post("/applications/<application_id>/agreements/<key>")
@may(Can.SIGN_AGREEMENT, Application)
def sign_agreement(application: Application, key: str) -> ResponseReturnValue:
    """A signer signs: name, title, authority, consent, and the password again."""
    one, form, user = _found(application, key), SignForm(), current_user()
    if not form.validate_on_submit():
        return _page(application, one, form, 422)
    if not user.password or not verify_password(form.password.data, user.password):
        form.password.errors = ["This is not your password. Enter it again."]
        return _page(application, one, form, 422)
    ceremony = Ceremony(
        typed_name=form.typed_name.data, title=form.title.data, authority=bool(form.authority.data),
        consent=bool(form.consent.data), proved_at=clock.now(), ip=request.remote_addr or "unknown",
        browser=request.user_agent.string, text_sha256=form.text_sha256.data or "",
    )  # fmt: skip
    try:
        sign(db(), application, one.version, ceremony, by=user, now=clock.now())
    except Refused as refused:
        tell(form, refused)
        return _page(application, one, form, 422)
    flash(f"Signed: {one.version.title}. Your sealed copy is being made.")
    tracker = {step.step.slug: step for step in queries.tracker(db(), application, clock.today())}
    if tracker[Slug.AGREEMENTS].complete:
        return redirect(url_for("application.read", application_id=application.id))
    return redirect(url_for("application.step", application_id=application.id, slug="agreements"))


@bp.post("/applications/<application_id>/agreements")
@may(Can.FILL_APPLICATION, Application)
def show_agreements(application: Application) -> ResponseReturnValue:
    """Have the files made that are read before signing, when a new version came into force meanwhile."""
    show_texts(db(), application, by=current_user(), now=clock.now())
    return redirect(url_for("application.step", application_id=application.id, slug="agreements"))

"""The Program's desk: every application, and who took part in the introduction live."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from app.application import queries
from app.application.actions import webinar
from app.application.queries import cases
from app.application.queries import webinar as webinar_queries
from app.application.rules.case import Refused, State
from app.application.views.room import bp, tell
from app.kernel import clock
from app.kernel.db import db
from app.people import queries as people
from app.people.access import Can, current_user, may
from app.people.models import Practice, User
from app.people.rules import Role
from forms.application.webinar import LiveForm


@bp.get("/applications")
@may(Can.SEE_APPLICATIONS)
def index() -> ResponseReturnValue:
    """Every application, by state, with search; 50 on a page."""
    words, number = request.args.get("q", "").strip()[:80], request.args.get("page", 1, type=int)
    state = next((one for one in State if one == request.args.get("state")), None)
    page = queries.applications(db(), state=state, words=words, page=number)
    return render_template(
        "application/index.html", page=page, words=words, state=state, states=list(State), counts=cases.counts(db())
    )


def _form(practice: Practice, *, typed: bool) -> LiveForm:
    form = LiveForm() if typed else LiveForm(formdata=None, attended_on=clock.today())
    found = {user.id: user for role in (Role.OWNER, Role.SIGNER) for user in people.holders(db(), role, practice.id)}
    form.person.choices = [SelectChoice(user.id, f"{user.name}, {user.email}") for user in found.values()]
    return form


def _attendance(practice: Practice, form: LiveForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "application/attendance.html", practice=practice, form=form,
        attendances=webinar_queries.attendances(db(), practice.id),
        until=webinar_queries.counts_until(db(), practice.id),
    )  # fmt: skip
    return page, status


@bp.get("/practices/<practice_id>/introduction/attendance")
@may(Can.RECORD_WEBINAR, Practice)
def attendance(practice: Practice) -> ResponseReturnValue:
    """Who of a practice took part."""
    return _attendance(practice, _form(practice, typed=False))


@bp.post("/practices/<practice_id>/introduction/attendance")
@may(Can.RECORD_WEBINAR, Practice)
def record_attendance(practice: Practice) -> ResponseReturnValue:
    """Staff record somebody who took part live."""
    form = _form(practice, typed=True)
    if not form.validate_on_submit():
        return _attendance(practice, form, 422)
    try:
        webinar.record_live(
            db(), practice, db().get_one(User, form.person.data), attended_on=form.attended_on.data,
            minutes=form.minutes.data, by=current_user(), now=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        tell(form, refused)
        return _attendance(practice, form, 422)
    flash("Recorded.")
    return redirect(url_for("application.attendance", practice_id=practice.id))

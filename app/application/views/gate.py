"""Before an application: the introduction, and the gate at opening."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.application import actions, queries
from app.application.actions import webinar
from app.application.queries import webinar as webinar_queries
from app.application.rules.case import Refused
from app.application.rules.webinar import WATCHED_SHARE, minutes_played
from app.application.views.room import bp, flash_reasons, tell
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, current_user, may
from app.people.models import Practice
from forms.application.webinar import WatchedForm


@bp.get("/practices/<practice_id>/apply")
@may(Can.SEE_GATE, Practice)
def gate(practice: Practice) -> ResponseReturnValue:
    """Why the practice may or may not open an application today."""
    found = queries.gate(db(), practice, clock.today())
    own = queries.of_practice(db(), practice.id)
    return render_template("application/gate.html", practice=practice, gate=found, applications=own)


@bp.post("/practices/<practice_id>/applications")
@may(Can.OPEN_APPLICATION, Practice)
def open_application(practice: Practice) -> ResponseReturnValue:
    """Open an application on the latest final report."""
    found = queries.gate(db(), practice, clock.today())
    if found.report is None:
        abort(409, description="There is no final report yet, so no application can be opened.")
    try:
        application = actions.open_for(db(), found.report, by=current_user(), now=clock.now())
    except Refused as refused:
        flash_reasons(refused)
        return redirect(url_for("application.gate", practice_id=practice.id))
    flash("The application is open. Everything you fill in is saved as you go.")
    return redirect(url_for("application.read", application_id=application.id))


@bp.get("/practices/<practice_id>/introduction")
@may(Can.SEE_GATE, Practice)
def introduction(practice: Practice) -> ResponseReturnValue:
    """The recorded introduction, part by part."""
    return _introduction(practice, WatchedForm())


def _introduction(practice: Practice, form: WatchedForm, status: int = 200) -> ResponseReturnValue:
    chapters = list(webinar_queries.chapters())
    watching = webinar_queries.watching(db(), practice.id, current_user().id)
    played = list(watching.played) if watching else []
    page = render_template(
        "application/introduction.html", practice=practice, chapters=chapters, played=played, form=form,
        minutes=minutes_played(chapters, played), whole=sum(one.minutes for one in chapters), share=WATCHED_SHARE,
        attendances=webinar_queries.attendances(db(), practice.id),
        until=webinar_queries.counts_until(db(), practice.id),
    )  # fmt: skip
    return page, status


@bp.post("/practices/<practice_id>/introduction/<int:chapter>")
@may(Can.WATCH_WEBINAR, Practice)
def play(practice: Practice, chapter: int) -> ResponseReturnValue:
    """One part was played to its end."""
    try:
        webinar.play(db(), practice, chapter, by=current_user(), now=clock.now())
    except Refused as refused:
        abort(404, description=" ".join(refused.reasons))
    after = min(chapter + 1, len(webinar_queries.chapters()))
    return redirect(url_for("application.introduction", practice_id=practice.id, _anchor=f"part-{after}"))


@bp.post("/practices/<practice_id>/introduction")
@may(Can.WATCH_WEBINAR, Practice)
def finish(practice: Practice) -> ResponseReturnValue:
    """The tick that says: I have watched it."""
    form = WatchedForm()
    try:
        webinar.finish(db(), practice, ticked=bool(form.watched.data), by=current_user(), now=clock.now())
    except Refused as refused:
        tell(form, refused)
        return _introduction(practice, form, 422)
    flash("Recorded. Your practice has heard the introduction.")
    return redirect(url_for("application.gate", practice_id=practice.id))

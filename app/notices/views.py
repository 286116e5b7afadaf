"""The page of notices, and the figure at the bell."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_security import current_user as whoever
from werkzeug.wrappers import Response

from app.kernel import clock
from app.kernel.db import db
from app.notices import actions, queries
from app.notices.models import Notice
from app.people.access import Can, current_user, may

bp = Blueprint("notices", __name__)


@bp.app_template_global()
def unread_notices() -> int:
    """For the bar: how many notices wait for whoever is signed in."""
    return queries.unread(db(), current_user()) if whoever.is_authenticated else 0


@bp.get("/notices")
@may(Can.READ_NOTICES)
def inbox() -> str:
    """What you were told: unread first."""
    return render_template("notices/inbox.html", notices=queries.of(db(), current_user()))


@bp.post("/notices/<notice_id>/open")
@may(Can.READ_NOTICES, Notice)
def open_notice(notice: Notice) -> Response:
    """Mark one as read and go where it leads."""
    actions.mark_read(db(), notice, now=clock.now())
    return redirect(notice.url)


@bp.post("/notices/read")
@may(Can.READ_NOTICES)
def read_all() -> Response:
    """Mark everything as read."""
    actions.mark_all_read(db(), current_user(), now=clock.now())
    return redirect(url_for("notices.inbox"))


@bp.get("/notices/<notice_id>/calendar.ics")
@may(Can.READ_NOTICES, Notice)
def calendar(notice: Notice) -> Response:
    """The calendar file that came with a notice."""
    if notice.calendar is None:
        abort(404)
    headers = {"Content-Disposition": 'attachment; filename="survey-invite.ics"'}
    return Response(notice.calendar, mimetype="text/calendar", headers=headers)

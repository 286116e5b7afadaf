"""The first page, everybody's work, one practice's road, the Program's board."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user as whoever

from app.config import VERSION, Mode
from app.journey import actions, nav, queries
from app.journey.rules import MILESTONES, Task
from app.kernel import clock, schema
from app.kernel.db import db
from app.kernel.words import day, spreadsheet, whole
from app.notices import calendar as calendars
from app.people import queries as people
from app.people.access import Can, current_user, may, public
from app.people.models import Practice, User
from forms.journey import DayForm

bp = Blueprint("journey", __name__)

GOES: dict[str, tuple[str, str]] = {
    "charts": ("Charts", "participation.desk participation.home"),
    "application": ("Application", "application.read application.gate"),
    "binder": ("Binder", "evidence.binder"),
    "survey": ("Survey", "survey.read"),
    "report": ("Report and plan", "report.plan report.of_case"),
    "certificate": ("Certificate", "decision.certification"),
}


@bp.app_template_global()
def nav_links() -> list[nav.Link]:
    """For the bar."""
    return nav.links()


@bp.app_template_global()
def page_for(task: Task) -> str | None:
    """For lists of work: the page where it is done."""
    return nav.page_for(task)


@bp.app_template_global()
def demo_people() -> list[User]:
    """For the sign-in page of a demonstration: whom one may sign in as. Elsewhere nobody."""
    if current_app.config["QCP_SETTINGS"].mode is not Mode.DEMO:
        return []
    return list(people.demo_people(db()))


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """What the program is; who is signed in goes on to their work."""
    if whoever.is_authenticated:
        return redirect(url_for("journey.work"))
    return render_template("journey/home.html")


@bp.app_template_global()
def in_demonstration() -> bool:
    """For every page: is this a demonstration, whose calendar may be turned on?"""
    return current_app.config["QCP_SETTINGS"].mode is Mode.DEMO


@bp.post("/demonstration/day")
@may(Can.TURN_CALENDAR)
def turn_calendar() -> ResponseReturnValue:
    """In a demonstration months pass at the press of a button; elsewhere there is no such page."""
    if not in_demonstration():
        abort(404)
    form = DayForm()
    try:
        if not form.validate_on_submit():
            raise actions.Refused("Enter a day, such as 2027-03-01.")
        actions.turn_calendar(db(), form.day_from(clock.today()), by=current_user())
    except actions.Refused as refused:
        flash(str(refused), "bad")
    else:
        flash(f"It is {day(clock.today())} now.", "ok")
    return redirect(url_for("journey.work"))


@bp.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """For whoever watches the portal: the database answers and has the shape that this version knows."""
    fit = schema.current(current_app.extensions["qcp.engine"])
    return {"status": "ok" if fit else "database is not up to date", "version": VERSION}, 200 if fit else 503


@bp.get("/help")
@public
def help() -> str:
    return render_template("journey/help.html")


@bp.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("journey/accessibility.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    return render_template("journey/privacy.html")


@bp.get("/work")
@may(Can.SEE_WORK)
def work() -> str:
    """What waits for you, the most urgent first."""
    user, today = current_user(), clock.today()
    return render_template("journey/work.html", desk=queries.work_of(db(), user, today), user=user)


@bp.get("/practices/<practice_id>/road")
@may(Can.SEE_ROAD, Practice)
def road(practice: Practice) -> str:
    """Five milestones: what is done, what is next, whose turn, what is due."""
    return render_template("journey/road.html", page=queries.road_page(db(), practice, current_user(), clock.today()))


@bp.get("/practices/<practice_id>/dates.ics")
@may(Can.SEE_ROAD, Practice)
def dates(practice: Practice) -> Response:
    """Every date of the case as a calendar file."""
    page = queries.road_page(db(), practice, current_user(), clock.today())
    days = [(due.id, f"{due.title}: {practice.public_name}", due.due_on) for due in page.dates]
    file = calendars.whole_days(days, now=clock.now())
    return Response(file, mimetype="text/calendar",
                    headers={"Content-Disposition": f'attachment; filename="{practice.slug}-dates.ics"'})  # fmt: skip


@bp.get("/practices/<practice_id>/go/<what>")
@may(Can.SEE_ROAD, Practice)
def go(practice: Practice, what: str) -> ResponseReturnValue:
    """From the bar to the page of the present case, or to the word that there is none yet."""
    if what not in GOES:
        abort(404)
    title, names = GOES[what]
    facts = queries.facts_of(db(), [practice], clock.today())[practice.id]
    page = nav.first_page(names.split(), facts.ids)
    if page is not None:
        return redirect(page)
    return render_template("journey/not_yet.html", title=title, what=what, practice=practice)


@bp.get("/board")
@may(Can.SEE_BOARD)
def board() -> ResponseReturnValue:
    """Every practice on the road, by milestone, holder or date."""
    today, words = clock.today(), request.args.get("q", "").strip()
    rows = queries.board(db(), today, words)
    if request.args.get("as") == "csv":
        return _csv(rows, today)
    chosen = {"show": request.args.get("show", "all"), "by": request.args.get("by", "milestone"), "words": words}
    kept, page = queries.shown(rows, chosen["show"]), max(whole(request.args.get("page"), 1), 1)
    return render_template(
        "journey/board.html", rows=rows, groups=queries.page_of(queries.grouped(kept, chosen["by"]), page),
        chosen=chosen, milestones=MILESTONES, total=len(kept), page=page, per=queries.PAGE,
    )  # fmt: skip


def _csv(rows: list[queries.Row], today: date) -> Response:
    """The board as a file for a spreadsheet."""
    table = [["practice", "milestone", "next", "held by", "due", "months", "risk", "reason"]]
    for row in rows:
        step = row.road.next.waiting(inside=False) if row.road.next else ""
        due = row.due.due_on.isoformat() if row.due else ""
        months = f"{row.months:.1f}" if row.months is not None else ""
        table.append([row.practice.public_name, MILESTONES[row.road.at], step, row.holder, due, months, row.risk.level,
                      row.risk.reason])  # fmt: skip
    name = f"board-{today.isoformat()}.csv"
    return Response(
        spreadsheet(table), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )

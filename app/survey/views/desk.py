"""The lists: staff's desk, a surveyor's surveys, a reviewer's reviews."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.application.models import Application
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, current_user, may
from app.survey import actions, queries
from app.survey.queries.desk import PAGE
from app.survey.rules.moves import Refused, SurveyState
from app.survey.views.room import bp


@bp.get("/surveys")
@may(Can.SEE_SURVEY_DESK)
def desk() -> ResponseReturnValue:
    """Every survey and every ready application without one."""
    words, page = request.args.get("q", ""), request.args.get("page", 1, type=int)
    asked = request.args.get("state", "")
    state = SurveyState(asked) if asked in {one.value for one in SurveyState} else None
    rows, total = queries.desk(db(), state=state, words=words, page=page)
    return render_template(
        "survey/desk.html", rows=rows, total=total, words=words, page=page, per=PAGE, state=state, states=SurveyState,
        waiting=queries.unopened(db()),
    )  # fmt: skip


@bp.post("/applications/<application_id>/survey")
@may(Can.OPEN_SURVEY, Application)
def open_survey(application: Application) -> ResponseReturnValue:
    """Open the survey of a ready application."""
    try:
        survey = actions.open_for(db(), application, by=current_user(), now=clock.now())
    except Refused as refused:
        abort(409, description=" ".join(refused.reasons))
    return redirect(url_for("survey.read", survey_id=survey.id))


@bp.get("/my-surveys")
@may(Can.SEE_MY_SURVEYS)
def my_surveys() -> ResponseReturnValue:
    """The surveys that were put to me."""
    return render_template("survey/my_surveys.html", rows=queries.of_surveyor(db(), current_user()))


@bp.get("/my-reviews")
@may(Can.SEE_MY_REVIEWS)
def my_reviews() -> ResponseReturnValue:
    """The surveys that I judge."""
    return render_template("survey/my_reviews.html", reviews=queries.reviews_of(db(), current_user()))

"""The page of a survey for everybody on it, the date, the visit, the check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.kernel.words import day as spoken
from app.people.access import Can, current_user, may
from app.people.models import User
from app.people.queries import holders
from app.people.rules import Role
from app.program.queries import running
from app.survey import actions, queries
from app.survey.models import Review, Survey
from app.survey.queries.desk import DeskRow
from app.survey.rules.moves import Refused, SurveyState
from app.survey.rules.visit import SurveyKind, agenda
from app.survey.views.room import bp, refused_by
from forms.survey import BareForm, DayForm, ProposeForm, ReviewerForm, WhyForm


@bp.get("/surveys/<survey_id>")
@may(Can.READ_SURVEY, Survey)
def read(survey: Survey) -> ResponseReturnValue:
    """Where a survey stands, whose turn it is, and what each may do."""
    return survey_page(survey)


def survey_page(survey: Survey, **forms: Any) -> str:
    """The page as this person may see it, with the form that came back."""
    user = current_user()
    assignment = queries.standing(db(), survey.id)
    facts = {
        "survey": survey, "assignment": assignment, "agenda": agenda(), "forms": forms, "typed": request.form,
        "why_form": WhyForm(formdata=None),
        "dues_shown": [due for due in running(db(), survey.case_id) if _about(due, survey, assignment)],
        "row": DeskRow(survey, assignment, None),
    }  # fmt: skip
    if any(held.practice_id == survey.practice_id for held in user.memberships):
        return render_template("survey/practice.html", **facts)
    if {Role.STAFF, Role.ADMIN} & user.program_roles:
        return render_template("survey/office.html", **(facts | _office(survey, forms)))
    return render_template("survey/surveyor.html", **facts, missing=_missing(survey), questions=_questions(survey))


def _about(due: Any, survey: Survey, assignment: Any) -> bool:
    if due.key == "survey.name_surveyor":
        return survey.kind is SurveyKind.FIRST
    return due.about_id in {survey.id, assignment.id if assignment else survey.id}


def _missing(survey: Survey) -> list[Any]:
    return list(queries.missing(db(), survey)) if survey.open_for_rating else []


def _questions(survey: Survey) -> list[Any]:
    return list(queries.open_questions(db(), survey.id))


def _office(survey: Survey, forms: dict[str, Any]) -> dict[str, Any]:
    """What staff see beside: candidates, offered days, the review."""
    review = queries.live_review(db(), survey.id)
    facts: dict[str, Any] = {"review": review, "row": DeskRow(survey, queries.standing(db(), survey.id), review)}
    if survey.state is SurveyState.AWAITING_SURVEYOR and facts["row"].assignment is None:
        facts["candidates"] = queries.candidates(db(), survey, clock.now())
        free = [(one.user.id, one.user.name) for one in facts["candidates"]]
        facts["propose"] = forms.get("propose") or ProposeForm(formdata=None).offer(free)
    if survey.state is SurveyState.AWAITING_DATE:
        facts["day_form"] = forms.get("day") or _day_form(survey, blank=True)
    if survey.state is SurveyState.IN_COMMITTEE and review is None:
        facts["reviewers"] = [(user, queries.why_not_review(db(), survey, user, clock.now())) for user in _reviewers()]
        names = [(user.id, user.name) for user, _ in facts["reviewers"]]
        facts["reviewer_form"] = forms.get("reviewer") or ReviewerForm(formdata=None).offer(names)
    return facts


def _reviewers() -> list[User]:
    return list(holders(db(), Role.REVIEWER))


def _day_form(survey: Survey, *, blank: bool = False) -> DayForm:
    days = [(day.isoformat(), spoken(day)) for day in queries.offered_days(survey, clock.today())]
    return (DayForm(formdata=None) if blank else DayForm()).offer(days)


@bp.post("/surveys/<survey_id>/schedule")
@may(Can.SCHEDULE_SURVEY, Survey)
def schedule(survey: Survey) -> ResponseReturnValue:
    """Set the day of the visit."""
    form = _day_form(survey)

    def verb() -> None:
        if form.day is None:
            raise Refused("Choose a day.")
        actions.schedule(db(), survey, form.day, agreed=form.agreed.data or "", by=current_user(), now=clock.now())

    if not form.validate_on_submit() or refused_by(form, verb):
        return survey_page(survey, day=form), 422
    flash(f"The visit is on {spoken(survey.visit_on)}. Both sides have the calendar file.")
    return redirect(url_for("survey.read", survey_id=survey.id))


@bp.post("/surveys/<survey_id>/move")
@may(Can.MOVE_SURVEY, Survey)
def move(survey: Survey) -> ResponseReturnValue:
    """Take the date back."""
    form = WhyForm()
    if not form.validate_on_submit() or refused_by(
        form, lambda: actions.move(db(), survey, reason=form.reason.data, by=current_user(), now=clock.now())
    ):
        return survey_page(survey, move=form), 422
    flash("The date is taken back. Another one is to be set.")
    return redirect(url_for("survey.read", survey_id=survey.id))


@bp.get("/surveys/<survey_id>/visit.ics")
@may(Can.READ_SURVEY, Survey)
def calendar_file(survey: Survey) -> ResponseReturnValue:
    """The visit for a calendar program."""
    if survey.visit_on is None or survey.state is SurveyState.CANCELLED:
        abort(404)
    named = {"Content-Disposition": f'attachment; filename="survey-{survey.number}.ics"'}
    return Response(queries.invitation(db(), survey, clock.now()), mimetype="text/calendar", headers=named)


@bp.post("/surveys/<survey_id>/start")
@may(Can.FILL_WORKSHEET, Survey)
def start(survey: Survey) -> ResponseReturnValue:
    """The visit begins."""
    return _simple(survey, lambda: actions.start(db(), survey, by=current_user(), now=clock.now()), "start",
                   "The visit has started. The worksheet is open.", "survey.worksheet")  # fmt: skip


@bp.post("/surveys/<survey_id>/end-visit")
@may(Can.FILL_WORKSHEET, Survey)
def end_visit(survey: Survey) -> ResponseReturnValue:
    """The exit meetings are held."""
    notes = {place.site_id: request.form.get(f"exit-{place.site_id}", "") for place in survey.places}

    def verb() -> None:
        _refuse_long(notes, 2000)
        actions.end_visit(db(), survey, notes, by=current_user(), now=clock.now())

    return _simple(survey, verb, "end", "The visit has ended. Finish the worksheet and submit it.")


def _refuse_long(texts: Mapping[str, str], most: int) -> None:
    """What is too long comes back whole; it is never cut."""
    if any(len(text) > most for text in texts.values()):
        raise Refused(f"Keep each text under {most:,} characters.")


@bp.post("/surveys/<survey_id>/submit")
@may(Can.FILL_WORKSHEET, Survey)
def submit(survey: Survey) -> ResponseReturnValue:
    """Send the worksheet."""
    return _simple(survey, lambda: actions.submit(db(), survey, by=current_user(), now=clock.now()), "submit",
                   "The worksheet is with the Program.")  # fmt: skip


@bp.get("/surveys/<survey_id>/check")
@may(Can.CHECK_WORKSHEET, Survey)
def check(survey: Survey) -> ResponseReturnValue:
    """The whole worksheet for the checker, findings first."""
    return check_page(survey)


def check_page(survey: Survey, form: Any = None) -> str:
    """Every row with its ratings and observations, and a place to ask about each."""
    sheet = queries.sheet(db(), survey)
    lines: dict[str, list[Any]] = {}
    for entry in queries.entries(db(), survey):
        lines.setdefault(entry.code, []).append(entry)
    return render_template(
        "survey/check.html", survey=survey, sheet=sheet, lines=lines, form=form or BareForm(formdata=None),
        questions=queries.questions(db(), survey.id), typed=request.form,
    )  # fmt: skip


@bp.post("/surveys/<survey_id>/ask")
@may(Can.CHECK_WORKSHEET, Survey)
def ask(survey: Survey) -> ResponseReturnValue:
    """Staff send rows back, each with a question; only those unlock."""
    form = BareForm()
    asked = {name.removeprefix("ask-"): text for name, text in request.form.items() if name.startswith("ask-")}

    def verb() -> None:
        _refuse_long(asked, 4000)
        actions.ask_back(db(), survey, asked, by=current_user(), now=clock.now())

    if not form.validate_on_submit() or refused_by(form, verb):
        return check_page(survey, form), 422
    flash("The surveyor is asked; those rows are open again.")
    return redirect(url_for("survey.read", survey_id=survey.id))


@bp.post("/surveys/<survey_id>/pass")
@may(Can.CHECK_WORKSHEET, Survey)
def pass_to_committee(survey: Survey) -> ResponseReturnValue:
    """The worksheet goes to the committee."""
    return _simple(survey, lambda: actions.pass_to_committee(db(), survey, by=current_user(), now=clock.now()), "pass",
                   "The survey is in committee. Assign a reviewer.")  # fmt: skip


@bp.post("/surveys/<survey_id>/reviewer")
@may(Can.CHECK_WORKSHEET, Survey)
def assign_reviewer(survey: Survey) -> ResponseReturnValue:
    """Give the survey to a reviewer."""
    form = ReviewerForm().offer([(user.id, user.name) for user in _reviewers()])

    def verb() -> None:
        reviewer = db().get(User, form.reviewer.data)
        if reviewer is None:
            raise Refused("Choose a reviewer.")
        actions.assign_reviewer(db(), survey, reviewer, by=current_user(), now=clock.now())

    if not form.validate_on_submit() or refused_by(form, verb):
        return survey_page(survey, reviewer=form), 422
    flash("The reviewer is asked to declare.")
    return redirect(url_for("survey.read", survey_id=survey.id))


@bp.post("/reviews/<review_id>/release")
@may(Can.CHECK_WORKSHEET, Review)
def release_reviewer(review: Review) -> ResponseReturnValue:
    """Staff give the review to somebody else."""
    form = WhyForm()
    if not form.validate_on_submit() or refused_by(form, lambda: actions.release_reviewer(
        db(), review, reason=form.reason.data, by=current_user(), now=clock.now()
    )):  # fmt: skip
        return survey_page(review.survey, release_review=form), 422
    flash("Assign another reviewer.")
    return redirect(url_for("survey.read", survey_id=review.survey_id))


@bp.post("/surveys/<survey_id>/cancel")
@may(Can.CANCEL_SURVEY, Survey)
def cancel(survey: Survey) -> ResponseReturnValue:
    """Call the survey off."""
    form = WhyForm()
    if not form.validate_on_submit() or refused_by(
        form, lambda: actions.cancel(db(), survey, reason=form.reason.data, by=current_user(), now=clock.now())
    ):
        return survey_page(survey, cancel=form), 422
    flash("The survey is cancelled.")
    return redirect(url_for("survey.read", survey_id=survey.id))


def _simple(survey: Survey, verb: Any, name: str, done: str, onward: str = "survey.read") -> ResponseReturnValue:
    """A button and its guard: the reasons come back on the page of the survey."""
    form = BareForm()
    if not form.validate_on_submit() or refused_by(form, verb):
        return survey_page(survey, **{name: form}), 422
    flash(done)
    return redirect(url_for(onward, survey_id=survey.id))

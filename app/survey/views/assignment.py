"""Proposing a surveyor, the conflict form, the practice's word, the administrator's decision."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, current_user, may
from app.people.models import User
from app.program.queries import whole
from app.survey import actions, queries
from app.survey.models import Assignment, Survey
from app.survey.rules.assignment import conflict_questions
from app.survey.rules.moves import Refused
from app.survey.views.room import bp, refused_by
from app.survey.views.visit import survey_page
from forms.survey import BareForm, ConflictForm, ProposeForm, WhyForm


def statements() -> dict[str, str]:
    """The statements of the conflict form, as the settings of today have them."""
    today = clock.today()
    return conflict_questions(years=whole(db(), "conflict.years", today), miles=whole(db(), "conflict.miles", today))


@bp.post("/surveys/<survey_id>/propose")
@may(Can.PROPOSE_SURVEYOR, Survey)
def propose(survey: Survey) -> ResponseReturnValue:
    """Ask a surveyor."""
    candidates = queries.candidates(db(), survey, clock.now())
    form = ProposeForm().offer([(one.user.id, one.user.name) for one in candidates])

    def verb() -> None:
        surveyor = db().get(User, form.surveyor.data)
        if surveyor is None:
            raise Refused("Choose a surveyor.")
        actions.propose(
            db(), survey, surveyor, background=form.background.data or "", by=current_user(), now=clock.now()
        )

    if not form.validate_on_submit() or refused_by(form, verb):
        return survey_page(survey, propose=form), 422
    flash("The surveyor is asked to declare.")
    return redirect(url_for("survey.read", survey_id=survey.id))


@bp.get("/assignments/<assignment_id>")
@may(Can.ANSWER_ASSIGNMENT, Assignment)
def assignment(assignment: Assignment) -> ResponseReturnValue:
    """What is asked of a surveyor, and the conflict form."""
    return assignment_page(assignment)


def assignment_page(assignment: Assignment, *, clear: Any = None, decline: Any = None) -> str:
    """The page, with the form that came back."""
    return render_template(
        "survey/assignment.html", assignment=assignment, survey=assignment.survey,
        clear=clear or ConflictForm(formdata=None).offer(statements()), decline=decline or WhyForm(formdata=None),
    )  # fmt: skip


@bp.post("/assignments/<assignment_id>/clear")
@may(Can.ANSWER_ASSIGNMENT, Assignment)
def declare_clear(assignment: Assignment) -> ResponseReturnValue:
    """The surveyor declares that no conflict stands."""
    form = ConflictForm().offer(statements())
    if not form.validate_on_submit() or refused_by(form, lambda: actions.declare_clear(
        db(), assignment, stated=form.stated.data or [], declaration=form.declaration.data or "", by=current_user(),
        now=clock.now(),
    )):  # fmt: skip
        return assignment_page(assignment, clear=form), 422
    flash("Your declaration is kept. The practice is asked to confirm you.")
    return redirect(url_for("survey.my_surveys"))


@bp.post("/assignments/<assignment_id>/decline")
@may(Can.ANSWER_ASSIGNMENT, Assignment)
def decline(assignment: Assignment) -> ResponseReturnValue:
    """The surveyor declines."""
    form = WhyForm()
    if not form.validate_on_submit() or refused_by(
        form, lambda: actions.decline(db(), assignment, reason=form.reason.data, by=current_user(), now=clock.now())
    ):
        return assignment_page(assignment, decline=form), 422
    flash("You declined. Somebody else will be asked.")
    return redirect(url_for("survey.my_surveys"))


@bp.post("/assignments/<assignment_id>/confirm")
@may(Can.CONFIRM_SURVEYOR, Assignment)
def confirm(assignment: Assignment) -> ResponseReturnValue:
    """The practice confirms that there is no conflict."""
    form = BareForm()
    if not form.validate_on_submit() or refused_by(
        form, lambda: actions.confirm(db(), assignment, by=current_user(), now=clock.now())
    ):
        abort(409, description=" ".join(form.form_errors))
    flash("Your surveyor is confirmed and can now read your binder. The date of the visit comes next.")
    return redirect(url_for("survey.read", survey_id=assignment.survey_id))


@bp.post("/assignments/<assignment_id>/object")
@may(Can.CONFIRM_SURVEYOR, Assignment)
def object_to(assignment: Assignment) -> ResponseReturnValue:
    """The practice objects, in private."""
    form = WhyForm()
    if not form.validate_on_submit() or refused_by(
        form, lambda: actions.object_to(db(), assignment, reason=form.reason.data, by=current_user(), now=clock.now())
    ):
        return survey_page(assignment.survey, objection=form), 422
    flash("Your objection is with an administrator of the Program. The surveyor does not see it.")
    return redirect(url_for("survey.read", survey_id=assignment.survey_id))


@bp.post("/assignments/<assignment_id>/uphold")
@may(Can.DECIDE_OBJECTION, Assignment)
def uphold(assignment: Assignment) -> ResponseReturnValue:
    """The administrator agrees with the objection."""
    form = WhyForm()
    if not form.validate_on_submit() or refused_by(
        form, lambda: actions.uphold(db(), assignment, reason=form.reason.data, by=current_user(), now=clock.now())
    ):
        return survey_page(assignment.survey, decision=form), 422
    flash("The objection is upheld. Another surveyor is to be proposed.")
    return redirect(url_for("survey.read", survey_id=assignment.survey_id))


@bp.post("/assignments/<assignment_id>/overrule")
@may(Can.DECIDE_OBJECTION, Assignment)
def overrule(assignment: Assignment) -> ResponseReturnValue:
    """The administrator finds no ground in the objection."""
    form = WhyForm()
    if not form.validate_on_submit() or refused_by(
        form, lambda: actions.overrule(db(), assignment, reason=form.reason.data, by=current_user(), now=clock.now())
    ):
        return survey_page(assignment.survey, decision=form), 422
    flash("The objection is overruled; the surveyor is confirmed.")
    return redirect(url_for("survey.read", survey_id=assignment.survey_id))


@bp.post("/assignments/<assignment_id>/release")
@may(Can.PROPOSE_SURVEYOR, Assignment)
def release(assignment: Assignment) -> ResponseReturnValue:
    """Staff take the surveyor off the survey."""
    form = WhyForm()
    if not form.validate_on_submit() or refused_by(
        form, lambda: actions.release(db(), assignment, reason=form.reason.data, by=current_user(), now=clock.now())
    ):
        return survey_page(assignment.survey, release=form), 422
    flash("The surveyor is released. Propose another one.")
    return redirect(url_for("survey.read", survey_id=assignment.survey_id))

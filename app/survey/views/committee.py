"""The reviewer's pages: the conflict form, the list of standards, one standard at a time."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.evidence import queries as evidence
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, current_user, may
from app.program.queries import due
from app.survey import actions, queries
from app.survey.models import Review
from app.survey.queries.committee import Key, StandardCase
from app.survey.rules.moves import ReviewState
from app.survey.rules.worksheet import BELOW_MET, GIVEN, RATING_KEYS, Rating
from app.survey.views.assignment import statements
from app.survey.views.room import bp, refused_by
from forms.survey import AskForm, BareForm, ConflictForm, FirstReadForm, JudgeForm, WhyForm


@bp.get("/reviews/<review_id>")
@may(Can.ANSWER_REVIEW, Review)
def review(review: Review) -> ResponseReturnValue:
    """The conflict form first; then every standard, what is settled and what is not."""
    return review_page(review)


def review_page(review: Review, **forms: Any) -> str:
    """The page, with the form that came back."""
    if review.state is ReviewState.ASSIGNED:
        return render_template(
            "survey/review_conflict.html", review=review, survey=review.survey,
            clear=forms.get("clear") or ConflictForm(formdata=None).offer(statements()),
            recuse=forms.get("recuse") or WhyForm(formdata=None),
        )  # fmt: skip
    cases = queries.review_case(db(), review)
    return render_template(
        "survey/review.html", review=review, survey=review.survey, cases=cases, counts=queries.counts(cases),
        questions=queries.questions(db(), review.survey_id), determine=forms.get("determine"),
        due=due(db(), review.survey, "committee.determine"), below=BELOW_MET,
    )  # fmt: skip


@bp.post("/reviews/<review_id>/clear")
@may(Can.ANSWER_REVIEW, Review)
def clear_reviewer(review: Review) -> ResponseReturnValue:
    """The reviewer declares that no conflict stands."""
    form = ConflictForm().offer(statements())
    if not form.validate_on_submit() or refused_by(form, lambda: actions.clear_reviewer(
        db(), review, stated=form.stated.data or [], declaration=form.declaration.data or "", by=current_user(),
        now=clock.now(),
    )):  # fmt: skip
        return review_page(review, clear=form), 422
    return redirect(url_for("survey.review", review_id=review.id))


@bp.post("/reviews/<review_id>/recuse")
@may(Can.ANSWER_REVIEW, Review)
def recuse(review: Review) -> ResponseReturnValue:
    """The reviewer stands back."""
    form = WhyForm()
    if not form.validate_on_submit() or refused_by(
        form, lambda: actions.recuse(db(), review, reason=form.reason.data, by=current_user(), now=clock.now())
    ):
        return review_page(review, recuse=form), 422
    flash("You stood back. Somebody else will be asked.")
    return redirect(url_for("survey.my_reviews"))


@bp.get("/reviews/<review_id>/standards/<code>")
@may(Can.JUDGE_SURVEY, Review)
def standard(review: Review, code: str) -> ResponseReturnValue:
    """One standard: its evidence left, the decision right."""
    return standard_page(review, code)


def standard_page(review: Review, code: str, **forms: Any) -> str:
    """The page of a standard, with the form that came back. Nothing of the surveyor's rating before the first read."""
    cases = queries.review_case(db(), review)
    case = next((one for one in cases if one.code == code), None)
    if case is None:
        abort(404)
    binder, codes = review.survey.application.binder, [row.code for row in case.rows]
    rows = [(row.code, f"{row.code} {row.title}") for row in case.rows]
    return render_template(
        "survey/standard.html", review=review, survey=review.survey, case=case, counts=queries.counts(cases),
        cases=cases, entries=queries.entries(db(), review.survey, codes), below=BELOW_MET, given=GIVEN,
        pins=[pin for pin in evidence.pins(db(), binder, seen=True) if pin.code in codes], keys=RATING_KEYS,
        questions=queries.questions(db(), review.survey_id, code),
        first=forms.get("first") or FirstReadForm(formdata=None),
        judge=forms.get("judge") or _judge_form(case), ask=forms.get("ask") or AskForm(formdata=None).offer(rows),
        typed=request.form, after=_next_unsettled(cases, code),
    )  # fmt: skip


def _judge_form(case: StandardCase) -> JudgeForm:
    verdict = case.verdict
    if verdict is None or verdict.settled_at is None:
        return JudgeForm(formdata=None)
    return JudgeForm(formdata=None, obj=verdict, resurvey="yes" if verdict.resurvey else "no")


def _next_unsettled(cases: list[StandardCase], code: str) -> str | None:
    at = [case.code for case in cases].index(code)
    turned = cases[at + 1 :] + cases[:at]
    return next((case.code for case in turned if not case.settled), None)


@bp.post("/reviews/<review_id>/standards/<code>/first-read")
@may(Can.JUDGE_SURVEY, Review)
def first_read(review: Review, code: str) -> ResponseReturnValue:
    """Lock the reviewer's own rating; then the surveyor's is shown."""
    form = FirstReadForm()
    if not form.validate_on_submit() or refused_by(form, lambda: actions.read_first(
        db(), review, code, form.rating.data, note=form.note.data or "", by=current_user(), now=clock.now()
    )):  # fmt: skip
        return standard_page(review, code, first=form), 422
    return redirect(url_for("survey.standard", review_id=review.id, code=code))


@bp.post("/reviews/<review_id>/standards/<code>/settle")
@may(Can.JUDGE_SURVEY, Review)
def settle(review: Review, code: str) -> ResponseReturnValue:
    """Agree with the surveyor, or overrule line by line with a reason."""
    form = JudgeForm()
    if not form.validate_on_submit() or refused_by(form, lambda: actions.judge(
        db(), review, code, _typed_ratings(), reason=form.reason.data or "",
        must_show=form.must_show.data or "", resurvey=form.resurvey.data == "yes", by=current_user(), now=clock.now(),
    )):  # fmt: skip
        return standard_page(review, code, judge=form), 422
    flash(f"{code} is settled.")
    after = _next_unsettled(queries.review_case(db(), review), code)
    if after is None:
        return redirect(url_for("survey.review", review_id=review.id))
    return redirect(url_for("survey.standard", review_id=review.id, code=after))


def _typed_ratings() -> dict[Key, Rating]:
    """The lines as they were chosen; fields are named by row and site."""
    words: dict[str, Rating] = {rating.value: rating for rating in GIVEN}
    typed: dict[Key, Rating] = {}
    for name, value in request.form.items():
        kind, _, line = name.partition(":")
        row, _, site_id = line.partition(":")
        if kind == "line" and value in words:
            typed[row, site_id] = words[value]
    return typed


@bp.post("/reviews/<review_id>/standards/<code>/ask")
@may(Can.JUDGE_SURVEY, Review)
def ask_surveyor(review: Review, code: str) -> ResponseReturnValue:
    """Ask the surveyor about a row."""
    case = next((one for one in queries.review_case(db(), review) if one.code == code), None)
    if case is None:
        abort(404)
    form = AskForm().offer([(row.code, f"{row.code} {row.title}") for row in case.rows])
    if not form.validate_on_submit() or refused_by(form, lambda: actions.ask_surveyor(
        db(), review, form.code.data, form.question.data, by=current_user(), now=clock.now()
    )):  # fmt: skip
        return standard_page(review, code, ask=form), 422
    flash(f"The surveyor is asked about {form.code.data}.")
    return redirect(url_for("survey.standard", review_id=review.id, code=code))


@bp.post("/reviews/<review_id>/determine")
@may(Can.JUDGE_SURVEY, Review)
def determine(review: Review) -> ResponseReturnValue:
    """Every standard is settled: make it official."""
    form = BareForm()
    if not form.validate_on_submit() or refused_by(
        form, lambda: actions.determine(db(), review, by=current_user(), now=clock.now())
    ):
        return review_page(review, determine=form), 422
    flash("The survey is determined. The report is drafted from it.")
    return redirect(url_for("survey.review", review_id=review.id))

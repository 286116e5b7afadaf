"""The worksheet: a row at a site, saved as typed, with the practice's evidence beside it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.doors import doors
from app.evidence import queries as evidence
from app.evidence.models import Version
from app.kernel import clock
from app.kernel.db import db
from app.kernel.ids import new_id
from app.kernel.words import whole
from app.people.access import Can, current_user, may
from app.standards.rules import EVIDENCE_WORDS
from app.survey import actions, queries
from app.survey.actions.worksheet import Seen
from app.survey.models import Entry, Observation, Question, Survey
from app.survey.rules.moves import Refused
from app.survey.rules.worksheet import RATING_KEYS, Rating, SourceKind
from app.survey.views.room import bp, in_place, refused_by
from forms.survey import AnswerForm, EntryForm, ObserveForm, WhyForm

HITS = 12


@bp.get("/surveys/<survey_id>/worksheet")
@may(Can.READ_WORKSHEET, Survey)
def worksheet(survey: Survey) -> ResponseReturnValue:
    """One row at one site: `?row=4.1.1&site=...`; the first row not assessed when nothing is asked for."""
    return sheet_page(survey, request.args.get("row", ""), request.args.get("site", ""))


def sheet_page(survey: Survey, code: str, site_id: str, **forms: Any) -> str:
    """The page of the worksheet, with the forms that came back."""
    sheet = queries.sheet(db(), survey)
    sites = sheet.sites or survey.practice.sites
    site = next((one for one in sites if one.id == site_id), None) or (sites[0] if not site_id else None)
    first = sheet.rows[0].code
    here = sheet.find(code) if code else (sheet.next_open(sheet.rows[-1].code, sites[0].id) or sheet.find(first))
    if site is None or here is None:
        abort(404)
    entry = queries.place_on_sheet(db(), survey, here.code, site.id)
    binder = survey.application.binder
    return render_template(
        "survey/worksheet.html", survey=survey, sheet=sheet, here=here, site=site, sites=sites, entry=entry,
        pins=evidence.pins(db(), binder, here.code, seen=True), claim=evidence.claim(db(), binder, here.code),
        form=forms.get("form") or (EntryForm(formdata=None, obj=entry) if entry else None),
        observe=forms.get("observe") or _blank_observation(), stale=forms.get("stale"),
        questions=queries.questions(db(), survey.id, here.code),
        answer=forms.get("answer") or AnswerForm(formdata=None), take_back=forms.get("take_back"),
        taking=forms.get("taking"),
        look_at=[EVIDENCE_WORDS[kind] for kind in here.row.kinds], keys=RATING_KEYS, Rating=Rating,
    )  # fmt: skip


def _blank_observation() -> ObserveForm:
    """An empty form with its own id; a quoted page fills in the source (`?quote=<version>:<page>`)."""
    form = ObserveForm(formdata=None, id=new_id())
    version_id, _, page = request.args.get("quote", "").partition(":")
    version = db().get(Version, version_id) if version_id else None
    if version is not None:
        form.source_kind.data, form.version_id.data = SourceKind.DOCUMENT, version.id
        form.source.data, form.page.data = version.document.title, whole(page, 0) or None
    return form


@bp.post("/worksheet-entries/<entry_id>")
@may(Can.FILL_WORKSHEET, Entry)
def save_entry(entry: Entry) -> ResponseReturnValue:
    """Save what is typed in one row; what somebody else saved meanwhile is shown, never overwritten."""
    form = EntryForm()
    if not form.validate_on_submit():
        return _entry_back(entry, form)
    try:
        actions.rate(db(), entry, form.values(), version=form.version.data, by=current_user(), now=clock.now())
    except actions.Stale as stale:
        return _stale(entry, form, stale)
    except Refused as refused:
        form.form_errors = [*form.form_errors, *refused.reasons]
        return _entry_back(entry, form)
    if in_place():
        return _saved(entry)
    flash("Saved.")
    return redirect(url_for("survey.worksheet", survey_id=entry.survey_id, row=entry.code, site=entry.site_id))


@bp.post("/worksheet-entries/<entry_id>/alike")
@may(Can.FILL_WORKSHEET, Entry)
def rate_alike(entry: Entry) -> ResponseReturnValue:
    """Take this row's rating to the other sites where it has none yet, and go on to the next row."""
    survey = entry.survey
    form = EntryForm(formdata=None, obj=entry)
    if refused_by(form, lambda: actions.rate_alike(db(), entry, by=current_user(), now=clock.now())):
        return sheet_page(survey, entry.code, entry.site_id, form=form), 422
    after = queries.sheet(db(), survey).next_open(entry.code, entry.site_id)
    code = after.code if after else entry.code
    return redirect(url_for("survey.worksheet", survey_id=survey.id, row=code, site=entry.site_id))


def _saved(entry: Entry) -> str:
    sheet = queries.sheet(db(), entry.survey)
    return render_template("survey/_saved.html", entry=entry, sheet=sheet, site=entry.site, here=sheet.find(entry.code))


def _entry_back(entry: Entry, form: EntryForm) -> ResponseReturnValue:
    if in_place():
        return render_template("survey/_not_saved.html", form=form), 422
    return sheet_page(entry.survey, entry.code, entry.site_id, form=form), 422


def _stale(entry: Entry, form: EntryForm, stale: actions.Stale) -> ResponseReturnValue:
    """Both versions are shown; "Save mine" carries the number of the newer one."""
    if in_place():
        notice = render_template("survey/_stale.html", entry=entry, stale=stale)
        return notice, 409, {"HX-Retarget": "#trouble", "HX-Reswap": "innerHTML"}
    form.version.data = entry.version
    form.version.raw_data = [str(entry.version)]
    return sheet_page(entry.survey, entry.code, entry.site_id, form=form, stale=stale), 409


@bp.post("/worksheet-entries/<entry_id>/observations")
@may(Can.FILL_WORKSHEET, Entry)
def observe(entry: Entry) -> ResponseReturnValue:
    """Note one fact with its source."""
    form = ObserveForm()
    if not form.validate_on_submit() or refused_by(form, lambda: _observe(entry, form)):
        if in_place():
            return render_template("survey/_observe.html", entry=entry, observe=form), 422
        return sheet_page(entry.survey, entry.code, entry.site_id, observe=form), 422
    if in_place():
        db().refresh(entry, ["observations"])
        return render_template("survey/_observed.html", entry=entry, observe=_blank_observation())
    return redirect(url_for("survey.worksheet", survey_id=entry.survey_id, row=entry.code, site=entry.site_id))


def _observe(entry: Entry, form: ObserveForm) -> Observation:
    version = db().get(Version, form.version_id.data) if form.version_id.data else None
    if form.version_id.data and (version is None or version.binder_id != entry.survey.application.binder_id):
        raise Refused("This document is not in the binder of this practice.")
    page = form.page.data
    source = form.source.data if version or not page else f"{form.source.data}, page {page}"
    seen = Seen(
        text=form.text.data, method=form.method.data, source_kind=form.source_kind.data, source=source,
        version_id=version.id if version else None, page=page if version else None,
        pages=version.pages if version else None, quote=form.quote.data or "", id=form.id.data or None,
    )  # fmt: skip
    return actions.observe(db(), entry, seen, by=current_user(), now=clock.now())


@bp.post("/observations/<observation_id>/withdraw")
@may(Can.FILL_WORKSHEET, Observation)
def withdraw(observation: Observation) -> ResponseReturnValue:
    """Take an observation back; it stays in the file with the reason."""
    form = WhyForm()
    entry = observation.entry
    if not form.validate_on_submit() or refused_by(form, lambda: actions.withdraw(
        db(), observation, reason=form.reason.data, by=current_user(), now=clock.now()
    )):  # fmt: skip
        return sheet_page(entry.survey, entry.code, entry.site_id, take_back=form, taking=observation.id), 422
    return redirect(url_for("survey.worksheet", survey_id=entry.survey_id, row=entry.code, site=entry.site_id))


@bp.get("/surveys/<survey_id>/worksheet/search")
@may(Can.READ_WORKSHEET, Survey)
def search(survey: Survey) -> ResponseReturnValue:
    """The practice's evidence by words, by this row, or both; a part of the page."""
    words, code = request.args.get("q", "").strip()[:200], request.args.get("row", "")
    found = evidence.search(
        db(), survey.application.binder, words, code if request.args.get("only") else None, doors().indexes, HITS
    )
    page = "survey/_hits.html" if in_place() else "survey/hits.html"
    return render_template(page, survey=survey, found=found, words=words, code=code)


@bp.post("/survey-questions/<question_id>/answer")
@may(Can.FILL_WORKSHEET, Question)
def answer(question: Question) -> ResponseReturnValue:
    """Answer a question on a row."""
    form = AnswerForm()
    survey = question.survey
    if not form.validate_on_submit() or refused_by(
        form, lambda: actions.answer(db(), question, form.answer.data, by=current_user(), now=clock.now())
    ):
        return sheet_page(survey, question.code, survey.places[0].site_id, answer=form), 422
    flash("Your answer is sent.")
    return redirect(url_for("survey.worksheet", survey_id=survey.id, row=question.code))

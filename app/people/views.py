"""Accounts, invitations, the team of a practice, its sites, and the Program's lists of both."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import hash_password, login_user, logout_user
from itsdangerous import BadData, URLSafeTimedSerializer

from app.kernel import clock, jobs
from app.kernel.db import db
from app.people import actions, queries
from app.people.access import Can, current_user, may, public
from app.people.models import Practice, Site, User
from app.people.rules import ROLE_HELP, PracticeState, Role, why_not_password
from forms.people import (
    AcceptForm,
    AccountForm,
    DecisionForm,
    InviteForm,
    PersonForm,
    PracticeForm,
    ProgramInviteForm,
    RolesForm,
    SiteForm,
)

bp = Blueprint("people", __name__)

INVITATION_SECONDS = 7 * 24 * 3600


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="invitation")


def _send_invitation(user: User, inviter: User) -> None:
    base = current_app.config["QCP_SETTINGS"].base_url
    token = _serializer().dumps([user.id, user.fs_uniquifier])
    link = base + url_for("people.accept", token=token)
    body = (
        f"{inviter.name} invites you to the QCP portal, where practices and the QOPI Certification Program work "
        f"together.\n\nChoose a password within 7 days:\n{link}\n\nThe link works once. If you did not expect this, "
        "you need not do anything.\n"
    )
    jobs.enqueue(db(), "notices.mail", to=user.email, subject="You are invited to the QCP portal", body=body)


@bp.get("/account")
@may(Can.USE_ACCOUNT)
def account() -> ResponseReturnValue:
    user = current_user()
    return render_template("people/account.html", form=AccountForm(obj=user), user=user)


@bp.post("/account")
@may(Can.USE_ACCOUNT)
def change_account() -> ResponseReturnValue:
    form = AccountForm()
    if not form.validate_on_submit():
        return render_template("people/account.html", form=form, user=current_user()), 422
    actions.rename(db(), current_user(), name=form.name.data, title=form.title.data or "", now=clock.now())
    flash("Saved.")
    return redirect(url_for("people.account"))


@bp.post("/account/sign-out-everywhere")
@may(Can.USE_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    actions.sign_out_everywhere(db(), current_user(), by=current_user(), now=clock.now())
    logout_user()
    flash("You are signed out on every device.")
    return redirect(url_for("security.login"))


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> ResponseReturnValue:
    user = _invited(token)
    if user is None:
        return render_template("people/invitation_spent.html"), 410
    form = AcceptForm(obj=user)
    if request.method != "POST":
        return render_template("people/accept.html", form=form, user=user)
    fine = form.validate_on_submit()
    reasons = why_not_password(form.password.data or "", email=user.email, name=form.name.data or "")
    if not fine or reasons:
        form.password.errors = [*form.password.errors, *reasons] if form.password.data else form.password.errors
        return render_template("people/accept.html", form=form, user=user), 422
    actions.accept_invitation(
        db(), user, name=form.name.data, title=form.title.data or "",
        password_hash=hash_password(form.password.data), now=clock.now(),
    )  # fmt: skip
    login_user(user)
    return redirect("/work")


def _invited(token: str) -> User | None:
    try:
        user_id, uniquifier = _serializer().loads(token, max_age=INVITATION_SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    user = db().get(User, user_id)
    return user if user is not None and user.fs_uniquifier == uniquifier and user.active else None


@bp.get("/practices/<practice_id>/team")
@may(Can.SEE_TEAM, Practice)
def team(practice: Practice) -> ResponseReturnValue:
    return _team(practice, InviteForm())


def _team(practice: Practice, form: InviteForm, status: int = 200) -> ResponseReturnValue:
    people = queries.team(db(), practice.id)
    rows = [(user, {held.role for held in user.memberships if held.practice_id == practice.id}) for user in people]
    page = render_template("people/team.html", practice=practice, rows=rows, form=form, role_help=ROLE_HELP)
    return page, status


@bp.post("/practices/<practice_id>/team")
@may(Can.MANAGE_TEAM, Practice)
def invite(practice: Practice) -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate_on_submit():
        return _team(practice, form, 422)
    return _invite(form, practice) or _team(practice, form, 422)


def _invite(form: PersonForm, practice: Practice | None) -> ResponseReturnValue | None:
    roles: set[Role] = set(form.roles.data) if isinstance(form, InviteForm) else set()
    try:
        user = actions.invite(
            db(), email=form.email.data, name=form.name.data, practice=practice, roles=roles, by=current_user(),
            now=clock.now(),
        )  # fmt: skip
    except actions.Refused as refused:
        form.email.errors = [*form.email.errors, *refused.reasons]
        return None
    if user.password is None:
        _send_invitation(user, current_user())
    flash(f"{user.name} is invited. The link in the mail works for 7 days.")
    return redirect(request.path)


@bp.post("/practices/<practice_id>/team/<user_id>")
@may(Can.MANAGE_TEAM, Practice)
def change_roles(practice: Practice, user_id: str) -> ResponseReturnValue:
    user = db().get(User, user_id)
    if user is None or not any(held.practice_id == practice.id for held in user.memberships):
        abort(404)
    form = RolesForm()
    if not form.validate_on_submit():
        abort(422, description="Choose from the roles that are offered.")
    try:
        roles: set[Role] = set(form.roles.data or [])
        actions.set_roles(db(), practice, user, roles, by=current_user(), now=clock.now())
    except actions.Refused as refused:
        abort(409, description=" ".join(refused.reasons))
    flash(f"Saved what {user.name} may do.")
    return redirect(url_for("people.team", practice_id=practice.id))


@bp.get("/practices/<practice_id>/sites")
@may(Can.SEE_TEAM, Practice)
def sites(practice: Practice) -> ResponseReturnValue:
    return render_template("people/sites.html", practice=practice, form=SiteForm(formdata=None), editing=None)


@bp.get("/practices/<practice_id>/sites/<site_id>")
@may(Can.MANAGE_SITES, Practice)
def edit_site(practice: Practice, site_id: str) -> ResponseReturnValue:
    site = _site(practice, site_id)
    return render_template("people/sites.html", practice=practice, form=SiteForm(obj=site), editing=site)


@bp.post("/practices/<practice_id>/sites")
@bp.post("/practices/<practice_id>/sites/<site_id>")
@may(Can.MANAGE_SITES, Practice)
def keep_site(practice: Practice, site_id: str | None = None) -> ResponseReturnValue:
    site = _site(practice, site_id) if site_id else None
    form = SiteForm()
    if not form.validate_on_submit():
        return render_template("people/sites.html", practice=practice, form=form, editing=site), 422
    facts = {name: "" if value is None else value for name, value in form.data.items() if name != "csrf_token"}
    try:
        actions.keep_site(db(), practice, site, by=current_user(), now=clock.now(), **facts)
    except actions.Refused as refused:
        form.code.errors = [*form.code.errors, *refused.reasons]
        return render_template("people/sites.html", practice=practice, form=form, editing=site), 422
    flash(f"{form.name.data} is saved.")
    return redirect(url_for("people.sites", practice_id=practice.id))


def _site(practice: Practice, site_id: str) -> Site:
    site = db().get(Site, site_id)
    if site is None or site.practice_id != practice.id:
        abort(404)
    return site


@bp.route("/join", methods=["GET", "POST"])
@may(Can.ASK_FOR_PRACTICE)
def join() -> ResponseReturnValue:
    user = current_user()
    if user.is_program:
        abort(403, description="Accounts of the Program never hold a practice role.")
    form = PracticeForm()
    if request.method != "POST" or not form.validate_on_submit():
        return render_template("people/join.html", form=form), 422 if request.method == "POST" else 200
    try:
        actions.ask_for_practice(
            db(), legal_name=form.legal_name.data, public_name=form.public_name.data or form.legal_name.data,
            country=form.country.data, tax_id=form.tax_id.data or None, asco_member=form.asco_member.data,
            by=user, now=clock.now(),
        )  # fmt: skip
    except actions.Refused as refused:
        form.tax_id.errors = [*form.tax_id.errors, *refused.reasons]
        return render_template("people/join.html", form=form), 422
    flash("Your practice is registered. The Program looks at it and lets you know.")
    return redirect("/work")


@bp.get("/practices")
@may(Can.MANAGE_PRACTICES)
def practices() -> ResponseReturnValue:
    return _practices(PersonForm(formdata=None))


def _practices(form: PersonForm, status: int = 200) -> ResponseReturnValue:
    words, page = request.args.get("q", ""), request.args.get("page", 1, type=int)
    rows, total = queries.practices(db(), words, page)
    listed = {"rows": rows, "total": total, "words": words, "page": page, "per": queries.PAGE}
    return render_template("people/practices.html", form=form, **listed), status


@bp.post("/practices")
@may(Can.MANAGE_PRACTICES)
def invite_practice() -> ResponseReturnValue:
    """An account for somebody who then registers a practice."""
    form = PersonForm()
    if not form.validate_on_submit():
        return _practices(form, 422)
    return _invite(form, None) or _practices(form, 422)


@bp.post("/practices/<practice_id>/state")
@may(Can.MANAGE_PRACTICES, Practice)
def move_practice(practice: Practice) -> ResponseReturnValue:
    form = DecisionForm()
    if not form.validate_on_submit():
        abort(422, description="Choose approve, refuse or deactivate.")
    try:
        actions.move_practice(
            db(), practice, form.move.data, by=current_user(), now=clock.now(), why=form.why.data or ""
        )
    except actions.Refused as refused:
        abort(409, description=" ".join(refused.reasons))
    _tell_owners(practice, form.why.data or "")
    flash(f"{practice.public_name} is now {practice.state}.")
    return redirect(url_for("people.practices"))


def _tell_owners(practice: Practice, why: str) -> None:
    """Who registered a practice hears the answer by mail."""
    said = {
        PracticeState.ACTIVE: f"{practice.public_name} is approved. You may invite colleagues and enroll in a round.",
        PracticeState.REFUSED: f"{practice.public_name} is not approved: {why or 'ask the Program why'}.",
    }.get(practice.state)
    link = current_app.config["QCP_SETTINGS"].base_url + url_for("journey.work")
    for owner in queries.holders(db(), Role.OWNER, practice.id) if said else []:
        jobs.enqueue(db(), "notices.mail", to=owner.email, subject="Your registration with the QCP portal",
                     body=f"Dear {owner.name},\n\n{said}\n\n{link}\n")  # fmt: skip


@bp.route("/program/people", methods=["GET", "POST"])
@may(Can.MANAGE_PROGRAM_PEOPLE)
def program_people() -> ResponseReturnValue:
    form: Any = ProgramInviteForm()
    if form.validate_on_submit() and (done := _invite(form, None)) is not None:
        return done
    people = queries.program_people(db())
    status = 422 if request.method == "POST" else 200
    return render_template("people/program_people.html", people=people, form=form), status


@bp.get("/ledger")
@may(Can.SEE_LEDGER)
def ledger() -> ResponseReturnValue:
    words, page = request.args.get("q", ""), request.args.get("page", 1, type=int)
    rows, total = queries.ledger_page(db(), words=words, page=page)
    return render_template("people/ledger.html", rows=rows, total=total, words=words, page=page, per=queries.PAGE)

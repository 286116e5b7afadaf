"""Sign-in, passwords and sessions: Flask-Security, told about our people and our post."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, current_app, redirect, request, session, url_for
from flask import Response as FlaskResponse
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import (
    MailUtil,
    PasswordUtil,
    Security,
    SQLAlchemySessionUserDatastore,
    logout_user,
    password_changed,
    password_reset,
    user_authenticated,
)
from flask_security import current_user as security_user
from werkzeug.wrappers import Response

from app.config import Settings
from app.kernel import clock, jobs, ledger
from app.kernel.db import db
from app.people.models import ProgramRole, User
from app.people.rules import why_not_password

ABSOLUTE = timedelta(hours=12)

datastore = SQLAlchemySessionUserDatastore(db, User, ProgramRole)
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


class Sessions(SecureCookieSessionInterface):
    """The session's cookie goes out with pages only: a file that arrives late would bring an older one back."""

    def save_session(self, app: Flask, session: SessionMixin, response: FlaskResponse) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


class OutboxMail(MailUtil):  # type: ignore[misc]  # the library is not followed for types
    """Mail leaves through the jobs, so that it goes out only if the change it tells of was kept."""

    def send_mail(self, template: str, subject: str, recipient: Any, sender: Any, body: Any, html: Any,
                  **context: Any) -> None:  # fmt: skip
        address = recipient[1] if isinstance(recipient, tuple) else recipient
        jobs.enqueue(db(), "notices.mail", to=str(address), subject=str(subject), body=str(body))


class PlainPasswords(PasswordUtil):  # type: ignore[misc]  # the library is not followed for types
    """Length and no personal words; what is wrong is said in our sentences."""

    def validate(self, password: str, is_register: bool, **about: Any) -> tuple[list[str] | None, str]:
        user = about.get("user")
        email, name = (user.email, user.name) if user else ("", "")
        normal = self.normalize(password)
        return why_not_password(normal, email=email, name=name) or None, normal


security = Security(mail_util_cls=OutboxMail, password_util_cls=PlainPasswords)  # init_app would not take them


def protect(app: Flask, settings: Settings) -> None:
    """Put sign-in, time-out and limits on the application."""
    app.config.update(_options(settings))
    app.session_interface = Sessions()
    security.init_app(app, datastore)
    app.jinja_env.globals["portal_url"] = settings.base_url  # a letter's link never follows the host that was asked for
    limiter.init_app(app)
    for name in ("security.login", "security.forgot_password", "security.reset_password"):
        app.view_functions[name] = limiter.limit("30 per minute; 200 per hour", methods=["POST"])(
            app.view_functions[name]
        )
    for name, view in app.view_functions.items():
        if name.startswith("security."):
            vars(view)["may"] = "public"  # the library guards its own pages
    app.before_request(_time_out)
    user_authenticated.connect(_signed_in, app)
    password_reset.connect(_password_changed, app)
    password_changed.connect(_password_changed, app)


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SALT": settings.secret_key[:32],
        "SECURITY_PASSWORD_LENGTH_MIN": 1,  # ours says it better, see PlainPasswords
        "SECURITY_RECOVERABLE": True,
        "SECURITY_USE_REGISTER_V2": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=1),
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_RESET_URL": "/forgotten-password",
        "SECURITY_CHANGE_URL": "/account/password",
        "SECURITY_VERIFY_URL": "/account/confirm",  # /verify is where the public checks certificates
        "SECURITY_POST_LOGIN_VIEW": "/work",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_POST_CHANGE_VIEW": "/account",
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": ("This e-mail address and this password do not belong together.", "error"),
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},  # no name server is asked on the way in
        "SECURITY_EMAIL_SENDER": settings.mail_from,
        "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET": "Choose a new password for the QCP portal",
        "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE": "Your QCP portal password was changed",
        "SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "Your QCP portal password was changed",
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_REDIRECT_VALIDATE_MODE": "regex",
        "SECURITY_FRESHNESS": timedelta(minutes=5),
        "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
        "REMEMBER_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.production,
        "SESSION_COOKIE_NAME": "__Host-qcp" if settings.production else "qcp",
        "QCP_IDLE": timedelta(minutes=settings.idle_minutes),
        "PERMANENT_SESSION_LIFETIME": ABSOLUTE,
    }


def _time_out() -> Response | None:
    """Sign out whoever left the screen alone; background polls do not count as being there."""
    if request.endpoint == "static" or not security_user.is_authenticated:
        return None
    now = _machine_time()
    idle = current_app.config["QCP_IDLE"].total_seconds()
    if now - session.get("seen", now) > idle or now - session.setdefault("since", now) > ABSOLUTE.total_seconds():
        logout_user()
        session.clear()
        session["timed_out"] = True
        back = request.full_path if request.method == "GET" else None
        return redirect(url_for("security.login", next=back))
    if not (request.method == "GET" and "HX-Request" in request.headers):
        session["seen"] = now
    return None


def _machine_time() -> float:
    """Seconds as the machine counts them: a demonstration that turns its calendar on signs nobody out."""
    return (clock.now() - clock.ahead()).timestamp()


def _signed_in(app: Flask, user: User, **_: Any) -> None:
    session.pop("timed_out", None)
    session.pop("csrf_token", None)  # whoever planted this session before must not know the token that signs changes
    session["since"] = session["seen"] = _machine_time()
    ledger.record(db(), "signed in", by=user, now=clock.now(), about=user)


def _password_changed(app: Flask, user: User, **_: Any) -> None:
    ledger.record(db(), "password changed", by=user, now=clock.now(), about=user)

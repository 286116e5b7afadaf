"""The QCP portal: wiring only. Each room brings its pages; this file hangs them up.

Nothing is loaded with it but what it says: every process that imports any part of the portal runs this file first,
and those that read one document each are started by the hundred.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from app.config import Settings
    from app.doors import Doors

ROOMS = [
    "people", "standards", "program", "notices", "documents", "evidence", "participation", "application", "survey",
    "report", "decision", "journey",
]  # fmt: skip

FORM_ROOM = 2 * 1024 * 1024  # what a form holds beside its one file

CONTENT_POLICY = "; ".join([
    "default-src 'self'", "img-src 'self' data: blob:", "font-src 'self'", "worker-src 'self' blob:",
    "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'self'",
])  # fmt: skip


def create_app(settings: Settings | None = None, doors: Doors | None = None) -> Flask:
    """The application, with its doors open. The only place that imports inside a function."""
    from flask import Flask

    from app import config
    from app.doors import open_doors
    from app.evidence.rules import LIMITS
    from app.kernel import clock
    from app.kernel.db import connect
    from app.people.security import protect

    settings = settings or config.read(os.environ)
    LIMITS.megabytes, LIMITS.pages = settings.most_mb, settings.most_pages
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LIMITS.size + FORM_ROOM,
        MAX_FORM_MEMORY_SIZE=FORM_ROOM,
        MAX_FORM_PARTS=5000,
        QCP_SETTINGS=settings,
        VERSION=config.VERSION,
        TRUSTED_HOSTS=[urlsplit(settings.base_url).hostname] if settings.production else None,
    )
    clock.follow(settings.data / "calendar" if settings.mode is config.Mode.DEMO else None)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    app.extensions["qcp.engine"] = connect(settings.database_url)
    app.extensions["qcp.doors"] = doors or open_doors(settings)
    _transactions(app)
    _forms(app)
    protect(app, settings)
    _rooms(app)
    _templates(app)
    _headers(app)
    _errors(app)
    return app


def _rooms(app: Flask) -> None:
    from importlib import import_module

    for room in ROOMS:
        app.register_blueprint(import_module(f"app.{room}.views").bp)


def _forms(app: Flask) -> None:
    from flask_bootstrap import Bootstrap5
    from flask_wtf import CSRFProtect

    Bootstrap5(app)
    CSRFProtect(app)


def _transactions(app: Flask) -> None:
    """One transaction a request: readers read, writers commit once at the edge, errors leave nothing."""
    from flask import g, request

    from app.kernel.db import db, reading

    @app.before_request
    def begin() -> None:
        db.remove()
        g.reading = reading.set(request.method in ("GET", "HEAD", "OPTIONS"))

    @app.after_request
    def finish(response: Any) -> Any:
        if request.method not in ("GET", "HEAD", "OPTIONS") and response.status_code < 400:
            db.commit()
        return response

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        db.rollback()
        db.remove()
        if token := g.pop("reading", None):
            reading.reset(token)


def _templates(app: Flask) -> None:
    from app.kernel import clock, words
    from app.people.access import Can, allowed, current_user
    from app.people.rules import initials

    app.jinja_env.filters.update(words.FILTERS, initials=initials)
    app.jinja_env.globals.update(
        Can=Can,
        allowed=allowed,
        me=current_user,
        today=clock.today,
        version=app.config["VERSION"],
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _headers(app: Flask) -> None:
    from flask import request

    @app.after_request
    def dress(response: Any) -> Any:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if app.config["QCP_SETTINGS"].production:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "static" and headers.get("Cache-Control") in (None, "no-cache"):  # as send_file says
            headers["Cache-Control"] = "no-store"
        return response


def _errors(app: Flask) -> None:
    from flask import render_template
    from flask_wtf.csrf import CSRFError
    from werkzeug.exceptions import HTTPException, SecurityError

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None:
            return error.response
        if isinstance(error, SecurityError):  # asked for under another host's name, where no page has an address
            return "This is not an address of the portal.", 400, {"Content-Type": "text/plain"}
        code = error.code or 500
        page = f"errors/{code}.html" if (Path(app.root_path) / "templates/errors" / f"{code}.html").exists() else None
        spoken = error.description if code in (403, 409, 422) or isinstance(error, CSRFError) else None
        return render_template(page or "errors/other.html", error=error, reason=spoken), code

    @app.errorhandler(Exception)
    def apologize(error: Exception) -> ResponseReturnValue:
        app.logger.exception("unexpected")
        return render_template("errors/500.html", error=None, reason=None), 500

"""The blueprint of the binder's pages."""

from flask import Blueprint, request

bp = Blueprint("evidence", __name__)


@bp.app_template_global()
def this_page() -> str | None:
    """For links into the viewer: where to come back to. A form that was refused, or a part of a page, is no such place."""
    if request.method != "GET" or "HX-Request" in request.headers:
        return None
    return request.full_path.rstrip("?")

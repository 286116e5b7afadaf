"""The blueprint of the binder's pages."""

from collections.abc import Iterable

from flask import Blueprint, request

from app.standards.rules import sort_key

bp = Blueprint("evidence", __name__)


@bp.app_template_filter()
def in_order(codes: Iterable[str]) -> list[str]:
    """For lists of rows: as the edition counts them, 3.9 before 3.10."""
    return sorted(codes, key=sort_key)


@bp.app_template_global()
def this_page() -> str | None:
    """For links into the viewer: where to come back to; a refused form or a part of a page is no such place."""
    if request.method != "GET" or "HX-Request" in request.headers:
        return None
    return request.full_path.rstrip("?")

"""Reading the Standards."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.kernel.db import db
from app.people.access import Can, may
from app.standards import queries
from app.standards.rules import EVIDENCE_WORDS

bp = Blueprint("standards", __name__)


@bp.get("/standards")
@may(Can.READ_STANDARDS)
def read() -> str:
    """An edition as a book: domain, standard, element; narrowed by words."""
    everything = queries.editions(db())
    wanted = request.args.get("edition", "")
    edition = next((one for one in everything if one.code == wanted), None) or queries.current_edition(db())
    words = request.args.get("q", "").strip()[:200]
    rows = queries.rows(db(), edition.id)
    found = queries.matching(rows, words)
    return render_template(
        "standards/read.html", edition=edition, editions=everything, words=words,
        domains=queries.tree(found), found=found, all=queries.tree(rows), evidence_words=EVIDENCE_WORDS,
    )  # fmt: skip

"""Pages of official paper: the file itself, and how far it is."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from app.documents import actions
from app.documents.actions import PressRoom
from app.documents.models import Paper
from app.documents.rules import PaperState
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, current_user, may
from storage.blobs import BlobDamaged, BlobMissing

bp = Blueprint("documents", __name__)


def _doors() -> PressRoom:
    return cast(PressRoom, current_app.extensions["qcp.doors"])


@bp.get("/papers/<paper_id>")
@may(Can.READ_PAPER, Paper)
def download(paper: Paper) -> Response | str:
    """The PDF, shown in the browser; a page that waits for it while it is being made."""
    if paper.state is not PaperState.ISSUED or paper.sha256 is None:
        return render_template("documents/paper.html", paper=paper)
    try:
        pdf = _doors().blobs.get(paper.sha256)
    except (BlobMissing, BlobDamaged):
        abort(503, description="This paper cannot be given out at present. The Program's office can see why.")
    response = Response(pdf, mimetype="application/pdf")
    place = "attachment" if request.args.get("save") else "inline"
    response.headers["Content-Disposition"] = f'{place}; filename="{paper.filename}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.get("/papers/<paper_id>/state")
@may(Can.READ_PAPER, Paper)
def link(paper: Paper) -> str:
    """The link to a paper as it stands now; a page that waits asks for it every two seconds."""
    return render_template("documents/_link.html", paper=paper)


@bp.post("/papers/<paper_id>/again")
@may(Can.PRESS_AGAIN, Paper)
def again(paper: Paper) -> Answer:
    """Press a paper that failed once more."""
    try:
        actions.press_again(db(), paper, by=current_user(), now=clock.now())
    except ValueError as refused:
        abort(409, description=f"{refused}, so there is nothing to make again.")
    flash("The paper is being made again.")
    return redirect(url_for("documents.download", paper_id=paper.id))

"""The binder: its files as they come in, the coverage map, one slot of it."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.doors import doors
from app.evidence import queries
from app.evidence.models import Binder
from app.evidence.queries import Group
from app.evidence.rules import ClaimState, CoverState
from app.evidence.views.room import bp
from app.evidence.views.uploads import files
from app.kernel import clock
from app.kernel.db import db
from app.people.access import Can, allowed, current_user, may
from app.people.models import Practice
from app.standards import queries as standards
from app.standards.models import Edition

ALL = "all"


@bp.get("/practices/<practice_id>/binder")
@may(Can.READ_BINDER, Practice)
def home(practice: Practice) -> ResponseReturnValue:
    """The practice's current binder."""
    found = queries.binder_of(db(), practice.id)
    if found is None:
        abort(404)
    return redirect(url_for("evidence.binder", binder_id=found.id))


@bp.get("/binders/<binder_id>", endpoint="binder")
@may(Can.READ_BINDER, Binder)
def read(binder: Binder) -> str:
    """Documents, what they cover, and what is still open."""
    domains = [row for row in standards.rows(db(), binder.edition_id) if not row.rated]
    asked = request.args.get("domain", "")
    domain = asked if asked in {ALL, *(row.code for row in domains)} else domains[0].code
    by = "sites" if request.args.get("by") == "sites" else "documents"
    only_open = request.args.get("open") == "1"
    return render_template(
        "evidence/binder.html", binder=binder, practice=db().get_one(Practice, binder.practice_id),
        edition=db().get_one(Edition, binder.edition_id), domains=domains, domain=domain, by=by, only_open=only_open,
        map=queries.coverage(
            db(), binder, clock.today(), domain=None if domain == ALL else domain, only_open=only_open,
            ideas=queries.answering(db(), binder, doors().indexes), seen=current_user().is_program,
        ),
        ready=_ready(binder) if allowed(Can.CHECK_READINESS, binder) else [],
        claimed=[one for one in queries.claims(db(), binder).values() if one.state is ClaimState.CLAIMED],
        questions=queries.open_questions(db(), binder), CoverState=CoverState,
        **files(binder),
    )  # fmt: skip


def _ready(binder: Binder) -> list[Group]:
    ideas = queries.answering(db(), binder, doors().indexes)
    return queries.readiness(db(), binder, clock.today(), ideas)


@bp.get("/binders/<binder_id>/readiness")
@may(Can.CHECK_READINESS, Binder)
def readiness(binder: Binder) -> str:
    """Everything that is still open, by kind, with what to do."""
    return render_template(
        "evidence/readiness.html", binder=binder, practice=db().get_one(Practice, binder.practice_id),
        edition=db().get_one(Edition, binder.edition_id), groups=_ready(binder),
        fills=allowed(Can.FILL_BINDER, binder),
    )  # fmt: skip

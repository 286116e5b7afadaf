"""The one table of who may do what, and the sentence that every route says about itself.

A test answers None when it holds, or the reason why not. A rule is a list of ways; each way is a list of
tests that must all hold. Who may know of a thing but not do it hears the reason (403); who may not know
of it hears what a missing thing would say (404).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import abort, redirect, request, url_for
from flask_security import current_user as security_user
from werkzeug.wrappers import Response

from app.kernel.db import db
from app.people.can import Can
from app.people.models import User
from app.people.rules import ROLE_WORDS, Capacity, Role

__all__ = ["RULES", "Can", "allowed", "current_user", "knows_of", "may", "public", "why_not"]

Test = Callable[[User, Any], str | None]
View = Callable[..., Any]


def _practice_of(thing: Any) -> str | None:
    return getattr(thing, "practice_id", None)


def _appointed(user: User, thing: Any, capacity: Capacity, *, ever: bool = False) -> bool:
    case_id = getattr(thing, "case_id", None)
    return any(
        held.capacity is capacity
        and held.practice_id == _practice_of(thing)
        and (case_id is None or held.case_id == case_id)
        and (ever or held.current)
        for held in user.appointments
    )


def _in_practice(role: Role) -> Test:
    def test(user: User, thing: Any) -> str | None:
        return None if user.holds(role, _practice_of(thing)) else f"Only the practice's {role} can do this."

    test.__name__ = role
    return test


def _in_program(role: Role) -> Test:
    def test(user: User, thing: Any) -> str | None:
        return None if user.holds(role) else f"{ROLE_WORDS[role]} does this."

    test.__name__ = role
    return test


owner, contributor, signer = (_in_practice(role) for role in (Role.OWNER, Role.CONTRIBUTOR, Role.SIGNER))
staff, admin, surveyor, reviewer = (
    _in_program(role) for role in (Role.STAFF, Role.ADMIN, Role.SURVEYOR, Role.REVIEWER)
)


def anyone(user: User, thing: Any) -> str | None:
    """Everybody who is signed in."""
    return None


def assigned_surveyor(user: User, thing: Any) -> str | None:
    """The surveyor of this case, once both sides have cleared conflicts."""
    return None if _appointed(user, thing, Capacity.SURVEYOR) else "Only the surveyor of this case can do this."


def assigned_reviewer(user: User, thing: Any) -> str | None:
    """The reviewer of this case."""
    return None if _appointed(user, thing, Capacity.REVIEWER) else "Only the reviewer of this case can do this."


def not_the_surveyor(user: User, thing: Any) -> str | None:
    """Nobody judges a practice that they surveyed in this case."""
    ever = _appointed(user, thing, Capacity.SURVEYOR, ever=True)
    return "You surveyed this practice, so somebody else decides." if ever else None


def open_to_case(user: User, thing: Any) -> str | None:
    """Papers that the people who judge a case may read; its bills and agreements are not among them."""
    return None if thing.open_to_case else "This paper is between the practice and the Program's office."


def the_one_asked(user: User, thing: Any) -> str | None:
    """The person to whom this very thing was put; it says so itself by `is_for`."""
    return None if thing.is_for(user) else "Only the person who was asked can answer."


PRACTICE_PEOPLE: list[list[Test]] = [[owner], [contributor], [signer]]
PROGRAM_OFFICE: list[list[Test]] = [[staff], [admin]]
REVIEWER_OF_CASE: list[list[Test]] = [[assigned_reviewer, not_the_surveyor]]
PEOPLE_OF_CASE: list[list[Test]] = [*PRACTICE_PEOPLE, *PROGRAM_OFFICE, [assigned_surveyor], *REVIEWER_OF_CASE]

RULES: dict[Can, list[list[Test]]] = {
    Can.USE_ACCOUNT: [[anyone]],
    Can.ASK_FOR_PRACTICE: [[anyone]],
    Can.SEE_TEAM: [*PRACTICE_PEOPLE, *PROGRAM_OFFICE],
    Can.MANAGE_TEAM: [[owner]],
    Can.MANAGE_SITES: [[owner]],
    Can.MANAGE_PRACTICES: PROGRAM_OFFICE,
    Can.MANAGE_PROGRAM_PEOPLE: [[admin]],
    Can.READ_STANDARDS: [[anyone]],
    Can.READ_SETTINGS: PROGRAM_OFFICE,
    Can.CHANGE_SETTINGS: [[admin]],
    Can.READ_NOTICES: [[anyone]],
    Can.READ_PAPER: [
        *PRACTICE_PEOPLE,
        *PROGRAM_OFFICE,
        [assigned_surveyor, open_to_case],
        [assigned_reviewer, not_the_surveyor, open_to_case],
    ],
    Can.PRESS_AGAIN: PROGRAM_OFFICE,
    Can.SEE_PARTICIPATION: [*PRACTICE_PEOPLE, *PROGRAM_OFFICE],
    Can.ENROL: [[owner]],
    Can.SEE_CHARTS: PRACTICE_PEOPLE,
    Can.ENTER_CHARTS: [[owner], [contributor]],
    Can.FREEZE_CHARTS: [[owner]],
    Can.READ_SCORE_REPORT: [*PRACTICE_PEOPLE, *PROGRAM_OFFICE],
    Can.RUN_ROUNDS: PROGRAM_OFFICE,
    Can.EXTEND_ROUND: [[admin]],
    Can.SEE_GATE: [*PRACTICE_PEOPLE, *PROGRAM_OFFICE],
    Can.WATCH_WEBINAR: [[owner], [signer]],
    Can.RECORD_WEBINAR: PROGRAM_OFFICE,
    Can.SEE_APPLICATIONS: PROGRAM_OFFICE,
    Can.OPEN_APPLICATION: [[owner]],
    Can.READ_BINDER: PEOPLE_OF_CASE,
    Can.FILL_BINDER: [[owner], [contributor]],
    Can.CHECK_READINESS: PRACTICE_PEOPLE,
    Can.ANSWER_CLAIM: PROGRAM_OFFICE,
    Can.WRITE_IN_THREAD: PEOPLE_OF_CASE,
    Can.ASK_FOR_FILE: [*PROGRAM_OFFICE, [assigned_surveyor], *REVIEWER_OF_CASE],
    Can.READ_APPLICATION: PEOPLE_OF_CASE,
    Can.FILL_APPLICATION: [[owner], [contributor]],
    Can.GIVE_STEP: [[owner]],
    Can.SIGN_AGREEMENT: [[signer]],
    Can.ASK_FOR_INVOICE: [[owner]],
    Can.RECORD_PAYMENT: PROGRAM_OFFICE,
    Can.WAIVE_FEE: [[admin]],
    Can.SUBMIT_APPLICATION: [[signer]],
    Can.RETURN_APPLICATION: PROGRAM_OFFICE,
    Can.WITHDRAW_APPLICATION: [[signer]],
    Can.SEE_SURVEY_DESK: PROGRAM_OFFICE,
    Can.OPEN_SURVEY: PROGRAM_OFFICE,
    Can.READ_SURVEY: [*PRACTICE_PEOPLE, *PROGRAM_OFFICE, [assigned_surveyor]],
    Can.SEE_MY_SURVEYS: [[surveyor]],
    Can.PROPOSE_SURVEYOR: PROGRAM_OFFICE,
    Can.ANSWER_ASSIGNMENT: [[surveyor, the_one_asked]],
    Can.CONFIRM_SURVEYOR: [[signer]],
    Can.DECIDE_OBJECTION: [[admin]],
    Can.SCHEDULE_SURVEY: PROGRAM_OFFICE,
    Can.MOVE_SURVEY: [*PROGRAM_OFFICE, [signer]],
    Can.CANCEL_SURVEY: [[admin]],
    Can.READ_WORKSHEET: [[assigned_surveyor], *PROGRAM_OFFICE],
    Can.FILL_WORKSHEET: [[assigned_surveyor]],
    Can.CHECK_WORKSHEET: PROGRAM_OFFICE,
    Can.SEE_MY_REVIEWS: [[reviewer]],
    Can.ANSWER_REVIEW: [[reviewer, the_one_asked, not_the_surveyor]],
    Can.JUDGE_SURVEY: [[assigned_reviewer, the_one_asked, not_the_surveyor]],
    Can.DRAFT_REPORT: PROGRAM_OFFICE,
    Can.ISSUE_REPORT: PROGRAM_OFFICE,
    Can.READ_REPORT: [*PRACTICE_PEOPLE, *PROGRAM_OFFICE, *REVIEWER_OF_CASE],
    Can.READ_PLAN: [*PRACTICE_PEOPLE, *PROGRAM_OFFICE, *REVIEWER_OF_CASE],
    Can.WRITE_PLAN: [[owner], [contributor]],
    Can.SUBMIT_PLAN: [[signer]],
    Can.JUDGE_PLAN: REVIEWER_OF_CASE,
    Can.ORDER_RESURVEY: [[admin]],
    Can.AWARD: [[admin]],
    Can.READ_CERTIFICATION: [*PRACTICE_PEOPLE, *PROGRAM_OFFICE],
    Can.ORDER_PLAQUE: [[owner]],
    Can.RUN_PLAQUE_DESK: PROGRAM_OFFICE,
    Can.RECEIVE_PLAQUE: [[owner], *PROGRAM_OFFICE],
    Can.SEE_WORK: [[anyone]],
    Can.SEE_ROAD: PEOPLE_OF_CASE,
    Can.SEE_BOARD: PROGRAM_OFFICE,
    Can.SEE_LEDGER: [[admin]],
    Can.TURN_CALENDAR: [[anyone]],
}


def knows_of(user: User, thing: Any) -> bool:
    """May this person know that the thing exists?"""
    if getattr(thing, "personal", False):
        return bool(thing.is_for(user))
    practice_id = _practice_of(thing)
    if getattr(thing, "kept_from_program", False):
        return any(held.practice_id == practice_id for held in user.memberships)
    if practice_id is None or {Role.STAFF, Role.ADMIN} & user.program_roles:
        return True
    if any(held.practice_id == practice_id for held in user.memberships):
        return not getattr(thing, "kept_from_practice", False)
    if hasattr(thing, "is_for") and thing.is_for(user):
        return True
    return _appointed(user, thing, Capacity.SURVEYOR) or _appointed(user, thing, Capacity.REVIEWER)


def why_not(user: User, can: Can, thing: Any = None) -> list[str]:
    """Every reason why not; none means yes, and the person then acts under the role that allowed it."""
    reasons: list[str] = []
    for way in RULES[can]:
        refused = [reason for test in way if (reason := test(user, thing))]
        if not refused:
            user.acting_as = way[0].__name__.removeprefix("assigned_").replace("anyone", user.acting_as)
            return []
        reasons += refused
    return list(dict.fromkeys(reasons))


def allowed(can: Can, thing: Any = None) -> bool:
    """For templates: show or gray out a control."""
    user = security_user
    return bool(user.is_authenticated) and not why_not(current_user(), can, thing)


def current_user() -> User:
    """Who is signed in."""
    return cast(User, security_user._get_current_object())  # the proxy is not for keeping


def public(view: View) -> View:
    """This view is for anybody."""
    view.may = "public"  # type: ignore[attr-defined]
    return view


def may(can: Can, kind: type[Any] | None = None) -> Callable[[View], View]:
    """This view is for whom the table allows; `kind` is what its first `<..._id>` names."""

    def dress(view: View) -> View:
        @wraps(view)
        def guarded(**args: Any) -> Any:
            if not security_user.is_authenticated:
                return _to_sign_in()
            user, thing = current_user(), None
            if kind is not None:
                name = next(iter(args))
                thing = args[name.removesuffix("_id")] = db().get(kind, args.pop(name))
                if thing is None or not knows_of(user, thing):
                    abort(404)
            reasons = why_not(user, can, thing)
            if reasons:
                abort(403 if kind is None or knows_of(user, thing) else 404, description=" ".join(reasons))
            return view(**args)

        guarded.may = can  # type: ignore[attr-defined]
        guarded.kind = kind  # type: ignore[attr-defined]
        return guarded

    return dress


def _to_sign_in() -> Response:
    where = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=where))

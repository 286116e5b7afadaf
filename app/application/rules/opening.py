"""Why a practice may not open an application: every reason at once, with its numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.participation.rules.sentences import of_reason


@dataclass(frozen=True)
class Reason:
    """One thing in the way, and what would clear it."""

    code: str
    says: str
    cure: str = ""


@dataclass(frozen=True)
class Standing:
    """What is known about a practice on the day it wants to apply."""

    today: date
    on_qcp_track: bool
    valid_until: date | None
    newer_report: bool
    practice_active: bool
    member_named: bool
    webinar_until: date | None
    open_number: str | None
    barred_until: date | None = None


CURES = {
    "report_not_final": "It is issued after the round has closed.",
    "no_second_module": "Choose a second module in the next round.",
    "no_score": "Enter charts to which the measures apply.",
    "score_below_threshold": "Take part in the next round, or ask for a waiver.",
    "too_few_unique_charts": "Enter more charts in the next round.",
    "module_target_unconfirmed": "Confirm that every eligible chart was entered.",
    "possible_duplicates_open": "Decide each group.",
}


def from_charts(found: list[dict[str, Any]]) -> list[Reason]:
    """The chart reasons of a score report, in words."""
    return [Reason(entry["code"], of_reason(entry), CURES.get(entry["code"], "")) for entry in found]


def why_not_open(standing: Standing, charts: list[Reason], *, but_for: bool = False) -> list[Reason]:
    """Every reason against opening; `but_for` leaves out the one application that is asking (step 1)."""
    reasons = [*charts, *_about_the_report(standing), *_about_the_practice(standing)]
    if not but_for:
        reasons += _about_the_gate(standing)
    return reasons


def _about_the_report(now: Standing) -> list[Reason]:
    reasons = []
    if not now.on_qcp_track:
        reasons.append(Reason("wrong_track", "The round was not on the QCP Track.", "Enrol on the QCP Track."))
    if now.valid_until is not None and now.valid_until < now.today:
        text = f"The score opened applications until {spoken(now.valid_until)}."
        reasons.append(Reason("score_expired", text, "A new final report is needed."))
    if now.newer_report:
        text = "A newer final report has taken the place of this one."
        reasons.append(Reason("report_superseded", text, "Apply on the newest report."))
    return reasons


def _about_the_practice(now: Standing) -> list[Reason]:
    reasons = []
    if not now.practice_active:
        reasons.append(Reason("practice_inactive", "The practice is not active.", "Ask the Program's office."))
    if not now.member_named:
        text = "No active ASCO member is named."
        reasons.append(Reason("no_active_member", text, "Name at least one in the practice's profile."))
    if now.barred_until is not None and now.today <= now.barred_until:
        text = f"The practice may apply again after {spoken(now.barred_until)}."
        reasons.append(Reason("barred_until", text))
    return reasons


def _about_the_gate(now: Standing) -> list[Reason]:
    reasons = []
    if now.webinar_until is None or now.webinar_until < now.today:
        text = "Nobody from the practice has heard the introduction"
        text += "." if now.webinar_until is None else f" since the last one ran out on {spoken(now.webinar_until)}."
        cure = "An owner or a signer watches the recorded introduction."
        reasons.append(Reason("webinar_missing", text, cure))
    if now.open_number is not None:
        text = f"Application {now.open_number} is already open."
        reasons.append(Reason("application_already_open", text, "Go on with that one."))
    return reasons


def spoken(day: date) -> str:
    """A date as pages write it: Fri 16 Oct 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"

"""What waits to be done now, for every role at once, worked out from the facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.journey.rules.facts import Facts, Step
from app.journey.rules.stations import STATIONS, Holder, Station


@dataclass(frozen=True)
class Task:
    """One station of one practice: the first task of the list is what the road calls "next"."""

    station: Station
    facts: Facts
    step: Step | None = None

    @property
    def key(self) -> str:
        return self.station.key

    @property
    def role(self) -> str:
        return self.step.role if self.step and self.key == "step" else self.station.role

    @property
    def holder(self) -> Holder:
        return self.station.holder

    @property
    def person_id(self) -> str | None:
        """The one person of the Program whose task it is, where it is one person's."""
        return {"surveyor": self.facts.surveyor_id, "reviewer": self.facts.reviewer_id}.get(self.station.role)

    @property
    def slug(self) -> str:
        """The step of the application where it is done, if it is one."""
        return self.step.slug if self.step else "payment" if self.key in ("pay", "confirm_payment") else ""

    @property
    def do(self) -> str:
        """To the one who does it."""
        return self._again(self._said(self.station.do))

    @property
    def wait(self) -> str:
        """To the other side, and on the board."""
        return self._again(self._said(self.station.wait))

    @property
    def why(self) -> str:
        return self._said(self.station.why)

    def waiting(self, inside: bool) -> str:
        """To those who wait: the practice is addressed, everybody else hears of it."""
        if inside:
            return self.wait
        return self.wait.replace("Your ", "The ").replace(" your ", " the ").replace(" you ", " the practice ")

    def later(self, inside: bool) -> str:
        """When it lies ahead."""
        return YOU.get(self.key, self.wait) if inside else self.waiting(inside)

    def _again(self, words: str) -> str:
        ours = self.facts.resurvey and self.station.milestone == 3
        return f"Re-survey: {words[0].lower()}{words[1:]}" if ours else words

    def _said(self, words: str) -> str:
        facts, step = self.facts, self.step
        return words.format(
            name=facts.name,
            charts=facts.charts,
            charts_wanted=facts.charts_wanted or "the charts you need",
            round_name=facts.round_name or "the round",
            score=facts.score,
            step_number=step.number if step else "",
            step_title=step.title.lower() if step else "",
            steps_done=sum(one.done for one in facts.steps),
            returned_steps=", ".join(one.title.lower() for one in facts.steps if one.returned) or "see the page",
            invoice_number=facts.invoice_number or "for the fee",
            visit=visit_words(facts.visit_on, facts.visit_until),
            lines=_counted(facts.requirements - facts.met, "line"),
            returned_lines=_counted(facts.plan_returned, "plan line"),
            plan_round=facts.plan_round,
            met=facts.met,
            claims=_counted(facts.claims, "claim"),
            questions=_counted(facts.questions, "file"),
            requirements=facts.requirements,
        )


YOU = {
    "enroll": "You enroll in a round",
    "chart": "You enter charts",
    "freeze": "You freeze your charts",
    "open": "You open your application",
    "step": "You fill in six steps",
    "submit": "Your signer submits the application",
    "confirm": "You confirm your surveyor, or object",
    "plan": "You write your Compliance Action Plan",
    "evidence": "You do the work and send the evidence",
    "plaque_details": "You confirm what stands on your plaque",
}


def tasks(facts: Facts) -> list[Task]:
    """Everything that waits now, what is next first; an empty list means that the road is walked."""
    return list(_tasks(facts))


def _tasks(facts: Facts) -> Iterator[Task]:
    yield from _road(facts)
    if not facts.certified and facts.application not in ("", "closed"):
        yield from _named(facts, "send_file" if facts.questions else "", "answer_claim" if facts.claims else "")


def _road(facts: Facts) -> Iterator[Task]:
    if facts.practice_state == "requested":
        yield Task(STATIONS["approve"], facts)
    elif facts.certified:
        yield from _named(facts, PLAQUE.get(facts.plaque, ""))
    elif facts.application in ("", "closed"):
        yield from _participation(facts)
    elif facts.application in ("draft", "returned"):
        yield from _application(facts)
    elif facts.report or facts.survey == "determined":
        yield from _report(facts)
    else:
        yield from _survey(facts)


def _named(facts: Facts, *keys: str) -> Iterator[Task]:
    for key in keys:
        if key:
            yield Task(STATIONS[key], facts)


def _participation(facts: Facts) -> Iterator[Task]:
    if facts.qualified:
        yield from _named(facts, "open")
    elif facts.enrolment in ("enrolled", "abstracting"):
        enough = 0 < facts.charts_wanted <= facts.charts
        yield from _named(facts, "freeze" if enough else "chart")
    elif facts.enrolment == "frozen":
        yield from _named(facts, "score")
    elif facts.enrolment == "reported" and facts.score_on:
        yield from _named(facts, "score_low", "enroll")
    else:
        yield from _named(facts, "enroll")


def _application(facts: Facts) -> Iterator[Task]:
    open_steps = [step for step in facts.steps if not step.done]
    if facts.application == "returned":
        yield Task(STATIONS["resubmit"], facts)
    elif not open_steps:
        yield Task(STATIONS["submit"], facts)
    else:
        ours = [step for step in open_steps if not (step.slug == "payment" and facts.invoice)] or open_steps
        yield Task(STATIONS["step"], facts, ours[0])
    yield from _named(facts, {"issued": "pay", "paid": "confirm_payment"}.get(facts.invoice, ""))


SURVEY = {
    "": "name_surveyor",
    "awaiting surveyor": "name_surveyor",
    "awaiting date": "set_date",
    "scheduled": "visit",
    "under way": "end_visit",
    "visit ended": "worksheet",
    "submitted": "check",
    "in committee": "assign_reviewer",
}
ASSIGNMENT = {"proposed": "declare", "clear": "confirm", "objected": "objection"}
REVIEW = {"assigned": "review_clear", "reading": "determine", "comparing": "determine", "asking": "answer"}


def _survey(facts: Facts) -> Iterator[Task]:
    key = SURVEY.get(facts.survey, "")
    if facts.survey == "awaiting surveyor":
        key = ASSIGNMENT.get(facts.assignment, key)
    elif facts.survey == "in committee":
        key = REVIEW.get(facts.review, key)
    yield from _named(facts, key, "look" if facts.to_look else "")


PLAN = {
    "": "plan",
    "drafting": "plan",
    "submitted": "judge_plan",
    "returned": "replan",
    "accepted": "evidence",
    "evidence_sent": "judge_evidence",
}


def _report(facts: Facts) -> Iterator[Task]:
    if not facts.report:
        yield from _named(facts, "draft")
    elif facts.report == "drafted":
        yield from _named(facts, "issue")
    elif facts.all_met or facts.plan == "met":
        yield from _named(facts, "award")
    elif facts.plan == "resurvey" and facts.resurvey and facts.survey != "determined":
        yield from _survey(facts)
    elif facts.plan == "resurvey":
        yield from _named(facts, "draft")
    else:
        yield from _named(facts, PLAN.get(facts.plan, ""))


PLAQUE = {
    "offered": "plaque_details",
    "details given": "plaque_draw",
    "proof sent": "plaque_proof",
    "approved": "plaque_order",
    "in production": "plaque_ship",
    "shipped": "plaque_receive",
}


def _counted(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


def visit_words(first: date | None, last: date | None) -> str:
    """4-5 Aug 2026"""
    if first is None:
        return "a day to come"
    if last is None or last == first:
        return f"{first:%a} {first.day} {first:%b} {first.year}"
    start = f"{first.day}" if first.month == last.month else f"{first.day} {first:%b}"
    return f"{start}-{last.day} {last:%b} {last.year}"

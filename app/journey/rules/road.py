"""The five milestones of one practice: what is done, where it stands, what lies ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.journey.rules.facts import Facts
from app.journey.rules.stations import STATIONS, Station
from app.journey.rules.tasks import Task, tasks, visit_words

MILESTONES = {
    1: "Participate in QOPI",
    2: "Submit application",
    3: "On-site survey",
    4: "Survey report",
    5: "Decision",
}
AHEAD = {
    2: "Opens with a score of 75 % or more, on enough charts",
    3: "Opens when the application is ready",
    4: "Opens when every standard is determined",
    5: "Opens when every requirement is met",
}
AFTER_MOST = 3


@dataclass(frozen=True)
class Stop:
    """One milestone as the road shows it."""

    number: int
    name: str
    state: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Road:
    """The whole page at a glance."""

    at: int
    stops: tuple[Stop, ...]
    tasks: tuple[Task, ...]
    after: tuple[Station, ...]

    @property
    def next(self) -> Task | None:
        return self.tasks[0] if self.tasks else None

    @property
    def done(self) -> int:
        """How many arcs of the ring are closed."""
        return sum(stop.state == "done" for stop in self.stops)


def road(facts: Facts) -> Road:
    """Milestones, what waits now, and what comes after that."""
    waiting = tuple(tasks(facts))
    at = 5 if facts.certified else _at(facts, waiting)
    stops = tuple(Stop(number, name, _state(number, at, facts), _lines(number, at, facts))
                  for number, name in MILESTONES.items())  # fmt: skip
    return Road(at, stops, waiting, after(waiting[0].station) if waiting else ())


def _at(facts: Facts, waiting: tuple[Task, ...]) -> int:
    """A re-survey is part of milestone 4, whatever it repeats of milestone 3."""
    milestone = waiting[0].station.milestone if waiting else 1
    return 4 if facts.resurvey and milestone == 3 else milestone


def _state(number: int, at: int, facts: Facts) -> str:
    if facts.certified or number < at:
        return "done"
    return "now" if number == at else "ahead"


def after(station: Station) -> tuple[Station, ...]:
    """The next stations of the main road; what only happens on a detour is left out."""
    keys = list(STATIONS)
    rest = [STATIONS[key] for key in keys[keys.index(station.key) + 1 :] if STATIONS[key].main]
    return tuple(one for one in rest if one.wait != station.wait)[:AFTER_MOST]


def _lines(number: int, at: int, facts: Facts) -> tuple[str, ...]:
    if number > at:
        return (AHEAD[number],)
    return tuple(line for line in LINES[number](facts) if line)


def _participation(facts: Facts) -> list[str]:
    if facts.score and facts.score_on:
        verdict = "" if facts.qualified or facts.application else "Does not qualify"
        on = f", on {facts.score_charts} unique charts" if facts.score_charts else ""
        return [f"Score {facts.score} %{on}", f"Final report {_day(facts.score_on)}", verdict]
    if facts.enrolment:
        wanted = f" of {facts.charts_wanted}" if facts.charts_wanted else ""
        return [f"Enrolled in {facts.round_name}" if facts.round_name else "Enrolled", f"{facts.charts}{wanted} charts"]
    return ["Not enrolled yet"]


def _application(facts: Facts) -> list[str]:
    if facts.ready_on and facts.application not in ("draft", "returned"):
        return ["Six steps complete", f"Ready since {_day(facts.ready_on)}"]
    if facts.application == "returned":
        return ["Returned for changes"]
    if facts.steps:
        return [f"{sum(step.done for step in facts.steps)} of {len(facts.steps)} steps complete"]
    return [f"May be opened until {_day(facts.valid_until)}" if facts.valid_until else ""]


def _survey(facts: Facts) -> list[str]:
    sites = f"{facts.sites} site{'' if facts.sites == 1 else 's'}"
    visit = f"{sites}, {visit_words(facts.visit_on, facts.visit_until)}" if facts.visit_on else sites
    done = f"Determined {_day(facts.determined_on)}" if facts.determined_on else ""
    return [visit, done]


def _report(facts: Facts) -> list[str]:
    if not facts.issued_on:
        return ["Being written"]
    if facts.all_met and not facts.requirements:
        return ["Every standard met", f"Report {_day(facts.issued_on)}"]
    count = f"{facts.met} of {facts.requirements} requirements met"
    rounds = f"plan in round {facts.plan_round}" if facts.plan_round and facts.plan in ("submitted", "returned") else ""
    return [f"{count}; {rounds}" if rounds else count, f"Report {_day(facts.issued_on)}"]


def _decision(facts: Facts) -> list[str]:
    if facts.certificate:
        until = f"Until {_day(facts.ends_on)}" if facts.ends_on else ""
        return [f"Certified, {facts.certificate}", until]
    return ["Being recorded"]


LINES = {1: _participation, 2: _application, 3: _survey, 4: _report, 5: _decision}


def _day(on: date | None) -> str:
    return f"{on.day} {on:%b} {on.year}" if on else ""

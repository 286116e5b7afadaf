"""Where a practice stands on its road and what is next, worked out from plain facts."""

from app.journey.rules.facts import Facts, Step
from app.journey.rules.road import MILESTONES, Road, Stop, road
from app.journey.rules.stations import STATIONS, Holder, Station
from app.journey.rules.tasks import Task, tasks
from app.journey.rules.urgency import Risk, risk, urgency

__all__ = [
    "MILESTONES",
    "STATIONS",
    "Facts",
    "Holder",
    "Risk",
    "Road",
    "Station",
    "Step",
    "Stop",
    "Task",
    "risk",
    "road",
    "tasks",
    "urgency",
]

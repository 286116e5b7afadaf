"""Reading the rooms: the facts of many roads in a fixed number of questions, and the work of one person."""

from app.journey.queries.board import PAGE, Row, board, grouped, page_of, shown
from app.journey.queries.facts import facts_of, roads_of
from app.journey.queries.road import RoadPage, road_page
from app.journey.queries.work import Desk, Work, due_of, dues_of, work_of, yours

__all__ = [
    "PAGE",
    "Desk",
    "RoadPage",
    "Row",
    "Work",
    "board",
    "due_of",
    "dues_of",
    "facts_of",
    "grouped",
    "page_of",
    "road_page",
    "roads_of",
    "shown",
    "work_of",
    "yours",
]

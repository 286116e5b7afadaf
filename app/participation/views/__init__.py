"""The pages of participation; importing this package hangs all of them on the blueprint."""

from app.participation.views import charts, desk, enrolments, imports, rounds
from app.participation.views.blueprint import bp

__all__ = ["bp", "charts", "desk", "enrolments", "imports", "rounds"]

"""The tables of the survey, one file per subject."""

from app.survey.models.assignment import Assignment
from app.survey.models.committee import Overrule, Question, Review, Verdict
from app.survey.models.survey import Survey, VisitedSite
from app.survey.models.worksheet import Entry, Observation

__all__ = ["Assignment", "Entry", "Observation", "Overrule", "Question", "Review", "Survey", "Verdict", "VisitedSite"]

"""The tables of the room: rounds, enrolments with their charts, and the reports that come of them."""

from app.participation.models.charts import Chart, ChartDraft, DuplicateDecision
from app.participation.models.enrolments import Enrolment, EnrolmentAgreement
from app.participation.models.reports import ScoreReport
from app.participation.models.rounds import Round

__all__ = ["Chart", "ChartDraft", "DuplicateDecision", "Enrolment", "EnrolmentAgreement", "Round", "ScoreReport"]

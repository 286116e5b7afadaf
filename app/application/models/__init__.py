"""The tables of milestone 2."""

from app.application.models.agreements import AgreementVersion, Signature
from app.application.models.answers import AnswerDraft, AnswerSection
from app.application.models.case import Application, OfferedDate, Snapshot, StepRecord
from app.application.models.payment import Invoice
from app.application.models.webinar import Attendance, Watching

__all__ = [
    "AgreementVersion",
    "AnswerDraft",
    "AnswerSection",
    "Application",
    "Attendance",
    "Invoice",
    "OfferedDate",
    "Signature",
    "Snapshot",
    "StepRecord",
    "Watching",
]

"""The tables of M4."""

from app.report.models.ccr import ComplianceReport, Requirement
from app.report.models.plan import Plan, PlanLine, Proof, Sending, Turn

__all__ = ["ComplianceReport", "Plan", "PlanLine", "Proof", "Requirement", "Sending", "Turn"]

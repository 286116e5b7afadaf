"""Compliance reports and what they require."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import At, Base, Id, Json, JsonList, ref, words
from app.people.models import Practice
from app.report.rules.ccr import ReportState, RequirementState, Result
from app.survey.models import Survey


class ComplianceReport(Base):
    """One version of the report on one survey; an issued one is never changed, only followed by another."""

    __tablename__ = "compliance_report"
    __table_args__ = (
        UniqueConstraint("number", "version"),
        CheckConstraint("(state = 'drafted') = (issued_on IS NULL)", name="issued_has_a_day"),
        CheckConstraint("(issued_on IS NULL) = (paper_id IS NULL)", name="issued_means_ordered_on_paper"),
        CheckConstraint("(version > 1) = (follows_id IS NOT NULL)", name="later_versions_follow_one"),
        CheckConstraint("closing <= (result = 'all_met')", name="closing_means_all_met"),
    )

    id: Mapped[Id]
    survey_id: Mapped[str] = ref("survey.id")
    application_id: Mapped[str] = ref("application.id")
    practice_id: Mapped[str] = ref("practice.id")
    number: Mapped[str] = mapped_column(String(24))
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[ReportState] = words(ReportState, default=ReportState.DRAFTED)
    result: Mapped[Result] = words(Result)
    closing: Mapped[bool] = mapped_column(default=False)
    follows_id: Mapped[str | None] = ref("compliance_report.id")
    drafted_at: Mapped[At]
    issued_on: Mapped[date | None]
    paper_id: Mapped[str | None] = ref("paper.id")
    data: Mapped[Json]

    survey: Mapped[Survey] = relationship()
    practice: Mapped[Practice] = relationship()
    requirements: Mapped[list[Requirement]] = relationship(
        back_populates="report", order_by="Requirement.no", cascade="all, delete-orphan"
    )

    @property
    def case_id(self) -> str:
        return self.application_id

    @property
    def binder_id(self) -> str:
        """Where the practice's documents for this case are."""
        return str(self.survey.application.binder_id)

    @property
    def issued(self) -> bool:
        return self.issued_on is not None

    @property
    def kept_from_practice(self) -> bool:
        """A practice does not know of a report that has not been issued."""
        return not self.issued

    @property
    def everything_met(self) -> bool:
        return self.issued and self.result is Result.ALL_MET


class Requirement(Base):
    """What the practice must show for one row below met, and the finding it rests on."""

    __tablename__ = "requirement"
    __table_args__ = (
        UniqueConstraint("report_id", "no"),
        CheckConstraint("(state = 'met') = (met_on IS NOT NULL)", name="met_has_a_day"),
        CheckConstraint("resurvey <= (length(why_resurvey) > 0)", name="a_resurvey_says_why"),
    )

    id: Mapped[Id]
    report_id: Mapped[str] = mapped_column(String(32), ForeignKey("compliance_report.id"), index=True)
    practice_id: Mapped[str] = ref("practice.id")
    case_id: Mapped[str] = mapped_column(String(32), index=True)
    no: Mapped[int]
    code: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(200))
    rating: Mapped[str] = mapped_column(String(8))
    ratings: Mapped[Json]
    sites: Mapped[JsonList]
    asks: Mapped[str] = mapped_column(Text)
    seen: Mapped[JsonList]
    missing: Mapped[str] = mapped_column(Text, default="")
    show: Mapped[JsonList]
    due_on: Mapped[date | None]
    resurvey: Mapped[bool] = mapped_column(default=False)
    why_resurvey: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[RequirementState] = words(RequirementState, default=RequirementState.OPEN)
    met_on: Mapped[date | None]
    shown: Mapped[str] = mapped_column(Text, default="")

    report: Mapped[ComplianceReport] = relationship(back_populates="requirements")

    @property
    def label(self) -> str:
        """ "R3": how the report and the plan call it."""
        return f"R{self.no}"

    @property
    def kept_from_practice(self) -> bool:
        return self.report.kept_from_practice

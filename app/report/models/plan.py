"""Action plans: their lines, what was sent in each round, the talk on each line, and the evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import At, Base, Id, Json, JsonList, ref, words
from app.report.models.ccr import ComplianceReport, Requirement
from app.report.rules.plan import EDITABLE, PlanState, PlanText, Stage, Verdict


class Plan(Base):
    """The practice's answer to one report."""

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("(round = 0) = (submitted_on IS NULL)", name="a_round_was_submitted"),
        CheckConstraint("state <> 'accepted' OR accepted_on IS NOT NULL", name="accepted_has_a_day"),
    )

    id: Mapped[Id]
    report_id: Mapped[str] = ref("compliance_report.id", unique=True)
    application_id: Mapped[str] = ref("application.id")
    practice_id: Mapped[str] = ref("practice.id")
    number: Mapped[str] = mapped_column(String(24), unique=True)
    state: Mapped[PlanState] = words(PlanState, default=PlanState.DRAFTING)
    round: Mapped[int] = mapped_column(default=0)
    evidence_round: Mapped[int] = mapped_column(default=0)
    submitted_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    paper_id: Mapped[str | None] = ref("paper.id")
    resurvey_id: Mapped[str | None] = ref("survey.id")
    resurvey_order: Mapped[Json | None] = mapped_column(JSON)

    report: Mapped[ComplianceReport] = relationship()
    lines: Mapped[list[PlanLine]] = relationship(
        back_populates="plan", order_by="PlanLine.no", cascade="all, delete-orphan"
    )
    sendings: Mapped[list[Sending]] = relationship(order_by="Sending.at", cascade="all, delete-orphan")

    @property
    def case_id(self) -> str:
        return self.application_id


class PlanLine(Base):
    """What will be done about one requirement; `edition` counts its savings, so that two people do not overwrite."""

    __tablename__ = "plan_line"
    __table_args__ = (UniqueConstraint("plan_id", "no"),)

    id: Mapped[Id]
    plan_id: Mapped[str] = ref("plan.id")
    requirement_id: Mapped[str] = ref("requirement.id", unique=True)
    practice_id: Mapped[str] = ref("practice.id")
    case_id: Mapped[str] = mapped_column(String(32), index=True)
    no: Mapped[int]
    root_cause: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[str] = mapped_column(String(120), default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    target: Mapped[date | None]
    measure: Mapped[str] = mapped_column(Text, default="")
    how_often: Mapped[str] = mapped_column(String(200), default="")
    goal: Mapped[str] = mapped_column(String(200), default="")
    evidence_to_come: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    documents: Mapped[JsonList] = mapped_column(JSON, default=list)
    edition: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None]
    saved_by: Mapped[str | None] = mapped_column(String(120))
    returned: Mapped[bool] = mapped_column(default=False)
    sent: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    done_on: Mapped[date | None]
    still_open: Mapped[str] = mapped_column(Text, default="")

    plan: Mapped[Plan] = relationship(back_populates="lines")
    requirement: Mapped[Requirement] = relationship()
    turns: Mapped[list[Turn]] = relationship(order_by="Turn.at", cascade="all, delete-orphan")
    proofs: Mapped[list[Proof]] = relationship(order_by="Proof.at", cascade="all, delete-orphan")

    @property
    def text(self) -> PlanText:
        """The line's words as a plain value."""
        return PlanText(**{name: getattr(self, name) for name in PlanText.__dataclass_fields__})

    @property
    def frozen(self) -> dict[str, Any]:
        """The line as it is sent: words, linked documents, answer to the Program."""
        words_ = {name: getattr(self, name) for name in PlanText.__dataclass_fields__}
        words_["target"] = self.target.isoformat() if self.target else None
        return words_ | {"documents": list(self.documents)}

    @property
    def editable(self) -> bool:
        """In the first round every line may be changed; later only what was returned."""
        return self.plan.state in EDITABLE and (self.plan.state is PlanState.DRAFTING or self.returned)

    @property
    def changed(self) -> bool:
        """Is it other than it was when it was last sent?"""
        return self.sent is None or self.frozen != self.sent

    def verdict(self, stage: Stage) -> Turn | None:
        """What was said about it in the present round of this stage, if anything."""
        current = self.plan.round if stage is Stage.PLAN else self.plan.evidence_round
        said = [turn for turn in self.turns if turn.stage is stage and turn.round == current]
        return said[-1] if said else None


class Turn(Base):
    """A verdict of the Program on one line in one round, with the practice's answer to the one before."""

    __tablename__ = "plan_turn"
    __table_args__ = (
        UniqueConstraint("line_id", "stage", "round"),
        CheckConstraint("verdict NOT IN ('return', 'ask_more') OR length(comment) > 0", name="sent_back_with_comment"),
    )

    id: Mapped[Id]
    line_id: Mapped[str] = ref("plan_line.id")
    stage: Mapped[Stage] = words(Stage)
    round: Mapped[int]
    verdict: Mapped[Verdict] = words(Verdict)
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[At]
    told: Mapped[bool] = mapped_column(default=False)  # the practice hears of it with the whole answer, not before
    by_id: Mapped[str] = mapped_column(String(32), ForeignKey("person.id"))


class Sending(Base):
    """What a signer sent in one round, frozen."""

    __tablename__ = "plan_sending"
    __table_args__ = (UniqueConstraint("plan_id", "stage", "round"),)

    id: Mapped[Id]
    plan_id: Mapped[str] = ref("plan.id")
    practice_id: Mapped[str] = ref("practice.id")
    stage: Mapped[Stage] = words(Stage)
    round: Mapped[int]
    at: Mapped[At]
    by_name: Mapped[str] = mapped_column(String(120))
    by_title: Mapped[str] = mapped_column(String(120), default="")
    data: Mapped[Json]
    paper_id: Mapped[str | None] = ref("paper.id")


class Proof(Base):
    """A page of a document version that shows that a line was done."""

    __tablename__ = "plan_proof"
    __table_args__ = (UniqueConstraint("line_id", "version_id", "page"), CheckConstraint("page > 0", name="a_page"))

    id: Mapped[Id]
    line_id: Mapped[str] = ref("plan_line.id")
    version_id: Mapped[str] = mapped_column(String(32), ForeignKey("version.id"), index=True)
    page: Mapped[int]
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[At]
    round: Mapped[int] = mapped_column(default=0)

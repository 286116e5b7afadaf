"""Invoices and how they were settled."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.application.rules.payment import InvoiceState, Method
from app.documents.models import Paper
from app.kernel.db import At, Base, Id, Json, JsonList, ref, words


class Invoice(Base):
    """What the practice owes for its application, worked out from the dated table of fees."""

    __tablename__ = "invoice"
    __table_args__ = (
        CheckConstraint("total_cents >= 0", name="is_no_credit"),
        CheckConstraint("state NOT IN ('paid', 'confirmed') OR method IS NOT NULL", name="paid_says_how"),
        CheckConstraint("(method IS NULL) = (paid_on IS NULL)", name="paid_says_when"),
        CheckConstraint("(method IS NULL) = (reference IS NULL)", name="paid_has_a_reference"),
        CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_says_when"),
        CheckConstraint("(state = 'waived') = (waive_reason IS NOT NULL)", name="waived_says_why"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(30), unique=True)
    application_id: Mapped[str] = ref("application.id")
    practice_id: Mapped[str] = ref("practice.id")
    lines: Mapped[JsonList]
    basis: Mapped[Json]
    total_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    state: Mapped[InvoiceState] = words(InvoiceState, default=InvoiceState.ISSUED)
    issued_at: Mapped[At]
    method: Mapped[Method | None] = words(Method)
    reference: Mapped[str | None] = mapped_column(String(120))
    paid_on: Mapped[date | None]
    confirmed_at: Mapped[At | None]
    confirmed_by: Mapped[str | None] = ref("person.id")
    waive_reason: Mapped[str | None] = mapped_column(String(2000))
    paper_id: Mapped[str] = ref("paper.id")

    paper: Mapped[Paper] = relationship()

    @property
    def case_id(self) -> str:
        return self.application_id

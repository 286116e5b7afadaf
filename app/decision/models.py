"""Certifications with their sites and papers, and plaques."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.application.models import Application
from app.decision.rules import CertificationState, PlaqueState, VersionState
from app.documents.models import Paper
from app.kernel.db import At, Base, Id, ref, words
from app.people.models import Practice
from app.standards.models import Edition


class Certification(Base):
    """The status that a practice holds for a term, with the names and sites as they were at the award."""

    __tablename__ = "certification"
    __table_args__ = (
        UniqueConstraint("year", "count"),
        CheckConstraint("valid_through > awarded_on", name="has_a_term"),
        CheckConstraint(
            "(state IN ('active', 'pending renewal', 'suspended')) = (ended_on IS NULL)", name="ended_has_a_day"
        ),
        CheckConstraint("(ended_on IS NULL) = (ended_why IS NULL)", name="ended_says_why"),
        CheckConstraint("since <= awarded_on", name="since_the_first_award"),
    )

    id: Mapped[Id]
    practice_id: Mapped[str] = ref("practice.id")
    application_id: Mapped[str] = ref("application.id", unique=True)
    report_id: Mapped[str] = ref("compliance_report.id", unique=True)
    edition_id: Mapped[str] = ref("edition.id")
    number: Mapped[str] = mapped_column(String(24), unique=True)
    year: Mapped[int]
    count: Mapped[int]
    state: Mapped[CertificationState] = words(CertificationState, default=CertificationState.ACTIVE, index=True)
    legal_name: Mapped[str] = mapped_column(String(200))
    public_name: Mapped[str] = mapped_column(String(120))
    website: Mapped[str] = mapped_column(String(200), default="")
    since: Mapped[date]
    awarded_on: Mapped[date]
    valid_through: Mapped[date]
    years: Mapped[int]
    ended_on: Mapped[date | None]
    ended_why: Mapped[str | None] = mapped_column(String(2000))

    practice: Mapped[Practice] = relationship()
    application: Mapped[Application] = relationship()
    edition: Mapped[Edition] = relationship()
    sites: Mapped[list[CertifiedSite]] = relationship(order_by="CertifiedSite.position", cascade="all, delete-orphan")
    versions: Mapped[list[CertificateVersion]] = relationship(
        order_by="CertificateVersion.version.desc()", back_populates="certification"
    )
    plaque: Mapped[Plaque | None] = relationship(back_populates="certification", uselist=False)

    @property
    def case_id(self) -> str:
        return self.application_id

    @property
    def current(self) -> CertificateVersion:
        """The version of the certificate that speaks today."""
        return next(version for version in self.versions if version.state is VersionState.CURRENT)


class CertifiedSite(Base):
    """A site that a certification covers."""

    __tablename__ = "certified_site"
    __table_args__ = (UniqueConstraint("certification_id", "code"),)

    id: Mapped[Id]
    certification_id: Mapped[str] = ref("certification.id")
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(80))
    region: Mapped[str] = mapped_column(String(80))
    postcode: Mapped[str] = mapped_column(String(20))
    country: Mapped[str] = mapped_column(String(2))
    main: Mapped[bool]

    @property
    def place(self) -> str:
        """The address on one line."""
        town = ", ".join(part for part in (self.city, f"{self.region} {self.postcode}".strip()) if part)
        return ", ".join(part for part in (self.address, town) if part)


class CertificateVersion(Base):
    """One signed certificate; a correction is a new one under the same number."""

    __tablename__ = "certificate_version"
    __table_args__ = (
        UniqueConstraint("certification_id", "version"),
        CheckConstraint("(state = 'superseded') = (superseded_on IS NOT NULL)", name="superseded_has_a_day"),
        Index(
            "one_current", "certification_id", unique=True,
            sqlite_where=text("state = 'current'"), postgresql_where=text("state = 'current'"),
        ),
    )  # fmt: skip

    id: Mapped[Id]
    certification_id: Mapped[str] = ref("certification.id")
    practice_id: Mapped[str] = ref("practice.id")
    version: Mapped[int]
    state: Mapped[VersionState] = words(VersionState, default=VersionState.CURRENT)
    issued_on: Mapped[date]
    superseded_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(2000), default="")
    paper_id: Mapped[str] = ref("paper.id", unique=True)

    certification: Mapped[Certification] = relationship(back_populates="versions")
    paper: Mapped[Paper] = relationship()


class Plaque(Base):
    """The wall plate that goes with a certification, from the offer to the wall."""

    __tablename__ = "plaque"
    __table_args__ = (
        CheckConstraint("state IN ('offered', 'cancelled') OR length(line) > 0", name="says_what_is_engraved"),
        CheckConstraint(
            "state NOT IN ('proof sent', 'approved', 'in production', 'shipped', 'delivered') "
            "OR (proof_id IS NOT NULL AND proof_round > 0)",
            name="nothing_is_made_without_a_proof",
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'in production', 'shipped', 'delivered') OR engraving_id IS NOT NULL",
            name="approved_can_be_engraved",
        ),
        CheckConstraint(
            "state NOT IN ('in production', 'shipped', 'delivered') OR maker IS NOT NULL", name="has_a_maker"
        ),
        CheckConstraint(
            "state NOT IN ('shipped', 'delivered') OR tracking IS NOT NULL", name="shipped_can_be_followed"
        ),
        CheckConstraint("(state = 'delivered') <= (delivered_on IS NOT NULL)", name="delivered_has_a_day"),
    )

    id: Mapped[Id]
    certification_id: Mapped[str] = ref("certification.id", unique=True)
    practice_id: Mapped[str] = ref("practice.id")
    case_id: Mapped[str] = mapped_column(String(32), index=True)
    state: Mapped[PlaqueState] = words(PlaqueState, default=PlaqueState.OFFERED, index=True)
    offered_at: Mapped[At]
    moved_at: Mapped[At]
    line: Mapped[str] = mapped_column(String(120), default="")
    ship_to: Mapped[list[str]] = mapped_column(JSON, default=list)
    comment: Mapped[str] = mapped_column(String(2000), default="")
    proof_round: Mapped[int] = mapped_column(default=0)
    proof_id: Mapped[str | None] = ref("paper.id")
    engraving_id: Mapped[str | None] = ref("paper.id")
    maker: Mapped[str | None] = mapped_column(String(120))
    carrier: Mapped[str | None] = mapped_column(String(120))
    tracking: Mapped[str | None] = mapped_column(String(120))
    shipped_on: Mapped[date | None]
    delivered_on: Mapped[date | None]

    certification: Mapped[Certification] = relationship(back_populates="plaque")
    proof: Mapped[Paper | None] = relationship(foreign_keys="Plaque.proof_id")
    engraving: Mapped[Paper | None] = relationship(foreign_keys="Plaque.engraving_id")

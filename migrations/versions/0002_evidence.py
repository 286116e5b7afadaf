"""Evidence: more kinds of file, three dates, sites, files held back, pins that outlive versions, threads, uploads."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OLD = ("ck_version_kind", "ck_version_state", "ck_version_seen_after_checking")
VERSION_CHECKS = {
    "ck_version_kind": "kind IN ('pdf', 'docx', 'odt', 'rtf', 'txt')",
    "ck_version_state": "state IN ('checking', 'held', 'readable', 'unreadable', 'replaced', 'withdrawn')",
    "ck_version_seen_after_checking": "visible_since IS NULL OR state NOT IN ('checking', 'held')",
    "ck_version_cleared_says_why": "(cleared_at IS NULL) = (cleared_reason IS NULL)",
    "ck_version_purged_is_out_of_use": "purged_at IS NULL OR state IN ('replaced', 'withdrawn')",
}


def upgrade() -> None:
    _documents()
    _versions()
    _mapping()
    _threads()
    _uploads()


def _documents() -> None:
    with op.batch_alter_table("document") as batch:
        batch.drop_column("effective_on")  # never filled; the dates are a version's
        batch.drop_column("review_on")
    op.create_table(
        "document_site",
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("site_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_site_document_id_document")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_document_site_site_id_site")),
        sa.PrimaryKeyConstraint("document_id", "site_id", name=op.f("pk_document_site")),
    )
    op.create_index(op.f("ix_document_site_site_id"), "document_site", ["site_id"])


def _versions() -> None:
    with op.batch_alter_table("version") as batch:
        for name in ("effective_on", "reviewed_on", "review_due_on"):
            batch.add_column(sa.Column(name, sa.Date()))
        batch.add_column(sa.Column("dated_by", sa.String(32)))
        batch.add_column(sa.Column("dated_at", UTCDateTime(timezone=True)))
        batch.create_foreign_key(op.f("fk_version_dated_by_person"), "person", ["dated_by"], ["id"])
        batch.create_index(op.f("ix_version_dated_by"), ["dated_by"])
        for name in ("left_out", "finds"):
            batch.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("cleared_by", sa.String(32)))
        batch.add_column(sa.Column("cleared_at", UTCDateTime(timezone=True)))
        batch.add_column(sa.Column("cleared_reason", sa.String(400)))
        batch.add_column(sa.Column("purged_at", UTCDateTime(timezone=True)))
        batch.create_foreign_key(op.f("fk_version_cleared_by_person"), "person", ["cleared_by"], ["id"])
        batch.create_index(op.f("ix_version_cleared_by"), ["cleared_by"])
        for name, rule in VERSION_CHECKS.items():
            if name in OLD:
                batch.drop_constraint(op.f(name), type_="check")
            batch.create_check_constraint(op.f(name), sa.text(rule))
    with op.batch_alter_table("version") as batch:
        for name in ("left_out", "finds"):
            batch.alter_column(name, existing_type=sa.JSON(), existing_nullable=False, server_default=None)


def _mapping() -> None:
    with op.batch_alter_table("pin") as batch:
        batch.add_column(sa.Column("boxes", sa.JSON()))
        batch.add_column(sa.Column("carried", sa.String(32)))
        batch.add_column(sa.Column("was_page", sa.Integer()))
        batch.add_column(sa.Column("was_quote", sa.Text()))
        batch.add_column(sa.Column("checked_at", UTCDateTime(timezone=True)))
        batch.create_check_constraint(
            op.f("ck_pin_carried"), sa.text("carried IN ('same', 'moved', 'changed', 'lost')")
        )
    with op.batch_alter_table("na_claim") as batch:
        batch.add_column(sa.Column("answer", sa.Text()))
        batch.add_column(sa.Column("answered_by", sa.String(32)))
        batch.add_column(sa.Column("answered_at", UTCDateTime(timezone=True)))
        batch.create_foreign_key(op.f("fk_na_claim_answered_by_person"), "person", ["answered_by"], ["id"])
        batch.create_index(op.f("ix_na_claim_answered_by"), ["answered_by"])
        batch.create_check_constraint(
            op.f("ck_na_claim_answered_by_somebody"), sa.text("(answered_at IS NULL) = (answered_by IS NULL)")
        )


def _threads() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.String(32), nullable=False),
        *_of_binder("message"),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column(
            "side", sa.Enum("practice", "program", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.String(32), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asks_file", sa.Boolean(), nullable=False),
        sa.Column("settled_at", UTCDateTime(timezone=True)),
        sa.Column("version_id", sa.String(32)),
        sa.CheckConstraint(
            "length(text) > 0 OR version_id IS NOT NULL", name=op.f("ck_message_says_or_brings_something")
        ),
        sa.CheckConstraint("NOT asks_file OR side = 'program'", name=op.f("ck_message_the_program_asks")),
        sa.CheckConstraint("(settled_at IS NULL) OR asks_file", name=op.f("ck_message_only_questions_are_settled")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_message_by_id_person")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_message_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )  # fmt: skip
    _indexed("message", "binder_id", "practice_id", "case_id", "code", "by_id", "version_id")


def _uploads() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.String(32), nullable=False),
        *_of_binder("upload"),
        sa.Column("by_id", sa.String(32), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("code", sa.String(16)),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("receiving", "scanning", "unpacking", "taken", "refused", name="uploadstate", native_enum=False,
                    create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.String(400)),
        sa.Column("entries", sa.Integer()),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("opened_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "received >= 0 AND received <= size AND size > 0", name=op.f("ck_upload_no_more_than_was_said")
        ),
        sa.CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name=op.f("ck_upload_refused_says_why")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_upload_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )  # fmt: skip
    _indexed("upload", "binder_id", "practice_id", "case_id", "by_id", "state")


def _of_binder(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("binder_id", sa.String(32), nullable=False),
        sa.Column("practice_id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.ForeignKeyConstraint(["binder_id"], ["binder.id"], name=op.f(f"fk_{table}_binder_id_binder")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f(f"fk_{table}_practice_id_practice")),
    ]


def _indexed(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])

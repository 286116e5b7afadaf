"""Everything of the first release."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "key",
            sa.Enum(
                "participation_agreement",
                "baa",
                "program_terms",
                name="key",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in_force",
                "replaced",
                name="versionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("loaded_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_version")),
        sa.UniqueConstraint("key", "version", "language", name=op.f("uq_agreement_version_key_version_language")),
    )
    with op.batch_alter_table("agreement_version", schema=None) as batch_op:
        batch_op.create_index(
            "one_in_force",
            ["key", "language"],
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )

    op.create_table(
        "edition",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in force",
                "retired",
                name="editionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("imported_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.CheckConstraint("(state = 'draft') = (in_force_from IS NULL)", name=op.f("ck_edition_in_force_has_a_day")),
        sa.CheckConstraint("length(code) > 0 AND length(title) > 0", name=op.f("ck_edition_has_a_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("code", name=op.f("uq_edition_code")),
    )
    op.create_table(
        "event",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about_kind", sa.String(), nullable=False),
        sa.Column("about_id", sa.String(), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(actor_id IS NULL) = (role = 'clock')", name=op.f("ck_event_a_person_or_the_clock")),
        sa.CheckConstraint("length(hash) = 64 AND length(previous_hash) = 64", name=op.f("ck_event_hashes_are_whole")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_event_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_event_previous_hash")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "fee",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column(
            "item",
            sa.Enum(
                "base",
                "site",
                "resurvey",
                "late_move",
                "participation",
                "first_plaque",
                "reissue",
                "extra_plaque",
                "abroad",
                name="item",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("over", app.program.models.Exact(length=20), nullable=True),
        sa.Column("up_to", app.program.models.Exact(length=20), nullable=True),
        sa.Column("dollars", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column(
            "basis",
            sa.Enum("P", "O", "C", "U", name="basis", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.CheckConstraint("dollars IS NOT NULL OR item = 'abroad'", name=op.f("ck_fee_only_abroad_is_quoted")),
        sa.CheckConstraint("dollars >= 0", name=op.f("ck_fee_nobody_is_paid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee")),
        sa.UniqueConstraint("version", "item", "over", name=op.f("uq_fee_version_item_over")),
    )
    with op.batch_alter_table("fee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fee_version"), ["version"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "parked",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("queued_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("due_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("lease_until", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=32), nullable=True),
        sa.Column("error", sa.String(length=2000), nullable=True),
        sa.CheckConstraint("(state = 'parked') <= (error IS NOT NULL)", name=op.f("ck_job_parked_says_why")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_state"), ["state"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("since", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("invited_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_person_fs_uniquifier")),
    )
    op.create_table(
        "practice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=False),
        sa.Column("public_name", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("tax_id", sa.String(length=40), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("asco_member", sa.String(length=12), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "active",
                "inactive",
                "refused",
                name="practicestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'active' OR asco_member IS NOT NULL", name=op.f("ck_practice_active_names_a_member")
        ),
        sa.CheckConstraint("length(legal_name) > 0 AND length(slug) > 0", name=op.f("ck_practice_has_a_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
        sa.UniqueConstraint("slug", name=op.f("uq_practice_slug")),
        sa.UniqueConstraint("tax_id", name=op.f("uq_practice_tax_id")),
    )
    op.create_table(
        "program_day",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_day")),
        sa.UniqueConstraint("on", name=op.f("uq_program_day_on")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("season", sa.String(length=8), nullable=False),
        sa.Column("measure_set", sa.String(length=60), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "registering",
                "open",
                "closed",
                "released",
                "cancelled",
                name="roundstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("registers_from", sa.Date(), nullable=False),
        sa.Column("registers_until", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("visits_from", sa.Date(), nullable=False),
        sa.Column("visits_to", sa.Date(), nullable=False),
        sa.Column("deaths_from", sa.Date(), nullable=False),
        sa.Column("deaths_to", sa.Date(), nullable=False),
        sa.Column("diagnosed_from", sa.Date(), nullable=False),
        sa.Column("final_report_on", sa.Date(), nullable=True),
        sa.Column("next_same_season_closes_on", sa.Date(), nullable=True),
        sa.Column("comparison", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "(comparison IS NOT NULL) <= (state = 'released')", name=op.f("ck_round_compared_when_released")
        ),
        sa.CheckConstraint(
            "(state = 'released') = (final_report_on IS NOT NULL)", name=op.f("ck_round_released_has_its_day")
        ),
        sa.CheckConstraint(
            "opens_on < registers_until AND registers_until <= closes_on", name=op.f("ck_round_registers_while_open")
        ),
        sa.CheckConstraint("registers_from <= opens_on", name=op.f("ck_round_registers_first")),
        sa.CheckConstraint(
            "visits_from <= visits_to AND deaths_from <= deaths_to", name=op.f("ck_round_windows_have_a_length")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("code", name=op.f("uq_round_code")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum("surveyor", "reviewer", name="capacity", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("since", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= since", name=op.f("ck_appointment_ends_after_it_began")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_appointment_practice_id_practice")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_appointment_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_user_id"), ["user_id"], unique=False)

    op.create_table(
        "binder",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("edition_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opened_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_binder_revision_counts_up")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_binder_edition_id_edition")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_binder_practice_id_practice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binder")),
    )
    with op.batch_alter_table("binder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_binder_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_binder_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_binder_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "due",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=True),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("about_kind", sa.String(length=60), nullable=False),
        sa.Column("about_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("rule", sa.String(length=300), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sum", sa.JSON(), nullable=False),
        sa.Column("limit_on", sa.Date(), nullable=True),
        sa.Column("limit_is", sa.String(length=120), nullable=True),
        sa.Column(
            "owed_by",
            sa.Enum(
                "owner",
                "contributor",
                "signer",
                "staff",
                "admin",
                "surveyor",
                "reviewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "met",
                "missed",
                "ended",
                name="duestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("started_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("paused_why", sa.String(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.CheckConstraint("(state = 'ended') = (ended_why IS NOT NULL)", name=op.f("ck_due_ended_says_why")),
        sa.CheckConstraint("(state = 'met') = (met_on IS NOT NULL)", name=op.f("ck_due_met_has_a_day")),
        sa.CheckConstraint("(limit_on IS NULL) = (limit_is IS NULL)", name=op.f("ck_due_a_limit_has_a_name")),
        sa.CheckConstraint("(paused_on IS NULL) = (paused_why IS NULL)", name=op.f("ck_due_a_pause_says_why")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_due_practice_id_practice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due")),
    )
    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_due_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_due_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_due_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_due_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(
            "one_open_clock",
            ["about_id", "key"],
            unique=True,
            sqlite_where=sa.text("state IN ('running', 'missed')"),
            postgresql_where=sa.text("state IN ('running', 'missed')"),
        )

    op.create_table(
        "enrolment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column(
            "track", sa.Enum("qcp", name="track", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("fte", sa.String(length=24), nullable=False),
        sa.Column("modules", sa.JSON(), nullable=False),
        sa.Column("complete", sa.JSON(), nullable=False),
        sa.Column("statements", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "enrolled",
                "abstracting",
                "frozen",
                "reported",
                "lapsed",
                "withdrawn",
                name="enrolmentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("enrolled_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("enrolled_by", sa.String(length=32), nullable=False),
        sa.Column("frozen_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('frozen', 'reported')) = (frozen_at IS NOT NULL)", name=op.f("ck_enrolment_frozen_says_when")
        ),
        sa.CheckConstraint("length(fte) > 0 AND fte <> '0'", name=op.f("ck_enrolment_has_oncologists")),
        sa.ForeignKeyConstraint(["enrolled_by"], ["person.id"], name=op.f("fk_enrolment_enrolled_by_person")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_enrolment_practice_id_practice")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_enrolment_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("practice_id", "round_id", name=op.f("uq_enrolment_practice_id_round_id")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_enrolled_by"), ["enrolled_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_round_id"), ["round_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "contributor",
                "signer",
                "staff",
                "admin",
                "surveyor",
                "reviewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("role IN ('owner', 'contributor', 'signer')", name=op.f("ck_membership_of_a_practice")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_membership_practice_id_practice")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_membership_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("user_id", "practice_id", "role", name=op.f("uq_membership_user_id_practice_id_role")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_user_id"), ["user_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("calendar", sa.String(), nullable=True),
        sa.Column("told_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("read_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("mail_refused", sa.String(length=500), nullable=True),
        sa.CheckConstraint("url LIKE '/%' AND url NOT LIKE '//%'", name=op.f("ck_notice_links_into_the_portal")),
        sa.CheckConstraint("mailed_at IS NULL OR mail_refused IS NULL", name=op.f("ck_notice_mailed_or_refused")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_notice_practice_id_practice")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_notice_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_user_id"), ["user_id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "participation-report",
                "agreement",
                "invoice",
                "receipt",
                "ccr",
                "action-plan",
                "certificate",
                "plaque",
                "plaque-engraving",
                "letter",
                name="paperkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ordered", "issued", "failed", name="paperstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("ordered_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("issued_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=2000), nullable=True),
        sa.CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name=op.f("ck_paper_failed_says_why")),
        sa.CheckConstraint("(state = 'issued') = (sha256 IS NOT NULL)", name=op.f("ck_paper_issued_has_bytes")),
        sa.CheckConstraint("(sha256 IS NULL) = (issued_at IS NULL)", name=op.f("ck_paper_issued_says_when")),
        sa.CheckConstraint("(sha256 IS NULL) = (size IS NULL)", name=op.f("ck_paper_bytes_are_counted")),
        sa.CheckConstraint("version >= 1 AND (size IS NULL OR size > 0)", name=op.f("ck_paper_counts_from_one")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_paper_practice_id_practice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("code", name=op.f("uq_paper_code")),
        sa.UniqueConstraint("kind", "number", "version", name=op.f("uq_paper_kind_number_version")),
        sa.UniqueConstraint("sha256", name=op.f("uq_paper_sha256")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "program_role",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "contributor",
                "signer",
                "staff",
                "admin",
                "surveyor",
                "reviewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "role IN ('staff', 'admin', 'surveyor', 'reviewer')", name=op.f("ck_program_role_of_the_program")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_program_role_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_role")),
        sa.UniqueConstraint("user_id", "role", name=op.f("uq_program_role_user_id_role")),
    )
    with op.batch_alter_table("program_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_program_role_user_id"), ["user_id"], unique=False)

    op.create_table(
        "setting",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum("P", "O", "C", "U", name="basis", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.String(length=32), nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.CheckConstraint("length(why) > 0", name=op.f("ck_setting_says_why")),
        sa.CheckConstraint("version > 0", name=op.f("ck_setting_versions_begin_at_one")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_setting_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_setting_key_version")),
    )
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_setting_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_setting_key"), ["key"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("gives_drugs", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_site_practice_id_practice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("practice_id", "code", name=op.f("uq_site_practice_id_code")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(
            "one_main_site",
            ["practice_id"],
            unique=True,
            sqlite_where=sa.text("main"),
            postgresql_where=sa.text("main"),
        )

    op.create_table(
        "standard_row",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("edition_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("parent", sa.String(length=20), nullable=True),
        sa.Column("domain", sa.String(length=8), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("domain", "standard", "element", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("requirement", sa.String(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("evidence_kinds", sa.JSON(), nullable=False),
        sa.Column("policy_types", sa.JSON(), nullable=False),
        sa.Column("na_allowed", sa.Boolean(), nullable=False),
        sa.Column("na_condition", sa.String(), nullable=True),
        sa.Column("search_terms", sa.JSON(), nullable=False),
        sa.Column("typical_finding", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'domain') = (parent IS NULL)", name=op.f("ck_standard_row_only_domains_stand_alone")
        ),
        sa.CheckConstraint("na_allowed = (na_condition IS NOT NULL)", name=op.f("ck_standard_row_na_says_when")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_standard_row_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_row")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_standard_row_edition_id_code")),
        sa.UniqueConstraint("edition_id", "position", name=op.f("uq_standard_row_edition_id_position")),
    )
    with op.batch_alter_table("standard_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standard_row_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "webinar_attendance",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("live", "recorded", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("edition_code", sa.String(length=40), nullable=False),
        sa.Column("attended_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("recorded_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(kind = 'live') = (recorded_by IS NOT NULL)", name=op.f("ck_webinar_attendance_live_is_recorded_by_staff")
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_webinar_attendance_took_time")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_webinar_attendance_practice_id_practice")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_webinar_attendance_recorded_by_person")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_webinar_attendance_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webinar_attendance")),
    )
    with op.batch_alter_table("webinar_attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webinar_attendance_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_webinar_attendance_recorded_by"), ["recorded_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_webinar_attendance_user_id"), ["user_id"], unique=False)

    op.create_table(
        "webinar_watching",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("played", sa.JSON(), nullable=False),
        sa.Column("last_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_webinar_watching_practice_id_practice")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_webinar_watching_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webinar_watching")),
        sa.UniqueConstraint("practice_id", "user_id", name=op.f("uq_webinar_watching_practice_id_user_id")),
    )
    with op.batch_alter_table("webinar_watching", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webinar_watching_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_webinar_watching_user_id"), ["user_id"], unique=False)

    op.create_table(
        "chart",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("chart_id", sa.String(length=24), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "entered", "locked", name="chartstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("entered_by", sa.String(length=32), nullable=False),
        sa.Column("entered_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(chart_id) BETWEEN 4 AND 24", name=op.f("ck_chart_has_a_label")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_chart_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_chart_entered_by_person")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_chart_practice_id_practice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chart")),
        sa.UniqueConstraint("enrolment_id", "chart_id", name=op.f("uq_chart_enrolment_id_chart_id")),
    )
    with op.batch_alter_table("chart", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chart_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_chart_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_chart_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "chart_draft",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("kept_by", sa.String(length=32), nullable=False),
        sa.Column("kept_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_chart_draft_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["kept_by"], ["person.id"], name=op.f("fk_chart_draft_kept_by_person")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_chart_draft_practice_id_practice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chart_draft")),
    )
    with op.batch_alter_table("chart_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chart_draft_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_chart_draft_kept_by"), ["kept_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_chart_draft_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("binder_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("policy_type", sa.String(length=40), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("since", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_document_has_a_title")),
        sa.ForeignKeyConstraint(["binder_id"], ["binder.id"], name=op.f("fk_document_binder_id_binder")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_document_practice_id_practice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_binder_id"), ["binder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "duplicate_decision",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("chart_ids", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=False),
        sa.Column("decided_by_name", sa.String(length=120), nullable=False),
        sa.Column("decided_as", sa.String(length=32), nullable=False),
        sa.Column("decided_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_duplicate_decision_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_duplicate_decision_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_duplicate_decision_practice_id_practice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_decision")),
    )
    with op.batch_alter_table("duplicate_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duplicate_decision_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_duplicate_decision_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_duplicate_decision_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "enrolment_agreement",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column(
            "key",
            sa.Enum("participation", "baa", name="agreement", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("typed_name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("accepted_by", sa.String(length=32), nullable=False),
        sa.Column("accepted_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["accepted_by"], ["person.id"], name=op.f("fk_enrolment_agreement_accepted_by_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_agreement_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_enrolment_agreement_practice_id_practice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_agreement")),
        sa.UniqueConstraint("enrolment_id", "key", name=op.f("uq_enrolment_agreement_enrolment_id_key")),
    )
    with op.batch_alter_table("enrolment_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_agreement_accepted_by"), ["accepted_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_agreement_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_agreement_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "na_claim",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("binder_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "claimed",
                "accepted",
                "refused",
                name="claimstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.String(length=32), nullable=True),
        sa.Column("at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) >= 20", name=op.f("ck_na_claim_says_why")),
        sa.ForeignKeyConstraint(["binder_id"], ["binder.id"], name=op.f("fk_na_claim_binder_id_binder")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_na_claim_by_id_person")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_na_claim_practice_id_practice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_na_claim")),
        sa.UniqueConstraint("binder_id", "code", name=op.f("uq_na_claim_binder_id_code")),
    )
    with op.batch_alter_table("na_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_na_claim_binder_id"), ["binder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_na_claim_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_na_claim_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_na_claim_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "score_report",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("misses", sa.JSON(), nullable=False),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("comparison", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("percent", sa.String(length=8), nullable=True),
        sa.Column("qualified", sa.Boolean(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("paper_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint("(valid_until IS NOT NULL) = qualified", name=op.f("ck_score_report_qualified_until")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_score_report_hash_is_whole")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_score_report_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_score_report_paper_id_paper")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_score_report_practice_id_practice")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_score_report_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_report")),
        sa.UniqueConstraint("number", name=op.f("uq_score_report_number")),
    )
    with op.batch_alter_table("score_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_report_enrolment_id"), ["enrolment_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_score_report_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_report_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_report_round_id"), ["round_id"], unique=False)

    op.create_table(
        "application",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("score_report_id", sa.String(length=32), nullable=False),
        sa.Column("edition_id", sa.String(length=32), nullable=False),
        sa.Column("edition_pinned_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("binder_id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "ready",
                "returned",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=32), nullable=False),
        sa.Column("ready_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "certified",
                "not_certified",
                "lapsed",
                "withdrawn",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("fte", sa.String(length=12), nullable=True),
        sa.Column("confirmed_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("policies_affirmed_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("policies_affirmed_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_application_closed_says_when")
        ),
        sa.CheckConstraint(
            "state NOT IN ('ready', 'returned') OR ready_at IS NOT NULL", name=op.f("ck_application_ready_says_when")
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_application_closed_says_how")),
        sa.CheckConstraint("(fte IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_application_confirmed_with_fte")),
        sa.CheckConstraint(
            "(policies_affirmed_at IS NULL) = (policies_affirmed_by IS NULL)",
            name=op.f("ck_application_affirmed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["binder_id"], ["binder.id"], name=op.f("fk_application_binder_id_binder")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_application_edition_id_edition")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_application_opened_by_person")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_application_practice_id_practice")),
        sa.ForeignKeyConstraint(
            ["score_report_id"], ["score_report.id"], name=op.f("fk_application_score_report_id_score_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_binder_id"), ["binder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_opened_by"), ["opened_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_score_report_id"), ["score_report_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_state"), ["state"], unique=False)

    op.create_table(
        "version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("binder_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("pdf", "docx", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "checking",
                "readable",
                "unreadable",
                "replaced",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("trouble", sa.String(length=400), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("copy_key", sa.String(length=64), nullable=True),
        sa.Column("uploaded_by", sa.String(length=32), nullable=True),
        sa.Column("uploaded_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("visible_since", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(visible_since IS NULL) OR state <> 'checking'", name=op.f("ck_version_seen_after_checking")
        ),
        sa.CheckConstraint(
            "state <> 'readable' OR (copy_key IS NOT NULL AND pages > 0)", name=op.f("ck_version_readable_has_a_copy")
        ),
        sa.CheckConstraint("length(sha256) = 64 AND size > 0", name=op.f("ck_version_bytes_are_known")),
        sa.ForeignKeyConstraint(["binder_id"], ["binder.id"], name=op.f("fk_version_binder_id_binder")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_version_document_id_document")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_version_practice_id_practice")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_version_uploaded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_version_document_id_number")),
    )
    with op.batch_alter_table("version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_version_binder_id"), ["binder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_version_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_version_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_version_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_version_uploaded_by"), ["uploaded_by"], unique=False)
        batch_op.create_index(
            "one_of_a_kind",
            ["binder_id", "sha256"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('replaced', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('replaced', 'withdrawn')"),
        )

    op.create_table(
        "answer_draft",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("kept_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_answer_draft_application_id_application")
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_answer_draft_practice_id_practice")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_answer_draft_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_draft")),
        sa.UniqueConstraint(
            "application_id", "letter", "user_id", name=op.f("uq_answer_draft_application_id_letter_user_id")
        ),
    )
    with op.batch_alter_table("answer_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_draft_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_draft_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_draft_user_id"), ["user_id"], unique=False)

    op.create_table(
        "answer_section",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("page", sa.String(length=32), nullable=False),
        sa.Column("saved_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint("length(letter) = 1 AND version >= 1", name=op.f("ck_answer_section_is_a_section")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_answer_section_application_id_application")
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_answer_section_practice_id_practice")),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_answer_section_saved_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_section")),
        sa.UniqueConstraint("application_id", "letter", name=op.f("uq_answer_section_application_id_letter")),
    )
    with op.batch_alter_table("answer_section", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_section_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_section_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_section_saved_by"), ["saved_by"], unique=False)

    op.create_table(
        "application_snapshot",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("made_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("length(sha256) = 64 AND turn >= 1", name=op.f("ck_application_snapshot_is_whole")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_snapshot_application_id_application")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_application_snapshot_made_by_person")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_application_snapshot_paper_id_paper")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_application_snapshot_practice_id_practice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_snapshot")),
        sa.UniqueConstraint("application_id", "turn", name=op.f("uq_application_snapshot_application_id_turn")),
        sa.UniqueConstraint("number", name=op.f("uq_application_snapshot_number")),
    )
    with op.batch_alter_table("application_snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_snapshot_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_snapshot_made_by"), ["made_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_snapshot_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_snapshot_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "application_step",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column(
            "slug",
            sa.Enum(
                "eligibility",
                "agreements",
                "questionnaire",
                "payment",
                "policies",
                "dates",
                name="slug",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("holder_id", sa.String(length=32), nullable=True),
        sa.Column("begun_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("completed_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("returned_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "(returned_at IS NULL) = (return_reason IS NULL)", name=op.f("ck_application_step_returned_says_why")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_step_application_id_application")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_application_step_holder_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_step")),
        sa.UniqueConstraint("application_id", "slug", name=op.f("uq_application_step_application_id_slug")),
    )
    with op.batch_alter_table("application_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_step_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_step_holder_id"), ["holder_id"], unique=False)

    op.create_table(
        "invoice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "issued",
                "paid",
                "confirmed",
                "waived",
                "refunded",
                name="invoicestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("issued_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "check", "bank transfer", "card", name="method", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("reference", sa.String(length=120), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("confirmed_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("waive_reason", sa.String(length=2000), nullable=True),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("(state = 'waived') = (waive_reason IS NOT NULL)", name=op.f("ck_invoice_waived_says_why")),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_at IS NOT NULL", name=op.f("ck_invoice_confirmed_says_when")
        ),
        sa.CheckConstraint(
            "state NOT IN ('paid', 'confirmed') OR method IS NOT NULL", name=op.f("ck_invoice_paid_says_how")
        ),
        sa.CheckConstraint("(method IS NULL) = (paid_on IS NULL)", name=op.f("ck_invoice_paid_says_when")),
        sa.CheckConstraint("(method IS NULL) = (reference IS NULL)", name=op.f("ck_invoice_paid_has_a_reference")),
        sa.CheckConstraint("total_cents >= 0", name=op.f("ck_invoice_is_no_credit")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_invoice_application_id_application")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_invoice_confirmed_by_person")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_invoice_paper_id_paper")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_invoice_practice_id_practice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_number")),
    )
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoice_confirmed_by"), ["confirmed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoice_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoice_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "offered_date",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("offered_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("offered_by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_offered_date_application_id_application")
        ),
        sa.ForeignKeyConstraint(["offered_by"], ["person.id"], name=op.f("fk_offered_date_offered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_date")),
        sa.UniqueConstraint("application_id", "on_day", name=op.f("uq_offered_date_application_id_on_day")),
    )
    with op.batch_alter_table("offered_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offered_date_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offered_date_offered_by"), ["offered_by"], unique=False)

    op.create_table(
        "page",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("text", "ocr", "none", name="source", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("boxes", sa.JSON(), nullable=False),
        sa.Column("width", sa.Double(), nullable=False),
        sa.Column("height", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "(source = 'ocr') = (confidence IS NOT NULL)", name=op.f("ck_page_recognized_words_say_how_sure")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_page_pages_count_from_one")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_page_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_page_version_id_number")),
    )
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_version_id"), ["version_id"], unique=False)

    op.create_table(
        "pin",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("binder_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("suggested", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=True),
        sa.Column("at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quote IS NULL OR page IS NOT NULL", name=op.f("ck_pin_a_quote_has_its_page")),
        sa.ForeignKeyConstraint(["binder_id"], ["binder.id"], name=op.f("fk_pin_binder_id_binder")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_pin_by_id_person")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_pin_document_id_document")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_pin_practice_id_practice")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_pin_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pin")),
    )
    with op.batch_alter_table("pin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pin_binder_id"), ["binder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pin_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pin_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pin_code"), ["code"], unique=False)
        batch_op.create_index(batch_op.f("ix_pin_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pin_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pin_version_id"), ["version_id"], unique=False)

    op.create_table(
        "signature",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=True),
        sa.Column("agreement_version_id", sa.String(length=32), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=False),
        sa.Column("typed_name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("authority", sa.String(length=500), nullable=False),
        sa.Column("consent", sa.String(length=500), nullable=False),
        sa.Column("button", sa.String(length=120), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("proved_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("proved_by", sa.String(length=60), nullable=False),
        sa.Column("signed_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("ip", sa.String(length=60), nullable=False),
        sa.Column("browser", sa.String(length=400), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("length(text_sha256) = 64", name=op.f("ck_signature_names_its_text")),
        sa.CheckConstraint("proved_at <= signed_at", name=op.f("ck_signature_proved_before_signing")),
        sa.ForeignKeyConstraint(
            ["agreement_version_id"],
            ["agreement_version.id"],
            name=op.f("fk_signature_agreement_version_id_agreement_version"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_signature_application_id_application")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_signature_paper_id_paper")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_signature_practice_id_practice")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_signature_user_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint(
            "practice_id", "agreement_version_id", name=op.f("uq_signature_practice_id_agreement_version_id")
        ),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signature_agreement_version_id"), ["agreement_version_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signature_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signature_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signature_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signature_user_id"), ["user_id"], unique=False)

    op.create_table(
        "survey",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("edition_id", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("first", "resurvey", name="surveykind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("scope", sa.JSON(none_as_null=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "awaiting surveyor",
                "awaiting date",
                "scheduled",
                "under way",
                "visit ended",
                "submitted",
                "in committee",
                "determined",
                "cancelled",
                name="surveystate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("surveyor_id", sa.String(length=32), nullable=True),
        sa.Column("draw_seed", sa.Integer(), nullable=False),
        sa.Column("visit_on", sa.Date(), nullable=True),
        sa.Column("visit_until", sa.Date(), nullable=True),
        sa.Column("date_agreed", sa.Text(), nullable=False),
        sa.Column("invitation", sa.Integer(), nullable=False),
        sa.Column("started_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.String(length=32), nullable=True),
        sa.Column("determined_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "result",
            sa.Enum("all met", "requirements", name="result", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("cancelled_why", sa.Text(), nullable=True),
        sa.CheckConstraint("(kind = 'resurvey') = (scope IS NOT NULL)", name=op.f("ck_survey_resurvey_has_a_scope")),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_why IS NOT NULL)", name=op.f("ck_survey_cancelled_says_why")
        ),
        sa.CheckConstraint(
            "(state = 'determined') = (determined_at IS NOT NULL)", name=op.f("ck_survey_determined_says_when")
        ),
        sa.CheckConstraint(
            "state <> 'awaiting date' OR surveyor_id IS NOT NULL", name=op.f("ck_survey_awaiting_date_has_a_surveyor")
        ),
        sa.CheckConstraint(
            "state NOT IN ('scheduled', 'under way', 'visit ended', 'submitted', 'in committee', 'determined') OR (visit_on IS NOT NULL AND surveyor_id IS NOT NULL)",
            name=op.f("ck_survey_scheduled_has_a_day_and_a_surveyor"),
        ),
        sa.CheckConstraint(
            "(determined_at IS NULL) = (result IS NULL)", name=op.f("ck_survey_determined_has_a_result")
        ),
        sa.CheckConstraint("(visit_on IS NULL) = (visit_until IS NULL)", name=op.f("ck_survey_a_visit_ends")),
        sa.CheckConstraint("ended_at IS NULL OR started_at IS NOT NULL", name=op.f("ck_survey_ended_was_started")),
        sa.CheckConstraint("submitted_at IS NULL OR ended_at IS NOT NULL", name=op.f("ck_survey_submitted_was_ended")),
        sa.CheckConstraint(
            "visit_until IS NULL OR visit_until >= visit_on", name=op.f("ck_survey_ends_after_it_began")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_survey_application_id_application")
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name=op.f("fk_survey_checked_by_id_person")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_survey_edition_id_edition")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_survey_practice_id_practice")),
        sa.ForeignKeyConstraint(["surveyor_id"], ["person.id"], name=op.f("fk_survey_surveyor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_checked_by_id"), ["checked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_surveyor_id"), ["surveyor_id"], unique=False)

    op.create_table(
        "compliance_report",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "issued",
                "superseded",
                "closed",
                name="reportstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "result",
            sa.Enum("all_met", "requirements", name="result", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("closing", sa.Boolean(), nullable=False),
        sa.Column("follows_id", sa.String(length=32), nullable=True),
        sa.Column("drafted_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("paper_id", sa.String(length=32), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(state = 'drafted') = (issued_on IS NULL)", name=op.f("ck_compliance_report_issued_has_a_day")
        ),
        sa.CheckConstraint("closing <= (result = 'all_met')", name=op.f("ck_compliance_report_closing_means_all_met")),
        sa.CheckConstraint(
            "(issued_on IS NULL) = (paper_id IS NULL)", name=op.f("ck_compliance_report_issued_means_ordered_on_paper")
        ),
        sa.CheckConstraint(
            "(version > 1) = (follows_id IS NOT NULL)", name=op.f("ck_compliance_report_later_versions_follow_one")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_compliance_report_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["compliance_report.id"], name=op.f("fk_compliance_report_follows_id_compliance_report")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_compliance_report_paper_id_paper")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_compliance_report_practice_id_practice")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_compliance_report_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compliance_report")),
        sa.UniqueConstraint("number", "version", name=op.f("uq_compliance_report_number_version")),
    )
    with op.batch_alter_table("compliance_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_compliance_report_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_compliance_report_follows_id"), ["follows_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_compliance_report_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_compliance_report_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_compliance_report_survey_id"), ["survey_id"], unique=False)

    op.create_table(
        "survey_assignment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("surveyor_id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "clear",
                "declined",
                "objected",
                "confirmed",
                "ended",
                name="assignmentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("declared_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("declaration", sa.Text(), nullable=True),
        sa.Column("confirmed_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.String(length=32), nullable=True),
        sa.Column("objected_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("objected_by_id", sa.String(length=32), nullable=True),
        sa.Column("objection", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ended_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'declined') <= (reason IS NOT NULL)", name=op.f("ck_survey_assignment_declined_says_why")
        ),
        sa.CheckConstraint(
            "(state IN ('declined', 'ended')) = (ended_at IS NOT NULL)",
            name=op.f("ck_survey_assignment_over_says_when"),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_at IS NOT NULL", name=op.f("ck_survey_assignment_confirmed_says_when")
        ),
        sa.CheckConstraint(
            "state <> 'objected' OR objection IS NOT NULL", name=op.f("ck_survey_assignment_objected_says_why")
        ),
        sa.CheckConstraint(
            "state NOT IN ('clear', 'objected', 'confirmed') OR (declared_at IS NOT NULL AND declaration IS NOT NULL)",
            name=op.f("ck_survey_assignment_clear_is_in_writing"),
        ),
        sa.CheckConstraint(
            "(objection IS NULL) = (objected_at IS NULL)", name=op.f("ck_survey_assignment_objection_has_its_hour")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_survey_assignment_confirmed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["objected_by_id"], ["person.id"], name=op.f("fk_survey_assignment_objected_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_survey_assignment_practice_id_practice")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_survey_assignment_proposed_by_id_person")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_assignment_survey_id_survey")),
        sa.ForeignKeyConstraint(["surveyor_id"], ["person.id"], name=op.f("fk_survey_assignment_surveyor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_assignment")),
    )
    with op.batch_alter_table("survey_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_assignment_confirmed_by_id"), ["confirmed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_assignment_objected_by_id"), ["objected_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_assignment_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_assignment_proposed_by_id"), ["proposed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_assignment_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_assignment_survey_id"), ["survey_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_assignment_surveyor_id"), ["surveyor_id"], unique=False)
        batch_op.create_index(
            "one_standing_assignment",
            ["survey_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'clear', 'objected', 'confirmed')"),
            postgresql_where=sa.text("state IN ('proposed', 'clear', 'objected', 'confirmed')"),
        )

    op.create_table(
        "survey_entry",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column(
            "rating",
            sa.Enum(
                "met",
                "partially met",
                "not met",
                "not applicable",
                "not assessed",
                name="rating",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("na_reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("good_practice", sa.Text(), nullable=False),
        sa.Column(
            "harm",
            sa.Enum("low", "moderate", "high", name="harm", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column(
            "spread",
            sa.Enum(
                "isolated", "pattern", "widespread", name="spread", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version > 0 OR rating = 'not assessed'", name=op.f("ck_survey_entry_rated_was_saved")),
        sa.CheckConstraint("(version = 0) = (saved_at IS NULL)", name=op.f("ck_survey_entry_saved_says_when")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_survey_entry_practice_id_practice")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_survey_entry_site_id_site")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_entry_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_entry")),
        sa.UniqueConstraint("survey_id", "code", "site_id", name=op.f("uq_survey_entry_survey_id_code_site_id")),
    )
    with op.batch_alter_table("survey_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_entry_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_entry_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_entry_survey_id"), ["survey_id"], unique=False)

    op.create_table(
        "survey_review",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("reviewer_id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "assigned",
                "reading",
                "comparing",
                "asking",
                "determined",
                "ended",
                name="reviewstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("first_read", sa.Boolean(), nullable=False),
        sa.Column("assigned_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("declaration", sa.Text(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("determined_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'determined') = (determined_at IS NOT NULL)", name=op.f("ck_survey_review_determined_says_when")
        ),
        sa.CheckConstraint("(state = 'ended') = (ended_why IS NOT NULL)", name=op.f("ck_survey_review_ended_says_why")),
        sa.CheckConstraint(
            "state IN ('assigned', 'ended') OR cleared_at IS NOT NULL", name=op.f("ck_survey_review_reads_when_clear")
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_survey_review_practice_id_practice")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_survey_review_reviewer_id_person")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_review_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_review")),
    )
    with op.batch_alter_table("survey_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_review_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_review_reviewer_id"), ["reviewer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_review_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_review_survey_id"), ["survey_id"], unique=False)
        batch_op.create_index(
            "one_live_review",
            ["survey_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )

    op.create_table(
        "survey_site",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("exit_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_survey_site_site_id_site")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_site_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_site")),
        sa.UniqueConstraint("survey_id", "site_id", name=op.f("uq_survey_site_survey_id_site_id")),
    )
    with op.batch_alter_table("survey_site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_site_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_site_survey_id"), ["survey_id"], unique=False)

    op.create_table(
        "certification",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("edition_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "pending renewal",
                "suspended",
                "expired",
                "revoked",
                "withdrawn",
                "superseded",
                name="certificationstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("legal_name", sa.String(length=200), nullable=False),
        sa.Column("public_name", sa.String(length=120), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("valid_through", sa.Date(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "(state IN ('active', 'pending renewal', 'suspended')) = (ended_on IS NULL)",
            name=op.f("ck_certification_ended_has_a_day"),
        ),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_why IS NULL)", name=op.f("ck_certification_ended_says_why")),
        sa.CheckConstraint("since <= awarded_on", name=op.f("ck_certification_since_the_first_award")),
        sa.CheckConstraint("valid_through > awarded_on", name=op.f("ck_certification_has_a_term")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_certification_application_id_application")
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_certification_edition_id_edition")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_certification_practice_id_practice")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["compliance_report.id"], name=op.f("fk_certification_report_id_compliance_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification")),
        sa.UniqueConstraint("number", name=op.f("uq_certification_number")),
        sa.UniqueConstraint("year", "count", name=op.f("uq_certification_year_count")),
    )
    with op.batch_alter_table("certification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certification_application_id"), ["application_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_certification_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certification_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certification_report_id"), ["report_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_certification_state"), ["state"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafting",
                "submitted",
                "returned",
                "accepted",
                "evidence_sent",
                "resurvey",
                "met",
                name="planstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("evidence_round", sa.Integer(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("paper_id", sa.String(length=32), nullable=True),
        sa.Column("resurvey_id", sa.String(length=32), nullable=True),
        sa.Column("resurvey_order", sa.JSON(), nullable=True),
        sa.CheckConstraint("state <> 'accepted' OR accepted_on IS NOT NULL", name=op.f("ck_plan_accepted_has_a_day")),
        sa.CheckConstraint("(round = 0) = (submitted_on IS NULL)", name=op.f("ck_plan_a_round_was_submitted")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_plan_application_id_application")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_plan_paper_id_paper")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_plan_practice_id_practice")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["compliance_report.id"], name=op.f("fk_plan_report_id_compliance_report")
        ),
        sa.ForeignKeyConstraint(["resurvey_id"], ["survey.id"], name=op.f("fk_plan_resurvey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("number", name=op.f("uq_plan_number")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_report_id"), ["report_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_plan_resurvey_id"), ["resurvey_id"], unique=False)

    op.create_table(
        "requirement",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("rating", sa.String(length=8), nullable=False),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("sites", sa.JSON(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("show", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("resurvey", sa.Boolean(), nullable=False),
        sa.Column("why_resurvey", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "planned",
                "plan_accepted",
                "evidence_sent",
                "to_resurvey",
                "met",
                name="requirementstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'met') = (met_on IS NOT NULL)", name=op.f("ck_requirement_met_has_a_day")),
        sa.CheckConstraint("resurvey <= (length(why_resurvey) > 0)", name=op.f("ck_requirement_a_resurvey_says_why")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_requirement_practice_id_practice")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["compliance_report.id"], name=op.f("fk_requirement_report_id_compliance_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("report_id", "no", name=op.f("uq_requirement_report_id_no")),
    )
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requirement_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requirement_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requirement_report_id"), ["report_id"], unique=False)

    op.create_table(
        "survey_observation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "policy",
                "records",
                "interview",
                "observation",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source_kind",
            sa.Enum(
                "document",
                "chart",
                "file",
                "role",
                "place",
                name="sourcekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.String(length=32), nullable=True),
        sa.Column("withdraws", sa.Boolean(), nullable=False),
        sa.Column("made_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "NOT withdraws OR replaces_id IS NOT NULL", name=op.f("ck_survey_observation_withdraws_one")
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_survey_observation_says_something")),
        sa.CheckConstraint("page IS NULL OR page > 0", name=op.f("ck_survey_observation_pages_count_from_one")),
        sa.CheckConstraint(
            "page IS NULL OR version_id IS NOT NULL", name=op.f("ck_survey_observation_a_page_of_a_document")
        ),
        sa.CheckConstraint("withdraws OR length(source) > 0", name=op.f("ck_survey_observation_has_a_source")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["survey_entry.id"], name=op.f("fk_survey_observation_entry_id_survey_entry")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_survey_observation_made_by_id_person")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_survey_observation_practice_id_practice")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["survey_observation.id"],
            name=op.f("fk_survey_observation_replaces_id_survey_observation"),
        ),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_survey_observation_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_observation")),
    )
    with op.batch_alter_table("survey_observation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_observation_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_observation_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_observation_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_observation_replaces_id"), ["replaces_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_observation_version_id"), ["version_id"], unique=False)

    op.create_table(
        "survey_question",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("review_id", sa.String(length=32), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_survey_question_answer_has_its_hour")
        ),
        sa.CheckConstraint("length(question) > 0", name=op.f("ck_survey_question_asks_something")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_survey_question_asked_by_id_person")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_survey_question_practice_id_practice")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["survey_review.id"], name=op.f("fk_survey_question_review_id_survey_review")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_question_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_question")),
    )
    with op.batch_alter_table("survey_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_question_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_question_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_question_review_id"), ["review_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_question_survey_id"), ["survey_id"], unique=False)

    op.create_table(
        "survey_verdict",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("review_id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column(
            "first_read",
            sa.Enum(
                "met",
                "partially met",
                "not met",
                "not applicable",
                "not assessed",
                name="first_reading",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("first_note", sa.Text(), nullable=False),
        sa.Column("first_read_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "rating",
            sa.Enum(
                "met",
                "partially met",
                "not met",
                "not applicable",
                "not assessed",
                name="rating",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("must_show", sa.Text(), nullable=False),
        sa.Column("resurvey", sa.Boolean(), nullable=False),
        sa.Column("settled_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "first_read IS NULL OR first_read <> 'not assessed'", name=op.f("ck_survey_verdict_first_read_is_a_rating")
        ),
        sa.CheckConstraint(
            "rating IS NULL OR rating NOT IN ('partially met', 'not met') OR length(must_show) > 0",
            name=op.f("ck_survey_verdict_a_finding_says_what_to_show"),
        ),
        sa.CheckConstraint(
            "(first_read IS NULL) = (first_read_at IS NULL)", name=op.f("ck_survey_verdict_first_read_has_its_hour")
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (rating IS NULL)", name=op.f("ck_survey_verdict_settled_has_a_rating")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["survey_review.id"], name=op.f("fk_survey_verdict_review_id_survey_review")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_verdict_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_verdict")),
        sa.UniqueConstraint("review_id", "code", name=op.f("uq_survey_verdict_review_id_code")),
    )
    with op.batch_alter_table("survey_verdict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_verdict_review_id"), ["review_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_verdict_survey_id"), ["survey_id"], unique=False)

    op.create_table(
        "certificate_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("certification_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("current", "superseded", name="versionstate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("superseded_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(state = 'superseded') = (superseded_on IS NOT NULL)",
            name=op.f("ck_certificate_version_superseded_has_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["certification_id"],
            ["certification.id"],
            name=op.f("fk_certificate_version_certification_id_certification"),
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_certificate_version_paper_id_paper")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_certificate_version_practice_id_practice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_version")),
        sa.UniqueConstraint(
            "certification_id", "version", name=op.f("uq_certificate_version_certification_id_version")
        ),
    )
    with op.batch_alter_table("certificate_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_version_certification_id"), ["certification_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_version_paper_id"), ["paper_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_certificate_version_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(
            "one_current",
            ["certification_id"],
            unique=True,
            sqlite_where=sa.text("state = 'current'"),
            postgresql_where=sa.text("state = 'current'"),
        )

    op.create_table(
        "certified_site",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("certification_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certification_id"], ["certification.id"], name=op.f("fk_certified_site_certification_id_certification")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certified_site")),
        sa.UniqueConstraint("certification_id", "code", name=op.f("uq_certified_site_certification_id_code")),
    )
    with op.batch_alter_table("certified_site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certified_site_certification_id"), ["certification_id"], unique=False)

    op.create_table(
        "plan_line",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("requirement_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("root_cause", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("target", sa.Date(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("how_often", sa.String(length=200), nullable=False),
        sa.Column("goal", sa.String(length=200), nullable=False),
        sa.Column("evidence_to_come", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("saved_at", app.kernel.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("saved_by", sa.String(length=120), nullable=True),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.Column("sent", sa.JSON(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("still_open", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_line_plan_id_plan")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_plan_line_practice_id_practice")),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["requirement.id"], name=op.f("fk_plan_line_requirement_id_requirement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
        sa.UniqueConstraint("plan_id", "no", name=op.f("uq_plan_line_plan_id_no")),
    )
    with op.batch_alter_table("plan_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_line_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_line_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_line_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_line_requirement_id"), ["requirement_id"], unique=True)

    op.create_table(
        "plan_sending",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("plan", "evidence", name="stage", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("by_title", sa.String(length=120), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_plan_sending_paper_id_paper")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_sending_plan_id_plan")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_plan_sending_practice_id_practice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_sending")),
        sa.UniqueConstraint("plan_id", "stage", "round", name=op.f("uq_plan_sending_plan_id_stage_round")),
    )
    with op.batch_alter_table("plan_sending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_sending_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_sending_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_sending_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "plaque",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("certification_id", sa.String(length=32), nullable=False),
        sa.Column("practice_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "details given",
                "proof sent",
                "approved",
                "in production",
                "shipped",
                "delivered",
                "cancelled",
                name="plaquestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("offered_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("moved_at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("line", sa.String(length=120), nullable=False),
        sa.Column("ship_to", sa.JSON(), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("proof_round", sa.Integer(), nullable=False),
        sa.Column("proof_id", sa.String(length=32), nullable=True),
        sa.Column("engraving_id", sa.String(length=32), nullable=True),
        sa.Column("maker", sa.String(length=120), nullable=True),
        sa.Column("carrier", sa.String(length=120), nullable=True),
        sa.Column("tracking", sa.String(length=120), nullable=True),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(state = 'delivered') <= (delivered_on IS NOT NULL)", name=op.f("ck_plaque_delivered_has_a_day")
        ),
        sa.CheckConstraint(
            "state IN ('offered', 'cancelled') OR length(line) > 0", name=op.f("ck_plaque_says_what_is_engraved")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'in production', 'shipped', 'delivered') OR engraving_id IS NOT NULL",
            name=op.f("ck_plaque_approved_can_be_engraved"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('in production', 'shipped', 'delivered') OR maker IS NOT NULL",
            name=op.f("ck_plaque_has_a_maker"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('proof sent', 'approved', 'in production', 'shipped', 'delivered') OR (proof_id IS NOT NULL AND proof_round > 0)",
            name=op.f("ck_plaque_nothing_is_made_without_a_proof"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('shipped', 'delivered') OR tracking IS NOT NULL",
            name=op.f("ck_plaque_shipped_can_be_followed"),
        ),
        sa.ForeignKeyConstraint(
            ["certification_id"], ["certification.id"], name=op.f("fk_plaque_certification_id_certification")
        ),
        sa.ForeignKeyConstraint(["engraving_id"], ["paper.id"], name=op.f("fk_plaque_engraving_id_paper")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_plaque_practice_id_practice")),
        sa.ForeignKeyConstraint(["proof_id"], ["paper.id"], name=op.f("fk_plaque_proof_id_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plaque")),
    )
    with op.batch_alter_table("plaque", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plaque_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plaque_certification_id"), ["certification_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_plaque_engraving_id"), ["engraving_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plaque_practice_id"), ["practice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plaque_proof_id"), ["proof_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plaque_state"), ["state"], unique=False)

    op.create_table(
        "survey_overrule",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("verdict_id", sa.String(length=32), nullable=False),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column(
            "rating",
            sa.Enum(
                "met",
                "partially met",
                "not met",
                "not applicable",
                "not assessed",
                name="rating",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("rating <> 'not assessed'", name=op.f("ck_survey_overrule_is_a_rating")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["survey_entry.id"], name=op.f("fk_survey_overrule_entry_id_survey_entry")
        ),
        sa.ForeignKeyConstraint(
            ["verdict_id"], ["survey_verdict.id"], name=op.f("fk_survey_overrule_verdict_id_survey_verdict")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_overrule")),
        sa.UniqueConstraint("verdict_id", "entry_id", name=op.f("uq_survey_overrule_verdict_id_entry_id")),
    )
    with op.batch_alter_table("survey_overrule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_overrule_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_overrule_verdict_id"), ["verdict_id"], unique=False)

    op.create_table(
        "plan_proof",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("line_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.CheckConstraint("page > 0", name=op.f("ck_plan_proof_a_page")),
        sa.ForeignKeyConstraint(["line_id"], ["plan_line.id"], name=op.f("fk_plan_proof_line_id_plan_line")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_plan_proof_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_proof")),
        sa.UniqueConstraint("line_id", "version_id", "page", name=op.f("uq_plan_proof_line_id_version_id_page")),
    )
    with op.batch_alter_table("plan_proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_proof_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_proof_version_id"), ["version_id"], unique=False)

    op.create_table(
        "plan_turn",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("line_id", sa.String(length=32), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("plan", "evidence", name="stage", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "accept",
                "return",
                "meet",
                "ask_more",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", app.kernel.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "verdict NOT IN ('return', 'ask_more') OR length(comment) > 0",
            name=op.f("ck_plan_turn_sent_back_with_comment"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_plan_turn_by_id_person")),
        sa.ForeignKeyConstraint(["line_id"], ["plan_line.id"], name=op.f("fk_plan_turn_line_id_plan_line")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_turn")),
        sa.UniqueConstraint("line_id", "stage", "round", name=op.f("uq_plan_turn_line_id_stage_round")),
    )
    with op.batch_alter_table("plan_turn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_turn_line_id"), ["line_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":  # the ledger is append-only
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER event_no_{verb.lower()} BEFORE {verb} ON event "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first release")

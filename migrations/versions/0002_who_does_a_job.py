"""A job says which worker does it, so that one that died is known from one that lives."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("job", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("worker", sa.String(length=32), nullable=True))
